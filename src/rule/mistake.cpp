#include "rule/mistake.h"

#include <algorithm>

namespace yihu::rule {
namespace {

// Whoever has more than these to mend looks at the list again afterwards.
constexpr std::size_t mistakes_max = 50;

}  // namespace

Source::Source(std::string_view text, base::Place place) : points_(base::code_points(text)), place_(std::move(place)) {
  if (place_.line == 0) place_.line = 1;
  if (place_.column == 0) place_.column = 1;
}

base::Place Source::place_of(std::size_t position) const {
  base::Place place = place_;
  for (std::size_t i = 0; i < std::min(position, points_.size()); ++i) {
    if (points_[i] == U'\n') {
      ++place.line;
      place.column = 1;
    } else {
      ++place.column;
    }
  }
  return place;
}

void Mistakes::add(const Source& source, base::Span span, std::string code, base::Text text, base::Text mend) {
  base::Place place = source.place_of(span.begin);
  const bool said = std::ranges::any_of(errors_, [&](const base::Error& error) {
    return error.place == place && error.code == code && error.text == text;
  });
  if (said || errors_.size() == mistakes_max) return;
  errors_.push_back({base::ErrorKind::input, std::move(code), std::move(text), std::move(mend), std::move(place), {}});
}

}  // namespace yihu::rule

#include "sheet/pdf_rules_from_svg.h"

#include "sheet/xml_parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace yihu::sheet {
namespace {

// Points.
constexpr double slant_max = 0.5;       ///< a line that leans more is part of a drawing
constexpr double thickness_max = 2.5;   ///< a box thicker than this is a shade
constexpr double length_min = 4;        ///< anything shorter is part of a sign
constexpr std::size_t rules_max = 200'000;
constexpr std::size_t pages_max = 10'000;

/// x' = a x + c y + e, y' = b x + d y + f.
struct Matrix {
  double a = 1, b = 0, c = 0, d = 1, e = 0, f = 0;

  Matrix of(const Matrix& inner) const {
    return {a * inner.a + c * inner.b,     b * inner.a + d * inner.b,     a * inner.c + c * inner.d,
            b * inner.c + d * inner.d,     a * inner.e + c * inner.f + e, b * inner.e + d * inner.f + f};
  }
};

struct Point {
  double x = 0;
  double y = 0;
};

/// The next number, past blanks and commas; nothing when something else comes first.
std::optional<double> take_number(std::string_view& text) {
  const std::size_t begin = text.find_first_not_of(" ,\n\t");
  if (begin == text.npos) return std::nullopt;
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data() + begin, text.data() + text.size(), number);
  if (problem != std::errc() || !std::isfinite(number) || std::abs(number) > 1e6) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<Matrix> matrix_from(std::string_view text) {
  if (text.empty()) return Matrix{};
  if (!text.starts_with("matrix(")) return std::nullopt;
  text.remove_prefix(7);
  std::array<double, 6> numbers{};
  for (double& number : numbers) {
    const auto taken = take_number(text);
    if (!taken) return std::nullopt;
    number = *taken;
  }
  return Matrix{numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]};
}

/// The polygons of a path. A curve ends the one it stands in.
std::vector<std::vector<Point>> polygons_from(std::string_view path, const Matrix& matrix) {
  std::vector<std::vector<Point>> polygons;
  bool curved = false;
  while (true) {
    const std::size_t at = path.find_first_not_of(" ,\n\t");
    if (at == path.npos) break;
    const char command = path[at];
    path.remove_prefix(at + 1);
    if (command == 'Z') {
      if (!polygons.empty() && !polygons.back().empty()) polygons.back().push_back(polygons.back().front());
      continue;
    }
    if (command != 'M' && command != 'L') {
      // Curves have three points; after one, the polygon is no box and no line.
      if (command != 'C') break;
      for (int i = 0; i < 6; ++i) {
        if (!take_number(path)) return {};
      }
      if (!polygons.empty()) polygons.back().clear();
      curved = true;
      continue;
    }
    const auto x = take_number(path);
    const auto y = take_number(path);
    if (!x || !y) break;
    if (command == 'M') {
      polygons.emplace_back();
      curved = false;
    }
    if (curved || polygons.empty()) continue;
    polygons.back().push_back({matrix.a * *x + matrix.c * *y + matrix.e, matrix.b * *x + matrix.d * *y + matrix.f});
  }
  return polygons;
}

class SvgHandler final : public XmlHandler {
 public:
  void start(std::string_view name, XmlAttributes attributes) override {
    if (defining_ > 0 || name == "?defs") {
      ++defining_;
      return;
    }
    const auto own = matrix_from(value_of(attributes, "transform"));
    matrices_.push_back(own ? matrices_.back().of(*own) : matrices_.back());
    if (name == "?page" && pages.size() < pages_max) pages.emplace_back();
    if (name == "?path") take_path(attributes, matrices_.back());
  }
  void end(std::string_view) override {
    if (defining_ > 0) --defining_;
    else if (matrices_.size() > 1) matrices_.pop_back();
  }
  void text(std::string_view) override {}
  bool enough() override { return rules_ > rules_max; }

  std::vector<std::vector<PdfRule>> pages;

 private:
  void take_path(XmlAttributes attributes, const Matrix& matrix) {
    const std::string_view style = value_of(attributes, "style");
    const bool stroked = style.find("stroke:none") == style.npos && style.find("stroke:") != style.npos;
    // White hides; it draws nothing.
    const bool filled = style.find("fill:none") == style.npos && style.find("fill:rgb(100%,100%,100%)") == style.npos;
    if (!stroked && !filled) return;
    for (const std::vector<Point>& polygon : polygons_from(value_of(attributes, "d"), matrix)) {
      if (stroked) take_lines(polygon);
      else take_box(polygon);
    }
  }

  void take_lines(const std::vector<Point>& polygon) {
    for (std::size_t i = 1; i < polygon.size(); ++i) {
      const Point& a = polygon[i - 1];
      const Point& b = polygon[i];
      if (std::abs(a.x - b.x) <= slant_max || std::abs(a.y - b.y) <= slant_max) add(a, b);
    }
  }

  void take_box(const std::vector<Point>& polygon) {
    if (polygon.size() < 4 || polygon.size() > 6) return;
    const auto [left, right] = std::ranges::minmax(polygon, {}, &Point::x);
    const auto [top, bottom] = std::ranges::minmax(polygon, {}, &Point::y);
    if (std::min(right.x - left.x, bottom.y - top.y) <= thickness_max) add({left.x, top.y}, {right.x, bottom.y});
  }

  void add(const Point& a, const Point& b) {
    PdfRule rule{std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)};
    const bool goes_down = rule.right - rule.left < rule.bottom - rule.top;
    if ((goes_down ? rule.bottom - rule.top : rule.right - rule.left) < length_min) return;
    if (goes_down) rule.left = rule.right = (rule.left + rule.right) / 2;
    else rule.top = rule.bottom = (rule.top + rule.bottom) / 2;
    if (pages.empty()) pages.emplace_back();
    pages.back().push_back(rule);
    ++rules_;
  }

  std::vector<Matrix> matrices_{Matrix{}};
  int defining_ = 0;
  std::size_t rules_ = 0;
};

}  // namespace

std::vector<std::vector<PdfRule>> pdf_rules_from_svg(std::string_view svg) {
  SvgHandler handler;
  if (!parse_xml(svg, handler)) return {};
  return std::move(handler.pages);
}

}  // namespace yihu::sheet

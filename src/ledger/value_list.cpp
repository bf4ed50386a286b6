#include "ledger/value_list.h"

#include <algorithm>
#include <cassert>

namespace yihu::ledger {
namespace {

const std::vector<store::Identifier>& names() {
  static const auto made = [] {
    std::vector<store::Identifier> out;
    for (std::size_t i = 0; i < value_list_length; ++i) {
      auto name = store::Identifier::parse(fmt::format("v_{}", i));
      assert(name);
      out.push_back(*std::move(name));
    }
    return out;
  }();
  return made;
}

}  // namespace

void add_value_list(store::SqlText& text) {
  text.add("(");
  for (std::size_t i = 0; i < value_list_length; ++i) {
    if (i > 0) text.add(", ");
    text.parameter(names()[i]);
  }
  text.add(")");
}

void add_values(std::span<const std::string> values, store::Parameters& parameters) {
  assert(!values.empty() && values.size() <= value_list_length);
  for (std::size_t i = 0; i < value_list_length; ++i) parameters.push_back({names()[i].text(), values[std::min(i, values.size() - 1)]});
}

std::vector<std::vector<std::string>> value_lists(std::vector<std::string> values) {
  // In order, neighbours in the index are asked for together.
  std::ranges::sort(values);
  const auto repeated = std::ranges::unique(values);
  values.erase(repeated.begin(), repeated.end());
  std::vector<std::vector<std::string>> out;
  for (std::size_t i = 0; i < values.size(); i += value_list_length) {
    const auto end = std::min(values.size(), i + value_list_length);
    out.emplace_back(values.begin() + static_cast<std::ptrdiff_t>(i), values.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return out;
}

}  // namespace yihu::ledger

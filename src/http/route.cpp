#include "http/route.h"

#include <charconv>

namespace yihu::http {

const std::string* Named::find(std::string_view name) const {
  for (const auto& [key, value] : pairs_) {
    if (key == name) return &value;
  }
  return nullptr;
}

const std::string& Named::at(std::string_view name) const {
  static const std::string none;
  const std::string* found = find(name);
  return found ? *found : none;
}

std::optional<std::int64_t> Named::integer(std::string_view name) const {
  const std::string* found = find(name);
  if (!found) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(found->data(), found->data() + found->size(), number);
  if (error != std::errc() || end != found->data() + found->size()) return std::nullopt;
  return number;
}

}  // namespace yihu::http

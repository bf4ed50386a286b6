#pragma once
// A sentence in both languages of the interface, written side by side where it is said.

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace yihu::base {

enum class Language { zh, en };

struct Text {
  std::string zh;
  std::string en;

  const std::string& in(Language language) const { return language == Language::zh ? zh : en; }
  bool empty() const { return zh.empty() && en.empty(); }
  bool operator==(const Text&) const = default;
};

/// Formats one sentence twice. Arguments are used in the order written, in both.
template <class... Args>
Text text(fmt::format_string<const Args&...> zh, fmt::format_string<const Args&...> en, const Args&... args) {
  return {fmt::format(zh, args...), fmt::format(en, args...)};
}

/// "en…" means English, everything else the language of the office.
inline Language language_from(std::string_view tag) {
  return tag.starts_with("en") ? Language::en : Language::zh;
}

}  // namespace yihu::base

#pragma once
// Pinyin initials of a name, for search: 王小明 → wxm.

#include <optional>
#include <string>
#include <string_view>

namespace yihu::registry {

struct Initials {
  std::string first;                 ///< with the surname read as surnames are
  std::optional<std::string> other;  ///< where the surname is read otherwise too: 曾 is z or c
};

/// Letters and digits stay, in lower case; characters without a reading are left out.
Initials initials_of(std::string_view name);

}  // namespace yihu::registry

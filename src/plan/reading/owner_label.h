#pragma once
// The words that say who does a thing: 牵头单位, 责任部门, 配合单位, and what stands beside them in a bracket.

#include <cstddef>
#include <optional>
#include <string_view>

namespace yihu::plan {

enum class OwnerRole {
  lead,
  responsible,
  deadline,  ///< 完成时限: a date follows
  person,    ///< 责任人, 分管领导: a name follows, which is not a unit
};

struct OwnerLabel {
  OwnerRole role = OwnerRole::responsible;
  std::size_t length = 0;  ///< with the colon, if there is one
  bool colon = false;
};

/// The label that begins at `at` in folded characters; spaces inside it do not count (责 任 单 位).
std::optional<OwnerLabel> owner_label_at(std::u32string_view folded, std::size_t at);

/// The role that a column's heading names.
std::optional<OwnerRole> owner_role_of_heading(std::u32string_view heading);

}  // namespace yihu::plan

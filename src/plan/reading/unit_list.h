#pragma once
// "区教育局、财政局，各镇党委政府等" → the names in it.

#include "plan/reading/characters.h"

#include <optional>
#include <string>
#include <vector>

namespace yihu::plan {

/// A document may say that the place in the list tells who leads.
enum class LeadRule { none, before_comma, before_semicolon, first_unit };

struct UnitList {
  std::vector<std::string> names;         ///< as written, a district prefix stated once supplied to the others
  std::optional<std::size_t> before_comma;      ///< how many names stand before the first comma; nothing without one
  std::optional<std::size_t> before_semicolon;  ///< likewise
  bool open_ended = false;                ///< it ends with 等
  bool prefix_supplied = false;
  std::vector<std::u32string> unreadable; ///< pieces that cannot be names
};

UnitList units_from_characters(const Characters& characters, std::size_t begin, std::size_t end);

/// True if the last character is one that names of units end with.
bool ends_like_unit(std::u32string_view name);
/// True if every piece of the text looks like a unit: then a bracket without a label may be an owner block.
bool looks_like_units(const Characters& characters, std::size_t begin, std::size_t end);

/// What the text says about places in its lists, such as 逗号前为牵头单位.
LeadRule lead_rule_from_text(std::u32string_view folded);

}  // namespace yihu::plan

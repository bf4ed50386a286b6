#pragma once
// How far two texts agree. Works on code points, never on bytes.

#include "link/spec.h"
#include "link/value.h"

#include <string_view>

namespace yihu::link {

/// Insertions, deletions, substitutions and swaps of neighbours that turn one into the other (optimal string alignment).
/// Bit-parallel; for at most characters_max characters each.
int edits(std::u32string_view one, std::u32string_view other);

/// Levels of two cleaned, different, non-empty values of a kind that is stored as text.
Level level_of_texts(Kind kind, std::string_view one, std::string_view other);
/// Levels of two different codes of which neither is missing and both are packed numbers.
Level level_of_ids(Code one, Code other);
Level level_of_dates(std::uint32_t one, std::uint32_t other);
Level level_of_phones(Code one, Code other);

}  // namespace yihu::link

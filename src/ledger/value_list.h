#pragma once
// A question about many values at once: IN (:v_0, :v_1, …). The list has one length, so that the statement stays the
// same; a shorter one repeats its last value. Inside the room only.

#include "store/generated_sql.h"

#include <span>

namespace yihu::ledger {

inline constexpr std::size_t value_list_length = 64;

/// "(:v_0, …)".
void add_value_list(store::SqlText& text);
/// @param values 1 … value_list_length
void add_values(std::span<const std::string> values, store::Parameters& parameters);

/// Each different value once, in lists.
std::vector<std::vector<std::string>> value_lists(std::vector<std::string> values);

}  // namespace yihu::ledger

#pragma once
// The linkage's spec and model for rosters: which fields, which keys, and how much each level of agreement weighs.

#include "compare/matching.h"
#include "link/spec.h"

namespace yihu::compare {

struct RosterFields {
  bool id = false, name = false, birth = false, sex = false, village = false;
};

/// @param people in the register: rarity of a value says something only among many
link::Spec spec_for(const RosterFields& fields, std::size_t people);
/// How often values agree by chance is counted among the register's people; how often they do for the same person is
/// what link::expected_m expects of clerks.
link::Model model_for(const link::Spec& spec, const RegisterPeople& people, std::size_t rows);

}  // namespace yihu::compare

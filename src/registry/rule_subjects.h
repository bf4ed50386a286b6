#pragma once
// What rules can ask of the register.

#include "rule/schema.h"

namespace yihu::registry {

/// Adds household, person, village and income with their relations, and the register's code lists ("register_status" …).
/// Private fields are not among them. A person who has left his household has `present` 0 and no household: whoever
/// asks rules about everybody asks about those with present = 1, and about households whose ended_on is NULL.
void add_rule_subjects(rule::Schema& schema);

}  // namespace yihu::registry

#pragma once
// The goal board: what must hold of each of a list. A list was frozen once, or is whoever it names today.

#include "access/viewer.h"
#include "screen/rule_book.h"
#include "store/transaction.h"

#include <boost/describe/class.hpp>

namespace yihu::screen {

/// A list to be frozen: everybody for whom the condition holds now, with the present members of each household.
struct NewCohort {
  std::string id;         ///< as the packs' goals name it: exit-2019
  std::string condition;  ///< about a household, such as household.status == "poor"
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(NewCohort, (), (id, condition, reason))

struct Cohort {
  std::string id;
  base::Date frozen_on;
  std::string reason;
  std::int64_t households = 0;
  std::int64_t people = 0;
};
BOOST_DESCRIBE_STRUCT(Cohort, (), (id, frozen_on, reason, households, people))

/// Journalled as cohort.frozen; nobody can change it afterwards.
/// Errors: input, by field; conflict when a list of that name is frozen; denied to who does not see the whole register.
base::Result<Cohort> freeze_cohort(store::Transaction& transaction, const RuleBook& book, const access::Viewer& viewer, const NewCohort& wanted);

/// One of a list, and whether the goal holds of it.
struct GoalMember {
  std::string household;  ///< empty for a village
  std::string name;       ///< of the head, or the village's
  std::string code;
  std::string village;
  base::Text village_name;
  std::string holds;      ///< yes, no, unknown, gone (no longer in the register)
};
BOOST_DESCRIBE_STRUCT(GoalMember, (), (household, name, code, village, village_name, holds))

struct GoalView {
  std::string id;
  base::Text label;
  std::string subject;                  ///< household or village
  std::string cohort;                   ///< empty: the list is today's
  std::string list;                     ///< the condition proposed for freezing it
  std::optional<Cohort> frozen;         ///< nothing: nobody has frozen the list yet
  std::int64_t households_planned = 0;  ///< as the plan counts them; 0: it does not
  std::int64_t people_planned = 0;
  std::int64_t yes = 0;
  std::int64_t no = 0;
  std::int64_t unknown = 0;
  std::int64_t gone = 0;
};
BOOST_DESCRIBE_STRUCT(GoalView, (), (id, label, subject, cohort, list, frozen, households_planned, people_planned, yes, no, unknown, gone))

/// Counts are of the whole list: a goal is the district's.
base::Result<std::vector<GoalView>> goals(store::Session& session, const RuleBook& book, base::Date today);
/// Those of the list whom the viewer sees. Errors: not_found.
base::Result<std::vector<GoalMember>> goal_members(store::Session& session, const RuleBook& book, const access::Viewer& viewer,
                                                   std::string_view goal, base::Date today);

}  // namespace yihu::screen

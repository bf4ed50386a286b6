#pragma once
// What would follow if a figure or a rule were otherwise: who joins and leaves each list, town by town, and what it would
// cost in a year. Everything happens in memory, on copies; nothing is written.

#include "access/viewer.h"
#include "screen/sweep.h"
#include "screen/view.h"

namespace yihu::screen {

/// A draft of policy. A figure is written as its pack writes it (yuan for money); a condition as an expression.
struct Draft {
  struct Figure {
    std::string parameter;
    std::string value;
  };
  struct Condition {
    std::string rule;
    std::string condition;  ///< applies, holds, eligible, received, when, amount
    std::string text;
  };
  std::vector<Figure> figures;
  std::vector<Condition> conditions;
};
BOOST_DESCRIBE_STRUCT(Draft::Figure, (), (parameter, value))
BOOST_DESCRIBE_STRUCT(Draft::Condition, (), (rule, condition, text))
BOOST_DESCRIBE_STRUCT(Draft, (), (figures, conditions))

/// How a list moves, in one town or altogether. A list holds who is found by a guarantee, risk or consistency rule, and
/// who is entitled by an entitlement.
struct Movement {
  std::string town;           ///< empty: altogether
  base::Text town_name;
  std::int64_t before = 0;    ///< subjects on the list
  std::int64_t after = 0;
  std::int64_t joining = 0;
  std::int64_t leaving = 0;
  std::int64_t households_joining = 0;  ///< with at least one subject that joins
  std::int64_t households_leaving = 0;
  std::int64_t cost_before_fen = 0;     ///< per year, where the rule carries an amount
  std::int64_t cost_after_fen = 0;
  std::int64_t amount_unknown = 0;      ///< on the list afterwards, with an amount that is not known
};
BOOST_DESCRIBE_STRUCT(Movement, (), (town, town_name, before, after, joining, leaving, households_joining, households_leaving,
                                     cost_before_fen, cost_after_fen, amount_unknown))

struct RuleMovement {
  RuleView rule;
  Movement total;
  std::vector<Movement> towns;  ///< where something moves
};
BOOST_DESCRIBE_STRUCT(RuleMovement, (), (rule, total, towns))

struct WhatIf {
  base::Date as_of;
  std::vector<RuleMovement> rules;  ///< those that the draft touches
};
BOOST_DESCRIBE_STRUCT(WhatIf, (), (as_of, rules))

/// Over what the viewer sees. Errors: input, every mistake of the draft with its place; what the engine says.
base::Result<WhatIf> what_if(store::Session& session, const RuleBook& book, const access::Viewer& viewer, const Draft& draft,
                             const SweepOptions& options);

}  // namespace yihu::screen

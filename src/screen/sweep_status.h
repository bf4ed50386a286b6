#pragma once
// How far screening is: what is being worked out, and what was swept when.

#include "screen/indicator.h"
#include "screen/view.h"

namespace yihu::screen {

struct AwaitedArea {
  std::string area;      ///< code of a village, town or district; empty: everywhere
  std::string source;    ///< the table that changed
  base::Instant since;
};
BOOST_DESCRIBE_STRUCT(AwaitedArea, (), (area, source, since))

struct SweepStatus {
  bool computing = false;
  std::vector<AwaitedArea> awaited;
  std::int64_t rules = 0;
  std::int64_t rules_due = 0;              ///< new or changed, or to be swept again for today
  std::optional<base::Instant> last_swept;
  std::int64_t open_findings = 0;
};
BOOST_DESCRIBE_STRUCT(SweepStatus, (), (computing, awaited, rules, rules_due, last_swept, open_findings))

base::Result<SweepStatus> sweep_status(store::Session& session, const RuleBook& book, base::Date today);

struct IndicatorLine {
  std::string id;
  base::Text label;
  base::Text unit;
  int article = 0;
  std::optional<double> value;
  std::int64_t counted = 0;
  std::int64_t total = 0;
  std::int64_t unknown = 0;
  std::string target;                  ///< ">= 95 %"; empty: none
  std::optional<bool> reached;
  std::string rule;                    ///< empty: counted by an expression
  std::string measure;                 ///< "十.7" as 10.7; empty: none
  std::optional<base::Date> as_of;
  SourceView source;
};
BOOST_DESCRIBE_STRUCT(IndicatorLine, (), (id, label, unit, article, value, counted, total, unknown, target, reached, rule, measure,
                                          as_of, source))

/// As last worked out; without a value before the first sweep.
base::Result<std::vector<IndicatorLine>> indicator_views(store::Session& session, const RuleBook& book);

}  // namespace yihu::screen

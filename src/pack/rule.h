#pragma once
// Facts, rules and what is made of them: lights, indicators, goals. Expressions stand here as their text; when they come
// out of `pack::load` they have been typed against the register and the ledgers (pack/rule_schema.h).

#include "base/date.h"
#include "base/error.h"
#include "base/text.h"
#include "pack/ledger.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::pack {

/// An expression's text and where it begins. An empty text means that there is none.
struct Expression {
  std::string text;
  base::Place place;
  bool empty() const { return text.empty(); }
};

/// Where a sentence of policy stands.
struct Source {
  std::string document;    ///< an id or a title; empty when none is named
  int article = 0;         ///< of the document; 0: none named
  std::string item;        ///< "7", "7.2", a page …
  std::string address;     ///< where the public can read it
  bool unverified = false; ///< nobody has compared it with the document
  base::Text note;
};

/// "person.insured": an expression with a name, on its subject.
struct Fact {
  std::string id;            ///< "person.insured"
  Subject subject = Subject::none;
  std::string name;          ///< "insured"
  Expression expression;
  base::Text label;          ///< may be empty
  std::string layer;
  int article = 0;
  base::Place place;
};

enum class RuleKind {
  guarantee,    ///< must hold for whom it applies to
  entitlement,  ///< who is eligible, and who has received
  risk,         ///< a signal
  consistency,  ///< the record contradicts itself
};

/// How a finding of the rule is settled. Procedures and roles are known to higher rooms.
struct CaseRoute {
  std::string procedure;
  std::string responsible;   ///< `to`: a role or a unit
  int due_days = 0;
};

struct Rule {
  std::string id;
  RuleKind kind = RuleKind::guarantee;
  Subject subject = Subject::household;
  base::Text label;
  Expression applies;   ///< guarantee (needed); risk, consistency (may)
  Expression holds;     ///< guarantee
  Expression eligible;  ///< entitlement
  Expression received;  ///< entitlement
  Expression amount;    ///< entitlement, may: money per subject and year
  Expression when;      ///< risk, consistency
  Expression level;     ///< risk, may: a whole number or a text
  Source source;
  base::Text say;       ///< with {placeholders}: fields of the subject
  base::Text plain;     ///< the same for the villager; may be empty
  base::Text mend;      ///< what would clear it; may be empty
  std::optional<CaseRoute> route;
  int article = 0;
  std::string layer;
  base::Place place;

  /// Those that are there, with their key in the pack.
  std::vector<std::pair<std::string_view, const Expression*>> expressions() const;
};

/// One of the six lights of a household: green when every rule is met.
struct Light {
  std::string id;
  base::Text label;
  std::vector<std::string> rules;
  std::string layer;
  base::Place place;
};

/// A figure to reach.
struct Target {
  std::string op;        ///< one of > >= = <= <
  double value = 0;
  bool percent = false;  ///< value is 95 for 95 %
};

/// 十.7: the seventh measure of task 10 of the plan.
struct MeasureName {
  int task = 0;
  int measure = 0;
};

/// Either the share of those a rule applies to who meet it, or a count, or a count of a count.
struct Indicator {
  std::string id;
  base::Text label;
  std::string rule;      ///< empty when `count` is there
  Expression count;      ///< truth on the subject: how many there are
  Expression of;         ///< truth on the subject: out of which; empty: a plain number
  Subject subject = Subject::household;
  base::Text unit;       ///< 户, 人 …; may be empty
  std::optional<Target> target;
  std::optional<MeasureName> measure;
  Source source;
  int article = 0;
  std::string layer;
  base::Place place;
};

/// A frozen list of households and what must hold of each of them.
struct Goal {
  std::string id;
  base::Text label;
  std::string cohort;    ///< id of the frozen list; empty: whoever `list` names on the day it is asked
  Expression list;       ///< whom the goal is about: proposed when the list is frozen; empty: every subject
  int households = 0;    ///< as the plan counts them; 0: it does not
  int people = 0;
  Expression holds;
  Subject subject = Subject::household;
  Source source;
  std::optional<MeasureName> measure;
  std::string layer;
  base::Place place;
};

std::string_view name_of(RuleKind kind);
/// 1 … 3999 days, a sane case clock.
inline constexpr int due_days_max = 3999;
inline constexpr std::size_t rules_max = 3000;
inline constexpr std::size_t facts_max = 2000;

}  // namespace yihu::pack

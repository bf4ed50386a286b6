#pragma once
// What is shown of the rules, as plain structs: the answers of the API field by field. Sentences are in both languages.

#include "base/clock.h"
#include "screen/finding.h"
#include "screen/light.h"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

namespace yihu::screen {

/// Where policy says so.
struct SourceView {
  std::string document;
  int article = 0;        ///< 0: none named
  std::string item;
  std::string address;
  bool unverified = false;
  base::Text note;
};
BOOST_DESCRIBE_STRUCT(SourceView, (), (document, article, item, address, unverified, note))

struct RuleView {
  std::string id;
  base::Text label;
  std::string kind;       ///< guarantee, entitlement, risk, consistency
  std::string subject;    ///< household, person, village
  int article = 0;
  std::string version;
  SourceView source;
};
BOOST_DESCRIBE_STRUCT(RuleView, (), (id, label, kind, subject, article, version, source))

/// What a rule says of one member of a household, or of the household.
struct Saying {
  std::string rule;
  base::Text label;
  std::string subject_kind;
  std::string subject;
  std::string name;       ///< of the person, or of the household's head
  Outcome outcome = Outcome::unknown;
  base::Text outcome_label;
  base::Text say;         ///< of a finding: the rule's sentence with its values
  base::Text plain;       ///< the same for the villager; empty where the pack has none
  base::Text mend;        ///< what would clear it
  std::string level;
  std::optional<std::int64_t> amount_fen;  ///< per year, of an entitlement
  bool unverified = false;                 ///< rests on a source or figure that nobody has checked
};
BOOST_DESCRIBE_STRUCT(Saying, (), (rule, label, subject_kind, subject, name, outcome, outcome_label, say, plain, mend, level,
                                   amount_fen, unverified))

struct LightView {
  std::string id;
  base::Text label;
  LightState state = LightState::unknown;
  std::vector<Saying> reasons;  ///< why it is not met, or not known
};
BOOST_DESCRIBE_STRUCT(LightView, (), (id, label, state, reasons))

/// How a household stands under all rules.
struct HouseholdStanding {
  std::string household;
  base::Date as_of;
  bool computing = false;       ///< a large write is being worked through: what follows may change in a moment
  std::vector<LightView> lights;
  std::vector<Saying> entitled;    ///< entitled and received
  std::vector<Saying> lacking;     ///< entitled, not received
  std::vector<Saying> unentitled;  ///< received, not entitled
  std::vector<Saying> undecided;   ///< not yet known whether entitled or received
  std::vector<Saying> findings;    ///< all else that rules find: risks, contradictions, guarantees not met
  std::int64_t lacking_fen = 0;    ///< sum of what is lacking, of rules with an amount
};
BOOST_DESCRIBE_STRUCT(HouseholdStanding, (), (household, as_of, computing, lights, entitled, lacking, unentitled, undecided,
                                              findings, lacking_fen))

struct FindingLine {
  std::string id;
  std::string rule;
  base::Text label;
  std::string kind;
  int article = 0;
  std::string subject_kind;
  std::string subject;
  std::string household;  ///< empty for a village
  std::string name;       ///< of the person, the head or the village
  std::string household_code;
  std::string village;
  base::Text village_name;
  base::Text town_name;
  std::string period;
  FindingState state = FindingState::open;
  Outcome outcome = Outcome::not_met;
  base::Text outcome_label;
  std::string level;
  base::Text say;
  std::string rule_version;
  base::Date opened_on;
  std::optional<base::Date> closed_on;
  std::optional<std::string> closed_because;
};
BOOST_DESCRIBE_STRUCT(FindingLine, (), (id, rule, label, kind, article, subject_kind, subject, household, name, household_code,
                                        village, village_name, town_name, period, state, outcome, outcome_label, level, say,
                                        rule_version, opened_on, closed_on, closed_because))

/// What is missing so that a rule could decide: a cell, or a ledger that was not delivered.
struct MissingCell {
  std::string table;          ///< household, person, income, or a ledger's id
  base::Text label;
  std::string column;         ///< empty: the ledger as a whole
  base::Text column_label;
  bool delivered = true;      ///< false: of a ledger, that it was not delivered for this period
};
BOOST_DESCRIBE_STRUCT(MissingCell, (), (table, label, column, column_label, delivered))

/// Somebody of whom a rule cannot decide yet.
struct UndecidedLine {
  std::string subject_kind;
  std::string subject;
  std::string household;  ///< empty for a village
  std::string name;       ///< of the person, the head or the village
  std::string household_code;
  std::string village;
  base::Text village_name;
  base::Text town_name;
  std::vector<MissingCell> missing;
};
BOOST_DESCRIBE_STRUCT(UndecidedLine, (), (subject_kind, subject, household, name, household_code, village, village_name, town_name, missing))

/// Open findings of a rule in a town.
struct FindingCount {
  std::string rule;
  base::Text label;
  std::string kind;
  int article = 0;
  std::string town;
  base::Text town_name;
  std::int64_t open = 0;
  std::int64_t unknown = 0;
};
BOOST_DESCRIBE_STRUCT(FindingCount, (), (rule, label, kind, article, town, town_name, open, unknown))

/// How many subjects have which outcome of a rule, as of its last sweep.
struct RuleCount {
  RuleView rule;
  std::int64_t well = 0;      ///< met, served, no risk, consistent
  std::int64_t found = 0;
  std::int64_t unknown = 0;
  std::optional<base::Instant> swept_at;
};
BOOST_DESCRIBE_STRUCT(RuleCount, (), (rule, well, found, unknown, swept_at))

/// The cell a condition rests on.
struct CellView {
  std::string table;          ///< household, person, income, or a ledger's id
  base::Text label;
  std::string row;
  std::string column;
  base::Text column_label;
  std::string subject_name;
  std::string period;
  base::Text value;
  std::string entered_by;     ///< id of a user, or "system:<job>"; empty when the journal does not tell
  base::Text entered_by_name;
  std::optional<base::Instant> entered_at;
};
BOOST_DESCRIBE_STRUCT(CellView, (), (table, label, row, column, column_label, subject_name, period, value, entered_by, entered_by_name, entered_at))

/// A part of a condition with what it yields.
struct PartView {
  std::string text;
  std::string inside;         ///< the fact in whose text it stands; empty: the rule's own
  int depth = 0;
  base::Text value;
};
BOOST_DESCRIBE_STRUCT(PartView, (), (text, inside, depth, value))

struct ConditionView {
  std::string name;           ///< applies, holds, eligible, received, when
  std::string text;
  std::string value;          ///< yes, no, unknown
  std::vector<PartView> parts;
};
BOOST_DESCRIBE_STRUCT(ConditionView, (), (name, text, value, parts))

struct UsedParameter {
  std::string name;
  base::Text label;
  base::Text unit;
  std::string value;
  bool verified = false;
};
BOOST_DESCRIBE_STRUCT(UsedParameter, (), (name, label, unit, value, verified))

struct Explanation {
  RuleView rule;
  Saying saying;
  base::Date as_of;
  std::vector<ConditionView> conditions;
  std::vector<UsedParameter> parameters;
  std::vector<CellView> cells;
  std::vector<std::string> not_delivered;  ///< ledgers whose missing rows therefore say nothing
  std::optional<FindingLine> finding;      ///< as it is stored, when there is one for this period
};
BOOST_DESCRIBE_STRUCT(Explanation, (), (rule, saying, as_of, conditions, parameters, cells, not_delivered, finding))

}  // namespace yihu::screen

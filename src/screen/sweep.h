#pragma once
// Everybody, all rules. A sweep looks at one state of the store and says what every rule says of every subject; applying
// it brings findings, lights and counts to that, household by household, each time asking the live store once more, so
// that what changed meanwhile is never overwritten.

#include "base/cancel.h"
#include "engine/duckdb.h"
#include "screen/finding.h"
#include "screen/light.h"
#include "store/store.h"

#include <array>
#include <map>

namespace yihu::screen {

/// Rules of the three kinds of subject.
struct Selections {
  Selection household{pack::Subject::household, {}};
  Selection person{pack::Subject::person, {}};
  Selection village{pack::Subject::village, {}};
  bool empty() const { return household.empty() && person.empty() && village.empty(); }
  std::array<const Selection*, 3> each() const { return {&household, &person, &village}; }
  bool contain(std::size_t rule) const;
};
Selections all_rules(const RuleBook& book);
Selections rules_reading(const RuleBook& book, const Touched& touched);

enum class SweepEngine { live, duckdb };

struct SweepOptions {
  SweepEngine engine = SweepEngine::duckdb;
  base::Date today;
  engine::Options duckdb = {};
  engine::Watch watch = {};
  /// DuckDB looks at so many households at once that with all the rules there are this many answers. About a million people
  /// and 231 rules: what is reckoned about them takes 1.5 GB.
  std::int64_t answers_at_once = 70'000'000;
};

using OutcomeCounts = std::array<std::int64_t, outcomes>;

/// Somebody whom a rule finds.
struct Found {
  std::size_t rule = 0;
  std::string subject;
  std::string household;
  std::string village;
  Outcome outcome = Outcome::not_met;
  auto operator<=>(const Found&) const = default;
};

struct SweepResult {
  std::array<std::int64_t, 3> subjects{};  ///< households, people, villages looked at
  /// By rule and village; villages where there is nobody are missing.
  std::map<std::size_t, std::map<std::string, OutcomeCounts>> counts;
  std::vector<Found> found;  ///< in no order; of a sweep that is applied on DuckDB none: they never leave the engine
  /// States of the lights of listed households, of lights whose rules were all swept: household → light → state.
  std::map<std::string, std::map<std::string, LightState>> lights;

  OutcomeCounts total(std::size_t rule) const;
};

/// Looks and writes nothing.
base::Result<SweepResult> sweep(store::Session& session, const RuleBook& book, const Selections& rules, const SweepOptions& options);

struct SweepReport {
  SweepResult result;
  FindingChanges changes;
  int households = 0;  ///< asked again
};

/// Sweeps these rules and applies what was seen. From a thread that may wait for the writer.
base::Result<SweepReport> sweep_and_apply(store::Store& store, const RuleBook& book, const Selections& rules, const SweepOptions& options);

/// What has to be swept: rules that are new or changed, those that depend on the day and were last swept on another, and
/// those that read what large writes touched.
base::Result<Selections> rules_due(store::Session& session, const RuleBook& book, base::Date today);

/// Sweeps what is due, closes findings of rules that are gone, counts anew what small writes changed, and writes
/// indicators. Nothing happens when nothing is due. @returns whether something was
base::Result<bool> bring_up_to_date(store::Store& store, const RuleBook& book, const SweepOptions& options);

}  // namespace yihu::screen

#pragma once
// How a sweep asks: one statement per kind of subject, whose rows say who it is and what each rule says of him.

#include "screen/sweep.h"

namespace yihu::screen {

/// Takes what engines answer and adds it up.
class Tally {
 public:
  Tally(const RuleBook& book, SweepResult& result) : book_(book), result_(result) {}
  void count(std::size_t rule, const std::string& village, Outcome outcome, std::int64_t subjects);
  void found(Found found) { result_.found.push_back(std::move(found)); }
  /// Of a member of a listed household, or of the household itself; not applicable says nothing.
  void light(std::size_t rule, const std::string& household, Outcome outcome);
  /// A listed household has each light that was swept, whatever its rules say.
  void listed(const std::string& household, const std::vector<std::string>& lights);

 private:
  const RuleBook& book_;
  SweepResult& result_;
};

/// Where what was seen differs from what is stored.
struct Differing {
  std::set<std::string> households;
  std::set<std::string> villages;
  void add(std::string_view household, std::string_view village) {
    household.empty() ? villages.emplace(village) : households.emplace(household);
  }
};

/// Compares what is found with the findings of the store within the engine, part by part: only where they differ leaves it.
class Comparison {
 public:
  Comparison(engine::Duckdb& engine, Differing& differing) : engine_(engine), differing_(differing) {}
  /// Copies the store's findings of these rules.
  base::Done load(store::Session& session, const RuleBook& book, const Selections& rules, const SweepOptions& options);
  /// The same with no findings.
  base::Done load_nothing();
  /// Takes what is found: rule, subject, household, village, outcome.
  base::Result<engine::Loader> found();
  /// Compares it, and forgets it.
  base::Done compare(const engine::Watch& watch);
  /// What the store has and nobody found differs too.
  base::Done finish();

 private:
  base::Done take(const std::string& rows, const engine::Watch& watch);

  engine::Duckdb& engine_;
  Differing& differing_;
};

/// Lights all of whose rules are swept.
std::vector<const RuleBook::Light*> lights_swept(const RuleBook& book, const Selections& rules);

/// "SELECT id, household, village, listed …" of everybody of a kind who is screened.
std::string subjects_sql(pack::Subject kind);

/// The FROM clause that joins the subjects, as s, with what the expressions yield, and the names of those columns.
struct Fused {
  std::string from;
  std::vector<std::string> columns;  ///< of the expressions, in their order: "q0.r3"
};
Fused fused(const RuleBook& book, const std::vector<rule::Expression>& expressions, pack::Subject kind,
            const rule::QueryOptions& options);

/// Cuts a selection so that each part is asked with one statement: some engines can join no more.
std::vector<Selection> parts_of(const RuleBook& book, const Selection& selection, const rule::QueryOptions& options);

base::Done sweep_live(store::Session& session, const RuleBook& book, const Selections& rules, const SweepOptions& options,
                      SweepResult& result);
/// @param differing when given, what is found is compared with the store within the engine and not kept in the result
base::Done sweep_duckdb(store::Session& session, const RuleBook& book, const Selections& rules, const SweepOptions& options,
                        SweepResult& result, Differing* differing);

/// The tables a sweep needs for what is read: the columns, and who is screened. No names, no numbers.
std::map<std::string, std::vector<engine::Column>> tables_read(const RuleBook& book, const rule::Reads& reads);
/// Copies the columns that these expressions read, and who is screened, into the engine. No names, no numbers.
base::Done load_tables(engine::Duckdb& engine, store::Session& session, const RuleBook& book, const rule::Reads& reads,
                       const engine::Watch& watch);
/// Sweeps over tables that stand in the engine already, some households at a time.
/// @param tables their names
/// @param comparison nothing: what is found goes to the tally
base::Done sweep_loaded(engine::Duckdb& engine, const RuleBook& book, const Selections& rules, const std::set<std::string>& tables,
                        const SweepOptions& options, Tally& tally, Comparison* comparison, std::array<std::int64_t, 3>& subjects);

}  // namespace yihu::screen

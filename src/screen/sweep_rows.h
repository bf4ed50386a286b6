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
base::Done sweep_duckdb(store::Session& session, const RuleBook& book, const Selections& rules, const SweepOptions& options,
                        SweepResult& result);

/// The tables a sweep needs for what is read: the columns, and who is screened. No names, no numbers.
std::map<std::string, std::vector<engine::Column>> tables_read(const RuleBook& book, const rule::Reads& reads);
/// Copies the columns that these expressions read, and who is screened, into the engine. No names, no numbers.
base::Done load_tables(engine::Duckdb& engine, store::Session& session, const RuleBook& book, const rule::Reads& reads,
                       const engine::Watch& watch);
/// Sweeps one kind of subject over tables that stand in the engine already.
base::Done sweep_loaded(engine::Duckdb& engine, const RuleBook& book, const Selection& selection,
                        const std::vector<const RuleBook::Light*>& lights, const SweepOptions& options, Tally& tally,
                        std::int64_t& subjects);

}  // namespace yihu::screen

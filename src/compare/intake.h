#pragma once
// A roster coming in: read, linked with the register, compared, and everything that concerns nobody deleted. The file
// itself is never stored: it lives in memory until the run has ended.

#include "compare/discrepancy.h"

namespace yihu::compare {

enum class RunState { waiting, working, done, cancelled, failed };
std::string_view name_of(RunState state);

struct RunSummary {
  std::int64_t rows = 0;           ///< of the roster
  std::int64_t wrong_cells = 0;
  std::int64_t matched = 0;        ///< rows about somebody in the register
  std::int64_t doubtful = 0;       ///< rows that wait for a person
  std::int64_t remembered = 0;     ///< rows somebody judged before
  std::int64_t undone = 0;         ///< decisions whose data changed since
  std::int64_t unauthorised = 0;   ///< people of the register left out: no authorisation
  std::int64_t not_yet_known = 0;  ///< people who cannot be missed yet
  std::int64_t numbers_read = 0;   ///< document numbers opened for the linkage
  Written discrepancies = {};
  std::vector<std::string> mistakes = {};  ///< "Sheet1!C7: …"
};

struct Run {
  std::string id = {};
  std::string roster = {};
  std::string period = {};
  std::vector<std::string> areas = {};
  std::string file_name = {};
  bool answers = false;            ///< a list-out that came back
  RunState state = RunState::waiting;
  RunSummary summary = {};
  std::int64_t deleted = 0;        ///< rows about nobody in the register
  std::string certificate = {};         ///< hash over the deleted rows' hashes
  std::string actor = {};
  base::Instant made_at = {};
  std::optional<base::Instant> ended_at = {};
  std::int64_t version = 0;
};

/// Everything comparing works with. All of it outlives the work.
struct Work {
  store::Store& store;
  const Rosters& rosters;
  base::Language language = base::Language::zh;
  base::Cancel cancel = {};
  /// What is under way, for the page: "read", "register", "link", "compare", "write".
  std::function<void(std::string_view step, std::int64_t done, std::int64_t total)> progress = {};
};

struct NewRun {
  std::string roster = {};
  std::string file_name = {};
  std::string period = {};               ///< empty: the current one
  std::vector<std::string> areas = {};   ///< for which it is complete; empty: the district
};

/// Looks at the head and the columns, and takes the run down as waiting.
/// Errors: what the workbook says; input for period and areas; denied.
base::Result<Run> start_run(const Work& work, const access::Viewer& viewer, const store::Act& act, const NewRun& wanted, std::string_view bytes);
/// The whole of it. It ends as done, or as cancelled or failed; then nothing of it counts.
base::Result<Run> carry_out(const Work& work, const std::string& run, std::string_view bytes);
/// The rules once more over the rows that are known, such as after a decision about a pair.
base::Result<Written> look_again(const Work& work, const pack::Roster& roster, const std::string& period, const store::Act& act);

/// What was waiting or under way when the program ended: its file is gone.
base::Done close_broken_runs(store::Store& store);

/// @param roster empty: of all. Newest first.
base::Result<std::vector<Run>> list_runs(store::Session& session, std::string_view roster, int limit);
/// Errors: not_found.
base::Result<Run> read_run(store::Session& session, std::string_view id);

/// How a row is known again without being kept: a keyed hash of what says whom it is about.
std::string row_hash(const store::Secrets& secrets, const Identity& who);
/// What a decision about a pair rests on: both sides' compared values.
std::string pair_basis(const store::Secrets& secrets, const Identity& row, const Identity& person);

}  // namespace yihu::compare

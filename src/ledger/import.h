#pragma once
// A workbook on its way into a ledger: taken in, run dry, written as one, undone as one.
//
// Writing goes in turns of import_turn under a batch that is hidden until its end, so that nobody sees half an import and
// no other write waits long. What was replaced stays, hidden, and an undo shows it again.

#include "ledger/import_row.h"
#include "ledger/ledgers.h"
#include "store/store.h"

#include <array>
#include <chrono>

namespace yihu::ledger {

/// Of the file: a million rows of 20 columns are some 110 MB of xlsx or 200 MB of csv.
inline constexpr std::size_t import_bytes_max = 256u << 20;
inline constexpr std::size_t import_chunk_rows_min = 2'000;      ///< put in order and handed over at once: first so many,
inline constexpr std::size_t import_chunk_rows_max = 16'000;     ///< then twice as many each time up to these
inline constexpr std::chrono::milliseconds import_turn{15};      ///< of the writer, then others come
inline constexpr std::size_t import_lines_kept = 500;            ///< of each outcome, for the page

enum class ImportState {
  draft,     ///< taken in and run dry
  applying,
  applied,
  undone,
  dropped,   ///< given up before it was written, or broken off
};
std::string_view name_of(ImportState state);

struct ImportSummary {
  std::array<std::int64_t, outcomes> rows{};  ///< by outcome
  std::int64_t cells_changed = 0;
  std::int64_t untouched = 0;   ///< of the same ones: rows of a template that nobody filled in
  std::int64_t overtaken = 0;   ///< rows somebody else changed while it was written; left alone
  std::int64_t total() const;
  std::int64_t of(Outcome outcome) const { return rows[static_cast<std::size_t>(outcome)]; }
};

struct Import {
  std::string id;
  std::string ledger;
  std::string file_name;
  ImportChoices choices;       ///< as asked
  Match match = Match::none;   ///< as used
  std::string period;          ///< as used
  Layout layout;
  ImportSummary summary;
  ImportState state = ImportState::draft;
  std::string batch;
  std::int64_t rows_done = 0;
  std::int64_t rows_total = 0;
  std::string actor;
  base::Instant made_at;
  std::optional<base::Instant> ended_at;
  std::int64_t version = 0;
  std::string file;            ///< hash of the sealed file
};

/// A line of a dry run, as it is kept for the page.
struct ImportLine {
  int number = 0;
  Outcome outcome = Outcome::same;
  std::string label;
  std::vector<std::array<std::string, 3>> changes;   ///< label of the column, before, after; private values masked
  std::vector<std::string> mistakes;                 ///< "Sheet1!C7: …", in the reader's language at the time
};

/// Everything an import works with. All of it outlives the work.
struct ImportWork {
  store::Store& store;
  const Ledgers& ledgers;
  const access::Viewer& viewer;
  base::Language language = base::Language::zh;
  base::Cancel cancel = {};
  base::Progress progress = {};
};

/// A file being looked at, before anything is kept.
struct Incoming {
  std::string bytes;
  std::unique_ptr<sheet::Workbook> workbook;   ///< reads from `bytes`, which stay where they are when this is moved
  std::string name;
  const LedgerTable* table = nullptr;
  Reach reach;
  Layout layout;
  Match match = Match::none;
  ImportChoices choices;
  std::string period;
};

/// Errors: what the workbook, its head and its columns say, all at once.
base::Result<Incoming> incoming(const ImportWork& work, std::string_view ledger, std::string bytes, std::string name, const ImportChoices& choices);

struct DryRun {
  ImportSummary summary;
  std::vector<ImportLine> lines;   ///< the first import_lines_kept of each outcome
  std::vector<base::Error> mistakes;  ///< the first ones, each with its cell
};
/// All rows, nothing written.
base::Result<DryRun> dry_run(const ImportWork& work, const Incoming& incoming);

/// The workbook with its wrong cells marked. Errors: input "nothing_wrong" when there is nothing to mark.
base::Result<std::string> marked(const ImportWork& work, const Incoming& incoming);

/// Keeps the file (sealed), the choices and the dry run. @returns the import
base::Result<Import> keep_import(const ImportWork& work, const Incoming& incoming, const DryRun& run);
/// The kept file once more, with other choices. Errors: not_found; conflict when it is no draft any more.
base::Result<Incoming> reopen(const ImportWork& work, const Import& import, const ImportChoices& choices);

/// Writes the rows that are in order; those that are not stay out. The import ends as applied, and its columns are
/// remembered for the next file with the same headings.
/// Errors: conflict when it is no draft; cancelled: then nothing of it counts.
base::Result<Import> apply_import(const ImportWork& work, const std::string& id);
/// Asks a writing import to stop; it does before its next rows.
base::Done stop_import(store::Transaction& transaction, const std::string& id);
/// Gives a draft up. Errors: conflict when it is no draft.
base::Done drop_import(store::Transaction& transaction, const std::string& id);

/// Takes an applied import back as one: what it replaced counts again.
/// Errors: conflict, when rows it wrote have been changed since, by hand or by a later import.
base::Done undo_import(store::Transaction& transaction, const Ledgers& ledgers, const std::string& id);

/// @param ledger empty: of every ledger. Newest first.
base::Result<std::vector<Import>> list_imports(store::Session& session, std::string_view ledger, int limit);
/// Errors: not_found.
base::Result<Import> read_import_record(store::Session& session, const std::string& id);
/// In the order of the sheet, after line `after`.
base::Result<std::vector<ImportLine>> import_lines(store::Session& session, const std::string& id, Outcome outcome, int after, int limit);

}  // namespace yihu::ledger

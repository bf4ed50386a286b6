// An import is written and undone.

#include "ledger/import.h"
#include "ledger/import_block.h"
#include "ledger/import_record.h"
#include "ledger/row_change.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <span>
#include <tuple>

namespace yihu::ledger {
namespace {

using base::ErrorKind;
using base::Result;
using store::Sql;

constexpr Sql import_begin =
    "UPDATE ledger_import SET state = 'applying', batch = :batch, rows_done = 0, rows_total = :total, version = version + 1"
    " WHERE id = :id AND state IN ('draft', 'applying')";
constexpr Sql import_state = "SELECT state FROM ledger_import WHERE id = :id AND batch = :batch";
constexpr Sql import_progress = "UPDATE ledger_import SET rows_done = :done, version = version + 1 WHERE id = :id";
constexpr Sql import_end =
    "UPDATE ledger_import SET state = 'applied', summary = :summary, rows_done = rows_total, ended_at = :at, version = version + 1"
    " WHERE id = :id AND batch = :batch AND state = 'applying'";
constexpr Sql import_fail = "UPDATE ledger_import SET state = 'draft', version = version + 1 WHERE id = :id AND state = 'applying'";
constexpr Sql import_undo = "UPDATE ledger_import SET state = 'undone', ended_at = :at, version = version + 1 WHERE id = :id AND state = 'applied'";
constexpr Sql hide = "INSERT INTO ledger_import_hidden (batch) VALUES (:batch)";
constexpr Sql show = "DELETE FROM ledger_import_hidden WHERE batch = :batch";
constexpr Sql last_entry = "SELECT max(sequence) FROM journal";
constexpr Sql changes_of = "SELECT changes FROM ledger_state WHERE ledger = :ledger";

store::Value value_of(const store::Cell& cell) {
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return *whole;
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  return nullptr;
}

base::Error stopped() {
  return base::fail(ErrorKind::cancelled, "import_stopped", base::text("导入已停止，没有写入任何内容。", "The import was stopped; nothing of it counts.")).error();
}

/// Rows on their way to the writer.
struct Chunk {
  std::vector<ImportRow> rows;
  std::size_t next = 0;       ///< the first that is not written yet
  std::int64_t read = 0;      ///< rows of the sheet read so far, with those that needed nothing
};

/// Hands rows to the writer in short turns while more are being read, so that whoever else saves waits for no more than
/// the turn that runs and the one that is committed with his.
class Pipeline {
 public:
  using Clock = std::chrono::steady_clock;
  using Apply = std::function<base::Done(store::Transaction&, Chunk&, Clock::time_point until)>;
  Pipeline(store::Store& store, store::Act act, Apply apply) : store_(store), act_(std::move(act)), apply_(std::move(apply)) {}
  ~Pipeline() { (void)finish(); }

  /// @returns false when an earlier chunk failed
  bool put(Chunk chunk) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.size() < waiting_max || failure_; });
    if (failure_) return false;
    waiting_.push_back(std::move(chunk));
    const bool idle = !std::exchange(working_, true);
    lock.unlock();
    if (idle) ask_for_turn();
    return true;
  }

  base::Done finish() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !working_; });
    if (failure_) return base::fail(*failure_);
    return {};
  }

 private:
  void ask_for_turn() {
    store_.write(
        act_, [this](store::Transaction& transaction) { return turn(transaction); },
        [this](Result<store::Answer> answer) {
          std::unique_lock lock(mutex_);
          if (!answer && !failure_) failure_ = std::move(answer).error();
          while (!waiting_.empty() && waiting_.front().next == waiting_.front().rows.size()) waiting_.pop_front();
          working_ = !failure_ && !waiting_.empty();
          const bool again = working_;
          // The last touch of this object, when nothing is left: whoever waits for that may end it.
          if (!again) changed_.notify_all();
          lock.unlock();
          if (!again) return;
          changed_.notify_all();
          ask_for_turn();
        });
  }

  /// On the writer's thread. Chunks that come in meanwhile are put behind; the ones before stay where they are.
  Result<store::Answer> turn(store::Transaction& transaction) {
    const auto until = Clock::now() + import_turn;
    for (std::size_t i = 0; Clock::now() < until; ++i) {
      std::unique_lock lock(mutex_);
      if (i == waiting_.size()) break;
      Chunk& chunk = waiting_[i];
      lock.unlock();
      TRY(apply_(transaction, chunk, until));
    }
    return store::Answer{};
  }

  static constexpr std::size_t waiting_max = 1;
  store::Store& store_;
  store::Act act_;
  Apply apply_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Chunk> waiting_;
  bool working_ = false;   ///< a turn is asked for or runs
  std::optional<base::Error> failure_;
};

class Writing {
 public:
  Writing(const ImportWork& work, const Incoming& incoming, Import import)
      : work_(work), incoming_(incoming), ledger_(incoming.table->ledger()), import_(std::move(import)),
        editing_{work.ledgers.pack(), *incoming.table, incoming.reach, work.store.secrets()}, batch_(base::new_uuid()),
        act_{work.viewer.actor(), base::RequestId::make(), ""} {}

  Result<Import> all() {
    TRY(begin());
    auto done = rows();
    if (done) done = end();
    if (!done) {
      // Hidden rows stay hidden: nothing of them counts, and the draft can be tried again.
      (void)work_.store.write(act_, [&](store::Transaction& transaction) -> Result<store::Answer> {
        TRY(transaction.execute(import_fail, {{"id", import_.id}}));
        TRY(transaction.journal({"ledger_import.broken_off", "ledger_import", import_.id, "", ""}));
        return store::Answer{};
      });
      return base::fail(std::move(done).error());
    }
    return import_;
  }

 private:
  base::Done begin() {
    TRY(work_.store.write(act_, [&](store::Transaction& transaction) -> Result<store::Answer> {
      if (TRY(transaction.execute(import_begin, {{"batch", batch_}, {"total", import_.summary.total()}, {"id", import_.id}})) == 0) {
        return base::fail(ErrorKind::conflict, "import_no_draft", base::text("这次导入已经写入或已放弃。", "This import is no draft any more."));
      }
      begun_ = transaction.now();
      TRY(transaction.execute(hide, {{"batch", batch_}}));
      TRY(transaction.journal({"ledger_import.begun", "ledger_import", import_.id, "", ""}));
      return store::Answer{};
    }));
    return {};
  }

  base::Done rows() {
    const ImportReading reading{work_.ledgers.pack(), *incoming_.table, incoming_.reach, work_.store.secrets(), incoming_.layout,
                                incoming_.match, incoming_.choices.create, incoming_.choices.clear_empty, incoming_.period};
    TRY(work_.store.read([&](store::Session& session) -> base::Done {
      const auto state = TRY(session.find(changes_of, {{"ledger", ledger_.id}}));
      changes_ = state ? state->integer(0) : 0;
      return {};
    }));
    Pipeline pipeline(work_.store, act_, [this](store::Transaction& transaction, Chunk& chunk, Pipeline::Clock::time_point until) {
      return write(transaction, chunk, until);
    });
    Chunk chunk;
    std::int64_t read = 0;
    std::size_t chunk_rows = import_chunk_rows_min;
    bool whole = true;
    TRY(read_import(
        work_.store, *incoming_.workbook, reading,
        [&](ImportRow& row) {
          ++read;
          count(row);
          if (row.outcome == Outcome::changed && row.row.updated_at > begun_) {
            ++passed_over_;
            return true;
          }
          if (row.outcome == Outcome::added || row.outcome == Outcome::changed) chunk.rows.push_back(std::move(row));
          if (chunk.rows.size() < chunk_rows) return true;
          chunk_rows = std::min(2 * chunk_rows, import_chunk_rows_max);
          chunk.read = read;
          whole = pipeline.put(ordered(std::exchange(chunk, {})));
          return whole;
        },
        work_.cancel, work_.progress));
    chunk.read = read;
    if (whole && !chunk.rows.empty()) (void)pipeline.put(ordered(std::move(chunk)));
    return pipeline.finish();
  }

  /// Rows in the order of the ledger's index touch few of its pages in one turn; a sheet's order touches one for each row.
  /// The more rows are put in order together, the fewer.
  static Chunk ordered(Chunk chunk) {
    std::ranges::sort(chunk.rows, [](const ImportRow& one, const ImportRow& other) {
      return std::tie(one.row.subject, one.row.period, one.number) < std::tie(other.row.subject, other.row.period, other.number);
    });
    return chunk;
  }

  void count(const ImportRow& row) {
    ++summary_.rows[static_cast<std::size_t>(row.outcome)];
    if (row.untouched) ++summary_.untouched;
    if (row.outcome == Outcome::changed) summary_.cells_changed += static_cast<std::int64_t>(row.changes.size());
  }

  /// On the writer's thread.
  base::Done write(store::Transaction& transaction, Chunk& chunk, Pipeline::Clock::time_point until) {
    const auto state = TRY(transaction.find(import_state, {{"id", import_.id}, {"batch", batch_}}));
    if (!state || state->text(0) != "applying") return base::fail(stopped());
    const auto changes = TRY(transaction.find(changes_of, {{"ledger", ledger_.id}}));
    // As long as nobody else wrote to the ledger, what was compared with still stands.
    const bool undisturbed = changes && changes->integer(0) == changes_;
    while (chunk.next < chunk.rows.size() && Pipeline::Clock::now() < until) {
      const std::size_t count = std::min(import_block_rows, chunk.rows.size() - chunk.next);
      TRY(write_block(transaction, std::span(chunk.rows).subspan(chunk.next, count), undisturbed));
      chunk.next += count;
    }
    if (chunk.next < chunk.rows.size()) return {};
    TRY(transaction.execute(import_progress, {{"done", chunk.read}, {"id", import_.id}}));
    return transaction.journal({"ledger_import.continued", "ledger_import", import_.id, "",
                                boost::json::serialize(boost::json::object{{"rows", chunk.read}})});
  }

  base::Done write_block(store::Transaction& transaction, std::span<ImportRow> rows, bool undisturbed) {
    ImportBlock block(ledger_, import_.id);
    std::vector<ImportRow*> taken;
    for (ImportRow& row : rows) {
      if (!TRY(make_room(transaction, row, undisturbed))) {
        ++summary_.overtaken;
        continue;
      }
      if (row.outcome == Outcome::added) row.row.id = base::new_uuid();
      TRY(seal(transaction, row));
      block.add(row);
      taken.push_back(&row);
    }
    if (taken.empty()) return {};
    // Nobody is told of rows: the import's own entries say that something happened.
    TRY(transaction.journal({std::string(import_written_action), "ledger_import", import_.id, "", block.json(), false}));
    const std::int64_t entry = TRY(transaction.find(last_entry))->integer(0);
    for (const ImportRow* row : taken) TRY(insert(transaction, row->row, entry));
    return {};
  }

  /// @returns false when somebody else was quicker
  Result<bool> make_room(store::Transaction& transaction, const ImportRow& row, bool undisturbed) {
    if (row.outcome == Outcome::changed) {
      const auto touched = TRY(transaction.execute(incoming_.table->replace(), {{"by", batch_}, {"id", row.row.id},
                                                                                {"import_id", row.row.import_id}, {"expected", row.row.version}}));
      return touched == 1;
    }
    if (undisturbed || ledger_.rows != pack::RowCount::one) return true;
    return !TRY(transaction.find(incoming_.table->by_subject(), {{"subject", row.row.subject}, {"period", row.row.period}}));
  }

  base::Done insert(store::Transaction& transaction, const LedgerRow& row, std::int64_t entry) {
    store::Parameters parameters;
    parameters.reserve(8 + row.cells.size());
    parameters = {{"id", row.id}, {"subject", row.subject}, {"period", row.period}, {"year", year_of(row.period)}, {"import_id", batch_},
                  {"version", row.version + 1}, {"updated_at", transaction.now()}, {"entry", entry}};
    for (std::size_t i = 0; i < row.cells.size(); ++i) parameters.push_back({incoming_.table->parameter(i), value_of(row.cells[i])});
    TRY(transaction.execute(incoming_.table->insert(), parameters));
    return {};
  }

  /// Private values that were given stand in clear; the others are sealed as stored.
  base::Done seal(store::Transaction& transaction, ImportRow& row) {
    for (const std::size_t i : row.clear) {
      if (is_nothing(row.row.cells[i])) continue;
      row.row.cells[i] = TRY(sealed_cell(transaction, editing_, ledger_.columns[i], row.row.id, row.row.subject, std::get<std::string>(row.row.cells[i])));
    }
    return {};
  }

  base::Done end() {
    import_.summary = summary_;
    import_.summary.overtaken += passed_over_;
    TRY(work_.store.write(act_, [&](store::Transaction& transaction) -> Result<store::Answer> {
      TRY(transaction.execute(show, {{"batch", batch_}}));
      const auto ended = TRY(transaction.execute(import_end, {{"summary", summary_text(import_)}, {"at", transaction.now()}, {"id", import_.id},
                                                              {"batch", batch_}}));
      if (ended == 0) return base::fail(stopped());
      TRY(remember(transaction, *incoming_.table, incoming_.layout));
      TRY(count_change(transaction, ledger_));
      TRY(transaction.journal({"ledger_import.applied", "ledger_import", import_.id, "",
                               boost::json::serialize(boost::json::object{{"ledger", ledger_.id}, {"batch", batch_},
                                                                          {"added", summary_.of(Outcome::added)},
                                                                          {"changed", summary_.of(Outcome::changed)}})}));
      import_ = TRY(read_import_record(transaction, import_.id));
      return store::Answer{};
    }));
    return {};
  }

  const ImportWork& work_;
  const Incoming& incoming_;
  const pack::Ledger& ledger_;
  Import import_;
  Editing editing_;
  std::string batch_;
  store::Act act_;
  ImportSummary summary_;
  std::int64_t changes_ = 0;
  base::Instant begun_;
  std::int64_t passed_over_ = 0;   ///< rows somebody saved after the writing had begun and before they were looked up
};

}  // namespace

Result<Import> apply_import(const ImportWork& work, const std::string& id) {
  Import import;
  TRY(work.store.read([&](store::Session& session) -> base::Done {
    import = TRY(read_import_record(session, id));
    return {};
  }));
  // One that was being written when the program stopped may be taken up again.
  if (import.state != ImportState::draft && import.state != ImportState::applying) {
    return base::fail(ErrorKind::conflict, "import_no_draft", base::text("这次导入已经写入或已放弃。", "This import is no draft any more."));
  }
  ImportChoices choices = import.choices;
  choices.match = import.match;
  choices.period = import.period;
  const Incoming file = TRY(reopen(work, import, choices));
  return Writing(work, file, std::move(import)).all();
}

base::Done undo_import(store::Transaction& transaction, const Ledgers& ledgers, const std::string& id) {
  const Import import = TRY(read_import_record(transaction, id));
  if (import.state != ImportState::applied) {
    return base::fail(ErrorKind::conflict, "import_not_applied", base::text("这次导入没有写入，无可撤销。", "This import was not written, so there is nothing to undo."));
  }
  const LedgerTable* table = TRY(ledgers.find(import.ledger));
  const auto since = TRY(transaction.find(
      store::SqlText().add("SELECT count(*) FROM ").name(table->rows())
          .add(" WHERE import_id = :batch AND (version <> made_version OR (replaced_by IS NOT NULL"
               " AND replaced_by NOT IN (SELECT batch FROM ledger_import_hidden)))").sql(),
      {{"batch", import.batch}}));
  if (since->integer(0) > 0) {
    return base::fail(ErrorKind::conflict, "import_built_upon",
                      base::text("其中 {} 行后来又被改过或被另一次导入替换，不能整体撤销。",
                                 "{} of its rows have been changed since, by hand or by another import; it cannot be undone as one.", since->integer(0)),
                      base::text("请先撤销后来的导入，或逐行更正。", "Undo the later import first, or correct those rows."));
  }
  TRY(transaction.execute(import_undo, {{"id", id}, {"at", transaction.now()}}));
  TRY(transaction.execute(hide, {{"batch", import.batch}}));
  TRY(count_change(transaction, table->ledger()));
  return transaction.journal({"ledger_import.undone", "ledger_import", id, "",
                              boost::json::serialize(boost::json::object{{"ledger", import.ledger}, {"batch", import.batch}})});
}

}  // namespace yihu::ledger

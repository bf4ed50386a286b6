#include "store/writer.h"

#include "store/connected_session.h"
#include "store/folder_lock.h"
#include "store/secret.h"
#include "store/statement_text.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace yihu::store {
namespace {

using base::ErrorKind;
using base::Result;

constexpr const char* entry_insert =
    "INSERT INTO journal (sequence, at, actor, request, operation, action, subject_kind, subject, before, after,"
    " previous, hash) VALUES (:sequence, :at, :actor, :request, :operation, :action, :subject_kind, :subject, :before,"
    " :after, :previous, :hash)";
constexpr const char* head_update = "UPDATE meta SET value = :head WHERE name = 'journal_head'";
constexpr const char* operation_answer = "SELECT answer FROM operation WHERE actor = :actor AND operation = :operation";
constexpr const char* operation_insert =
    "INSERT INTO operation (actor, operation, answer, at) VALUES (:actor, :operation, :answer, :at)";
// About a thousand at a time, so that no writer waits long.
constexpr const char* operations_delete =
    "DELETE FROM operation WHERE at < :before"
    " AND at <= coalesce((SELECT at FROM operation ORDER BY at LIMIT 1 OFFSET 1000), :before)";
constexpr std::chrono::hours forget_interval{1};

constexpr const char* server_lock = "SELECT pg_try_advisory_lock(:lock)";
constexpr std::int64_t server_lock_number = 0x79696875;  // "yihu"
constexpr int server_lock_attempts_max = 30;
constexpr std::chrono::milliseconds server_lock_pause{100};

/// A write as its code sees it. Private to the writer's thread.
class Applied final : public Transaction {
 public:
  Applied(Connection& connection, const Act& act, base::Instant now, Head& head, Algorithms algorithms)
      : connection_(connection), act_(act), now_(now), head_(head), algorithms_(algorithms) {}

  Result<std::vector<Row>> query(Sql sql, const Parameters& parameters) override {
    return kept(connection_.query(sql.text(), parameters));
  }
  Result<std::int64_t> execute(Sql sql, const Parameters& parameters) override {
    return kept(connection_.execute(sql.text(), parameters));
  }
  base::Done define(Sql statement) override {
    const auto written = statement_from_migration(statement.text(), connection_.engine());
    if (!written.empty()) TRY(kept(connection_.run(written)));
    return {};
  }
  const Act& act() const override { return act_; }
  base::Instant now() const override { return now_; }

  base::Done journal(Change change) override {
    Entry entry;
    entry.sequence = head_.sequence + 1;
    entry.at = now_;
    entry.actor = act_.actor;
    entry.request = act_.request.value;
    entry.operation = act_.operation;
    entry.action = change.action;
    entry.subject_kind = change.subject_kind;
    entry.subject = change.subject;
    entry.before = std::move(change.before);
    entry.after = std::move(change.after);
    entry.previous = head_.hash;
    entry.hash = hash_of(entry, algorithms_);
    TRY(kept(connection_.execute(entry_insert,
                                 {{"sequence", entry.sequence}, {"at", entry.at}, {"actor", std::move(entry.actor)},
                                  {"request", std::move(entry.request)}, {"operation", std::move(entry.operation)},
                                  {"action", std::move(entry.action)}, {"subject_kind", std::move(entry.subject_kind)},
                                  {"subject", std::move(entry.subject)}, {"before", std::move(entry.before)},
                                  {"after", std::move(entry.after)}, {"previous", std::move(entry.previous)},
                                  {"hash", entry.hash}})));
    head_ = {entry.sequence, std::move(entry.hash)};
    if (change.told) touched_.push_back({std::move(change.action), std::move(change.subject_kind), std::move(change.subject)});
    return {};
  }

  /// PostgreSQL refuses everything after a failed statement, SQLite does not: on both, a write in which a statement
  /// failed has failed, whatever its code made of it.
  const std::optional<base::Error>& failure() const { return failure_; }
  std::vector<Committed::Touched>& touched() { return touched_; }

 private:
  template <class T>
  Result<T> kept(Result<T> result) {
    if (!result && !failure_) failure_ = result.error();
    return result;
  }

  Connection& connection_;
  const Act& act_;
  base::Instant now_;
  Head& head_;
  Algorithms algorithms_;
  std::optional<base::Error> failure_;
  std::vector<Committed::Touched> touched_;
};

Result<Answer> called(const Write& write, Transaction& transaction) {
  try {
    return write(transaction);
  } catch (const std::exception&) {
    // The backstop of the writer's thread: one write's mistake must not end everybody's.
    return base::fail(ErrorKind::internal, "write_threw",
                      base::text("程序出错，这次修改没有保存。", "The program made a mistake; this change was not saved."));
  }
}

}  // namespace

base::Done take_server_lock(Connection& connection) {
  if (connection.engine() == Engine::sqlite) return {};
  // After a crash the server needs a moment to notice that the old process is gone.
  for (int attempt = 0; attempt < server_lock_attempts_max; ++attempt) {
    const auto rows = TRY(connection.query(server_lock, {{"lock", server_lock_number}}));
    if (!rows.empty() && rows.front().truth(0)) return {};
    std::this_thread::sleep_for(server_lock_pause);
  }
  return base::fail(store_in_use(""));
}

Writer::Writer(Parts parts, Head head)
    : parts_(std::move(parts)), head_(std::move(head)), anchored_at_(std::chrono::steady_clock::now()),
      checkpointer_(parts_.connection->engine() == Engine::sqlite ? std::make_unique<Checkpointer>(parts_.location, [this] { woken_.notify_one(); }) : nullptr),
      thread_([this] { run(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  thread_.join();
  checkpointer_.reset();
  // A server notices the end of a connection late; the next start should not have to wait for that.
  if (parts_.connection->engine() == Engine::postgresql) (void)parts_.connection->run("SELECT pg_advisory_unlock_all()");
}

void Writer::submit(Act act, Write write, std::function<void(Result<Answer>)> done) {
  std::optional<base::Error> refused;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      refused = base::fail(ErrorKind::unavailable, "store_closing",
                           base::text("程序正在停止，修改没有保存。", "The program is stopping; the change was not saved.")).error();
    } else if (waiting_.size() >= waiting_writes_max) {
      refused = base::fail(ErrorKind::too_many, "writes_waiting",
                           base::text("排队等待保存的修改超过 {} 个，请稍后再试。",
                                      "More than {} changes wait to be saved, try again later.", waiting_writes_max)).error();
    } else {
      const bool turn = is_turn(act.request.value);
      waiting_.push_back({std::move(act), std::move(write), std::move(done), turn, std::chrono::steady_clock::now()});
    }
  }
  if (refused) {
    done(base::fail(std::move(*refused)));
    return;
  }
  woken_.notify_one();
}

void Writer::on_commit(std::function<void(const Committed&)> tell) {
  const std::lock_guard lock(mutex_);
  tells_.push_back(std::move(tell));
}

void Writer::run() {
  for (;;) {
    auto batch = take();
    const bool last = batch.empty() && stopping_;
    if (!batch.empty()) commit_together(std::move(batch));
    write_anchor_when_due(last);
    if (last) return;
  }
}

/// Only work in turns asks again on the thread that has just answered it.
bool Writer::is_turn(const std::string& request) {
  if (std::ranges::find(turning_, request) != turning_.end()) return true;
  if (!is_this_thread()) return false;
  turning_.push_back(request);
  if (turning_.size() > turning_requests_max) turning_.pop_front();
  return true;
}

/// Whether something waits that need not be put back. While the log is being taken over no turn makes it longer.
bool Writer::may_begin() const {
  if (waiting_.empty()) return false;
  if (!checkpointer_ || !checkpointer_->behind() || stopping_) return true;
  return std::ranges::any_of(waiting_, [](const Waiting& one) { return !one.turn; });
}

/// Waits until there is something to do: writes, the end, or an anchor that is due.
std::deque<Writer::Waiting> Writer::take() {
  std::unique_lock lock(mutex_);
  const auto something = [this] { return may_begin() || (waiting_.empty() && stopping_); };
  if (anchored_ == head_) {
    woken_.wait(lock, something);
  } else {
    woken_.wait_until(lock, anchored_at_ + anchor_interval, something);
  }
  std::deque<Waiting> batch;
  std::deque<Waiting> left;
  const auto now = std::chrono::steady_clock::now();
  const bool behind = checkpointer_ && checkpointer_->behind() && !stopping_;
  const bool overdue = !behind && std::ranges::any_of(waiting_, [&](const Waiting& one) { return one.turn && now - one.since > turn_put_back_max; });
  const bool others = std::ranges::any_of(waiting_, [](const Waiting& one) { return !one.turn; });
  for (Waiting& one : waiting_) {
    const bool wanted = overdue ? one.turn && batch.empty() : others ? !one.turn && batch.size() < shared_commit_writes_max : !behind && batch.empty();
    (wanted ? batch : left).push_back(std::move(one));
  }
  waiting_ = std::move(left);
  return batch;
}

void Writer::commit_together(std::deque<Waiting> batch) {
  Committed committed{head_.sequence, {}};
  auto finished = apply(batch, committed);
  if (!finished) {
    // Whether a commit that failed half-way reached the server is for the store to say.
    if (parts_.connection->broken()) (void)mend_connection();
    ConnectedSession session(*parts_.connection);
    if (auto head = recorded_head(session)) head_ = *head;
    for (auto& waiting : batch) waiting.done(base::fail(finished.error()));
    return;
  }
  erase_traces(committed);
  if (checkpointer_) note_log();
  // Kept answers must go before anybody is told that his change is saved.
  if (!committed.touched.empty()) tell(committed);
  for (auto& one : *finished) one.done(std::move(one.answer));
}

void Writer::note_log() {
  const int pages = parts_.connection->log_pages();
  checkpointer_->note(pages);
  if (pages >= log_pages_endured) (void)parts_.connection->run("PRAGMA wal_checkpoint(PASSIVE)");
}

void Writer::tell(const Committed& committed) {
  std::vector<std::function<void(const Committed&)>> tells;
  {
    const std::lock_guard lock(mutex_);
    tells = tells_;
  }
  for (const auto& one : tells) one(committed);
}

/// All of the batch in one transaction. An error means that nothing of it is kept.
Result<std::vector<Writer::Finished>> Writer::apply(std::deque<Waiting>& batch, Committed& committed) {
  if (parts_.connection->broken()) TRY(mend_connection());
  TRY(parts_.connection->begin(Access::write));
  const auto before = head_;
  std::vector<Result<Answer>> answers;
  auto kept = [&]() -> base::Done {
    for (auto& waiting : batch) answers.push_back(TRY(apply_one(waiting, committed)));
    committed.sequence = head_.sequence;
    if (head_ != before) {
      TRY(parts_.connection->execute(head_update, {{"head", fmt::format("{} {}", head_.sequence, head_.hash)}}));
    }
    TRY(forget_old_operations());
    return parts_.connection->commit();
  }();
  if (!kept) {
    parts_.connection->rollback();
    head_ = before;
    return base::fail(std::move(kept).error());
  }
  std::vector<Finished> finished;
  for (std::size_t index = 0; index < batch.size(); ++index) {
    finished.push_back({std::move(batch[index].done), std::move(answers[index])});
  }
  return finished;
}

/// @returns the write's own answer or error; an error of the outer Result ends the whole batch
Result<Result<Answer>> Writer::apply_one(Waiting& waiting, Committed& committed) {
  auto& connection = *parts_.connection;
  TRY(connection.control("SAVEPOINT one_write"));
  const auto before = head_;
  auto answer = answer_in_savepoint(waiting, parts_.clock->now(), committed);
  // On a full disk SQLite undoes everything by itself; what follows would then be outside the transaction.
  if (!connection.in_transaction()) {
    if (!answer) return base::fail(std::move(answer).error());
    return base::fail(ErrorKind::unavailable, "transaction_lost",
                      base::text("数据库中断了这次保存。", "The database broke this commit off."));
  }
  if (!answer) {
    head_ = before;
    TRY(connection.control("ROLLBACK TO SAVEPOINT one_write"));
  }
  TRY(connection.control("RELEASE SAVEPOINT one_write"));
  return answer;
}

Result<Answer> Writer::answer_in_savepoint(Waiting& waiting, base::Instant now, Committed& committed) {
  auto& connection = *parts_.connection;
  const auto& act = waiting.act;
  if (!act.operation.empty()) {
    const auto known = TRY(connection.query(operation_answer, {{"actor", act.actor}, {"operation", act.operation}}));
    if (!known.empty()) return known.front().text(0);
  }
  Applied applied(connection, act, now, head_, parts_.algorithms);
  auto answer = called(waiting.write, applied);
  if (!answer) return answer;
  if (applied.failure()) return base::fail(*applied.failure());
  if (!act.operation.empty()) {
    TRY(connection.execute(operation_insert, {{"actor", act.actor}, {"operation", act.operation},
                                              {"answer", *answer}, {"at", now}}));
  }
  std::ranges::move(applied.touched(), std::back_inserter(committed.touched));
  return answer;
}

base::Done Writer::forget_old_operations() {
  const auto now = parts_.clock->now();
  if (now < operations_forgotten_at_ + forget_interval) return {};
  const base::Instant before{now.microseconds - std::chrono::microseconds(operations_kept).count()};
  TRY(parts_.connection->execute(operations_delete, {{"before", before}}));
  operations_forgotten_at_ = now;
  return {};
}

base::Done Writer::mend_connection() {
  auto connection = TRY(Connection::open(parts_.location, Access::write));
  TRY(take_server_lock(*connection));
  ConnectedSession session(*connection);
  head_ = TRY(recorded_head(session));
  parts_.connection = std::move(connection);
  return {};
}

/// A destroyed key must leave the engine's own working files too.
void Writer::erase_traces(const Committed& committed) {
  const bool destroyed = std::ranges::any_of(
      committed.touched, [](const auto& touched) { return touched.action == key_destroyed_action; });
  if (!destroyed) return;
  // A reader can hold this up; the next start and the next checkpoint do it then.
  if (parts_.connection->engine() == Engine::sqlite) {
    (void)parts_.connection->run("PRAGMA wal_checkpoint(TRUNCATE)");
  } else {
    (void)parts_.connection->run("VACUUM person_key");
  }
}

void Writer::write_anchor_when_due(bool now) {
  if (anchored_ == head_ || !parts_.anchor_trusted) {
    anchored_ = head_;
    return;
  }
  const auto time = std::chrono::steady_clock::now();
  if (!now && time < anchored_at_ + anchor_interval) return;
  anchored_at_ = time;
  if (write_anchor(parts_.anchor_file, {head_, parts_.clock->now()}, parts_.algorithms, parts_.anchor_key)) {
    anchored_ = head_;
  }
}

}  // namespace yihu::store

#include "store/consumer.h"

#include <algorithm>
#include <cassert>

namespace yihu::store {
namespace {

using base::ErrorKind;
using base::Result;

constexpr Sql consumer_state = "SELECT position, attempts FROM consumer WHERE name = :name";
constexpr Sql consumer_put =
    "INSERT INTO consumer (name, position, attempts) VALUES (:name, :position, 0)"
    " ON CONFLICT (name) DO UPDATE SET position = excluded.position, attempts = 0";
constexpr Sql consumer_failed =
    "INSERT INTO consumer (name, position, attempts) VALUES (:name, :position, 1)"
    " ON CONFLICT (name) DO UPDATE SET attempts = consumer.attempts + 1";
constexpr Sql failure_insert =
    "INSERT INTO consumer_failure (consumer, sequence, code, at) VALUES (:consumer, :sequence, :code, :at)"
    " ON CONFLICT (consumer, sequence) DO NOTHING";
constexpr Sql failures = "SELECT consumer, sequence, code, at FROM consumer_failure ORDER BY at, consumer, sequence";

constexpr std::int64_t unmarked_entries_max = 200;

struct State {
  std::int64_t position = 0;
  std::int64_t attempts = 0;
};

Result<State> state_of(Session& session, std::string_view name) {
  const auto row = TRY(session.find(consumer_state, {{"name", name}}));
  if (!row) return State{};
  return State{row->integer(0), row->integer(1)};
}

bool wants(const Consumer& consumer, const Entry& entry) {
  return consumer.actions.empty() || std::ranges::find(consumer.actions, entry.action) != consumer.actions.end();
}

Act act_of(const Consumer& consumer) { return {"system:" + consumer.name, base::RequestId::make(), {}}; }

/// Moves the mark from `from` to `to`. Somebody else who moved it meanwhile has done the work: nothing is done twice.
base::Done move_mark(Transaction& transaction, const Consumer& consumer, std::int64_t from, std::int64_t to) {
  if (TRY(state_of(transaction, consumer.name)).position != from) {
    return base::fail(ErrorKind::stale, "consumer_moved",
                      base::text("这项后台工作已由另一处完成。", "This job was done elsewhere meanwhile."));
  }
  TRY(transaction.execute(consumer_put, {{"name", consumer.name}, {"position", to}}));
  return {};
}

base::Done pass_over(Store& store, const Consumer& consumer, std::int64_t from, std::int64_t to) {
  if (from == to) return {};
  const auto written = store.write(act_of(consumer), [&](Transaction& transaction) -> Result<Answer> {
    TRY(move_mark(transaction, consumer, from, to));
    return Answer();
  });
  TRY(written);
  return {};
}

base::Done handle_one(Store& store, const Consumer& consumer, std::int64_t from, const Entry& entry) {
  const auto written = store.write(act_of(consumer), [&](Transaction& transaction) -> Result<Answer> {
    TRY(move_mark(transaction, consumer, from, entry.sequence));
    TRY(consumer.handle(transaction, entry));
    return Answer();
  });
  TRY(written);
  return {};
}

/// Counts the failed attempt; after the last one the entry is set aside and the mark moves on.
base::Done note_failure(Store& store, const Consumer& consumer, const State& state, const Entry& entry,
                        const std::string& code) {
  const auto written = store.write(act_of(consumer), [&](Transaction& transaction) -> Result<Answer> {
    if (state.attempts + 1 < consumer_attempts_max) {
      TRY(transaction.execute(consumer_failed, {{"name", consumer.name}, {"position", state.position}}));
      return Answer();
    }
    TRY(move_mark(transaction, consumer, state.position, entry.sequence));
    TRY(transaction.execute(failure_insert, {{"consumer", consumer.name}, {"sequence", entry.sequence},
                                             {"code", code}, {"at", transaction.now()}}));
    return Answer();
  });
  TRY(written);
  return {};
}

/// The store itself being away says nothing about the entry.
bool blames_the_entry(const base::Error& error) {
  return error.kind != ErrorKind::unavailable && error.kind != ErrorKind::too_many &&
         error.kind != ErrorKind::cancelled && error.code != "consumer_moved";
}

}  // namespace

Result<Advance> advance(Store& store, const Consumer& consumer, int entries_max) {
  assert(!store.on_writers_thread() && entries_max > 0);
  State state;
  std::vector<Entry> entries;
  const auto read = store.read([&](Session& session) -> base::Done {
    state = TRY(state_of(session, consumer.name));
    entries = TRY(entries_after(session, state.position, entries_max + 1));
    return {};
  });
  TRY(read);
  Advance advance;
  advance.more = entries.size() > static_cast<std::size_t>(entries_max);
  if (advance.more) entries.pop_back();
  auto seen = state.position;
  for (const auto& entry : entries) {
    if (wants(consumer, entry)) {
      // From the last mark over everything unwanted to this entry, in one move.
      if (auto done = handle_one(store, consumer, state.position, entry); !done) {
        if (blames_the_entry(done.error())) {
          TRY(pass_over(store, consumer, state.position, seen));
          if (seen != state.position) state = {seen, 0};
          TRY(note_failure(store, consumer, state, entry, done.error().code));
        }
        return base::fail(std::move(done).error());
      }
      ++advance.handled;
      state = {entry.sequence, 0};
    }
    seen = entry.sequence;
  }
  // A mark for every entry nobody wants would double the store's writes; reading a few again costs little.
  if (advance.more || seen - state.position >= unmarked_entries_max) {
    TRY(pass_over(store, consumer, state.position, seen));
  }
  return advance;
}

Result<std::vector<SetAside>> set_aside_entries(Session& session) {
  std::vector<SetAside> found;
  for (const auto& row : TRY(session.query(failures))) {
    found.push_back({row.text(0), row.integer(1), row.text(2), row.instant(3)});
  }
  return found;
}

Result<std::int64_t> consumer_position(Session& session, std::string_view name) {
  return TRY(state_of(session, name)).position;
}

}  // namespace yihu::store

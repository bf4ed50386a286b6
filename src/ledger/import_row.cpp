#include "ledger/import_row.h"

#include "ledger/typed_row.h"
#include "ledger/value_list.h"
#include "sheet/table.h"
#include "store/secret.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <unordered_map>

namespace yihu::ledger {
namespace {

using base::ErrorKind;
using base::Result;

base::Error wrong(std::string code, base::Text text, base::Text mend = {}) {
  return {ErrorKind::input, std::move(code), std::move(text), std::move(mend), {}, {}};
}

/// What tells two rows of one subject and period apart: the ledger's key columns.
std::vector<std::size_t> key_columns(const pack::Ledger& ledger) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < ledger.columns.size(); ++i) {
    if (ledger.columns[i].key) out.push_back(i);
  }
  return out;
}

/// A name without blanks, brackets and the many dots between its parts.
std::string name_key(std::string_view name) {
  std::string key = sheet::heading_key(name);
  for (const std::string_view dot : {"·", "•", "・", "．", ".", "‧", "∙"}) {
    for (std::size_t at = key.find(dot); at != std::string::npos; at = key.find(dot)) key.erase(at, dot.size());
  }
  return key;
}

void append_key(std::string& key, const store::Cell& cell) {
  key += '\x1f';
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) key += std::to_string(*whole);
  else if (const auto* real = std::get_if<double>(&cell)) key += std::to_string(*real);
  else if (const auto* text = std::get_if<std::string>(&cell)) key += *text;
}

/// Rows that were read, looked up together.
class Settling {
 public:
  Settling(const ImportReading& reading, const LayoutTargets& targets)
      : reading_(reading), ledger_(reading.table.ledger()), targets_(targets), finder_(reading.table, reading.reach, reading.match),
        keys_(key_columns(ledger_)) {}

  /// The block's rows end in `out`.
  base::Done take(store::Session& session, std::vector<TypedRow>& block, std::vector<ImportRow>& out) {
    session_ = &session;
    TRY(find_subjects(block));
    TRY(find_stored(block));
    for (std::size_t i = 0; i < block.size(); ++i) {
      out_ = std::move(block[i].out);
      given_ = std::move(block[i].given);
      if (subjects_[i]) TRY(settle(std::move(*subjects_[i]), block[i].keys.name));
      // Whoever is to put it right finds the row by the name that stands in it.
      if (out_.row.label.empty()) out_.row.label = std::move(block[i].keys.name);
      if (!out_.mistakes.empty() && out_.outcome != Outcome::not_found) out_.outcome = Outcome::wrong;
      out.push_back(std::move(out_));
    }
    return {};
  }

 private:
  void mistake(base::Error error, std::size_t at) { add_mistake(out_, reading_.layout, at, std::move(error)); }

  base::Done find_subjects(const std::vector<TypedRow>& block) {
    std::vector<const SubjectKeys*> keys;
    for (const TypedRow& row : block) {
      if (row.out.mistakes.empty()) keys.push_back(&row.keys);
    }
    TRY(finder_.prepare(*session_, keys));
    subjects_.clear();
    for (const TypedRow& row : block) {
      subjects_.emplace_back();
      if (row.out.mistakes.empty()) subjects_.back() = finder_.find(*session_, row.keys);
    }
    return {};
  }

  /// What the ledger holds about the block's subjects; of a ledger about nobody `rows_about_nobody` knows.
  base::Done find_stored(const std::vector<TypedRow>& block) {
    stored_rows_.clear();
    if (ledger_.subject == pack::Subject::none) return {};
    std::map<std::string, std::vector<std::string>> subjects;  // by period
    for (std::size_t i = 0; i < block.size(); ++i) {
      if (subjects_[i] && *subjects_[i]) subjects[block[i].out.row.period].push_back((*subjects_[i])->id);
    }
    for (auto& [period, ids] : subjects) {
      for (const auto& list : value_lists(std::move(ids))) {
        store::Parameters parameters = {{"period", period}};
        add_values(list, parameters);
        for (auto& row : TRY(session_->query(reading_.table.by_subjects(), parameters))) stored_rows_[row.text(1) + '\x1f' + period].push_back(std::move(row));
      }
    }
    return {};
  }

  /// Whom the row is about and what is stored of him.
  base::Done settle(Result<FoundSubject> subject, std::string_view name) {
    if (!subject) {
      if (subject.error().kind != ErrorKind::not_found && subject.error().kind != ErrorKind::input) return base::fail(std::move(subject).error());
      const bool nobody = subject.error().kind == ErrorKind::not_found;
      mistake(std::move(subject).error(), targets_.key_place(reading_.match));
      out_.outcome = nobody ? Outcome::not_found : Outcome::wrong;
      return {};
    }
    out_.row.subject = std::move(subject->id);
    out_.row.area = std::move(subject->area);
    out_.row.label = std::move(subject->label);
    if (names_somebody_else(name)) {
      mistake(wrong("name_differs", base::text("登记簿里这个号码是“{:.40}”的。", "In the register this number belongs to \"{:.40}\".", out_.row.label),
                    base::text("请核对号码和姓名。", "Check number and name.")),
              targets_.key_place(Match::name_birth_village));
      return {};
    }
    const std::size_t at = targets_.keys.empty() ? 0 : targets_.keys.front().second;
    if (const int before = first_with_key(out_.number); before != out_.number) {
      mistake(wrong("row_repeated", base::text("与第 {} 行重复。", "The same as row {}.", before), base::text("请只留一行。", "Keep one of them.")), at);
      return {};
    }
    TRY(load_stored());
    compare();
    if (out_.outcome == Outcome::added && !reading_.create) {
      mistake(base::Error{ErrorKind::not_found, "row_unknown", base::text("台账里没有这一行，且选择了不新增。", "The ledger has no such row, and none is to be made."), {}, {}, {}}, at);
      out_.outcome = Outcome::not_found;
      return {};
    }
    check_required();
    return {};
  }

  /// Found by a number beside which another name stands. What stands in brackets behind a name is no part of it; a
  /// household may be found by any of its people, so its head's name says nothing.
  bool names_somebody_else(std::string_view name) const {
    const bool by_number = reading_.match == Match::id_number || reading_.match == Match::code;
    if (!by_number || ledger_.subject != pack::Subject::person || name.empty() || out_.row.label.empty()) return false;
    return name != out_.row.label && name_key(name) != name_key(out_.row.label);
  }

  /// The row of the sheet in which this subject, period and key stood first: hashes, since there may be a million.
  int first_with_key(int number) {
    if (ledger_.rows == pack::RowCount::many && keys_.empty()) return number;
    std::string key = out_.row.subject + '\x1f' + out_.row.period;
    for (const std::size_t column : keys_) append_key(key, given_[column].value_or(store::Cell()));
    const auto [at, added] = seen_.emplace(std::hash<std::string>{}(key), number);
    return added ? number : at->second;
  }

  /// What tells the rows of a ledger about nobody apart: its key columns, else whatever the sheet gives.
  std::vector<std::size_t> telling_columns() const {
    if (!keys_.empty()) return keys_;
    std::vector<std::size_t> out;
    for (const auto& [column, at] : targets_.cells) {
      if (!ledger_.columns[column].personal) out.push_back(column);
    }
    return out;
  }

  /// A ledger about nobody has all its rows under one subject: they are looked up by what tells them apart, from hashes
  /// read once for each period.
  Result<std::vector<store::Row>> rows_about_nobody() {
    const auto columns = telling_columns();
    auto [index, fresh] = ids_.try_emplace(out_.row.period);
    if (fresh) {
      store::SqlText text;
      text.add("SELECT r.id, r.subject, r.period, r.import_id, r.version, r.updated_at");
      for (std::size_t i = 0; i < ledger_.columns.size(); ++i) text.add(", r.").name(reading_.table.column(i));
      text.add(" FROM ").name(reading_.table.view()).add(" r WHERE r.subject = '' AND r.period = :period AND r.id > :after ORDER BY r.id LIMIT 1000");
      std::string after;
      for (;;) {
        const auto rows = TRY(session_->query(text.sql(), {{"period", out_.row.period}, {"after", after}}));
        for (const auto& one : rows) {
          const LedgerRow row = row_from(reading_.table, one, false);
          std::string key;
          for (const std::size_t column : columns) append_key(key, row.cells[column]);
          index->second.emplace(std::hash<std::string>{}(key), row.id);
        }
        if (rows.size() < 1000) break;
        after = rows.back().text(0);
      }
    }
    std::string key;
    for (const std::size_t column : columns) append_key(key, given_[column].value_or(store::Cell()));
    std::vector<store::Row> out;
    const auto [first, last] = index->second.equal_range(std::hash<std::string>{}(key));
    for (auto at = first; at != last; ++at) {
      if (auto row = TRY(session_->find(reading_.table.by_id(), {{"id", at->second}}))) out.push_back(std::move(*row));
    }
    return out;
  }

  base::Done load_stored() {
    stored_.reset();
    const bool nobody = ledger_.subject == pack::Subject::none;
    const auto rows = nobody ? TRY(rows_about_nobody())
                             : std::exchange(stored_rows_[out_.row.subject + '\x1f' + out_.row.period], {});
    for (const auto& one : rows) {
      out_.clear.clear();
      LedgerRow row = row_from(reading_.table, one, false);
      TRY(open_private(row));
      if (!fits(row)) continue;
      stored_ = std::move(row);
      return {};
    }
    return {};
  }

  /// Whether a stored row is the one the sheet's row means.
  bool fits(const LedgerRow& row) const {
    if (ledger_.rows == pack::RowCount::one) return true;
    if (keys_.empty()) {
      // Without a key a row can only be itself: all that is given is as stored.
      return std::ranges::all_of(targets_.cells, [&](const auto& one) {
        return !given_[one.first] || is_nothing(*given_[one.first]) || row.cells[one.first] == *given_[one.first];
      });
    }
    return std::ranges::all_of(keys_, [&](std::size_t column) { return row.cells[column] == given_[column].value_or(store::Cell()); });
  }

  base::Done open_private(LedgerRow& row) {
    for (std::size_t i = 0; i < ledger_.columns.size(); ++i) {
      if (!ledger_.columns[i].personal || is_nothing(row.cells[i]) || !given_[i] || is_nothing(*given_[i])) continue;
      auto clear = reading_.secrets.open(*session_, {reading_.table.view().text(), ledger_.columns[i].id, row.subject.empty() ? row.id : row.subject},
                                         std::get<std::string>(row.cells[i]));
      // What can no longer be read differs from whatever is given.
      if (!clear) continue;
      row.cells[i] = std::move(*clear);
      out_.clear.insert(i);
    }
    return {};
  }

  /// A template's row that nobody filled in: it says whom it would be about, and nothing of him.
  bool is_untouched() const {
    if (ledger_.subject == pack::Subject::none) return false;
    return std::ranges::all_of(targets_.cells, [&](const auto& one) { return !given_[one.first] || is_nothing(*given_[one.first]); });
  }

  void compare() {
    ImportRow& out = out_;
    if (!stored_) {
      if (is_untouched()) {
        out.outcome = Outcome::same;
        out.untouched = true;
        return;
      }
      out.outcome = Outcome::added;
      out.row.cells.assign(ledger_.columns.size(), store::Cell());
      for (const auto& [column, at] : targets_.cells) {
        if (!given_[column] || is_nothing(*given_[column])) continue;
        put(column);
      }
      return;
    }
    const std::string area = std::move(out.row.area);
    const std::string label = std::move(out.row.label);
    out.row = std::move(*stored_);
    out.row.area = area;
    out.row.label = label;
    for (const auto& [column, at] : targets_.cells) {
      if (!given_[column] || (is_nothing(*given_[column]) && !reading_.clear_empty) || out.row.cells[column] == *given_[column]) continue;
      out.changes.push_back({column, std::move(out.row.cells[column])});
      put(column);
    }
    out.outcome = out.changes.empty() ? Outcome::same : Outcome::changed;
  }

  void put(std::size_t column) {
    out_.row.cells[column] = std::move(*given_[column]);
    if (ledger_.columns[column].personal) out_.clear.insert(column);
  }

  void check_required() {
    if (out_.outcome != Outcome::added && out_.outcome != Outcome::changed) return;
    for (std::size_t i = 0; i < ledger_.columns.size(); ++i) {
      if (!ledger_.columns[i].required || !is_nothing(out_.row.cells[i])) continue;
      const auto cell = std::ranges::find(targets_.cells, i, &std::pair<std::size_t, std::size_t>::first);
      const std::size_t key = targets_.keys.empty() ? 0 : targets_.keys.front().second;
      mistake(wrong("value_missing", base::text("“{}”必须填写。", "\"{}\" is needed.", ledger_.columns[i].label.zh)),
              cell != targets_.cells.end() ? cell->second : key);
    }
  }

  const ImportReading& reading_;
  const pack::Ledger& ledger_;
  const LayoutTargets& targets_;
  store::Session* session_ = nullptr;  ///< of the block that is being settled
  SubjectFinder finder_;
  std::vector<std::size_t> keys_;
  std::vector<std::optional<Result<FoundSubject>>> subjects_;        ///< of the block's rows; nothing for a row that is wrong already
  std::unordered_map<std::string, std::vector<store::Row>> stored_rows_;  ///< of the block, by subject and period
  std::vector<std::optional<store::Cell>> given_;
  std::optional<LedgerRow> stored_;
  std::unordered_map<std::size_t, int> seen_;
  std::map<std::string, std::unordered_multimap<std::size_t, std::string>> ids_;  ///< by period, by hash of what tells rows apart
  ImportRow out_;
};

/// The head of the layout, for reading the body below it.
sheet::TableHead head_of(const Layout& layout) {
  sheet::TableHead head;
  head.sheet = layout.sheet_name;
  head.first_row = layout.head_row;
  head.last_row = layout.head_row;
  for (const LayoutColumn& column : layout.columns) head.columns.push_back({column.column, column.heading, {column.heading}, column.address, false});
  return head;
}

/// Looked up together, in the order of the index: the more rows, the fewer pages are read for each.
constexpr std::size_t block_rows = 4096;
constexpr std::size_t blocks_waiting_max = 2;

/// Rows on their way from the thread that reads to the one that looks up.
class BlockQueue {
 public:
  /// @returns false when nobody wants more
  bool put(std::vector<TypedRow> block) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return blocks_.size() < blocks_waiting_max || given_up_; });
    if (given_up_) return false;
    blocks_.push_back(std::move(block));
    changed_.notify_all();
    return true;
  }
  /// Nothing at the end.
  std::optional<std::vector<TypedRow>> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !blocks_.empty() || closed_; });
    if (blocks_.empty()) return std::nullopt;
    auto block = std::move(blocks_.front());
    blocks_.pop_front();
    changed_.notify_all();
    return block;
  }
  /// No more comes.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  /// No more is wanted.
  void give_up() {
    const std::lock_guard lock(mutex_);
    given_up_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<TypedRow>> blocks_;
  bool closed_ = false;
  bool given_up_ = false;
};

struct EndOfReading {
  BlockQueue& queue;
  ~EndOfReading() { queue.give_up(); }
};
struct EndOfBlocks {
  BlockQueue& queue;
  ~EndOfBlocks() { queue.close(); }
};

base::Done type_rows(sheet::Workbook& workbook, const ImportReading& reading, const LayoutTargets& targets, BlockQueue& queue,
                     const base::Cancel& cancel, const base::Progress& progress) {
  const EndOfBlocks end{queue};
  const RowTyping typing(reading, targets, workbook.counts_from_1904());
  std::vector<TypedRow> block;
  bool wanted = true;
  bool cancelled = false;
  TRY(sheet::read_table(
      workbook, reading.layout.sheet, head_of(reading.layout),
      [&](const sheet::TableRow& row) {
        cancelled = cancel.asked();
        if (cancelled) return false;
        if (row.role != sheet::RowRole::body || !targets.any_filled(row)) return true;
        block.push_back(typing.read(row));
        if (block.size() == block_rows) wanted = queue.put(std::exchange(block, {}));
        return wanted;
      },
      cancel, progress));
  if (cancelled) return base::fail(ErrorKind::cancelled, "cancelled", base::text("已取消。", "Cancelled."));
  if (wanted && !block.empty()) (void)queue.put(std::move(block));
  return {};
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::added: return "added";
    case Outcome::changed: return "changed";
    case Outcome::same: return "same";
    case Outcome::wrong: return "wrong";
    case Outcome::not_found: return "not_found";
  }
  return "";
}

base::Done read_import(store::Store& store, sheet::Workbook& workbook, const ImportReading& reading, const ImportSink& sink,
                       const base::Cancel& cancel, const base::Progress& progress) {
  const LayoutTargets targets(reading);
  BlockQueue queue;
  std::future<base::Done> read = std::async(std::launch::async, [&] { return type_rows(workbook, reading, targets, queue, cancel, progress); });
  // However this function is left, the other thread must not wait for it.
  const EndOfReading end{queue};
  Settling settling(reading, targets);
  std::vector<ImportRow> rows;
  while (auto block = queue.take()) {
    rows.clear();
    TRY(store.read([&](store::Session& session) { return settling.take(session, *block, rows); }));
    // Outside of the read: the sink may wait for the writer, and the writer's log cannot begin anew while somebody reads.
    if (!std::ranges::all_of(rows, sink)) {
      queue.give_up();
      break;
    }
  }
  return read.get();
}

}  // namespace yihu::ledger

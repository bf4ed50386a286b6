#include "ledger/import_row.h"

#include "base/id_number.h"
#include "sheet/cell_value.h"

#include <algorithm>
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

void append_key(std::string& key, const store::Cell& cell) {
  key += '\x1f';
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) key += std::to_string(*whole);
  else if (const auto* real = std::get_if<double>(&cell)) key += std::to_string(*real);
  else if (const auto* text = std::get_if<std::string>(&cell)) key += *text;
}

class Reader {
 public:
  Reader(store::Session& session, const ImportReading& reading, sheet::Workbook& workbook, const ImportSink& sink)
      : session_(session), reading_(reading), ledger_(reading.table.ledger()), sink_(sink),
        names_{reading.layout.sheet_name, workbook.counts_from_1904()},
        finder_(session, reading.secrets, reading.table, reading.reach, reading.match), keys_(key_columns(ledger_)) {
    for (std::size_t i = 0; i < reading.layout.columns.size(); ++i) {
      const std::string& target = reading.layout.columns[i].target;
      if (target.empty()) continue;
      if (target.front() == '@') {
        key_cells_.emplace_back(target, i);
        continue;
      }
      for (std::size_t c = 0; c < ledger_.columns.size(); ++c) {
        if (ledger_.columns[c].id == target) cells_.emplace_back(c, i);
      }
    }
  }

  Result<bool> take(const sheet::TableRow& row) {
    if (row.role != sheet::RowRole::body) return true;
    out_ = ImportRow{};
    out_.number = row.number;
    given_.assign(ledger_.columns.size(), std::nullopt);
    SubjectKeys keys = read_keys(row);
    read_cells(row);
    const bool nobody = out_.outcome == Outcome::not_found;
    if (!nobody && out_.mistakes.empty()) TRY(settle(keys, row));
    if (!out_.mistakes.empty() && out_.outcome != Outcome::not_found) out_.outcome = Outcome::wrong;
    return sink_(out_);
  }

 private:
  void mistake(base::Error error, const sheet::TableRow& row, std::size_t at) {
    const LayoutColumn& column = reading_.layout.columns[at];
    if (error.place.cell.empty()) error.place.cell = sheet::cell_address(names_.sheet, row.number, column.column);
    out_.marks.emplace_back(column.column, out_.mistakes.size());
    out_.mistakes.push_back(std::move(error));
  }

  SubjectKeys read_keys(const sheet::TableRow& row) {
    SubjectKeys keys;
    out_.row.period = reading_.period;
    for (const auto& [target, at] : key_cells_) {
      const sheet::SheetCell& cell = row.cells[at];
      if (sheet::is_empty(cell)) continue;
      if (target == "@birth") {
        auto date = sheet::date_from_cell(cell, names_.sheet, names_.from_1904);
        if (date && !date->month_only) keys.birth = base::to_string(date->day);
        else if (!date && reading_.match == Match::name_birth_village) mistake(std::move(date).error(), row, at);
        continue;
      }
      const bool names_something = target == "@id_number" || target == "@code" || target == "@village_code";
      auto text = names_something ? sheet::identifier_from_cell(cell, names_.sheet) : sheet::text_from_cell(cell, names_.sheet);
      if (!text) {
        mistake(std::move(text).error(), row, at);
        continue;
      }
      put_key(keys, target, std::move(*text), row, at);
    }
    return keys;
  }

  void put_key(SubjectKeys& keys, const std::string& target, std::string text, const sheet::TableRow& row, std::size_t at) {
    if (target == "@id_number") {
      keys.id_number = base::id_number_key(text);
      const base::IdNumber read = base::read_id_number(keys.id_number);
      // A slip in a number must not find somebody else; it must not find nobody in silence either.
      if (read.kind == base::IdNumber::Kind::resident && !read.valid && reading_.match == Match::id_number) {
        mistake(wrong("id_number_wrong", base::text("证件号码的校验位不对。", "The check digit of the document number does not hold."),
                      base::text("请对照证件改正。", "Compare it with the document.")),
                row, at);
      }
    } else if (target == "@code") {
      keys.code = std::move(text);
    } else if (target == "@name") {
      keys.name = sheet::trimmed_text(text);
    } else if (target == "@village") {
      keys.village = std::move(text);
    } else if (target == "@village_code") {
      keys.village_code = std::move(text);
    } else if (target == "@period") {
      if (auto period = period_from_text(ledger_.period, text)) out_.row.period = *period;
      else mistake(wrong("period_unreadable", base::text("“{:.40}”不是这个台账的期间。", "\"{:.40}\" is no period of this ledger.", text)), row, at);
    }
  }

  void read_cells(const sheet::TableRow& row) {
    for (const auto& [column, at] : cells_) {
      auto cell = cell_from_sheet(reading_.pack, ledger_.columns[column], row.cells[at], names_);
      if (!cell) mistake(std::move(cell).error(), row, at);
      else given_[column] = std::move(*cell);
    }
  }

  /// Whom the row is about and what is stored of him.
  base::Done settle(const SubjectKeys& keys, const sheet::TableRow& row) {
    auto subject = finder_.find(keys);
    const std::size_t at = key_cells_.empty() ? 0 : key_cells_.front().second;
    if (!subject) {
      if (subject.error().kind != ErrorKind::not_found && subject.error().kind != ErrorKind::input) return base::fail(std::move(subject).error());
      const bool nobody = subject.error().kind == ErrorKind::not_found;
      mistake(std::move(subject).error(), row, key_place());
      out_.outcome = nobody ? Outcome::not_found : Outcome::wrong;
      return {};
    }
    out_.row.subject = subject->id;
    out_.row.area = subject->area;
    out_.row.label = subject->label;
    if (const int before = first_with_key(row.number); before != row.number) {
      mistake(wrong("row_repeated", base::text("与第 {} 行重复。", "The same as row {}.", before), base::text("请只留一行。", "Keep one of them.")), row, at);
      return {};
    }
    TRY(load_stored());
    compare();
    if (out_.outcome == Outcome::added && !reading_.create) {
      mistake(base::Error{ErrorKind::not_found, "row_unknown", base::text("台账里没有这一行，且选择了不新增。", "The ledger has no such row, and none is to be made."), {}, {}, {}}, row, at);
      out_.outcome = Outcome::not_found;
      return {};
    }
    check_required(row);
    return {};
  }

  /// The cell that should have named the subject.
  std::size_t key_place() const {
    const std::string_view wanted = reading_.match == Match::id_number ? "@id_number" : reading_.match == Match::code ? "@code" : reading_.match == Match::village ? "@village" : "@name";
    for (const auto& [target, at] : key_cells_) {
      if (target == wanted) return at;
    }
    return key_cells_.empty() ? 0 : key_cells_.front().second;
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
    for (const auto& [column, at] : cells_) {
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
        const auto rows = TRY(session_.query(text.sql(), {{"period", out_.row.period}, {"after", after}}));
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
      if (auto row = TRY(session_.find(reading_.table.by_id(), {{"id", at->second}}))) out.push_back(std::move(*row));
    }
    return out;
  }

  base::Done load_stored() {
    stored_.reset();
    const bool nobody = ledger_.subject == pack::Subject::none;
    const auto rows = nobody ? TRY(rows_about_nobody())
                             : TRY(session_.query(reading_.table.by_subject(), {{"subject", out_.row.subject}, {"period", out_.row.period}}));
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
      return std::ranges::all_of(cells_, [&](const auto& one) {
        return !given_[one.first] || is_nothing(*given_[one.first]) || row.cells[one.first] == *given_[one.first];
      });
    }
    return std::ranges::all_of(keys_, [&](std::size_t column) { return row.cells[column] == given_[column].value_or(store::Cell()); });
  }

  base::Done open_private(LedgerRow& row) {
    for (std::size_t i = 0; i < ledger_.columns.size(); ++i) {
      if (!ledger_.columns[i].personal || is_nothing(row.cells[i]) || !given_[i] || is_nothing(*given_[i])) continue;
      auto clear = reading_.secrets.open(session_, {reading_.table.view().text(), ledger_.columns[i].id, row.subject.empty() ? row.id : row.subject},
                                         std::get<std::string>(row.cells[i]));
      // What can no longer be read differs from whatever is given.
      if (!clear) continue;
      row.cells[i] = std::move(*clear);
      out_.clear.insert(i);
    }
    return {};
  }

  void compare() {
    ImportRow& out = out_;
    if (!stored_) {
      out.outcome = Outcome::added;
      out.row.cells.assign(ledger_.columns.size(), store::Cell());
      for (const auto& [column, at] : cells_) {
        if (!given_[column] || is_nothing(*given_[column])) continue;
        out.changes.push_back({column, store::Cell(), *given_[column]});
        put(column);
      }
      return;
    }
    const std::string area = std::move(out.row.area);
    const std::string label = std::move(out.row.label);
    out.row = std::move(*stored_);
    out.row.area = area;
    out.row.label = label;
    for (const auto& [column, at] : cells_) {
      if (!given_[column] || (is_nothing(*given_[column]) && !reading_.clear_empty) || out.row.cells[column] == *given_[column]) continue;
      out.changes.push_back({column, out.row.cells[column], *given_[column]});
      put(column);
    }
    out.outcome = out.changes.empty() ? Outcome::same : Outcome::changed;
  }

  void put(std::size_t column) {
    out_.row.cells[column] = *given_[column];
    if (ledger_.columns[column].personal) out_.clear.insert(column);
  }

  void check_required(const sheet::TableRow& row) {
    if (out_.outcome != Outcome::added && out_.outcome != Outcome::changed) return;
    for (std::size_t i = 0; i < ledger_.columns.size(); ++i) {
      if (!ledger_.columns[i].required || !is_nothing(out_.row.cells[i])) continue;
      const auto cell = std::ranges::find(cells_, i, &std::pair<std::size_t, std::size_t>::first);
      const std::size_t at = cell != cells_.end() ? cell->second : (key_cells_.empty() ? 0 : key_cells_.front().second);
      mistake(wrong("value_missing", base::text("“{}”必须填写。", "\"{}\" is needed.", ledger_.columns[i].label.zh)), row, at);
    }
  }

  store::Session& session_;
  const ImportReading& reading_;
  const pack::Ledger& ledger_;
  const ImportSink& sink_;
  SheetNames names_;
  SubjectFinder finder_;
  std::vector<std::size_t> keys_;
  std::vector<std::pair<std::string, std::size_t>> key_cells_;       ///< target, place in the layout
  std::vector<std::pair<std::size_t, std::size_t>> cells_;           ///< ledger column, place in the layout
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

base::Done read_import(store::Session& session, sheet::Workbook& workbook, const ImportReading& reading, const ImportSink& sink,
                       const base::Cancel& cancel, const base::Progress& progress) {
  Reader reader(session, reading, workbook, sink);
  std::optional<base::Error> failure;
  TRY(sheet::read_table(
      workbook, reading.layout.sheet, head_of(reading.layout),
      [&](const sheet::TableRow& row) {
        if (cancel.asked()) {
          failure = base::Error{ErrorKind::cancelled, "cancelled", base::text("已取消。", "Cancelled."), {}, {}, {}};
          return false;
        }
        auto goes_on = reader.take(row);
        if (!goes_on) failure = std::move(goes_on).error();
        return goes_on && *goes_on;
      },
      cancel, progress));
  if (failure) return base::fail(std::move(*failure));
  return {};
}

}  // namespace yihu::ledger

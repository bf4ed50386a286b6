#include "ledger/row_change.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace yihu::ledger {
namespace {

using base::ErrorKind;
using base::Result;
using store::Sql;

constexpr Sql change_counted = "UPDATE ledger_state SET changes = changes + 1 WHERE ledger = :ledger";
constexpr std::size_t reason_max = 200;

base::Error wrong(ErrorKind kind, std::string code, base::Text text, base::Text mend = {}) {
  return {kind, std::move(code), std::move(text), std::move(mend), {}, {}};
}

base::Error stale_row() {
  return wrong(ErrorKind::stale, "row_changed", base::text("这一行已被别人改过。", "Somebody else has changed this row."),
               base::text("请刷新后再改。", "Read it again, then change it."));
}

std::size_t column_index(const pack::Ledger& ledger, std::string_view id) {
  for (std::size_t i = 0; i < ledger.columns.size(); ++i) {
    if (ledger.columns[i].id == id) return i;
  }
  return ledger.columns.size();
}

/// A row as it is to be: the cells it has and those that are given.
struct Wanted {
  LedgerRow row;
  bool made = false;
  std::set<std::size_t> changed;
  std::map<std::size_t, std::string> clear;  ///< private values given, not yet sealed
};

class Changing {
 public:
  Changing(store::Transaction& transaction, const Editing& editing)
      : transaction_(transaction), editing_(editing), ledger_(editing.table.ledger()) {}

  Result<std::vector<RowChange>> all(const std::vector<BlockRow>& rows) {
    std::vector<Wanted> wanted;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      at_ = fmt::format("/rows/{}", i);
      auto one = TRY(wanted_from(rows[i]));
      if (one) wanted.push_back(std::move(*one));
    }
    if (!mistakes_.empty()) return base::fail_all(std::move(mistakes_));
    std::vector<RowChange> out;
    for (Wanted& one : wanted) out.push_back(TRY(write(one)));
    // Uniqueness is looked at with all rows written: a block may exchange two values.
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      at_ = fmt::format("/rows/{}", i);
      TRY(check_unique(wanted[i]));
    }
    if (!mistakes_.empty()) return base::fail_all(std::move(mistakes_));
    TRY(count_change(transaction_, ledger_));
    return out;
  }

 private:
  void mistake(base::Error error, const std::string& field = {}) {
    error.place.field = at_ + field;
    mistakes_.push_back(std::move(error));
  }

  /// Nothing when a mistake was told.
  Result<std::optional<Wanted>> wanted_from(const BlockRow& given) {
    std::optional<Wanted> wanted;
    if (given.id.empty()) {
      wanted = TRY(new_row(given));
    } else {
      wanted = TRY(stored_row(given));
    }
    if (!wanted) return wanted;
    for (const auto& [id, value] : given.cells) take(*wanted, id, value);
    for (std::size_t i = 0; i < ledger_.columns.size(); ++i) {
      const bool missing = is_nothing(wanted->row.cells[i]) && !wanted->clear.contains(i);
      const bool asked = wanted->made || wanted->changed.contains(i);
      if (ledger_.columns[i].required && missing && asked) {
        mistake(wrong(ErrorKind::input, "value_missing", base::text("“{}”必须填写。", "\"{}\" is needed.", ledger_.columns[i].label.zh)),
                "/cells/" + ledger_.columns[i].id);
      }
    }
    return wanted;
  }

  Result<std::optional<Wanted>> stored_row(const BlockRow& given) {
    auto row = read_row(transaction_, editing_.table, editing_.reach, given.id);
    if (!row) {
      if (row.error().kind != ErrorKind::not_found) return base::fail(std::move(row).error());
      mistake(std::move(row).error());
      return std::optional<Wanted>();
    }
    if (row->version != given.version) {
      mistake(stale_row());
      return std::optional<Wanted>();
    }
    Wanted wanted;
    wanted.row = std::move(*row);
    return std::optional<Wanted>(std::move(wanted));
  }

  Result<std::optional<Wanted>> new_row(const BlockRow& given) {
    store::Parameters parameters = {{"subject", given.subject}};
    add_reach_parameters(editing_.table, editing_.reach, parameters);
    if (!TRY(transaction_.find(editing_.table.reached(editing_.reach), parameters))) {
      mistake(wrong(ErrorKind::not_found, "subject_unknown", base::text("没有这个对象，或不在您的范围内。", "There is no such household, person or village within your reach.")),
              "/subject");
      return std::optional<Wanted>();
    }
    Wanted wanted;
    wanted.made = true;
    wanted.row.id = base::new_uuid();
    wanted.row.subject = given.subject;
    wanted.row.period = given.period.empty() ? period_on(ledger_.period, base::date_of(transaction_.now())) : given.period;
    wanted.row.cells.resize(ledger_.columns.size());
    if (!is_period(ledger_.period, wanted.row.period)) {
      mistake(wrong(ErrorKind::input, "period_unreadable", base::text("“{}”不是这个台账的期间。", "\"{}\" is no period of this ledger.", given.period),
                    base::text("例如 {}。", "Such as {}.", period_on(ledger_.period, base::date_of(transaction_.now())))),
              "/period");
      return std::optional<Wanted>();
    }
    const auto there = TRY(transaction_.find(editing_.table.by_subject(), {{"subject", wanted.row.subject}, {"period", wanted.row.period}}));
    if (ledger_.rows == pack::RowCount::one && (there || !new_ones_.insert({wanted.row.subject, wanted.row.period}).second)) {
      mistake(wrong(ErrorKind::conflict, "row_exists", base::text("这一期已有一行。", "There is a row for this period already."),
                    base::text("请改那一行。", "Change that one.")));
      return std::optional<Wanted>();
    }
    return std::optional<Wanted>(std::move(wanted));
  }

  void take(Wanted& wanted, const std::string& id, const boost::json::value& value) {
    const std::size_t index = column_index(ledger_, id);
    if (index == ledger_.columns.size()) {
      return mistake(wrong(ErrorKind::input, "column_unknown", base::text("台账没有“{:.60}”列。", "The ledger has no column \"{:.60}\".", id)), "/cells/" + id);
    }
    const pack::Column& column = ledger_.columns[index];
    auto cell = cell_from_json(editing_.pack, column, value);
    if (!cell) return mistake(std::move(cell).error(), "/cells/" + id);
    if (column.personal && !is_nothing(*cell)) {
      // Sealing the same value again gives another text, so whether it differs cannot be seen; it counts as changed.
      wanted.clear[index] = std::get<std::string>(*cell);
      wanted.changed.insert(index);
      return;
    }
    if (*cell == wanted.row.cells[index]) return;
    wanted.changed.insert(index);
    changed_from_.try_emplace({wanted.row.id, index}, std::exchange(wanted.row.cells[index], std::move(*cell)));
  }

  Result<RowChange> write(Wanted& wanted) {
    for (const auto& [index, clear] : wanted.clear) {
      auto sealed = TRY(sealed_cell(transaction_, editing_, ledger_.columns[index], wanted.row.id, wanted.row.subject, clear));
      changed_from_.try_emplace({wanted.row.id, index}, std::exchange(wanted.row.cells[index], std::move(sealed)));
    }
    RowChange out{wanted.row.id, wanted.row.subject, wanted.row.period, wanted.row.version, {}};
    for (const std::size_t index : wanted.changed) out.columns.insert(ledger_.columns[index].id);
    if (wanted.made) {
      TRY(insert(wanted.row));
      out.version = 1;
    } else if (!wanted.changed.empty()) {
      TRY(update(wanted));
      out.version = wanted.row.version + 1;
    } else {
      return out;
    }
    wanted.row.version = out.version;
    TRY(journal(wanted));
    return out;
  }

  base::Done insert(const LedgerRow& row) {
    const auto year = year_of(row.period);
    store::Parameters parameters = {{"id", row.id}, {"subject", row.subject}, {"period", row.period}, {"year", year},
                                    {"import_id", ""}, {"version", 1}, {"updated_at", transaction_.now()}, {"entry", nullptr}};
    for (std::size_t i = 0; i < row.cells.size(); ++i) parameters.push_back({editing_.table.parameter(i), value_of(row.cells[i])});
    TRY(transaction_.execute(editing_.table.insert(), parameters));
    return {};
  }

  base::Done update(const Wanted& wanted) {
    std::int64_t expected = wanted.row.version;
    for (const std::size_t index : wanted.changed) {
      const auto touched = TRY(transaction_.execute(
          editing_.table.change(index),
          {{"cell", value_of(wanted.row.cells[index])}, {"version", wanted.row.version + 1}, {"updated_at", transaction_.now()},
           {"id", wanted.row.id}, {"import_id", wanted.row.import_id}, {"expected", expected}}));
      if (touched != 1) return base::fail(stale_row());
      expected = wanted.row.version + 1;
    }
    return {};
  }

  base::Done journal(const Wanted& wanted) {
    boost::json::object before;
    boost::json::object after{{"ledger", ledger_.id}, {"subject", wanted.row.subject}, {"period", wanted.row.period}};
    for (const std::size_t index : wanted.changed) {
      const pack::Column& column = ledger_.columns[index];
      after[column.id] = json_from_cell(column, wanted.row.cells[index]);
      if (!wanted.made) before[column.id] = json_from_cell(column, changed_from_.at({wanted.row.id, index}));
    }
    return transaction_.journal({wanted.made ? "ledger_row.added" : "ledger_row.changed", "ledger_row", wanted.row.id,
                                 wanted.made ? "" : boost::json::serialize(before), boost::json::serialize(after)});
  }

  base::Done check_unique(const Wanted& wanted) {
    for (const std::size_t index : wanted.changed) {
      const pack::Column& column = ledger_.columns[index];
      if (!column.unique || is_nothing(wanted.row.cells[index])) continue;
      const auto twin = TRY(transaction_.find(
          store::SqlText().add("SELECT 1 FROM ").name(editing_.table.view()).add(" WHERE ").name(editing_.table.column(index))
              .add(" = :cell AND period = :period AND id <> :id LIMIT 1").sql(),
          {{"cell", value_of(wanted.row.cells[index])}, {"period", wanted.row.period}, {"id", wanted.row.id}}));
      if (!twin) continue;
      mistake(wrong(ErrorKind::conflict, "value_repeated", base::text("“{}”与另一行重复。", "\"{}\" is the same as in another row.", column.label.zh)),
              "/cells/" + column.id);
    }
    return {};
  }

 public:
  static store::Value value_of(const store::Cell& cell) {
    if (const auto* whole = std::get_if<std::int64_t>(&cell)) return *whole;
    if (const auto* real = std::get_if<double>(&cell)) return *real;
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    return nullptr;
  }

 private:
  store::Transaction& transaction_;
  const Editing& editing_;
  const pack::Ledger& ledger_;
  std::string at_;
  std::vector<base::Error> mistakes_;
  std::set<std::pair<std::string, std::string>> new_ones_;
  std::map<std::pair<std::string, std::size_t>, store::Cell> changed_from_;
};

}  // namespace

base::Done count_change(store::Transaction& transaction, const pack::Ledger& ledger) {
  TRY(transaction.execute(change_counted, {{"ledger", ledger.id}}));
  return {};
}

Result<std::vector<RowChange>> change_rows(store::Transaction& transaction, const Editing& editing, const std::vector<BlockRow>& rows) {
  if (rows.size() > block_rows_max) {
    return base::fail(wrong(ErrorKind::too_large, "block_too_large", base::text("一次最多改 {} 行。", "At most {} rows at once.", block_rows_max),
                            base::text("更多的行请用工作簿导入。", "Import more rows from a workbook.")));
  }
  std::set<std::string> ids;
  for (const BlockRow& row : rows) {
    if (!row.id.empty() && !ids.insert(row.id).second) {
      return base::fail(wrong(ErrorKind::input, "row_repeated", base::text("同一行给了两次。", "A row is given twice.")));
    }
  }
  return Changing(transaction, editing).all(rows);
}

Result<RowChange> remove_row(store::Transaction& transaction, const Editing& editing, std::string_view id, std::int64_t version) {
  const LedgerRow row = TRY(read_row(transaction, editing.table, editing.reach, id));
  const auto touched = row.version == version
                           ? TRY(transaction.execute(editing.table.replace(), {{"by", "removed"}, {"id", row.id}, {"import_id", row.import_id},
                                                                               {"expected", version}}))
                           : 0;
  if (touched != 1) return base::fail(stale_row());
  boost::json::object before{{"ledger", editing.table.ledger().id}, {"subject", row.subject}, {"period", row.period}};
  RowChange out{row.id, row.subject, row.period, row.version, {}};
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const pack::Column& column = editing.table.ledger().columns[i];
    before[column.id] = json_from_cell(column, row.cells[i]);
    out.columns.insert(column.id);
  }
  const boost::json::object after{{"ledger", editing.table.ledger().id}, {"subject", row.subject}, {"period", row.period}};
  TRY(transaction.journal({"ledger_row.removed", "ledger_row", row.id, boost::json::serialize(before), boost::json::serialize(after)}));
  TRY(count_change(transaction, editing.table.ledger()));
  return out;
}

Result<std::string> sealed_cell(store::Transaction& transaction, const Editing& editing, const pack::Column& column, const std::string& row,
                                const std::string& subject, const std::string& clear) {
  // Of a ledger about nobody the row itself is whom the value belongs to.
  return editing.secrets.seal(transaction, {editing.table.view().text(), column.id, subject.empty() ? row : subject}, clear);
}

Result<std::string> open_cell(store::Transaction& transaction, const Editing& editing, std::string_view id, std::string_view column,
                              std::string_view reason) {
  if (reason.find_first_not_of(" \t\n") == reason.npos || reason.size() > 4 * reason_max) {
    return base::fail(wrong(ErrorKind::input, "reason_missing", base::text("请写明查看原因。", "Say why you look at it.")));
  }
  const LedgerRow row = TRY(read_row(transaction, editing.table, editing.reach, id));
  const std::size_t index = column_index(editing.table.ledger(), column);
  if (index == editing.table.ledger().columns.size() || !editing.table.ledger().columns[index].personal || is_nothing(row.cells[index])) {
    return base::fail(wrong(ErrorKind::not_found, "cell_unknown", base::text("这里没有加密保存的内容。", "Nothing sealed is kept here.")));
  }
  const boost::json::object after{{"ledger", editing.table.ledger().id}, {"column", column}, {"reason", reason}};
  TRY(transaction.journal({"ledger_cell.opened", "ledger_row", row.id, "", boost::json::serialize(after)}));
  return editing.secrets.open(transaction, {editing.table.view().text(), column, row.subject.empty() ? row.id : row.subject},
                              std::get<std::string>(row.cells[index]));
}

}  // namespace yihu::ledger

#include "ledger/typed_row.h"

#include "base/id_number.h"
#include "sheet/cell_value.h"
#include "store/secret.h"

#include <algorithm>

namespace yihu::ledger {
namespace {

base::Error wrong(std::string code, base::Text text, base::Text mend = {}) {
  return {base::ErrorKind::input, std::move(code), std::move(text), std::move(mend), {}, {}};
}

}  // namespace

LayoutTargets::LayoutTargets(const ImportReading& reading) {
  const auto& columns = reading.table.ledger().columns;
  for (std::size_t i = 0; i < reading.layout.columns.size(); ++i) {
    const std::string& target = reading.layout.columns[i].target;
    if (target.empty()) continue;
    if (target.front() == '@') {
      keys.emplace_back(target, i);
      continue;
    }
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (columns[c].id == target) cells.emplace_back(c, i);
    }
  }
}

std::size_t LayoutTargets::key_place(Match match) const {
  const std::string_view wanted = match == Match::id_number ? "@id_number" : match == Match::code ? "@code" : match == Match::village ? "@village" : "@name";
  for (const auto& [target, at] : keys) {
    if (target == wanted) return at;
  }
  return keys.empty() ? 0 : keys.front().second;
}

bool LayoutTargets::any_filled(const sheet::TableRow& row) const {
  const auto filled = [&](const auto& one) { return !sheet::is_empty(row.cells[one.second]); };
  return std::ranges::any_of(keys, filled) || std::ranges::any_of(cells, filled);
}

void add_mistake(ImportRow& out, const Layout& layout, std::size_t at, base::Error error) {
  const LayoutColumn& column = layout.columns[at];
  if (error.place.cell.empty()) error.place.cell = sheet::cell_address(layout.sheet_name, out.number, column.column);
  out.marks.emplace_back(column.column, out.mistakes.size());
  out.mistakes.push_back(std::move(error));
}

TypedRow RowTyping::read(const sheet::TableRow& row) const {
  TypedRow typed;
  typed.out.number = row.number;
  typed.out.row.period = reading_.period;
  typed.given.assign(ledger_.columns.size(), std::nullopt);
  read_keys(row, typed);
  for (const auto& [column, at] : targets_.cells) {
    auto cell = cell_from_sheet(reading_.pack, ledger_.columns[column], row.cells[at], names_);
    if (!cell) add_mistake(typed.out, reading_.layout, at, std::move(cell).error());
    else typed.given[column] = std::move(*cell);
  }
  return typed;
}

void RowTyping::read_keys(const sheet::TableRow& row, TypedRow& typed) const {
  for (const auto& [target, at] : targets_.keys) {
    const sheet::SheetCell& cell = row.cells[at];
    if (sheet::is_empty(cell)) continue;
    if (target == "@birth") {
      auto date = sheet::date_from_cell(cell, names_.sheet, names_.from_1904);
      if (date && !date->month_only) typed.keys.birth = base::to_string(date->day);
      else if (!date && reading_.match == Match::name_birth_village) add_mistake(typed.out, reading_.layout, at, std::move(date).error());
      continue;
    }
    const bool names_something = target == "@id_number" || target == "@code" || target == "@village_code";
    auto text = names_something      ? sheet::identifier_from_cell(cell, names_.sheet)
                : target == "@name" ? sheet::name_from_cell(cell, names_.sheet)
                                     : sheet::text_from_cell(cell, names_.sheet);
    if (!text) add_mistake(typed.out, reading_.layout, at, std::move(text).error());
    else put_key(typed, target, std::move(*text), at);
  }
}

void RowTyping::put_key(TypedRow& typed, const std::string& target, std::string text, std::size_t at) const {
  SubjectKeys& keys = typed.keys;
  if (target == "@id_number") {
    keys.id_number = base::id_number_key(text);
    if (reading_.match != Match::id_number) return;
    keys.id_index = reading_.secrets.index("person.id_number", keys.id_number);
    const base::IdNumber read = base::read_id_number(keys.id_number);
    // A slip in a number must not find somebody else; it must not find nobody in silence either.
    constexpr int digits_of_resident_min = 13;  // a passport or a permit has no more than ten
    const auto digits = std::ranges::count_if(keys.id_number, [](char c) { return c >= '0' && c <= '9'; });
    if (read.kind == base::IdNumber::Kind::other && digits >= digits_of_resident_min) {
      add_mistake(typed.out, reading_.layout, at,
                  wrong("id_number_unreadable", base::text("这不是完整的身份证号码（应为 18 位，前 17 位是数字）。", "This is no whole ID number (18 characters, the first 17 digits)."),
                        base::text("请对照证件改正，只填号码。", "Compare it with the document and enter the number alone.")));
    }
    if (const auto longer = base::number_of_18(keys.id_number)) keys.id_index_of_18 = reading_.secrets.index("person.id_number", *longer);
    if (read.kind == base::IdNumber::Kind::resident && !read.valid) {
      add_mistake(typed.out, reading_.layout, at,
                  wrong("id_number_wrong", base::text("证件号码的校验位不对。", "The check digit of the document number does not hold."),
                        base::text("请对照证件改正。", "Compare it with the document.")));
    }
  } else if (target == "@code") {
    keys.code = std::move(text);
  } else if (target == "@name") {
    keys.name = std::move(text);
  } else if (target == "@village") {
    keys.village = std::move(text);
  } else if (target == "@village_code") {
    keys.village_code = std::move(text);
  } else if (target == "@period") {
    if (auto period = period_from_text(ledger_.period, text)) typed.out.row.period = *period;
    else add_mistake(typed.out, reading_.layout, at, wrong("period_unreadable", base::text("“{:.40}”不是这个台账的期间。", "\"{:.40}\" is no period of this ledger.", text)));
  }
}

}  // namespace yihu::ledger

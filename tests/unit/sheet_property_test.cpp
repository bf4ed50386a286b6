// What one library writes, our reader must read: random tables through libxlsxwriter, in both of its ways.
#include "sheet/cell_value.h"
#include "sheet/table.h"
#include "sheet/workbook_writer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace yihu::sheet {
namespace {

std::string shown(const WorkbookCell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell.value)) return *text;
  if (const auto* whole = std::get_if<std::int64_t>(&cell.value)) return fmt::format("{}", *whole);
  if (const auto* day = std::get_if<base::Date>(&cell.value)) return base::to_string(*day);
  return "";
}

rc::Gen<WorkbookCell> any_cell() {
  return rc::gen::exec([] {
    WorkbookCell cell;
    switch (*rc::gen::inRange(0, 4)) {
      case 0: break;
      case 1: {
        std::string text = "文";
        for (const int piece : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 10))) {
          static constexpr std::array pieces{"<", "&", "\"", "=1+1", " ", "𠮷", "_x000D_", "\n", "'", "é"};
          text += pieces[static_cast<std::size_t>(piece)];
        }
        cell.value = text + "末";
        break;
      }
      case 2: cell.value = static_cast<std::int64_t>(*rc::gen::inRange<std::int64_t>(-999'999'999'999'999, 999'999'999'999'999)); break;
      default: cell.value = base::plus_days(base::make_date(1900, 3, 1), *rc::gen::inRange(0, 70'000));
    }
    return cell;
  });
}

TEST(SheetProperty, WhatIsWrittenIsRead) {
  EXPECT_TRUE(rc::check("xlsx out, xlsx in", [] {
    constexpr std::size_t columns = 4;
    const auto rows = *rc::gen::container<std::vector<std::vector<WorkbookCell>>>(rc::gen::container<std::vector<WorkbookCell>>(columns, any_cell()));
    auto writer = WorkbookWriter::open({.created = {}, .title = "", .author = "", .constant_memory = *rc::gen::arbitrary<bool>()});
    RC_ASSERT(bool(writer));
    RC_ASSERT(bool(writer->add_sheet({.name = "表", .columns = {{"甲列"}, {"乙列"}, {"丙列"}, {"丁列"}}})));
    for (const auto& row : rows) RC_ASSERT(bool(writer->add_row(row)));
    const auto bytes = std::move(*writer).finish();
    RC_ASSERT(bool(bytes));
    auto workbook = open_workbook(*bytes, "a.xlsx");
    RC_ASSERT(bool(workbook));
    std::vector<std::vector<std::string>> read(rows.size(), std::vector<std::string>(columns));
    const auto done = (*workbook)->read_rows(0, [&](const SheetRow& row) {
      for (const SheetCell& cell : row.cells) {
        if (row.number == 1) continue;
        std::string& place = read.at(static_cast<std::size_t>(row.number) - 2).at(static_cast<std::size_t>(cell.column) - 1);
        place = cell.kind == CellKind::number ? cell.number : cell.text;
      }
      return true;
    });
    RC_ASSERT(bool(done));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = 0; j < columns; ++j) RC_ASSERT(read[i][j] == shown(rows[i][j]));
    }
  }));
}

TEST(SheetProperty, EveryDayIsReadInEveryForm) {
  EXPECT_TRUE(rc::check("days", [] {
    const base::Date day = base::plus_days(base::make_date(1927, 6, 1), *rc::gen::inRange(0, 60'000));
    const int year = static_cast<int>(day.year());
    const auto month = static_cast<unsigned>(day.month());
    const auto number = static_cast<unsigned>(day.day());
    const int serial = base::days_between(base::make_date(1899, 12, 30), day);
    for (const std::string& form : {fmt::format("{}-{:02}-{:02}", year, month, number), fmt::format("{}/{}/{}", year, month, number), fmt::format("{}.{}.{}", year, month, number),
                                    fmt::format("{}年{}月{}日", year, month, number), fmt::format("{}{:02}{:02}", year, month, number), fmt::format(" {}-{}-{} 08:30", year, month, number),
                                    fmt::format("{}", serial)}) {
      SheetCell cell;
      cell.row = cell.column = 1;
      cell.kind = CellKind::text;
      cell.text = form;
      const auto read = date_from_cell(cell, "x");
      RC_ASSERT(bool(read));
      RC_ASSERT(read->day == day);
      RC_ASSERT(!read->month_only);
    }
  }));
}

TEST(SheetProperty, EveryAmountIsReadToTheFen) {
  EXPECT_TRUE(rc::check("amounts", [] {
    const auto fen = *rc::gen::inRange<std::int64_t>(-99'999'999'999, 99'999'999'999);
    const std::int64_t size = fen < 0 ? -fen : fen;
    const std::string sign = fen < 0 ? "-" : "";
    std::string grouped;
    const std::string yuan = std::to_string(size / 100);
    for (std::size_t i = 0; i < yuan.size(); ++i) grouped += (i > 0 && (yuan.size() - i) % 3 == 0 ? "," : "") + std::string(1, yuan[i]);
    for (const std::string& form : {fmt::format("{}{}.{:02}", sign, size / 100, size % 100), fmt::format("{}{}.{:02}元", sign, grouped, size % 100),
                                    fmt::format("{}{}.{:06}万", sign, size / 1'000'000, size % 1'000'000), fmt::format("￥{}{}.{:02}", sign, grouped, size % 100)}) {
      SheetCell cell;
      cell.row = cell.column = 1;
      cell.kind = CellKind::text;
      cell.text = form;
      const auto read = fen_from_cell(cell, "x");
      RC_ASSERT(bool(read));
      RC_ASSERT(*read == fen);
    }
  }));
}

}  // namespace
}  // namespace yihu::sheet

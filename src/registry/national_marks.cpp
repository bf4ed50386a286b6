// N07 for X01: the workbook somebody sent, its wrong cells marked.

#include "registry/national_workbook.h"
#include "sheet/marked_workbook.h"
#include "sheet/workbook.h"

namespace yihu::registry {
namespace {

/// The column of "表一!C7" or "C7", from 1; 0 when it is none.
int column_of(std::string_view address) {
  if (const auto mark = address.rfind('!'); mark != address.npos) address.remove_prefix(mark + 1);
  int column = 0;
  for (const char c : address) {
    if (c < 'A' || c > 'Z' || column > sheet::sheet_columns_max) break;
    column = 26 * column + (c - 'A' + 1);
  }
  return column <= sheet::sheet_columns_max ? column : 0;
}

/// Where a mistake about the whole row is written: to the household's number.
int column_for_rows(const WorkbookRows& workbook) {
  for (const WorkbookColumnMatch& match : workbook.columns) {
    if (match.field == "household.code" && column_of(match.address) > 0) return column_of(match.address);
  }
  return 1;
}

}  // namespace

base::Result<std::string> marked_national(std::string_view bytes, std::string_view name, const WorkbookRows& workbook, const ImportReport& report,
                                          base::Instant created, base::Language language, const base::Cancel& cancel) {
  const int whole_row = column_for_rows(workbook);
  std::vector<sheet::CellMark> marks;
  for (const RowReport& row : report.rows) {
    for (const base::Error& mistake : row.mistakes) {
      const int column = column_of(mistake.place.cell);
      marks.push_back({workbook.sheet, row.row, column > 0 ? column : whole_row, mistake.text.in(language) + mistake.mend.in(language)});
    }
    if (row.outcome == Outcome::not_found && row.mistakes.empty()) {
      marks.push_back({workbook.sheet, row.row, whole_row, base::text("登记簿里没有，且没有选择新增。", "The register has none, and none was to be made.").in(language)});
    }
  }
  if (marks.empty()) return base::fail(base::ErrorKind::input, "nothing_wrong", base::text("没有错误的单元格。", "No cell is wrong."));
  return sheet::marked_workbook(bytes, name, marks, {created, language}, cancel);
}

}  // namespace yihu::registry

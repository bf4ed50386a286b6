#pragma once
// A workbook from outside, read row by row in bounded memory: xlsx, xls, ods and csv end here. Values are taken as
// the file keeps them: no formula is computed, no link followed, no macro run.

#include "base/cancel.h"
#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::sheet {

enum class WorkbookFormat { xlsx, xls, ods, csv };

enum class CellKind {
  empty,
  text,
  number,
  boolean,  ///< text is "TRUE" or "FALSE"
  date,     ///< a number whose format shows a day; text is "2019-04-30" or "2019-04-30 08:30:00"
  error,    ///< text is "#REF!" and the like; empty for a formula whose result the file does not keep
};

/// Rows and columns count from 1, as a spreadsheet program counts them. The views hold until the callback returns.
struct SheetCell {
  int row = 0;
  int column = 0;
  CellKind kind = CellKind::empty;
  bool formula = false;  ///< the value is the result the file keeps
  bool hidden = false;   ///< its row or its column is hidden
  bool cut = false;      ///< longer than cell_bytes_max: text is only the beginning

  /// As a person sees it in a wide column: fixed decimals, thousands, percent and leading zeros as the format says;
  /// an integer of up to 15 digits in full, a longer one as "4.60108E+17". Text keeps its spaces and line breaks.
  std::string_view text;
  /// Of number and date: the number itself in plain decimals, "0.85" where text is "85%", all digits the file has.
  /// A fraction is rounded to 15 digits, which is what a spreadsheet program keeps ("0.1", not 0.10000000000000001).
  std::string_view number;
};

struct SheetRow {
  int number = 0;  ///< from 1
  bool hidden = false;
  std::span<const SheetCell> cells;  ///< those that hold something, from left to right
};

/// Both corners inclusive, from 1.
struct CellRange {
  int first_row = 0;
  int first_column = 0;
  int last_row = 0;
  int last_column = 0;
  bool operator==(const CellRange&) const = default;
};

struct SheetInfo {
  std::string name;  ///< of a csv file: the file's name without its ending
  bool hidden = false;
};

struct SheetLayout {
  std::vector<CellRange> merged;          ///< by first row, then first column
  std::vector<CellRange> hidden_columns;  ///< only the columns of the ranges mean something
};

// Limits. What lies beyond is refused in one sentence.
inline constexpr int workbook_sheets_max = 1'000;
inline constexpr int sheet_rows_max = 1'048'576;
inline constexpr int sheet_columns_max = 16'384;
inline constexpr std::size_t sheet_merged_max = 200'000;
inline constexpr std::uint64_t workbook_bytes_max = 512u << 20;  ///< of the file
inline constexpr std::uint64_t sheet_xml_bytes_max = 6ull << 30;  ///< of one sheet when unpacked
inline constexpr std::size_t shared_text_bytes_max = 256u << 20;  ///< of an xlsx file's table of shared strings
inline constexpr std::size_t row_bytes_max = 16u << 20;  ///< of all texts of one row
/// The most a spreadsheet program lets into a cell is 32,767 characters; a Chinese character has three bytes.
inline constexpr std::size_t cell_bytes_max = 3 * 32'767;

/// Called with every row that holds something, from top to bottom. False ends the reading without an error.
using RowSink = std::function<bool(const SheetRow& row)>;

/// One reading at a time; several workbooks may be read at once.
class Workbook {
 public:
  virtual ~Workbook() = default;
  virtual WorkbookFormat format() const = 0;
  virtual const std::vector<SheetInfo>& sheets() const = 0;
  /// What somebody should know about the file: macros were ignored, the ending of its name is wrong.
  const std::vector<base::Text>& notes() const { return notes_; }
  void add_note(base::Text note) { notes_.push_back(std::move(note)); }
  /// Serial numbers of days count from 1904 instead of 1900.
  virtual bool counts_from_1904() const { return false; }

  /// Merged ranges and hidden columns, known before any row is read. Costs a fast pass over the sheet in xlsx.
  virtual base::Result<SheetLayout> layout(std::size_t sheet, const base::Cancel& cancel = {}) = 0;
  /// Progress counts bytes of the sheet.
  /// Errors: cancelled; damaged, with the place; larger than the limits above.
  virtual base::Done read_rows(std::size_t sheet, const RowSink& sink, const base::Cancel& cancel = {},
                               const base::Progress& progress = {}) = 0;

 private:
  std::vector<base::Text> notes_;
};

/// Opens by content, not by name; a wrong ending is a note.
/// Errors: empty, too large, not a workbook, locked by a password, damaged, a web page or XML that calls itself a
/// workbook. Each is one sentence with the file in its place and what mends it.
base::Result<std::unique_ptr<Workbook>> open_workbook(const std::filesystem::path& file);
/// The same for bytes in memory; `bytes` must outlive the workbook.
base::Result<std::unique_ptr<Workbook>> open_workbook(std::string_view bytes, std::string_view name);

/// "C7"; columns beyond the last possible one are still spelled.
std::string cell_reference(int row, int column);
/// "Sheet1!C7", and "'2019 表'!C7" where the name needs quotes.
std::string cell_address(std::string_view sheet, int row, int column);

}  // namespace yihu::sheet

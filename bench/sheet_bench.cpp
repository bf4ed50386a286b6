// Reading a workbook of 100,000 and of 1,000,000 rows × 20 columns: time, and how far memory grows.
//   sheet_bench FOLDER
// FOLDER takes the workbooks it makes (about 160 MB). Beside it, when they are installed, two readers that others
// wrote read the same files: python3 with openpyxl (read only), and xlsx2csv. Each reading is a process of its own.

#include "sheet/table.h"
#include "sheet/workbook.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>

namespace yihu::sheet {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
constexpr int columns = 20;
constexpr int peer_rows_max = 200'000;  // beyond it the peers take minutes

/// Names, numbers, days, amounts and words that repeat, as ledgers have them. `shared` puts texts into the table of
/// shared strings, as spreadsheet programs do; otherwise they stand in their cells, as most other writers do.
void write_workbook(const fs::path& file, int rows, bool shared) {
  lxw_workbook_options options{};
  options.constant_memory = shared ? LXW_FALSE : LXW_TRUE;
  lxw_workbook* book = workbook_new_opt(file.c_str(), &options);
  lxw_worksheet* sheet = workbook_add_worksheet(book, "台账");
  lxw_format* day = workbook_add_format(book);
  format_set_num_format(day, "yyyy-mm-dd");
  for (int row = 0; row < rows; ++row) {
    const auto at = static_cast<lxw_row_t>(row);
    for (int column = 0; column < columns; ++column) {
      const auto col = static_cast<lxw_col_t>(column);
      if (row == 0) worksheet_write_string(sheet, at, col, fmt::format("第{}列", column + 1).c_str(), nullptr);
      else if (column == 0) worksheet_write_string(sheet, at, col, fmt::format("户主{}", row).c_str(), nullptr);
      else if (column == 1) worksheet_write_string(sheet, at, col, fmt::format("4601081990{:08}", row).c_str(), nullptr);
      else if (column < 8) worksheet_write_number(sheet, at, col, row * 0.25 + column, nullptr);
      else if (column < 11) worksheet_write_number(sheet, at, col, 43'000 + row % 1'000, day);
      else worksheet_write_string(sheet, at, col, (row + column) % 3 == 0 ? "是" : (row + column) % 3 == 1 ? "否" : "灵山镇大林村", nullptr);
    }
  }
  workbook_close(book);
}

struct Measured {
  double seconds = 0;
  double processor_seconds = 0;  ///< what counts when other work shares the machine
  double megabytes = 0;  ///< the most the process held
  bool done = false;
};

/// `work` in a process of its own, so that each has a peak of its own.
Measured measured(const std::function<int()>& work) {
  const auto begin = Clock::now();
  const pid_t child = fork();
  if (child == 0) _exit(work());
  int status = 0;
  rusage used{};
  wait4(child, &status, 0, &used);
  const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
  return {std::chrono::duration<double>(Clock::now() - begin).count(), seconds(used.ru_utime) + seconds(used.ru_stime), static_cast<double>(used.ru_maxrss) / 1024, WIFEXITED(status) && WEXITSTATUS(status) == 0};
}

int read_all(const fs::path& file, std::int64_t cells_expected) {
  auto workbook = open_workbook(file);
  if (!workbook) return 1;
  std::int64_t cells = 0;
  std::size_t bytes = 0;
  const auto done = (*workbook)->read_rows(0, [&](const SheetRow& row) {
    cells += static_cast<std::int64_t>(row.cells.size());
    for (const SheetCell& cell : row.cells) bytes += cell.text.size();
    return true;
  });
  return done && cells == cells_expected && bytes > 0 ? 0 : 1;
}

int read_as_table(const fs::path& file, std::int64_t rows_expected) {
  auto workbook = open_workbook(file);
  if (!workbook) return 1;
  const auto head = table_head(**workbook, 0);
  std::int64_t rows = 0;
  if (!head || !read_table(**workbook, 0, *head, [&](const TableRow& row) { return ++rows, row.role == RowRole::body; })) return 1;
  return rows == rows_expected ? 0 : 1;
}

/// Exit status 127 or an import error means that the peer is not installed.
int peer(const std::string& command) { return WEXITSTATUS(std::system((command + " >/dev/null 2>&1").c_str())); }

void print_row(const std::string& what, const Measured& measured) {
  if (measured.done) fmt::print("{:<54}{:>8.2f} s ({:.2f} s processor){:>8.0f} MB\n", what, measured.seconds, measured.processor_seconds, measured.megabytes);
  else fmt::print("{:<54}{:>8}\n", what, "-");
}

void bench(const fs::path& folder, int rows, bool shared) {
  const fs::path file = folder / fmt::format("{}_{}.xlsx", rows, shared ? "shared" : "inline");
  if (!fs::exists(file)) write_workbook(file, rows, shared);
  const std::string size = fmt::format("{} rows × {} columns, {} texts", rows, columns, shared ? "shared" : "inline");
  fmt::print("{} ({} MB)\n", size, fs::file_size(file) >> 20);
  print_row("  every cell", measured([&] { return read_all(file, std::int64_t{rows} * columns); }));
  print_row("  as a table: head, merged cells, roles of rows", measured([&] { return read_as_table(file, rows - 1); }));
  if (rows > peer_rows_max) return;
  const std::string quoted = "'" + file.string() + "'";
  const std::string python = "import openpyxl,sys\nfor row in openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets[0].values: pass";
  print_row("  peer: openpyxl, read only (- if not installed)", measured([&] { return peer("python3 -c '" + python + "' " + quoted); }));
  print_row("  peer: xlsx2csv (- if not installed)", measured([&] { return peer("xlsx2csv " + quoted + " /dev/null"); }));
}

}  // namespace
}  // namespace yihu::sheet

int main(int count, char** arguments) {
  if (count != 2) {
    fmt::print(stderr, "usage: sheet_bench FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  std::filesystem::create_directories(folder);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  yihu::sheet::bench(folder, 100'001, false);
  yihu::sheet::bench(folder, 100'001, true);
  yihu::sheet::bench(folder, 1'000'001, false);
  return 0;
}

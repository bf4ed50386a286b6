#include "app/link_tables.h"

#include "base/utf8.h"
#include "link/csv.h"
#include "link/output.h"
#include "sheet/table.h"
#include "sheet/text_encoding.h"
#include "sheet/workbook.h"
#include "sheet/workbook_writer.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include <unistd.h>

namespace yihu::app {
namespace {

constexpr std::size_t bytes_looked_at = 1 << 16;

bool is_workbook(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending == ".xlsx" || ending == ".xls" || ending == ".ods" || ending == ".xlsm";
}

base::Result<std::unique_ptr<link::Source>> from_workbook(const std::string& path, const base::Cancel& cancel) {
  const auto workbook = TRY(sheet::open_workbook(std::filesystem::path(path)));
  const sheet::TableHead head = TRY(sheet::table_head(*workbook, 0, {}, cancel));
  std::vector<std::vector<std::string>> rows(1);
  for (const sheet::TableColumn& column : head.columns) rows.front().push_back(column.heading);
  TRY(sheet::read_table(*workbook, 0, head, [&](const sheet::TableRow& row) {
    if (row.role != sheet::RowRole::body) return true;
    auto& cells = rows.emplace_back();
    for (const sheet::SheetCell& cell : row.cells) cells.emplace_back(cell.kind == sheet::CellKind::number ? cell.number : cell.text);
    return true;
  }, cancel));
  return std::make_unique<link::TableSource>(TRY(link::TableSource::from(path, std::move(rows))));
}

}  // namespace

base::Result<std::unique_ptr<link::Source>> link_table_from_file(const std::string& path, unsigned threads, const base::Cancel& cancel) {
  if (is_workbook(path)) return from_workbook(path, cancel);
  std::string head(bytes_looked_at, '\0');
  {
    std::ifstream stream(path, std::ios::binary);
    stream.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(stream.gcount()));
  }
  // The last line may be cut within a character.
  if (const std::size_t end = head.rfind('\n'); end != head.npos) head.resize(end);
  if (base::is_utf8(head) && !head.starts_with("\xFF\xFE") && !head.starts_with("\xFE\xFF")) return TRY(link::CsvSource::open(path, threads));
  std::ifstream stream(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  auto decoded = sheet::decode_text(bytes);
  if (!decoded) {
    base::Error error = std::move(decoded).error();
    error.place.file = path;
    return base::fail(std::move(error));
  }
  return TRY(link::CsvSource::from_text(path, std::move(decoded->utf8), threads));
}

base::Done write_whole(const std::string& path, const std::string& content) {
  const std::string part = path + ".part" + std::to_string(::getpid());
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (out && std::rename(part.c_str(), path.c_str()) == 0) return {};
  std::remove(part.c_str());
  return base::fail(base::ErrorKind::input, "file_not_written", base::text("写不了文件 {}。", "Cannot write the file {}.", path),
                    base::text("请检查文件夹是否存在、是否可写、磁盘是否已满。", "Check that the folder exists and can be written, and that the disk is not full."));
}

base::Done write_links_workbook(const link::Linkage& linkage, const std::string& path, base::Language language, const base::Cancel& cancel) {
  if (linkage.links().size() > static_cast<std::size_t>(sheet::workbook_rows_max)) {
    return base::fail(base::ErrorKind::too_large, "rows_too_many", base::text("结果有 {} 行，工作簿放不下。", "The result has {} rows; a workbook cannot hold them.", linkage.links().size()),
                      base::text("请改写成 csv。", "Write csv instead."));
  }
  auto writer = TRY(sheet::WorkbookWriter::open({.created = base::SystemClock{}.now(), .language = language, .title = "yihu link", .author = "yihu", .constant_memory = true}));
  sheet::WorkbookSheet page{.name = language == base::Language::en ? "links" : "配对"};
  for (const std::string& heading : link::link_headings(linkage)) page.columns.push_back({.title = heading, .width = 16});
  TRY(writer.add_sheet(std::move(page)));
  for (const link::Candidate& pair : linkage.links()) {
    if (cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已取消，没有写出任何结果。", "Cancelled; nothing was written."));
    std::vector<sheet::WorkbookCell> cells;
    const std::vector<std::string> row = link::link_row(linkage, pair);
    for (std::size_t i = 0; i < row.size(); ++i) {
      // Keys stay text; the rest are numbers.
      if (i < 2) cells.push_back({.value = row[i]});
      else cells.push_back({.value = std::strtod(row[i].c_str(), nullptr)});
    }
    TRY(writer.add_row(cells));
  }
  return write_whole(path, TRY(std::move(writer).finish()));
}

}  // namespace yihu::app

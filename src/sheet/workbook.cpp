#include "sheet/workbook.h"

#include "sheet/workbook_from_csv.h"
#include "sheet/workbook_from_ods.h"
#include "sheet/workbook_from_xls.h"
#include "sheet/workbook_from_xlsx.h"
#include "sheet/zip_archive.h"

#include <algorithm>
#include <array>
#include <fstream>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

/// What the readers say of documents in general, said of workbooks.
base::Error about_workbook(base::Error error) {
  if (error.code == "document_damaged") {
    error.code = "workbook_damaged";
    error.mend = text("请用表格软件打开并另存为 xlsx 后再上传。", "Open it in a spreadsheet program, save it as xlsx and try again.");
  } else if (error.code == "document_locked") {
    error.code = "workbook_locked";
  } else if (error.code == "document_inflates_too_much" || error.code == "document_has_too_many_parts") {
    error.code = "workbook_too_large";
    error.mend = text("请用表格软件打开，删去多余内容并另存为 xlsx 后再上传。",
                      "Open it in a spreadsheet program, remove what is not needed, save it as xlsx and try again.");
  } else if (error.code == "document_binary") {
    error.code = "workbook_unknown";
    error.text = text("这不是能读取的表格文件。", "This is no workbook that can be read.");
    error.mend = text("请上传 xlsx、xls、ods 或 csv 文件。", "Give an xlsx, xls, ods or csv file.");
  }
  return error;
}

std::unexpected<base::Error> not_a_workbook(base::Text what) {
  return fail(ErrorKind::input, "workbook_unknown", std::move(what),
              text("请用表格软件打开并另存为 xlsx 后再上传。", "Open it in a spreadsheet program, save it as xlsx and try again."));
}

std::string small_ending(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  std::string ending(dot == std::string_view::npos ? "" : name.substr(dot + 1));
  std::ranges::transform(ending, ending.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return ending;
}

std::string stem_of(std::string_view name) {
  const std::size_t slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  const std::size_t dot = name.rfind('.');
  const std::string_view stem = dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
  return stem.empty() ? "csv" : std::string(stem);
}

const char* word(WorkbookFormat format) {
  switch (format) {
    case WorkbookFormat::xlsx: return "xlsx";
    case WorkbookFormat::xls: return "xls";
    case WorkbookFormat::ods: return "ods";
    case WorkbookFormat::csv: return "csv";
  }
  return "";
}

bool ending_fits(const std::string& ending, WorkbookFormat format) {
  static constexpr std::array known{"xlsx", "xlsm", "xltx", "xltm", "xls", "xlt", "ods", "csv", "et"};
  if (std::ranges::find(known, ending) == known.end()) return true;
  switch (format) {
    case WorkbookFormat::xlsx: return ending.starts_with("xls") || ending.starts_with("xlt") ? ending.size() == 4 : ending == "et";
    case WorkbookFormat::xls: return ending == "xls" || ending == "xlt" || ending == "et";
    case WorkbookFormat::ods: return ending == "ods";
    case WorkbookFormat::csv: return ending == "csv";
  }
  return true;
}

base::Result<std::unique_ptr<Workbook>> workbook_from_zip(ZipArchive archive) {
  if (archive.has("xl/workbook.bin")) return not_a_workbook(text("这是二进制工作簿（xlsb），无法读取。", "This is a binary workbook (xlsb), which is not read."));
  if (archive.has("word/document.xml")) return not_a_workbook(text("这是文字文档，不是表格。", "This is a text document, not a workbook."));
  if (archive.has("[Content_Types].xml")) return workbook_from_xlsx(std::move(archive));
  if (archive.has("mimetype")) {
    const std::string kind = TRY(archive.read("mimetype"));
    if (kind.find("opendocument.spreadsheet") != std::string::npos) return workbook_from_ods(std::move(archive));
    if (kind.find("opendocument.text") != std::string::npos) return not_a_workbook(text("这是文字文档，不是表格。", "This is a text document, not a workbook."));
  }
  return not_a_workbook(text("这是压缩包，里面不是表格。", "This is an archive that holds no workbook."));
}

/// Web pages and XML that offices save under the name of a workbook.
bool is_markup(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  while (!bytes.empty() && (bytes.front() == ' ' || bytes.front() == '\r' || bytes.front() == '\n' || bytes.front() == '\t')) bytes.remove_prefix(1);
  if (bytes.size() < 2) return false;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (bytes[0] == '<') return is_letter(bytes[1]) || bytes[1] == '!' || bytes[1] == '?';
  return bytes.starts_with("MIME-Version") || bytes.starts_with("Mime-Version");
}

/// By content, for everything that is not a zip. `owned` is where the bytes stand, if they may be taken.
base::Result<std::unique_ptr<Workbook>> workbook_from_other(std::string_view bytes, std::string_view name, std::string* owned) {
  if (bytes.starts_with("\xd0\xcf\x11\xe0")) return workbook_from_xls(bytes);
  if (bytes.starts_with("%PDF")) return not_a_workbook(text("这是 PDF，不是表格。", "This is a PDF, not a workbook."));
  if (bytes.starts_with("{\"") || bytes.starts_with("[{")) {
    return not_a_workbook(text("这不是表格，而是系统返回的一段数据，导出可能没有成功。", "This is no workbook but a message of a system: its export has probably failed."));
  }
  if (is_markup(bytes)) return not_a_workbook(text("这其实是网页或 XML 文件，只是扩展名像表格。", "This is really a web page or XML file that calls itself a workbook."));
  return workbook_from_csv(owned == nullptr ? std::string(bytes) : std::move(*owned), stem_of(name));
}

base::Result<std::unique_ptr<Workbook>> finished(base::Result<std::unique_ptr<Workbook>> opened, std::string_view name) {
  if (!opened) {
    base::Error error = about_workbook(std::move(opened).error());
    error.place.file = name;
    return fail(std::move(error));
  }
  const WorkbookFormat format = (*opened)->format();
  const std::string ending = small_ending(name);
  if (!ending_fits(ending, format)) {
    (*opened)->add_note(text("文件扩展名是 .{}，内容其实是 {}，已按内容读取。", "The file is called .{} but holds {}; it was read as that.", ending, word(format)));
  }
  return opened;
}

std::unexpected<base::Error> empty_file() {
  return fail(ErrorKind::input, "workbook_empty", text("文件是空的。", "The file is empty."),
              text("请检查是否选对了文件。", "See whether this is the right file."));
}

std::unexpected<base::Error> too_large() {
  return fail(ErrorKind::too_large, "workbook_too_large", text("文件超过 {} MB，无法读取。", "The file is larger than {} MB.", workbook_bytes_max >> 20),
              text("请拆成几个文件后再上传。", "Split it into several files and try again."));
}

base::Result<std::unique_ptr<Workbook>> open_bytes(std::string_view bytes, std::string_view name) {
  if (bytes.empty()) return empty_file();
  if (bytes.size() > workbook_bytes_max) return too_large();
  if (bytes.starts_with("PK\x03\x04")) return workbook_from_zip(TRY(ZipArchive::open(bytes)));
  return workbook_from_other(bytes, name, nullptr);
}

base::Result<std::unique_ptr<Workbook>> open_file(const std::filesystem::path& file) {
  std::error_code problem;
  const std::uintmax_t size = std::filesystem::file_size(file, problem);
  std::ifstream stream(file, std::ios::binary);
  if (problem || !stream) {
    return fail(ErrorKind::not_found, "workbook_missing", text("文件不存在或无法打开。", "The file is not there or cannot be opened."),
                text("请检查路径和权限。", "See whether path and permissions are right."));
  }
  if (size == 0) return empty_file();
  if (size > workbook_bytes_max) return too_large();
  std::string begin(4, '\0');
  stream.read(begin.data(), 4);
  if (begin == "PK\x03\x04") return workbook_from_zip(TRY(ZipArchive::open_file(file)));
  std::string bytes(size, '\0');
  stream.clear();
  stream.seekg(0);
  stream.read(bytes.data(), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return workbook_from_other(bytes, file.filename().string(), &bytes);
}

}  // namespace

base::Result<std::unique_ptr<Workbook>> open_workbook(const std::filesystem::path& file) {
  return finished(open_file(file), file.filename().string());
}

base::Result<std::unique_ptr<Workbook>> open_workbook(std::string_view bytes, std::string_view name) {
  return finished(open_bytes(bytes, name), name);
}

std::string cell_reference(int row, int column) {
  std::string letters;
  for (int rest = column; rest > 0; rest = (rest - 1) / 26) letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  return letters + std::to_string(row);
}

std::string cell_address(std::string_view sheet, int row, int column) {
  const bool plain = !sheet.empty() && std::ranges::all_of(sheet, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  }) && !(sheet[0] >= '0' && sheet[0] <= '9');
  std::string address;
  if (plain) {
    address = sheet;
  } else {
    address = "'";
    for (const char c : sheet) address += c == '\'' ? "''" : std::string(1, c);
    address += '\'';
  }
  return address + "!" + cell_reference(row, column);
}

}  // namespace yihu::sheet

#include "sheet/xlsx_package.h"

#include "sheet/workbook.h"
#include "sheet/xml_stream.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

constexpr std::uint64_t small_part_bytes_max = 64u << 20;
constexpr std::size_t formats_max = 70'000;  // a spreadsheet program allows 64,000
constexpr std::size_t relationships_max = 100'000;

/// Events of a part of which only the start tags matter.
class Tags : public XmlEvents {
 public:
  using Start = std::function<void(std::string_view name, RawAttributes attributes)>;
  using End = std::function<void(std::string_view name)>;
  explicit Tags(Start start, End end = {}) : start_(std::move(start)), end_(std::move(end)) {}
  void start(std::string_view name, RawAttributes attributes) override { start_(name, attributes); }
  void end(std::string_view name) override {
    if (end_) end_(name);
  }
  void text(std::string_view) override {}

 private:
  Start start_;
  End end_;
};

/// A target is relative to the folder of the part that refers to it, unless it begins with "/".
std::string resolved(std::string_view part, std::string_view target) {
  std::vector<std::string_view> folders;
  const auto add = [&](std::string_view path) {
    for (std::size_t begin = 0; begin <= path.size();) {
      const std::size_t end = std::min(path.find('/', begin), path.size());
      const std::string_view folder = path.substr(begin, end - begin);
      if (folder == ".." && !folders.empty()) folders.pop_back();
      else if (!folder.empty() && folder != "." && folder != "..") folders.push_back(folder);
      begin = end + 1;
    }
  };
  if (!target.starts_with('/') && part.find('/') != std::string_view::npos) add(part.substr(0, part.rfind('/')));
  add(target);
  std::string path;
  for (const std::string_view folder : folders) path += (path.empty() ? "" : "/") + std::string(folder);
  return path;
}

bool is_true(std::string_view value) { return value == "1" || value == "true"; }

int number(std::string_view value, int otherwise) {
  int result = otherwise;
  std::from_chars(value.data(), value.data() + value.size(), result);
  return result;
}

}  // namespace

std::string relationships_part(std::string_view part) {
  const std::size_t slash = part.rfind('/');
  const std::string folder(slash == std::string_view::npos ? "" : part.substr(0, slash + 1));
  return folder + "_rels/" + std::string(slash == std::string_view::npos ? part : part.substr(slash + 1)) + ".rels";
}

base::Result<std::vector<Relationship>> relationships_of(const ZipArchive& archive, std::string_view part) {
  std::vector<Relationship> found;
  const std::string file = relationships_part(part);
  if (!archive.has(file)) return found;
  Tags tags([&](std::string_view name, RawAttributes attributes) {
    if (name != "Relationship" || found.size() >= relationships_max) return;
    const std::string_view type = raw_value(attributes, "Type");
    const bool outside = raw_value(attributes, "TargetMode") == "External";
    found.push_back({std::string(raw_value(attributes, "Id")),
                     std::string(type.substr(type.rfind('/') == type.npos ? 0 : type.rfind('/') + 1)),
                     outside ? "" : resolved(part, raw_value(attributes, "Target"))});
  });
  ZipStream stream = TRY(archive.stream(file, small_part_bytes_max));
  TRY(parse_part(std::move(stream), tags));
  return found;
}

base::Result<XlsxPackage> xlsx_package(const ZipArchive& archive) {
  XlsxPackage package;
  for (const Relationship& relationship : TRY(relationships_of(archive, ""))) {
    if (relationship.type == "officeDocument") package.workbook_part = relationship.target;
  }
  if (!archive.has(package.workbook_part)) package.workbook_part = "xl/workbook.xml";
  const auto is_macro = [](const std::string& part) { return part.ends_with("vbaProject.bin") || part.find("/macrosheets/") != part.npos; };
  package.has_macros = std::ranges::any_of(archive.parts(), is_macro);
  std::map<std::string, Relationship, std::less<>> by_id;
  for (Relationship& relationship : TRY(relationships_of(archive, package.workbook_part))) {
    if (relationship.type == "sharedStrings") package.shared_strings_part = relationship.target;
    if (relationship.type == "styles") package.styles_part = relationship.target;
    by_id.emplace(relationship.id, std::move(relationship));
  }
  Tags tags([&](std::string_view name, RawAttributes attributes) {
    if (name == "workbookPr") package.from_1904 = is_true(raw_value(attributes, "date1904"));
    if (name != "sheet" || package.sheets.size() > static_cast<std::size_t>(workbook_sheets_max)) return;
    const auto at = by_id.find(raw_value(attributes, "id"));
    if (at == by_id.end() || at->second.type != "worksheet") return;
    const std::string_view state = raw_value(attributes, "state");
    package.sheets.push_back({std::string(raw_value(attributes, "name")), at->second.target, !state.empty() && state != "visible"});
  });
  ZipStream stream = TRY(archive.stream(package.workbook_part, small_part_bytes_max));
  TRY(parse_part(std::move(stream), tags));
  if (package.sheets.size() > static_cast<std::size_t>(workbook_sheets_max)) {
    return fail(ErrorKind::too_large, "workbook_too_many_sheets",
                text("工作簿超过 {} 张工作表，无法读取。", "The workbook has more than {} sheets.", workbook_sheets_max),
                text("请只保留需要的工作表后再上传。", "Keep only the sheets that are needed and try again."));
  }
  return package;
}

base::Result<std::vector<NumberFormat>> xlsx_formats(const ZipArchive& archive, const std::string& styles_part) {
  std::vector<NumberFormat> formats;
  if (styles_part.empty() || !archive.has(styles_part)) return formats;
  std::map<int, NumberFormat> coded;
  bool in_cells = false;
  Tags tags(
      [&](std::string_view name, RawAttributes attributes) {
        if (name == "numFmt" && coded.size() < formats_max) {
          coded[number(raw_value(attributes, "numFmtId"), 0)] = format_from_code(raw_value(attributes, "formatCode"));
        } else if (name == "cellXfs") {
          in_cells = true;
        } else if (name == "xf" && in_cells && formats.size() < formats_max) {
          const int id = number(raw_value(attributes, "numFmtId"), 0);
          const auto at = coded.find(id);
          formats.push_back(at != coded.end() ? at->second : format_from_number(id));
        }
      },
      [&](std::string_view name) {
        if (name == "cellXfs") in_cells = false;
      });
  ZipStream stream = TRY(archive.stream(styles_part, small_part_bytes_max));
  TRY(parse_part(std::move(stream), tags));
  return formats;
}

bool parse_reference(std::string_view reference, int& row, int& column) {
  std::size_t i = 0;
  column = 0;
  while (i < reference.size() && i < 4 && ((reference[i] >= 'A' && reference[i] <= 'Z') || (reference[i] >= 'a' && reference[i] <= 'z'))) {
    column = column * 26 + (reference[i] | 0x20) - 'a' + 1;
    ++i;
  }
  row = 0;
  const std::size_t digits = reference.size() - i;
  if (i == 0 || digits == 0 || digits > 7) return false;
  for (; i < reference.size(); ++i) {
    if (reference[i] < '0' || reference[i] > '9') return false;
    row = row * 10 + reference[i] - '0';
  }
  return row >= 1 && row <= sheet_rows_max && column <= sheet_columns_max;
}

}  // namespace yihu::sheet

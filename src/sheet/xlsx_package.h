#pragma once
// The parts of an xlsx file and how they refer to each other; what the reader and the marker both need.

#include "base/result.h"
#include "sheet/number_format.h"
#include "sheet/zip_archive.h"

#include <string>
#include <string_view>
#include <vector>

namespace yihu::sheet {

struct Relationship {
  std::string id;
  std::string type;    ///< the last word of its address: "worksheet", "sharedStrings", "comments" …
  std::string target;  ///< a part's name; empty when it lies outside the file
};

struct XlsxSheet {
  std::string name;
  std::string part;  ///< "xl/worksheets/sheet1.xml"
  bool hidden = false;
};

struct XlsxPackage {
  std::string workbook_part;
  std::vector<XlsxSheet> sheets;  ///< worksheets only; charts on sheets of their own have no cells
  std::string shared_strings_part;
  std::string styles_part;
  bool from_1904 = false;
  bool has_macros = false;
};

/// "xl/worksheets/sheet1.xml" → "xl/worksheets/_rels/sheet1.xml.rels"
std::string relationships_part(std::string_view part);
/// Relationships of a part; none when it has no such file.
base::Result<std::vector<Relationship>> relationships_of(const ZipArchive& archive, std::string_view part);

/// Errors: no workbook in it, damaged, too many sheets.
base::Result<XlsxPackage> xlsx_package(const ZipArchive& archive);

/// The look of numbers by style index, as the cells' "s" gives it.
base::Result<std::vector<NumberFormat>> xlsx_formats(const ZipArchive& archive, const std::string& styles_part);

/// "C7" → row 7, column 3. False for anything else, or beyond the limits of a sheet.
bool parse_reference(std::string_view reference, int& row, int& column);

}  // namespace yihu::sheet

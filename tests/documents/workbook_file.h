#pragma once
// Small workbooks made in the test that needs them.

#include "office_file.h"

namespace yihu::test {

struct XlsxText {
  std::string sheet_data;            ///< what stands inside <sheetData>
  std::string before_data{};         ///< such as <cols>
  std::string after_data{};          ///< such as <mergeCells>
  std::string shared{};              ///< what stands inside <sst>
  std::string styles{};              ///< what stands inside <styleSheet>
  std::string workbook_properties{}; ///< such as <workbookPr date1904="1"/>
  std::string state{};               ///< of the sheet, such as state="hidden"
};

inline constexpr std::string_view xlsx_namespaces =
    " xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
    " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// An xlsx with one sheet called 表一.
inline Parts xlsx_parts(const XlsxText& text) {
  const std::string type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  const std::string relationships = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
  const std::string names(xlsx_namespaces);
  const std::string main = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
  return {{"[Content_Types].xml",
           "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
           "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
           "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
           "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" + main + "sheet.main+xml\"/>"
           "<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"" + main + "worksheet+xml\"/>"
           "<Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"" + main + "sharedStrings+xml\"/>"
           "<Override PartName=\"/xl/styles.xml\" ContentType=\"" + main + "styles+xml\"/></Types>"},
          {"_rels/.rels", relationships + "<Relationship Id=\"rId1\" Type=\"" + type + "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
          {"xl/_rels/workbook.xml.rels",
           relationships + "<Relationship Id=\"rId1\" Type=\"" + type + "worksheet\" Target=\"worksheets/sheet1.xml\"/>" +
               "<Relationship Id=\"rId2\" Type=\"" + type + "sharedStrings\" Target=\"sharedStrings.xml\"/>" +
               "<Relationship Id=\"rId3\" Type=\"" + type + "styles\" Target=\"/xl/styles.xml\"/></Relationships>"},
          {"xl/workbook.xml", "<workbook" + names + ">" + text.workbook_properties + "<sheets><sheet name=\"表一\" sheetId=\"1\" " + text.state +
                                  " r:id=\"rId1\"/></sheets></workbook>"},
          {"xl/worksheets/sheet1.xml", "<worksheet" + names + ">" + text.before_data + "<sheetData>" + text.sheet_data + "</sheetData>" +
                                           text.after_data + "</worksheet>"},
          {"xl/sharedStrings.xml", "<sst" + names + ">" + text.shared + "</sst>"},
          {"xl/styles.xml", "<styleSheet" + names + ">" + text.styles + "</styleSheet>"}};
}

inline std::string xlsx_of(const XlsxText& text) { return zip_of(xlsx_parts(text)); }

inline std::string inline_cell(std::string_view reference, std::string_view text) {
  return "<c r=\"" + std::string(reference) + "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">" + std::string(text) + "</t></is></c>";
}

inline std::string number_cell(std::string_view reference, std::string_view number, int style = 0) {
  return "<c r=\"" + std::string(reference) + "\" s=\"" + std::to_string(style) + "\"><v>" + std::string(number) + "</v></c>";
}

}  // namespace yihu::test

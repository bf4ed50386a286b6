#pragma once
// Small office files made in the test that needs them, so that what is in them can be read beside what is expected.

#include <unicode/ucnv.h>
#include <zip.h>

#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::test {

/// Name and content of each part, in order.
using Parts = std::vector<std::pair<std::string, std::string>>;

inline std::string zip_of(const Parts& parts, const std::string& password = {}) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(target);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  for (const auto& [name, content] : parts) {
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (!password.empty()) {
      zip_file_set_encryption(archive, static_cast<zip_uint64_t>(index), ZIP_EM_AES_256, password.c_str());
    }
  }
  zip_close(archive);
  zip_source_open(target);
  zip_source_seek(target, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(target)), '\0');
  zip_source_seek(target, 0, SEEK_SET);
  zip_source_read(target, bytes.data(), bytes.size());
  zip_source_close(target);
  zip_source_free(target);
  return bytes;
}

inline std::string word_part(std::string_view root, std::string_view inner) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><w:" + std::string(root) +
         " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
         " xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\">" +
         std::string(inner) + "</w:" + std::string(root) + ">";
}

/// A docx of this body; `numbering` and `styles` are what stands inside their root elements.
inline Parts docx_parts(std::string_view body, std::string_view numbering = {}, std::string_view styles = {}) {
  const std::string type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  const std::string relationships = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
  return {{"[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"},
          {"_rels/.rels", relationships + "<Relationship Id=\"a\" Type=\"" + type +
                              "officeDocument\" Target=\"word/document.xml\"/></Relationships>"},
          {"word/_rels/document.xml.rels",
           relationships + "<Relationship Id=\"a\" Type=\"" + type + "numbering\" Target=\"numbering.xml\"/>" +
               "<Relationship Id=\"b\" Type=\"" + type + "styles\" Target=\"styles.xml\"/></Relationships>"},
          {"word/document.xml", word_part("document", "<w:body>" + std::string(body) + "</w:body>")},
          {"word/numbering.xml", word_part("numbering", numbering)},
          {"word/styles.xml", word_part("styles", styles)}};
}

inline std::string docx_of(std::string_view body, std::string_view numbering = {}, std::string_view styles = {}) {
  return zip_of(docx_parts(body, numbering, styles));
}

/// <w:p> with the properties given and this text.
inline std::string word_paragraph(std::string_view text, std::string_view properties = {}) {
  return "<w:p><w:pPr>" + std::string(properties) + "</w:pPr><w:r><w:t xml:space=\"preserve\">" + std::string(text) +
         "</w:t></w:r></w:p>";
}

inline std::string word_number(int list, int level) {
  return "<w:numPr><w:ilvl w:val=\"" + std::to_string(level) + "\"/><w:numId w:val=\"" + std::to_string(list) +
         "\"/></w:numPr>";
}

inline std::string word_cell(std::string_view text, std::string_view properties = {}) {
  return "<w:tc><w:tcPr>" + std::string(properties) + "</w:tcPr>" + word_paragraph(text) + "</w:tc>";
}

inline constexpr std::string_view odt_namespaces =
    " xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
    " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\""
    " xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\""
    " xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\""
    " xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\""
    " xmlns:loext=\"urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0\"";

/// An odt of this body; `styles` stands in the automatic styles, `outline` in the styles of styles.xml.
inline Parts odt_parts(std::string_view body, std::string_view styles = {}, std::string_view outline = {}) {
  return {{"mimetype", "application/vnd.oasis.opendocument.text"},
          {"content.xml", "<office:document-content" + std::string(odt_namespaces) + "><office:automatic-styles>" +
                              std::string(styles) + "</office:automatic-styles><office:body><office:text>" +
                              std::string(body) + "</office:text></office:body></office:document-content>"},
          {"styles.xml", "<office:document-styles" + std::string(odt_namespaces) + "><office:styles>" +
                             std::string(outline) + "</office:styles></office:document-styles>"}};
}

inline std::string odt_of(std::string_view body, std::string_view styles = {}, std::string_view outline = {}) {
  return zip_of(odt_parts(body, styles, outline));
}

/// The same text in another encoding.
inline std::string encoded(std::string_view utf8, const char* encoding) {
  std::string out(utf8.size() * 4 + 16, '\0');
  UErrorCode status = U_ZERO_ERROR;
  const int size = ucnv_convert(encoding, "UTF-8", out.data(), static_cast<int>(out.size()), utf8.data(),
                                static_cast<int>(utf8.size()), &status);
  out.resize(static_cast<std::size_t>(size));
  return out;
}

/// Text at a place of a page, in points from the lower left corner, as pdf counts.
struct Printed {
  double left;
  double bottom;
  double size;
  std::string text;
};

/// A line drawn from one place to another, in the same points.
struct Drawn {
  double left;
  double bottom;
  double right;
  double top;
};

/// An A4 pdf; each inner list is a page. No font is embedded: the signs carry their meaning in a table instead.
inline std::string pdf_of(const std::vector<std::vector<Printed>>& pages, const std::vector<std::vector<Drawn>>& lines = {}) {
  std::vector<std::string> objects;
  const auto stream = [](const std::string& content) {
    return "<< /Length " + std::to_string(content.size()) + " >>\nstream\n" + content + "\nendstream";
  };
  std::string map = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def\n"
                    "1 begincodespacerange <0000> <FFFF> endcodespacerange\n";
  for (int high = 0; high < 256; ++high) {
    char line[64];
    std::snprintf(line, sizeof line, "1 beginbfrange <%02X00> <%02XFF> <%02X00> endbfrange\n", high, high, high);
    map += line;
  }
  map += "endcmap end end";
  std::string kids;
  for (std::size_t i = 0; i < pages.size(); ++i) kids += std::to_string(6 + 2 * i) + " 0 R ";
  objects.push_back("<< /Type /Catalog /Pages 2 0 R >>");
  objects.push_back("<< /Type /Pages /Kids [" + kids + "] /Count " + std::to_string(pages.size()) + " >>");
  objects.push_back("<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>");
  objects.push_back("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
                    "/Supplement 0 >> /DW 1000 /W [32 126 500] /FontDescriptor << /Type /FontDescriptor /FontName /Made /Flags 4 "
                    "/FontBBox [0 -120 1000 880] /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 /ItalicAngle 0 >> >>");
  objects.push_back(stream(map));
  for (std::size_t i = 0; i < pages.size(); ++i) {
    std::string content;
    for (const Drawn& line : i < lines.size() ? lines[i] : std::vector<Drawn>{}) {
      char place[96];
      std::snprintf(place, sizeof place, "%.1f %.1f m %.1f %.1f l S\n", line.left, line.bottom, line.right, line.top);
      content += place;
    }
    content += "BT\n";
    for (const Printed& printed : pages[i]) {
      const std::string wide = encoded(printed.text, "UTF-16BE");
      char place[96];
      std::snprintf(place, sizeof place, "/F %.1f Tf 1 0 0 1 %.1f %.1f Tm <", printed.size, printed.left, printed.bottom);
      content += place;
      for (const char c : wide) {
        char hex[3];
        std::snprintf(hex, sizeof hex, "%02X", static_cast<unsigned char>(c));
        content += hex;
      }
      content += "> Tj\n";
    }
    content += "ET";
    objects.push_back("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents " +
                      std::to_string(7 + 2 * i) + " 0 R >>");
    objects.push_back(stream(content));
  }
  std::string out = "%PDF-1.4\n";
  std::vector<std::size_t> offsets;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    offsets.push_back(out.size());
    out += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
  }
  const std::size_t table = out.size();
  out += "xref\n0 " + std::to_string(objects.size() + 1) + "\n0000000000 65535 f \n";
  for (const std::size_t offset : offsets) {
    char line[32];
    std::snprintf(line, sizeof line, "%010zu 00000 n \n", offset);
    out += line;
  }
  out += "trailer << /Size " + std::to_string(objects.size() + 1) + " /Root 1 0 R >>\nstartxref\n" + std::to_string(table) +
         "\n%%EOF\n";
  return out;
}

}  // namespace yihu::test

// Any XML in each part of an office file. The first byte says which part; the others are as small as can be.
#include "../documents/office_file.h"
#include "base/utf8.h"
#include "sheet/document.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yihu;
  if (size == 0) return 0;
  const std::string_view content(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string body = test::word_paragraph("甲", test::word_number(1, 0));
  test::Parts parts;
  switch (data[0] % 8) {
    case 0: parts = test::docx_parts(content); break;
    case 1: parts = test::docx_parts(body, content); break;
    case 2: parts = test::docx_parts(body, {}, content); break;
    case 3: parts = test::odt_parts(content); break;
    case 4: parts = test::odt_parts("<text:list text:style-name=\"L\"><text:list-item><text:p>甲</text:p></text:list-item></text:list>", content); break;
    case 5: parts = test::odt_parts("<text:h text:outline-level=\"1\">甲</text:h>", {}, content); break;
    case 6:
      parts = test::docx_parts(body);
      parts[1].second = content;
      break;
    default: parts = {};
  }
  const auto document = sheet::read_document(parts.empty() ? "PK\x03\x04" + std::string(content) : test::zip_of(parts), "a");
  if (document ? !base::is_utf8(document->text) : document.error().text.empty()) std::abort();
  if (!document) return 0;
  const std::u32string points = base::code_points(document->text);
  for (const sheet::Table& table : document->tables) {
    for (const sheet::Cell& cell : table.cells) {
      if (base::utf8(std::u32string_view(points).substr(cell.span.begin, cell.span.end - cell.span.begin)) != cell.text) std::abort();
      if (cell.row + cell.rows > table.rows || cell.column + cell.columns > table.columns) std::abort();
    }
  }
  return 0;
}

// Any bytes as a text file or web page: an answer in valid UTF-8, or one error.
#include "base/utf8.h"
#include "sheet/document.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yihu;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const char* name : {"a.txt", "a.html"}) {
    const auto document = sheet::read_document(bytes, name);
    if (document ? !base::is_utf8(document->text) : document.error().text.empty()) std::abort();
    if (!document) continue;
    const std::u32string points = base::code_points(document->text);
    for (const sheet::Table& table : document->tables) {
      for (const sheet::Cell& cell : table.cells) {
        if (base::utf8(std::u32string_view(points).substr(cell.span.begin, cell.span.end - cell.span.begin)) != cell.text) std::abort();
        if (cell.row + cell.rows > table.rows || cell.column + cell.columns > table.columns) std::abort();
      }
    }
  }
  return 0;
}

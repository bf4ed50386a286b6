// Whatever the pdf converters print, words and lines drawn: a document in valid UTF-8, whose cells lie in their tables.
#include "base/utf8.h"
#include "sheet/pdf_page.h"
#include "sheet/pdf_rules_from_svg.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yihu;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // Two converters, two texts; a form feed stands between them.
  const std::size_t cut = bytes.find('\f');
  auto pages = sheet::pdf_pages_from_tsv(bytes.substr(0, cut));
  if (cut != bytes.npos) {
    auto rules = sheet::pdf_rules_from_svg(bytes.substr(cut + 1));
    for (std::size_t i = 0; i < std::min(pages.size(), rules.size()); ++i) pages[i].rules = std::move(rules[i]);
  }
  sheet::DocumentBuilder builder;
  sheet::read_pdf_pages(pages, builder);
  const auto document = std::move(builder).finish("pdf", false);
  if (document ? !base::is_utf8(document->text) : document.error().text.empty()) std::abort();
  if (!document) return 0;
  for (const sheet::Table& table : document->tables) {
    for (const sheet::Cell& cell : table.cells) {
      if (cell.row + cell.rows > table.rows || cell.column + cell.columns > table.columns) std::abort();
    }
  }
  return 0;
}

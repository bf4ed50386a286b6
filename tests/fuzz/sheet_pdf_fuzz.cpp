// Whatever the pdf converter prints: paragraphs in valid UTF-8.
#include "base/utf8.h"
#include "sheet/pdf_page.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yihu;
  const auto pages = sheet::pdf_pages_from_tsv({reinterpret_cast<const char*>(data), size});
  if (!base::is_utf8(sheet::paragraphs_from_pdf_pages(pages))) std::abort();
  return 0;
}

// Any bytes as a csv file of the linkage engine: rows are counted as they are visited, every part has every column, and
// what is read again in one piece is the same. Small tables are linked to themselves.
#include "link/csv.h"
#include "link/link.h"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace yihu::link;

std::vector<std::string> cells_of(const CsvSource& source) {
  std::vector<std::string> all;
  for (std::size_t part = 0; part < source.parts(); ++part) {
    std::size_t rows = 0;
    const auto visited = source.visit(part, [&](std::size_t row, Cells cells) {
      if (row != source.first_row(part) + rows++ || cells.size() != source.headings().size()) std::abort();
      all.insert(all.end(), cells.begin(), cells.end());
    });
    if (visited && rows != source.first_row(part + 1) - source.first_row(part)) std::abort();
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  auto source = CsvSource::from_text("a.csv", bytes, 2);
  if (!source) {
    if (source.error().text.en.empty()) std::abort();
    return 0;
  }
  const std::vector<std::string> cells = cells_of(**source);
  if (cells.size() != (*source)->rows() * (*source)->headings().size()) std::abort();
  if ((*source)->rows() > 40) return 0;
  auto linkage = Linkage::prepare(**source, nullptr, {.key_left = (*source)->headings().front(), .threads = 1});
  if (!linkage) return 0;
  if (!(*linkage)->run()) std::abort();
  for (const auto& pair : (*linkage)->links()) {
    if (pair.left >= pair.right || pair.right >= (*source)->rows()) std::abort();
  }
  return 0;
}

#include "sheet/csv_writer.h"

#include <utility>

namespace yihu::sheet {

void CsvWriter::add_row(const std::vector<CsvField>& fields) {
  constexpr std::string_view computed = "=+-@\t\r";
  bool first = true;
  for (const CsvField& field : fields) {
    if (!first) out_ += ',';
    first = false;
    // Text that begins with apostrophes of its own gets one more, so that reading takes away the right one.
    const std::size_t sign = field.text.find_first_not_of('\'');
    const bool guarded = !field.number && sign != std::string_view::npos && computed.find(field.text[sign]) != std::string_view::npos;
    const bool quoted = field.text.find_first_of(",\"\r\n") != std::string_view::npos;
    if (quoted) out_ += '"';
    if (guarded) out_ += '\'';
    for (const char c : field.text) {
      if (c == '"') out_ += '"';
      out_ += c;
    }
    if (quoted) out_ += '"';
  }
  out_ += "\r\n";
}

std::string CsvWriter::take() { return std::exchange(out_, {}); }

}  // namespace yihu::sheet

#pragma once
// Comma-separated text that spreadsheet programs open rightly: UTF-8 with a byte order mark, CRLF, and text that
// stays text.

#include <string>
#include <string_view>
#include <vector>

namespace yihu::sheet {

struct CsvField {
  std::string_view text;
  bool number = false;  ///< made by the program from a number, so a leading minus is what it seems
};

class CsvWriter {
 public:
  /// Text that begins with = + - @, a tab or a carriage return gets an apostrophe before it, because a spreadsheet
  /// program would compute it. workbook_from_csv takes that apostrophe away again.
  void add_row(const std::vector<CsvField>& fields);
  /// What has been written since the last call; the first piece begins with the byte order mark.
  std::string take();

 private:
  std::string out_ = "\xef\xbb\xbf";
};

}  // namespace yihu::sheet

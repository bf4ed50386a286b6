#pragma once
// A workbook being written by libxlsxwriter without a file on any disk.

#include "base/clock.h"
#include "base/result.h"

#include <string>
#include <string_view>

struct lxw_workbook;

namespace yihu::sheet {

struct XlsxMemoryOptions {
  base::Instant created;
  std::string title{};
  std::string author{};
  bool constant_memory = false;  ///< one row at a time, from top to bottom
};

class XlsxMemory {
 public:
  static base::Result<XlsxMemory> open(const XlsxMemoryOptions& options);
  XlsxMemory(XlsxMemory&& other) noexcept;
  XlsxMemory& operator=(XlsxMemory&& other) noexcept;
  ~XlsxMemory();

  lxw_workbook* book() const { return book_; }
  /// The bytes of the file; the book is gone afterwards.
  base::Result<std::string> finish();

 private:
  XlsxMemory() = default;
  int file_ = -1;
  lxw_workbook* book_ = nullptr;
};

/// Signs that XML cannot hold are dropped, and what a cell cannot hold is cut: either would make the file unreadable.
std::string xlsx_text(std::string_view utf8);

/// The one error of writing: no memory.
std::unexpected<base::Error> workbook_not_written();

}  // namespace yihu::sheet

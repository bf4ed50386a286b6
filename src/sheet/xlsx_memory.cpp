#include "sheet/xlsx_memory.h"

#include "base/utf8.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <utility>

namespace yihu::sheet {
namespace {

constexpr std::size_t cell_code_points_max = 32'000;  // a cell holds 32,767 UTF-16 units

/// "_x000D_"
bool reads_as_escape(std::u32string_view points) {
  constexpr std::size_t size = 7;
  if (points.size() < size || points[1] != U'x' || points[size - 1] != U'_') return false;
  return points.substr(2, 4).find_first_not_of(U"0123456789abcdefABCDEF") == points.npos;
}

}  // namespace

std::unexpected<base::Error> workbook_not_written() {
  return base::fail(base::ErrorKind::unavailable, "workbook_not_written",
                    base::text("表格无法生成，内存不足。", "The workbook could not be made for want of memory."));
}

std::string xlsx_text(std::string_view utf8) {
  std::string out;
  std::size_t count = 0;
  const std::u32string points = base::code_points(utf8);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const char32_t c = points[i];
    // Text that reads like an escaped sign would come back as that sign.
    if (c == U'_' && reads_as_escape(std::u32string_view(points).substr(i))) out += "_x005F";
    const bool control = (c < 0x20 && c != '\t' && c != '\n') || c == 0x7f || c == 0xfffe || c == 0xffff;
    if (control) continue;
    if (++count > cell_code_points_max) {
      out += "…";
      break;
    }
    out += base::utf8(c);
  }
  return out;
}

base::Result<XlsxMemory> XlsxMemory::open(const XlsxMemoryOptions& options) {
  XlsxMemory made;
  // The library wants a file name. A file in memory has one, leaves nothing on a disk, and goes with us.
  made.file_ = memfd_create("workbook", MFD_CLOEXEC);
  if (made.file_ < 0) return workbook_not_written();
  const std::string name = "/proc/self/fd/" + std::to_string(made.file_);
  lxw_workbook_options settings{};
  settings.constant_memory = options.constant_memory ? LXW_TRUE : LXW_FALSE;
  made.book_ = workbook_new_opt(name.c_str(), &settings);
  if (made.book_ == nullptr) return workbook_not_written();
  std::string title = xlsx_text(options.title);
  std::string author = xlsx_text(options.author);
  lxw_doc_properties properties{};
  properties.title = title.data();
  properties.author = author.data();
  // The library takes 0 for the present moment, and the same input would not give the same bytes.
  properties.created = std::max<time_t>(1, static_cast<time_t>(options.created.microseconds / 1'000'000));
  workbook_set_properties(made.book_, &properties);
  return made;
}

XlsxMemory::XlsxMemory(XlsxMemory&& other) noexcept
    : file_(std::exchange(other.file_, -1)), book_(std::exchange(other.book_, nullptr)) {}

XlsxMemory& XlsxMemory::operator=(XlsxMemory&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(book_, other.book_);
  return *this;
}

XlsxMemory::~XlsxMemory() {
  if (book_ != nullptr) lxw_workbook_free(book_);
  if (file_ >= 0) close(file_);
}

base::Result<std::string> XlsxMemory::finish() {
  // Closing frees the workbook whether or not it succeeds.
  if (workbook_close(std::exchange(book_, nullptr)) != LXW_NO_ERROR) return workbook_not_written();
  struct stat about {};
  if (fstat(file_, &about) != 0) return workbook_not_written();
  std::string bytes(static_cast<std::size_t>(about.st_size), '\0');
  for (std::size_t filled = 0; filled < bytes.size();) {
    const ssize_t got = pread(file_, bytes.data() + filled, bytes.size() - filled, static_cast<off_t>(filled));
    if (got <= 0) return workbook_not_written();
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace yihu::sheet

#include "link/csv.h"

#include "link/parallel.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <deque>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace yihu::link {
namespace {

constexpr std::size_t part_bytes = 1 << 21;

/// One bit per byte of 64 that equals `wanted`.
std::uint64_t equal_bytes(const char* block, char wanted) {
#if defined(__SSE2__)
  const __m128i pattern = _mm_set1_epi8(wanted);
  std::uint64_t mask = 0;
  for (int i = 0; i < 4; ++i) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * i));
    mask |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, pattern)))) << (16 * i);
  }
  return mask;
#else
  std::uint64_t mask = 0;
  for (int i = 0; i < 64; ++i) mask |= static_cast<std::uint64_t>(block[i] == wanted) << i;
  return mask;
#endif
}

/// Calls found(position) for every `first` or `second` in [begin, end), in order, until it says false.
template <class Found>
void each_of(const char* begin, const char* end, char first, char second, const Found& found) {
  const char* block = begin;
  for (; end - block >= 64; block += 64) {
    for (std::uint64_t mask = equal_bytes(block, first) | equal_bytes(block, second); mask != 0; mask &= mask - 1) {
      if (!found(block + std::countr_zero(mask))) return;
    }
  }
  for (; block < end; ++block) {
    if ((*block == first || *block == second) && !found(block)) return;
  }
}

/// Whether the line that ends with the newline at `newline`, in a text that begins at `text`, holds nothing.
bool ends_blank_line(const char* text, const char* newline) {
  if (newline == text || newline[-1] == '\n') return true;
  return newline[-1] == '\r' && (newline == text + 1 || newline[-2] == '\n');
}

struct Marks {
  std::size_t quotes = 0;
  std::size_t rows = 0;   ///< ends of lines that are not blank
};

/// Counts in [begin, end) of a text that begins at `text`; newlines within quotes count too.
Marks marks_in(const char* text, const char* begin, const char* end) {
  Marks marks;
  std::uint64_t before = begin == text || begin[-1] == '\n' ? 1 : 0;
  const char* block = begin;
  for (; end - block >= 64; block += 64) {
    for (std::uint64_t quotes = equal_bytes(block, '"'); quotes != 0; quotes &= quotes - 1) ++marks.quotes;
    const std::uint64_t newlines = equal_bytes(block, '\n');
    // A line is blank when a newline follows another at once, or with a carriage return between; the latter are rare.
    const std::uint64_t blank = newlines & (newlines << 1 | before);
    for (std::uint64_t ends = newlines & ~blank; ends != 0; ends &= ends - 1) ++marks.rows;
    before = newlines >> 63;
    for (std::uint64_t returned = newlines & ~blank & (equal_bytes(block, '\r') << 1 | (block > text && block[-1] == '\r' ? 1U : 0U)); returned != 0; returned &= returned - 1) {
      if (ends_blank_line(text, block + std::countr_zero(returned))) --marks.rows;
    }
  }
  for (; block < end; ++block) {
    if (*block == '"') ++marks.quotes;
    if (*block == '\n' && !ends_blank_line(text, block)) ++marks.rows;
  }
  return marks;
}

/// A row's cells: quotes taken off, doubled quotes made single in `unquoted`.
class RowCells {
 public:
  explicit RowCells(std::size_t columns) : cells_(columns) {}
  void add(const char* begin, const char* end) {
    if (count_ < cells_.size()) {
      // Most cells have no blanks; the full test costs more than a byte comparison.
      const bool plain = begin == end || (static_cast<unsigned char>(*begin) > ' ' && static_cast<unsigned char>(end[-1]) > ' ' &&
                                          static_cast<unsigned char>(*begin) < 0x80 && static_cast<unsigned char>(end[-1]) < 0x80);
      const std::string_view cell(begin, static_cast<std::size_t>(end - begin));
      cells_[count_] = plain ? cell : trimmed(cell);
    } else if (begin != end) {
      surplus_ = true;
    }
    ++count_;
  }
  void add_quoted(std::string_view inside) {
    if (inside.find('"') == inside.npos) return add(inside.data(), inside.data() + inside.size());
    std::string& single = unquoted_.emplace_back();
    for (std::size_t i = 0; i < inside.size(); ++i) {
      single += inside[i];
      if (inside[i] == '"') ++i;
    }
    add(single.data(), single.data() + single.size());
  }
  /// Missing cells at the end are empty.
  Cells finish() {
    for (std::size_t i = count_; i < cells_.size(); ++i) cells_[i] = {};
    return cells_;
  }
  bool blank() const { return count_ == 0 || (count_ == 1 && cells_[0].empty()); }
  bool surplus() const { return surplus_; }
  void clear() {
    count_ = 0;
    surplus_ = false;
    unquoted_.clear();
  }

 private:
  std::vector<std::string_view> cells_;
  std::size_t count_ = 0;
  bool surplus_ = false;
  std::deque<std::string> unquoted_;
};

/// Adds the cells of the row that begins at `at`; returns where the next one begins.
const char* add_row(const char* at, const char* end, char delimiter, RowCells& cells) {
  while (true) {
    const char* quote = at;
    while (quote < end && *quote == ' ') ++quote;
    if (quote < end && *quote == '"') {
      const char* inside = quote + 1;
      const char* close = inside;
      while (close < end && !(*close == '"' && (close + 1 == end || close[1] != '"'))) close += *close == '"' ? 2 : 1;
      close = std::min(close, end);
      cells.add_quoted({inside, static_cast<std::size_t>(close - inside)});
      at = close;
      while (at < end && *at != delimiter && *at != '\n') ++at;
    } else {
      const char* begin = at;
      while (at < end && *at != delimiter && *at != '\n') ++at;
      cells.add(begin, at);
    }
    if (at >= end) return end;
    if (*at++ == '\n') return at;
  }
}

/// Where the row after the one at `at` begins, quotes respected.
const char* skip_row(const char* at, const char* end, bool inside_quotes) {
  for (; at < end; ++at) {
    if (*at == '"') inside_quotes = !inside_quotes;
    else if (*at == '\n' && !inside_quotes) return at + 1;
  }
  return end;
}

}  // namespace

CsvSource::~CsvSource() {
  if (mapped_) ::munmap(const_cast<char*>(data_), size_);
}

base::Result<std::unique_ptr<CsvSource>> CsvSource::open(const std::filesystem::path& path, unsigned threads) {
  std::unique_ptr<CsvSource> source(new CsvSource);
  source->name_ = path.string();
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (file < 0 || ::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    if (file >= 0) ::close(file);
    return base::fail(base::ErrorKind::input, "file_not_read", base::text("读不了文件 {}。", "Cannot read the file {}.", path.string()));
  }
  source->size_ = static_cast<std::size_t>(status.st_size);
  if (source->size_ > 0) {
    void* data = ::mmap(nullptr, source->size_, PROT_READ, MAP_SHARED | MAP_POPULATE, file, 0);
    ::close(file);
    if (data == MAP_FAILED) return base::fail(base::ErrorKind::unavailable, "file_not_mapped", base::text("读不了文件 {}。", "Cannot read the file {}.", path.string()));
    source->data_ = static_cast<const char*>(data);
    source->mapped_ = true;
  } else {
    ::close(file);
  }
  TRY(source->prepare(threads));
  return source;
}

base::Result<std::unique_ptr<CsvSource>> CsvSource::from_text(std::string name, std::string text, unsigned threads) {
  std::unique_ptr<CsvSource> source(new CsvSource);
  source->name_ = std::move(name);
  source->text_ = std::move(text);
  source->data_ = source->text_.data();
  source->size_ = source->text_.size();
  TRY(source->prepare(threads));
  return source;
}

base::Done CsvSource::prepare(unsigned threads) {
  if (bytes().starts_with("\xFF\xFE") || bytes().starts_with("\xFE\xFF")) {
    return base::fail(base::ErrorKind::input, "encoding_utf16", base::text("文件 {} 是 UTF-16 编码。", "The file {} is UTF-16.", name_),
                      base::text("请另存为 UTF-8。", "Save it as UTF-8."));
  }
  cut(TRY(read_headings()), threads);
  return {};
}

base::Result<std::size_t> CsvSource::read_headings() {
  std::size_t begin = bytes().starts_with("\xEF\xBB\xBF") ? 3 : 0;
  const char* end = data_ + size_;
  const char* next = skip_row(data_ + begin, end, false);
  const std::string_view line(data_ + begin, static_cast<std::size_t>(next - data_) - begin);
  const auto count = [&](char c) { return std::count(line.begin(), line.end(), c); };
  delimiter_ = ',';
  for (const char other : {'\t', ';'}) {
    if (count(other) > count(delimiter_)) delimiter_ = other;
  }
  RowCells cells(static_cast<std::size_t>(count(delimiter_)) + 1);
  std::vector<std::string> headings;
  if (!line.empty()) {
    add_row(line.data(), next, delimiter_, cells);
    for (const std::string_view cell : cells.finish()) headings.emplace_back(cell);
  }
  // A delimiter at the end of the heading line makes no column.
  if (headings.size() > 1 && trimmed(headings.back()).empty()) headings.pop_back();
  TRY(set_headings(std::move(headings), name_));
  return static_cast<std::size_t>(next - data_);
}

void CsvSource::cut(std::size_t begin, unsigned threads) {
  const std::size_t count = std::max<std::size_t>(1, (size_ - begin + part_bytes - 1) / part_bytes);
  const auto at = [&](std::size_t part) { return std::min(begin + part * part_bytes, size_); };
  std::vector<Marks> marks(count);
  in_parallel(threads, count, [&](std::size_t part, unsigned) { marks[part] = marks_in(data_ + begin, data_ + at(part), data_ + at(part + 1)); });
  quotes_ = std::any_of(marks.begin(), marks.end(), [](const Marks& m) { return m.quotes > 0; });
  begins_.assign(count + 1, size_);
  begins_[0] = begin;
  bool inside = false;
  for (std::size_t part = 1; part < count; ++part) {
    inside ^= (marks[part - 1].quotes & 1) != 0;
    const char* from = data_ + at(part);
    // A part that begins exactly after a line end is found from the byte before.
    begins_[part] = std::max(begins_[part - 1], static_cast<std::size_t>(skip_row(inside || from[-1] != '\n' ? from : from - 1, data_ + size_, inside) - data_));
  }
  first_rows_.assign(count + 1, 0);
  if (quotes_) {
    in_parallel(threads, count, [&](std::size_t part, unsigned) { first_rows_[part + 1] = rows_between(data_ + begins_[part], data_ + begins_[part + 1]); });
  } else {
    // Rows before a part: line ends before its first byte, of which the part's own cut counted those up to at(part).
    std::size_t ends = 0;
    for (std::size_t part = 1; part < count; ++part) {
      ends += marks[part - 1].rows;
      first_rows_[part] = ends + (begins_[part] > at(part) ? marks_in(data_ + begin, data_ + at(part), data_ + begins_[part]).rows : 0);
    }
    first_rows_[count] = ends + marks[count - 1].rows + (size_ > begin && data_[size_ - 1] != '\n' ? 1 : 0);
    // The last row has no line end; parts after its beginning are empty.
    for (std::size_t part = 1; part < count; ++part) {
      if (begins_[part] == size_) first_rows_[part] = first_rows_[count];
    }
    return;
  }
  for (std::size_t part = 0; part < count; ++part) first_rows_[part + 1] += first_rows_[part];
}

std::size_t CsvSource::rows_between(const char* from, const char* end) const {
  std::size_t rows = 0;
  RowCells cells(headings().size());
  while (from < end) {
    cells.clear();
    from = add_row(from, end, delimiter_, cells);
    rows += cells.blank() ? 0 : 1;
  }
  return rows;
}

void CsvSource::release(std::size_t part) const {
  constexpr std::size_t page = 1 << 16;
  const std::size_t begin = (begins_[part] + page - 1) / page * page, end = begins_[part + 1] / page * page;
  if (mapped_ && begin < end) ::madvise(const_cast<char*>(data_) + begin, end - begin, MADV_DONTNEED);
}

base::Done CsvSource::visit(std::size_t part, std::size_t rows_wanted, const RowVisitor& visitor) const {
  RowCells cells(headings().size());
  std::size_t row = first_rows_[part];
  const std::size_t row_end = std::min(first_rows_[part + 1], row + rows_wanted);
  if (row == row_end) return {};
  std::size_t surplus = 0;
  const auto finish = [&] {
    if (cells.surplus() && surplus == 0) surplus = row + 2;
    visitor(row++, cells.finish());
    cells.clear();
    return row < row_end;
  };
  const char* from = data_ + begins_[part];
  const char* end = data_ + begins_[part + 1];
  if (quotes_) {
    while (from < end) {
      cells.clear();
      from = add_row(from, end, delimiter_, cells);
      if (!cells.blank() && !finish()) break;
    }
  } else {
    const char* cell = from;
    const char* line = from;
    bool more = true;
    each_of(from, end, delimiter_, '\n', [&](const char* stop) {
      const bool empty_line = *stop == '\n' && (stop == line || (stop == line + 1 && *line == '\r'));
      if (!empty_line) cells.add(cell, stop);
      cell = stop + 1;
      if (*stop != '\n') return true;
      if (!empty_line) more = finish();
      line = cell;
      return more;
    });
    if (more && line < end) {
      cells.add(cell, end);
      finish();
    }
  }
  if (surplus == 0) return {};
  return base::fail(base::Error{base::ErrorKind::input, "row_too_long",
                                base::text("这一行的单元格比列名多（列名有 {} 个）。", "This row has more cells than there are headings ({}).", headings().size()),
                                base::text("请检查值里的逗号是否加了引号。", "Put values that hold the delimiter in quotes."),
                                {name_, static_cast<int>(surplus), 0, {}, {}}, {}});
}

}  // namespace yihu::link

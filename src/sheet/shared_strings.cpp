#include "sheet/shared_strings.h"

#include "base/utf8.h"
#include "sheet/workbook.h"

#include <charconv>
#include <cstring>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

constexpr std::size_t block_bytes = 1u << 20;
constexpr std::uint64_t shared_xml_bytes_max = 2ull << 30;

/// A sign that XML cannot hold is written "_x000D_"; an underscore that would read so, "_x005F_".
void replace_escapes(std::string& value) {
  std::size_t at = value.find("_x");
  if (at == std::string::npos) return;
  std::string out;
  std::size_t done = 0;
  for (; at != std::string::npos; at = value.find("_x", at)) {
    std::uint32_t point = 0;
    const char* begin = value.data() + at + 2;
    if (at + 7 > value.size() || value[at + 6] != '_' || std::from_chars(begin, begin + 4, point, 16).ptr != begin + 4 || (point >= 0xd800 && point < 0xe000)) {
      at += 2;
      continue;
    }
    out.append(value, done, at - done);
    out += base::utf8(static_cast<char32_t>(point));
    at += 7;
    done = at;
  }
  out.append(value, done, std::string::npos);
  value = std::move(out);
}

class Reader : public XmlEvents {
 public:
  explicit Reader(SharedStrings& strings) : strings_(strings) {}
  void start(std::string_view name, RawAttributes) override {
    if (name == "si") text_.clear();
    else if (name == "rPh") ++phonetic_;
    in_text_ = name == "t" && phonetic_ == 0;
  }
  void end(std::string_view name) override {
    in_text_ = false;
    if (name == "rPh") --phonetic_;
    if (name != "si" || full_) return;
    full_ = !strings_.add(text_.text(), text_.cut());
  }
  void text(std::string_view piece) override {
    if (in_text_) text_.add(piece);
  }
  bool full() const { return full_; }

 private:
  SharedStrings& strings_;
  CellText text_;
  int phonetic_ = 0;
  bool in_text_ = false;
  bool full_ = false;
};

}  // namespace

void CellText::clear() {
  text_.clear();
  cut_ = false;
}

void CellText::add(std::string_view piece) {
  if (cut_) return;
  text_ += piece;
  if (text_.size() <= cell_bytes_max) return;
  cut_ = true;
  text_.resize(cell_bytes_max);
  while (!text_.empty() && (static_cast<unsigned char>(text_.back()) & 0xc0) == 0x80) text_.pop_back();
  if (!text_.empty() && static_cast<unsigned char>(text_.back()) >= 0xc0) text_.pop_back();
}

std::string_view CellText::text() {
  replace_escapes(text_);
  return text_;
}

bool SharedStrings::add(std::string_view value, bool cut) {
  bytes_ += value.size() + sizeof(Entry);
  if (bytes_ > shared_text_bytes_max) return false;
  if (value.size() > free_bytes_) {
    free_bytes_ = std::max(block_bytes, value.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(free_bytes_));
    free_ = blocks_.back().get();
  }
  if (!value.empty()) std::memcpy(free_, value.data(), value.size());
  entries_.push_back({free_, static_cast<std::uint32_t>(value.size()), cut});
  free_ += value.size();
  free_bytes_ -= value.size();
  return true;
}

base::Result<SharedStrings> SharedStrings::read(const ZipArchive& archive, const std::string& part, const base::Cancel& cancel) {
  SharedStrings strings;
  if (part.empty() || !archive.has(part)) return strings;
  Reader reader(strings);
  ZipStream stream = TRY(archive.stream(part, shared_xml_bytes_max));
  TRY(parse_part(std::move(stream), reader, cancel));
  if (reader.full()) {
    return fail(ErrorKind::too_large, "workbook_texts_too_large",
                text("工作簿的文字总量超过 {} MB，无法读取。", "The texts of the workbook exceed {} MB.", shared_text_bytes_max >> 20),
                text("请拆成几个文件，或另存为 csv 后再上传。", "Split it into several files, or save it as csv, and try again."));
  }
  return strings;
}

}  // namespace yihu::sheet

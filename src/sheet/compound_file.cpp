#include "sheet/compound_file.h"

#include "base/utf8.h"

#include <algorithm>

namespace yihu::sheet {
namespace {

using base::text;

constexpr std::size_t header_bytes = 512;
constexpr std::size_t entry_bytes = 128;
constexpr std::size_t mini_sector_bytes = 64;
constexpr std::uint32_t last_regular_sector = 0xfffffffa;

std::unexpected<base::Error> damaged() {
  return base::fail(base::ErrorKind::input, "document_damaged", text("文件已损坏或不完整，无法打开。", "The file is damaged or incomplete."),
                    text("请用表格软件打开并另存为 xlsx 后再上传。", "Open it in a spreadsheet program, save it as xlsx and try again."));
}

std::uint32_t number_at(std::string_view bytes, std::size_t at, int size = 4) {
  std::uint32_t number = 0;
  for (int i = size - 1; i >= 0; --i) {
    const std::size_t place = at + static_cast<std::size_t>(i);
    number = number << 8 | (place < bytes.size() ? static_cast<unsigned char>(bytes[place]) : 0u);
  }
  return number;
}

}  // namespace

std::string_view CompoundFile::sector(std::uint32_t number) const {
  const std::size_t begin = (static_cast<std::size_t>(number) + 1) * sector_bytes_;
  return begin >= bytes_.size() ? std::string_view() : bytes_.substr(begin, sector_bytes_);
}

base::Result<std::string> CompoundFile::chain(std::uint32_t start, std::uint64_t size) const {
  std::string out;
  std::size_t steps = 0;
  for (std::uint32_t at = start; at < last_regular_sector && out.size() < size; at = next_[at]) {
    if (at >= next_.size() || ++steps > next_.size()) return damaged();
    out += sector(at);
  }
  if (out.size() > size) out.resize(size);
  return out;
}

base::Result<CompoundFile> CompoundFile::open(std::string_view bytes) {
  CompoundFile file;
  file.bytes_ = bytes;
  if (bytes.size() < header_bytes || !bytes.starts_with("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) return damaged();
  const std::uint32_t shift = number_at(bytes, 30, 2);
  if (shift != 9 && shift != 12) return damaged();
  file.sector_bytes_ = std::size_t{1} << shift;
  file.mini_cutoff_ = number_at(bytes, 56);
  // Where the table of chains stands: 109 sectors in the header, more of them in a chain of their own.
  const std::size_t sectors = bytes.size() / file.sector_bytes_ + 1;
  std::vector<std::uint32_t> table_sectors;
  constexpr std::size_t in_header = 109;
  for (std::size_t i = 0; i < in_header; ++i) table_sectors.push_back(number_at(bytes, 76 + 4 * i));
  std::uint32_t more = number_at(bytes, 68);
  for (std::size_t steps = 0; more < last_regular_sector && steps <= sectors; ++steps) {
    const std::string_view part = file.sector(more);
    if (part.size() < file.sector_bytes_) return damaged();
    for (std::size_t i = 0; i + 4 < part.size(); i += 4) table_sectors.push_back(number_at(part, i));
    more = number_at(part, part.size() - 4);
  }
  for (const std::uint32_t number : table_sectors) {
    if (number >= last_regular_sector || file.next_.size() > sectors) continue;
    const std::string_view part = file.sector(number);
    for (std::size_t i = 0; i + 4 <= part.size(); i += 4) file.next_.push_back(number_at(part, i));
  }
  const std::string directory = TRY(file.chain(number_at(bytes, 48), bytes.size()));
  for (std::size_t at = 0; at + entry_bytes <= directory.size(); at += entry_bytes) {
    const std::string_view raw = std::string_view(directory).substr(at, entry_bytes);
    const std::uint32_t kind = number_at(raw, 66, 1);
    Entry entry;
    for (std::size_t i = 0; i + 2 < std::min<std::size_t>(number_at(raw, 64, 2), 64); i += 2) entry.name += base::utf8(static_cast<char32_t>(number_at(raw, i, 2)));
    entry.start = number_at(raw, 116);
    entry.size = number_at(raw, 120);
    entry.stream = kind == 2;
    if (kind == 5) file.mini_ = TRY(file.chain(entry.start, entry.size));
    if (kind != 0) file.entries_.push_back(std::move(entry));
  }
  const std::string mini_table = TRY(file.chain(number_at(bytes, 60), bytes.size()));
  for (std::size_t i = 0; i + 4 <= mini_table.size(); i += 4) file.mini_next_.push_back(number_at(mini_table, i));
  return file;
}

bool CompoundFile::has(std::string_view name) const {
  return std::ranges::any_of(entries_, [&](const Entry& entry) { return entry.name == name; });
}

base::Result<std::string> CompoundFile::read(std::string_view name) const {
  const auto entry = std::ranges::find_if(entries_, [&](const Entry& candidate) { return candidate.stream && candidate.name == name; });
  if (entry == entries_.end()) return damaged();
  if (entry->size >= mini_cutoff_) return chain(entry->start, entry->size);
  std::string out;
  std::size_t steps = 0;
  for (std::uint32_t at = entry->start; at < last_regular_sector && out.size() < entry->size; at = mini_next_[at]) {
    if (at >= mini_next_.size() || ++steps > mini_next_.size()) return damaged();
    const std::size_t begin = static_cast<std::size_t>(at) * mini_sector_bytes;
    if (begin < mini_.size()) out += std::string_view(mini_).substr(begin, mini_sector_bytes);
  }
  out.resize(std::min<std::size_t>(out.size(), entry->size));
  return out;
}

}  // namespace yihu::sheet

#include "link/buffer.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

namespace yihu::link {
namespace {

/// An open file without a name, gone with its last mapping; -1 when the folder takes none.
int unnamed_file(const std::filesystem::path& folder, std::size_t bytes) {
  std::string name = (folder / ".yihu-link-XXXXXX").string();
  const int file = ::mkstemp(name.data());
  if (file < 0) return -1;
  ::unlink(name.c_str());
  if (::ftruncate(file, static_cast<off_t>(bytes)) == 0) return file;
  ::close(file);
  return -1;
}

constexpr std::size_t page_bytes = std::size_t{1} << 21;
constexpr std::size_t kept_bytes_max = std::size_t{1} << 30;

/// Small ones take no large page.
std::size_t in_pages(std::size_t bytes) { return bytes < page_bytes / 2 ? bytes : (bytes + page_bytes - 1) / page_bytes * page_bytes; }

/// Ranges that may be used again; empty unless somebody keeps them.
class FreeRanges {
 public:
  void keep(const std::filesystem::path* spill_folder) {
    const std::lock_guard lock(mutex_);
    ++keepers_;
    if (spill_folder != nullptr) folder_ = *spill_folder;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    if (--keepers_ > 0) return;
    folder_.reset();
    for (const auto& [size, begin] : ranges_) ::munmap(begin, size);
    ranges_.clear();
    bytes_ = 0;
  }

  std::optional<std::filesystem::path> folder() {
    const std::lock_guard lock(mutex_);
    return folder_;
  }

  /// Whole pages; null when there are none.
  void* take(std::size_t size) {
    const std::lock_guard lock(mutex_);
    if (size < page_bytes) return nullptr;
    const auto found = ranges_.lower_bound(size);
    if (found == ranges_.end()) return nullptr;
    const auto [whole, begin] = *found;
    ranges_.erase(found);
    if (whole > size) ranges_.emplace(whole - size, static_cast<char*>(begin) + size);
    bytes_ -= size;
    return begin;
  }

  bool put(void* begin, std::size_t size) {
    const std::lock_guard lock(mutex_);
    if (keepers_ == 0 || size < page_bytes || bytes_ + size > kept_bytes_max) return false;
    bytes_ += size;
    // Neighbours become one again.
    char* first = static_cast<char*>(begin);
    for (auto at = ranges_.begin(); at != ranges_.end();) {
      char* other = static_cast<char*>(at->second);
      const bool before = other + at->first == first, behind = first + size == other;
      if (before) first = other;
      if (before || behind) size += at->first;
      at = before || behind ? ranges_.erase(at) : std::next(at);
    }
    ranges_.emplace(size, first);
    return true;
  }

 private:
  std::mutex mutex_;
  std::multimap<std::size_t, void*> ranges_;
  std::size_t bytes_ = 0;
  int keepers_ = 0;
  std::optional<std::filesystem::path> folder_;
};

FreeRanges& free_ranges() {
  static FreeRanges ranges;
  return ranges;
}

}  // namespace

void* map_bytes(std::size_t bytes, const std::filesystem::path* spill_folder, bool zeroed) {
  if (void* begin = free_ranges().take(in_pages(bytes)); begin != nullptr) {
    if (zeroed) std::memset(begin, 0, bytes);
    return begin;
  }
  const auto folder = in_pages(bytes) >= page_bytes ? free_ranges().folder() : std::nullopt;
  if (spill_folder != nullptr || folder) {
    const int file = unnamed_file(spill_folder != nullptr ? *spill_folder : *folder, in_pages(bytes));
    if (file < 0) throw std::bad_alloc();
    void* begin = ::mmap(nullptr, in_pages(bytes), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (begin == MAP_FAILED) throw std::bad_alloc();
    return begin;
  }
  void* begin = ::mmap(nullptr, in_pages(bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (begin == MAP_FAILED) throw std::bad_alloc();
  if (in_pages(bytes) >= page_bytes) ::madvise(begin, in_pages(bytes), MADV_HUGEPAGE);
  return begin;
}

void unmap_bytes(void* begin, std::size_t bytes) {
  if (!free_ranges().put(begin, in_pages(bytes))) ::munmap(begin, in_pages(bytes));
}

void* PagePool::take_bytes(std::size_t bytes) {
  constexpr std::size_t chunk_first = std::size_t{1} << 16, chunk_max = std::size_t{1} << 24, line = 64;
  bytes = (bytes + line - 1) / line * line;
  const std::lock_guard lock(taking_);
  if (chunks_.empty() || chunks_.back().size() - used_ < bytes) {
    const std::size_t wanted = chunks_.empty() ? chunk_first : std::min(4 * chunks_.back().size(), chunk_max);
    chunks_.emplace_back(std::max(wanted, bytes));
    used_ = 0;
  }
  return chunks_.back().data() + std::exchange(used_, used_ + bytes);
}

KeptPages::KeptPages(const std::filesystem::path* spill_folder) { free_ranges().keep(spill_folder); }
KeptPages::~KeptPages() { free_ranges().leave(); }

}  // namespace yihu::link

#include "link/buffer.h"

#include <cstdlib>
#include <new>
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

}  // namespace

void* map_bytes(std::size_t bytes, const std::filesystem::path* spill_folder) {
  const int file = spill_folder == nullptr ? -1 : unnamed_file(*spill_folder, bytes);
  if (spill_folder != nullptr && file < 0) throw std::bad_alloc();
  const int flags = file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
  void* begin = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, file, 0);
  if (file >= 0) ::close(file);
  if (begin == MAP_FAILED) throw std::bad_alloc();
  if (file < 0) ::madvise(begin, bytes, MADV_HUGEPAGE);
  return begin;
}

void unmap_bytes(void* begin, std::size_t bytes) { ::munmap(begin, bytes); }

}  // namespace yihu::link

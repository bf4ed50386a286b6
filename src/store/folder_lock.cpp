#include "store/folder_lock.h"

#include "store/file_text.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace yihu::store {

base::Error store_in_use(const std::string& who) {
  const auto number = who.empty() ? base::Text() : base::text("（进程 {}）", " (process {})", who);
  return base::fail(base::ErrorKind::conflict, "store_in_use",
                    {"另一个程序" + number.zh + "正在使用这个数据库。", "Another program" + number.en + " is using this store."},
                    base::text("请先停止那个程序，或改用它的网页。", "Stop that program first, or work through its pages."))
      .error();
}

base::Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  const auto file = folder / "lock";
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return base::fail(file_error(file, errno));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    char who[32] = {};
    const auto count = ::pread(descriptor, who, sizeof who - 1, 0);
    ::close(descriptor);
    return base::fail(store_in_use(std::string(who, count > 0 ? static_cast<std::size_t>(count) : 0)));
  }
  const auto number = std::to_string(::getpid());
  // The number is only for the other's sentence: the lock holds without it.
  if (::ftruncate(descriptor, 0) == 0) (void)!::pwrite(descriptor, number.data(), number.size(), 0);
  return FolderLock(descriptor);
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

}  // namespace yihu::store

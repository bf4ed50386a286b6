#include "store/file_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace yihu::store {
namespace {

/// Writes all of it and flushes; 0 or the system's code.
int written(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(descriptor) == 0 ? 0 : errno;
}

}  // namespace

base::Error file_error(const std::filesystem::path& file, int code) {
  if (code == ENOSPC || code == EDQUOT) {
    return base::fail(base::ErrorKind::unavailable, "disk_full",
                      base::text("磁盘已满，无法写入 {}。", "The disk is full, {} cannot be written.", file.string())).error();
  }
  return base::fail(base::ErrorKind::unavailable, "file_unusable",
                    base::text("无法读写 {}：{}。", "{} cannot be read or written: {}.", file.string(), std::strerror(code)),
                    base::text("请检查该目录的权限。", "Check who may use that folder.")).error();
}

base::Done flush_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return base::fail(file_error(folder, errno));
  const int code = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (code != 0) return base::fail(file_error(folder, code));
  return {};
}

base::Done write_durably(const std::filesystem::path& file, std::string_view text, unsigned mode) {
  auto beside = file;
  beside += ".new";
  ::unlink(beside.c_str());
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (descriptor < 0) return base::fail(file_error(file, errno));
  int code = written(descriptor, text);
  ::close(descriptor);
  if (code == 0 && ::rename(beside.c_str(), file.c_str()) != 0) code = errno;
  if (code != 0) {
    ::unlink(beside.c_str());
    return base::fail(file_error(file, code));
  }
  return flush_folder(file.has_parent_path() ? file.parent_path() : ".");
}

base::Result<std::string> read_whole(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) return base::fail(file_error(file, errno));
  return text;
}

}  // namespace yihu::store

#include "link/whole_file.h"

#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace yihu::link {

WholeFile::WholeFile(const std::filesystem::path& path) : path_(path), part_(path.string() + ".part" + std::to_string(::getpid())) {
  file_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
}

WholeFile::~WholeFile() {
  if (file_ >= 0) ::close(file_);
  if (!finished_) ::unlink(part_.c_str());
}

bool WholeFile::add_at(std::string_view text, std::size_t place) {
  while (file_ >= 0 && !text.empty()) {
    const ssize_t written = ::pwrite(file_, text.data(), text.size(), static_cast<off_t>(place));
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
    place += static_cast<std::size_t>(written);
  }
  return file_ >= 0;
}

base::Done WholeFile::finish(bool good, const base::Cancel& cancel) {
  if (cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已取消，没有写出任何结果。", "Cancelled; nothing was written."));
  const bool closed = file_ >= 0 && ::close(std::exchange(file_, -1)) == 0;
  finished_ = good && closed && std::rename(part_.c_str(), path_.c_str()) == 0;
  if (finished_) return {};
  return base::fail(base::ErrorKind::input, "file_not_written", base::text("写不了文件 {}。", "Cannot write the file {}.", path_.string()),
                    base::text("请检查文件夹是否存在、是否可写、磁盘是否已满。", "Check that the folder exists and can be written, and that the disk is not full."));
}

}  // namespace yihu::link

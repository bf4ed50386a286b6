#include "store/file_store.h"

#include "base/id.h"
#include "store/file_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>

namespace yihu::store {
namespace {

using base::ErrorKind;
using base::Result;
namespace filesystem = std::filesystem;

constexpr std::size_t chunk_bytes = 64 * 1024;
constexpr std::chrono::hours fresh_time{1};

bool is_hash(std::string_view text) {
  return text.size() == 2 * hash_size_bytes && std::ranges::all_of(text, [](char letter) {
           return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
         });
}

filesystem::path place_of(const filesystem::path& folder, std::string_view hash) {
  return folder / hash.substr(0, 2) / hash.substr(2);
}

std::unexpected<base::Error> missing() {
  return base::fail(ErrorKind::not_found, "file_missing", base::text("没有这个文件。", "There is no such file."));
}

std::unexpected<base::Error> damaged(std::string_view hash) {
  return base::fail(ErrorKind::unavailable, "file_damaged",
                    base::text("文件 {} 的内容已损坏。", "The file {} is damaged.", hash.substr(0, 12)),
                    base::text("请从备份恢复 files 目录。", "Restore the folder `files` from a backup."));
}

}  // namespace

struct FileStore::Draft::State {
  filesystem::path folder;
  filesystem::path beside;
  int descriptor = -1;
  std::int64_t size_bytes = 0;
  std::int64_t size_bytes_max = 0;
  Digest digest;
  std::shared_ptr<std::mutex> removal;

  ~State() {
    if (descriptor >= 0) ::close(descriptor);
    if (!beside.empty()) ::unlink(beside.c_str());
  }
};

FileStore::FileStore(filesystem::path folder, Algorithms algorithms)
    : folder_(std::move(folder)), algorithms_(algorithms), removal_(std::make_shared<std::mutex>()) {
  std::error_code ignored;
  filesystem::remove_all(folder_ / "new", ignored);
}

FileStore::Draft::Draft(std::unique_ptr<State> state) : state_(std::move(state)) {}
FileStore::Draft::~Draft() = default;
FileStore::Draft::Draft(Draft&&) noexcept = default;
FileStore::Draft& FileStore::Draft::operator=(Draft&&) noexcept = default;

Result<FileStore::Draft> FileStore::begin(std::int64_t size_bytes_max) {
  std::error_code failed;
  filesystem::create_directories(folder_ / "new", failed);
  if (failed) return base::fail(file_error(folder_, failed.value()));
  auto state = std::unique_ptr<Draft::State>(
      new Draft::State{folder_, folder_ / "new" / base::new_uuid(), -1, 0, size_bytes_max, Digest(algorithms_), removal_});
  state->descriptor = ::open(state->beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (state->descriptor < 0) return base::fail(file_error(state->beside, errno));
  return Draft(std::move(state));
}

base::Done FileStore::Draft::add(std::string_view bytes) {
  auto& state = *state_;
  if (static_cast<std::int64_t>(bytes.size()) > state.size_bytes_max - state.size_bytes) {
    return base::fail(ErrorKind::too_large, "file_too_large",
                      base::text("文件超过 {} 字节的上限。", "The file is larger than the limit of {} bytes.",
                                 state.size_bytes_max));
  }
  state.size_bytes += static_cast<std::int64_t>(bytes.size());
  state.digest.add(bytes);
  while (!bytes.empty()) {
    const auto count = ::write(state.descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return base::fail(file_error(state.beside, errno));
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<KeptFile> FileStore::Draft::finish() {
  const auto state = std::move(state_);
  KeptFile kept{hex(state->digest.finish()), state->size_bytes};
  const auto place = place_of(state->folder, kept.hash);
  std::error_code failed;
  {
    const std::lock_guard lock(*state->removal);
    if (filesystem::exists(place, failed)) {
      filesystem::last_write_time(place, filesystem::file_time_type::clock::now(), failed);  // fresh again
      return kept;
    }
  }
  if (::fsync(state->descriptor) != 0) return base::fail(file_error(state->beside, errno));
  const bool fresh = filesystem::create_directory(place.parent_path(), failed);
  if (failed) return base::fail(file_error(place, failed.value()));
  // Not written to again by anybody, this program included.
  ::fchmod(state->descriptor, 0400);
  if (::rename(state->beside.c_str(), place.c_str()) != 0) return base::fail(file_error(place, errno));
  state->beside.clear();
  TRY(flush_folder(place.parent_path()));
  if (fresh) TRY(flush_folder(state->folder));
  return kept;
}

Result<KeptFile> FileStore::keep(std::string_view bytes, std::int64_t size_bytes_max) {
  auto draft = TRY(begin(size_bytes_max));
  TRY(draft.add(bytes));
  return draft.finish();
}

bool FileStore::is_fresh(std::string_view hash) const {
  std::error_code failed;
  const auto at = is_hash(hash) ? filesystem::last_write_time(place_of(folder_, hash), failed) : filesystem::file_time_type::min();
  return !failed && at > filesystem::file_time_type::clock::now() - fresh_time;
}

bool FileStore::remove_unless_fresh(std::string_view hash) {
  const std::lock_guard lock(*removal_);
  std::error_code failed;
  return is_hash(hash) && !is_fresh(hash) && filesystem::remove(place_of(folder_, hash), failed);
}

Result<filesystem::path> FileStore::find(std::string_view hash) const {
  std::error_code failed;
  // Anything but a hash could name a file outside the folder.
  if (!is_hash(hash) || !filesystem::is_regular_file(place_of(folder_, hash), failed)) return missing();
  return place_of(folder_, hash);
}

Result<std::string> FileStore::read(std::string_view hash) const {
  const auto place = TRY(find(hash));
  auto content = TRY(read_whole(place));
  Digest digest(algorithms_);
  digest.add(content);
  if (hex(digest.finish()) != hash) return damaged(hash);
  return content;
}

base::Done FileStore::check(std::string_view hash) const {
  const auto place = TRY(find(hash));
  std::ifstream in(place, std::ios::binary);
  Digest digest(algorithms_);
  std::string chunk(chunk_bytes, '\0');
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0) {
    digest.add({chunk.data(), static_cast<std::size_t>(in.gcount())});
  }
  if (hex(digest.finish()) != hash) return damaged(hash);
  return {};
}

Result<FileCheck> FileStore::check_all(const base::Progress& progress, const base::Cancel& cancel) const {
  std::vector<std::string> hashes;
  std::error_code failed;
  for (const auto& group : filesystem::directory_iterator(folder_, failed)) {
    for (const auto& file : filesystem::directory_iterator(group.path(), failed)) {
      auto hash = group.path().filename().string() + file.path().filename().string();
      if (is_hash(hash)) hashes.push_back(std::move(hash));
    }
  }
  std::ranges::sort(hashes);
  FileCheck found;
  for (auto& hash : hashes) {
    if (cancel.asked()) {
      return base::fail(ErrorKind::cancelled, "cancelled", base::text("已停止核对。", "The verification was stopped."));
    }
    ++found.files;
    if (!check(hash)) found.damaged.push_back(std::move(hash));
    if (progress) progress(found.files, static_cast<std::int64_t>(hashes.size()));
  }
  return found;
}

}  // namespace yihu::store

#include "sheet/zip_edit.h"

#include "sheet/xlsx_memory.h"

#include <zip.h>

#include <algorithm>
#include <optional>

namespace yihu::sheet {
namespace {

/// A patch as libzip reads it, and what went wrong in it.
struct Feed {
  SheetPatch* patch = nullptr;
  std::optional<base::Error> problem;
};

zip_int64_t give(void* user, void* data, zip_uint64_t size, zip_source_cmd_t command) {
  Feed& feed = *static_cast<Feed*>(user);
  switch (command) {
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
    case ZIP_SOURCE_READ: {
      auto got = feed.patch->read(static_cast<char*>(data), size);
      if (got) return static_cast<zip_int64_t>(*got);
      feed.problem = std::move(got).error();
      return -1;
    }
    case ZIP_SOURCE_STAT:
      zip_stat_init(static_cast<zip_stat_t*>(data));
      return sizeof(zip_stat_t);
    case ZIP_SOURCE_ERROR: {
      const int error[2] = {ZIP_ER_READ, 0};
      std::copy_n(error, 2, static_cast<int*>(data));
      return sizeof error;
    }
    default: return 0;
  }
}

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};

}  // namespace

base::Result<std::string> ZipEdit::finish() {
  zip_error_t error;
  zip_error_init(&error);
  const std::unique_ptr<zip_source_t, FreeSource> target(zip_source_buffer_create(bytes_.data(), bytes_.size(), 0, &error));
  if (target == nullptr) return workbook_not_written();
  zip_source_keep(target.get());
  std::unique_ptr<zip_t, Discard> archive(zip_open_from_source(target.get(), 0, &error));
  zip_error_fini(&error);
  if (archive == nullptr) {
    zip_source_free(target.get());
    return workbook_not_written();
  }
  std::vector<std::unique_ptr<Feed>> feeds;
  const auto put = [&](const std::string& part, zip_source_t* source) {
    if (source == nullptr) return false;
    const zip_int64_t at = zip_file_add(archive.get(), part.c_str(), source, ZIP_FL_OVERWRITE | ZIP_FL_ENC_UTF_8);
    if (at < 0) zip_source_free(source);
    const auto time = static_cast<time_t>(std::max<std::int64_t>(written_.microseconds / 1'000'000, 315'619'200));  // a zip cannot say less than 1980
    return at >= 0 && zip_file_set_mtime(archive.get(), static_cast<zip_uint64_t>(at), time, 0) == 0;
  };
  bool all = true;
  for (const auto& [part, content] : contents_) all = all && put(part, zip_source_buffer(archive.get(), content.data(), content.size(), 0));
  for (const auto& [part, patch] : patches_) {
    feeds.push_back(std::make_unique<Feed>(Feed{patch.get(), {}}));
    all = all && put(part, zip_source_function(archive.get(), give, feeds.back().get()));
  }
  if (!all) return workbook_not_written();
  const bool closed = zip_close(archive.get()) == 0;
  if (closed) static_cast<void>(archive.release());
  for (const auto& feed : feeds) {
    if (feed->problem) return base::fail(std::move(*feed->problem));
  }
  if (!closed || zip_source_open(target.get()) != 0) return workbook_not_written();
  zip_source_seek(target.get(), 0, SEEK_END);
  std::string out(static_cast<std::size_t>(std::max<zip_int64_t>(zip_source_tell(target.get()), 0)), '\0');
  zip_source_seek(target.get(), 0, SEEK_SET);
  const bool whole = zip_source_read(target.get(), out.data(), out.size()) == static_cast<zip_int64_t>(out.size());
  zip_source_close(target.get());
  if (!whole) return workbook_not_written();
  return out;
}

}  // namespace yihu::sheet

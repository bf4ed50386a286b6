#include "engine/library.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace yihu::engine {
namespace {

namespace files = std::filesystem;

base::Result<files::path> library_file() {
  std::error_code error;
  if (const char* chosen = std::getenv("YIHU_DUCKDB"); chosen != nullptr) return files::path(chosen);
  const files::path program = files::read_symlink("/proc/self/exe", error);
  for (const char* beside : {"../../../.cache/engine/libduckdb.so", "../../lib/yihu/libduckdb.so"}) {
    const files::path file = (program / beside).lexically_normal();
    if (files::exists(file, error)) return file;
  }
  return base::fail(base::ErrorKind::unavailable, "engine_missing",
                    base::text("找不到 DuckDB 的程序库。", "DuckDB's library is not to be found."),
                    base::text("请运行 ./start 下载，或用环境变量 YIHU_DUCKDB 指明 libduckdb.so。",
                               "Run ./start, which fetches it, or name libduckdb.so in the environment variable YIHU_DUCKDB."));
}

std::unexpected<base::Error> unreadable(const files::path& file, std::string_view why) {
  return base::fail(base::ErrorKind::unavailable, "engine_unreadable",
                    base::text("DuckDB 的程序库 {} 用不了：{}。", "DuckDB's library {} cannot be used: {}.", file.string(), why),
                    base::text("请重新运行 ./start。", "Run ./start again."));
}

base::Result<Library> load() {
  const files::path file = TRY(library_file());
  // Its symbols are kept to itself; it brings a standard library of its own.
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return unreadable(file, dlerror());
  Library found(handle);
  if (!found.missing().empty()) return unreadable(file, found.missing());
  const std::string_view version = found.library_version();
  if (!version.starts_with("v1.")) return unreadable(file, version);
  return found;
}

}  // namespace

Symbols::Found Symbols::operator()(const char* name) {
  void* address = dlsym(handle_, name);
  if (address == nullptr) missing_ = name;
  return {address};
}

base::Result<const Library*> library() {
  static std::mutex mutex;
  static std::optional<Library> loaded;
  const std::lock_guard lock(mutex);
  if (!loaded) loaded = TRY(load());
  return &*loaded;
}

}  // namespace yihu::engine

#pragma once
// The browser application's files, read once when the server starts. What is not in the folder then cannot be asked
// for, so no path of a request ever reaches the file system.

#include "http/answer_cache.h"

#include <filesystem>

namespace yihu::http {

class WebFiles {
 public:
  static constexpr std::size_t bytes_max = 64 << 20;

  /// No folder: the server still answers the API, and the start page says what is missing.
  /// Errors: unavailable, when a file cannot be read; too_large
  static base::Result<WebFiles> load(const std::filesystem::path& folder);

  /// @param path decoded, beginning with '/'
  /// @returns the file; index.html for the application's own addresses; nullptr when there is no such file
  std::shared_ptr<const KeptAnswer> find(std::string_view path) const;

 private:
  std::map<std::string, std::shared_ptr<const KeptAnswer>, std::less<>> files_;
};

}  // namespace yihu::http

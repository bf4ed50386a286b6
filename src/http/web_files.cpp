#include "http/web_files.h"

#include "http/gzip.h"

#include <fstream>
#include <iterator>

namespace yihu::http {
namespace {

namespace fs = std::filesystem;

struct Kind {
  std::string_view ending;
  std::string_view content_type;
};
constexpr Kind kinds[] = {
    {".html", "text/html; charset=utf-8"},       {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},  {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},               {".svg", "image/svg+xml"},
    {".png", "image/png"},                       {".jpg", "image/jpeg"},
    {".webp", "image/webp"},                     {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},                    {".woff", "font/woff"},
    {".txt", "text/plain; charset=utf-8"},       {".webmanifest", "application/manifest+json"},
    {".map", "application/json"},                {".wasm", "application/wasm"},
};

// Scripts, styles and data from this server only. Pictures may also be inline (icons in style sheets) or made in the
// page (previews of a file about to be sent).
constexpr std::string_view page_policy =
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

std::string content_type_of(std::string_view path) {
  for (const Kind& kind : kinds) {
    if (path.ends_with(kind.ending)) return std::string(kind.content_type);
  }
  return "application/octet-stream";
}

base::Result<std::string> bytes_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.good() && !stream.eof()) {
    return base::fail(base::ErrorKind::unavailable, "web_file_unreadable",
                      base::text("读不了网页文件 {}。", "The web file {} cannot be read.", path.string()),
                      base::text("请检查文件权限。", "Check its permissions."));
  }
  return bytes;
}

Response missing_page() {
  Response page;
  page.status = 503;
  page.content_type = "text/html; charset=utf-8";
  page.body =
      "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>一户</title>"
      "<p>网页尚未生成，请运行 ./start。</p><p lang=\"en\">The web application has not been built: run ./start.</p></html>";
  return page;
}

/// Vite puts a hash of the content into the names below assets/, so such a file never changes.
Response file_response(std::string_view path, std::string bytes) {
  Response response;
  response.content_type = content_type_of(path);
  response.body = std::move(bytes);
  const bool hashed = path.starts_with("/assets/");
  response.headers.emplace_back("Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
  if (response.content_type.starts_with("text/html")) {
    response.headers.emplace_back("Content-Security-Policy", page_policy);
  }
  return response;
}

}  // namespace

base::Result<WebFiles> WebFiles::load(const fs::path& folder) {
  WebFiles web;
  std::error_code problem;
  std::size_t bytes_total = 0;
  if (fs::is_directory(folder, problem)) {
    for (const auto& entry : fs::recursive_directory_iterator(folder, problem)) {
      // A link could lead out of the folder.
      if (entry.is_symlink() || !entry.is_regular_file() || entry.path().extension() == ".gz") continue;
      const std::string path = "/" + entry.path().lexically_relative(folder).generic_string();
      std::string bytes = TRY(bytes_of(entry.path()));
      fs::path packed = entry.path();
      packed += ".gz";
      std::string gzip = fs::is_regular_file(packed, problem) ? TRY(bytes_of(packed)) : std::string();
      bytes_total += bytes.size() + gzip.size();
      if (bytes_total > bytes_max) {
        return base::fail(base::ErrorKind::too_large, "web_too_large",
                          base::text("网页文件夹 {} 超过 64 MB。", "The web folder {} holds more than 64 MB.", folder.string()));
      }
      auto kept = std::make_shared<KeptAnswer>();
      Response response = file_response(path, std::move(bytes));
      kept->etag = hash_of(response.body);
      kept->body = std::move(response.body);
      kept->gzip = std::move(gzip);
      kept->content_type = std::move(response.content_type);
      kept->headers = std::move(response.headers);
      web.files_.emplace(path, std::move(kept));
    }
  }
  if (!web.files_.contains("/index.html")) web.files_["/index.html"] = kept_from(missing_page());
  return web;
}

std::shared_ptr<const KeptAnswer> WebFiles::find(std::string_view path) const {
  if (const auto file = files_.find(path); file != files_.end()) return file->second;
  // The application's addresses have no ending; a missing script must not become a page.
  const auto last = path.substr(path.rfind('/') + 1);
  if (last.find('.') != last.npos) return nullptr;
  return files_.find("/index.html")->second;
}

}  // namespace yihu::http

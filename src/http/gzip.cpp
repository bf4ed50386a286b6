#include "http/gzip.h"

#include <sodium.h>
#include <zlib.h>

#include <algorithm>
#include <array>

namespace yihu::http {
namespace {

constexpr std::size_t bytes_min = 1024;
// With 16 added to the window zlib writes gzip's own head and tail.
constexpr int gzip_window_bits = 15 + 16;

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

std::string gzip(std::string_view bytes, Effort effort) {
  z_stream stream{};
  const int level = effort == Effort::once ? 6 : 1;
  if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(whole ? stream.total_out : 0);
  deflateEnd(&stream);
  return out;
}

bool pays(std::size_t bytes, std::string_view content_type) {
  const bool is_text = content_type.starts_with("text/") || content_type.find("json") != content_type.npos ||
                       content_type.find("javascript") != content_type.npos ||
                       content_type.starts_with("image/svg");
  return bytes > bytes_min && is_text;
}

bool accepts_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const std::string_view item = accept_encoding.substr(0, accept_encoding.find(','));
    accept_encoding.remove_prefix(std::min(accept_encoding.size(), item.size() + 1));
    const std::string_view coding = trimmed(item.substr(0, item.find(';')));
    if (coding != "gzip" && coding != "*") continue;
    const auto quality = item.find("q=");
    return quality == item.npos || item.substr(quality + 2).find_first_of("123456789") != item.npos;
  }
  return false;
}

std::string hash_of(std::string_view bytes) {
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                     nullptr, 0);
  std::string out(hash.size() * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), hash.data(), hash.size());
  out.pop_back();
  return out;
}

}  // namespace yihu::http

#pragma once
// Compression of answers, and the hash that serves as their ETag.

#include <string>
#include <string_view>

namespace yihu::http {

enum class Effort {
  each,   ///< for an answer made for one request: quick
  once,   ///< for one that is kept and given often: small
};

std::string gzip(std::string_view bytes, Effort effort);

/// Texts over 1 KB; pictures and workbooks are compressed already.
bool pays(std::size_t bytes, std::string_view content_type);

/// True when Accept-Encoding names gzip and does not refuse it.
bool accepts_gzip(std::string_view accept_encoding);

/// BLAKE2b, 16 bytes, hexadecimal.
std::string hash_of(std::string_view bytes);

}  // namespace yihu::http

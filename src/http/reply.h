#pragma once
// The bytes of an answer's head.

#include "http/answer_cache.h"

namespace yihu::http {

struct Reply {
  std::string head;
  std::string_view body;   ///< of the response, or of the kept answer it refers to
};

struct ReplyOptions {
  bool gzip = false;         ///< the reader takes it
  bool head_only = false;    ///< HEAD: the length stands there, the body does not
  bool keep_alive = true;
  bool stream = false;       ///< no length: ends with the connection
  std::string_view request;
  std::string_view date;     ///< "Mon, 23 Nov 2026 16:00:00 GMT"
};

/// Refers to `response`, which must stay.
Reply reply_from(const Response& response, const ReplyOptions& options);

/// Of the Date header; `seconds` since 1970.
std::string http_date(std::int64_t seconds);

}  // namespace yihu::http

#include "http/response.h"

namespace yihu::http {
namespace {

/// RFC 5987: everything but letters, digits and a few signs as %XX, so that any name fits into a header.
std::string percent(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       byte == '-' || byte == '.' || byte == '_';
    if (plain) out += letter;
    else out += fmt::format("%{:02X}", byte);
  }
  return out;
}

}  // namespace

Response nothing() {
  Response response;
  response.status = 204;
  response.content_type.clear();
  return response;
}

Response attachment(std::string bytes, std::string content_type, std::string_view file_name) {
  Response response;
  response.body = std::move(bytes);
  response.content_type = std::move(content_type);
  response.headers.emplace_back("Content-Disposition", "attachment; filename*=UTF-8''" + percent(file_name));
  response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; sandbox");
  return response;
}

base::Done expect_version(const Request& request, std::string_view etag) {
  if (request.if_match && (*request.if_match == etag || *request.if_match == "*")) return {};
  return base::fail(base::ErrorKind::stale, "stale",
                    base::text("在您打开之后，别人已经改过。", "Somebody has changed it since you opened it."),
                    base::text("请重新打开，再改一次。", "Open it again and repeat your change."));
}

std::pair<std::string, std::string> session_cookie(std::string_view token, int age_seconds_max, bool secure) {
  return {"Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", session_cookie_name,
                                    token, age_seconds_max, secure ? "; Secure" : "")};
}

std::pair<std::string, std::string> session_cookie_cleared() { return session_cookie("", 0, false); }

}  // namespace yihu::http

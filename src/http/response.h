#pragma once
// What routes say beside a JSON body: nothing, a file, a version to edit, a cookie.

#include "http/route.h"

namespace yihu::http {

/// 204, no body.
Response nothing();

/// Bytes to be saved, never shown: Content-Disposition with the name in UTF-8, and a policy that forbids scripts.
Response attachment(std::string bytes, std::string content_type, std::string_view file_name);

/// For routes that edit: the version the client read must still be the one stored.
/// Errors: stale
base::Done expect_version(const Request& request, std::string_view etag);

constexpr std::string_view session_cookie_name = "yihu_session";
/// The header that sets the session cookie: HttpOnly, SameSite=Strict, Path=/.
std::pair<std::string, std::string> session_cookie(std::string_view token, int age_seconds_max, bool secure);
std::pair<std::string, std::string> session_cookie_cleared();

}  // namespace yihu::http

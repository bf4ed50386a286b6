#pragma once
// What is stored of an answered write, so that the same operation again gets the same answer.

#include "http/route.h"

namespace yihu::http {

/// @param print tells requests apart: an operation id belongs to one request only
/// @param once the answer holds a secret: only that it was given is stored
store::Answer stored_from(const Response& response, const std::string& print, bool once);

/// Errors: conflict, when the id was used for another request, or the answer can be given only once
base::Result<Response> response_from_stored(const store::Answer& stored, const std::string& print);

/// 1 to 64 letters, digits, dashes and underscores; clients send a UUID.
bool is_operation(std::string_view text);

}  // namespace yihu::http

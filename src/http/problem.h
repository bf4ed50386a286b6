#pragma once
// Errors → application/problem+json (RFC 9457). The only place that maps kinds of error to status codes.

#include "http/route.h"

namespace yihu::http {

int status_of(base::ErrorKind kind);

/// {type, title, status, code, detail, mend, errors: [{field, code, detail, mend}]} in the reader's language.
/// `errors` lists every mistake that has a field or a line; an internal error tells nothing of its inside.
Response problem_from(const base::Error& error, base::Language language);
/// The same under a status that HTTP itself asks for (405, 415, 428 …).
Response problem_from(const base::Error& error, base::Language language, int status);

/// The schema of what the above gives.
boost::json::value problem_schema();

}  // namespace yihu::http

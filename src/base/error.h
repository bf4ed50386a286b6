#pragma once
// One kind of error for the whole program. Only `http` knows status codes, only `app` knows exit codes.

#include "base/text.h"

#include <string>
#include <vector>

namespace yihu::base {

enum class ErrorKind {
  input,        ///< what was given is wrong; `place` says where, `mend` what would put it right
  not_found,    ///< there is no such thing, or the viewer may not know of it
  denied,       ///< signed in, but not allowed to do this
  signed_out,   ///< no session, or it has ended
  conflict,     ///< it contradicts what is stored
  stale,        ///< somebody changed it since it was read
  too_large,    ///< a limit on size, named in the text
  too_many,     ///< a limit on rate, named in the text
  unavailable,  ///< something outside (disk, network, other program) did not do its part
  cancelled,    ///< stopped by whoever asked for it
  internal,     ///< our mistake
};

/// Where a mistake stands. Lines and columns count from 1, in code points; 0 means "does not apply".
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
  std::string cell;   ///< a worksheet address such as "Sheet1!C7"
  std::string field;  ///< a JSON pointer such as "/units/0/name"
  bool operator==(const Place&) const = default;
};

struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string code;          ///< stable name for programs, such as "unit_unknown"
  Text text;                 ///< one clear sentence: what is wrong. Never personal data
  Text mend;                 ///< what would put it right; may be empty
  Place place;
  std::vector<Error> also;   ///< further mistakes of the same input, each with its own place

  Error&& at(Place where) && { place = std::move(where); return std::move(*this); }
  Error&& mended_by(Text how) && { mend = std::move(how); return std::move(*this); }
};

/// "file:line:column: text (mend)" for a terminal, one line per mistake.
std::string describe(const Error& error, Language language);

}  // namespace yihu::base

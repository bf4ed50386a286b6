#pragma once
// The person behind a session, as every request meets him.

#include "access/viewer.h"

#include <string>

namespace yihu::access {

struct Visitor {
  Viewer viewer;
  std::string session;     ///< its id; never the token
  std::string csrf_token;  ///< what a write must bring beside the cookie
};

}  // namespace yihu::access

#pragma once
// Answers and the headers that go with them.

#include "http/json_from.h"
#include "http/route.h"

#include <boost/json/serialize.hpp>

namespace yihu::http {

/// A described value as JSON: `return answer(board, request.language);`
template <class T>
Response answer(const T& value, base::Language language, int status = 200) {
  Response response;
  response.status = status;
  response.body = boost::json::serialize(json_from(value, language));
  return response;
}

}  // namespace yihu::http

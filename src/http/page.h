#pragma once
// Lists by key: the client gives back the opaque `next` of the last answer, so a list stays right while it grows.

#include "http/route.h"

#include <boost/json/object.hpp>

#include <initializer_list>

namespace yihu::http {

struct Page {
  std::vector<std::string> after;   ///< the last row's key, part by part; empty for the first page
  int limit = 50;
};

/// Reads ?after= and ?limit=; give `page_schema()` (or its properties) as the route's query_schema.
/// @param parts how many parts a key of this list has
/// Errors: input, when `after` is not a key this list gave
base::Result<Page> page_from(const Request& request, std::size_t parts);

/// {"after": …, "limit": …}, joined with a list's own parameters.
boost::json::value page_schema(boost::json::object own = {});

/// The opaque key of a row.
std::string key_from(std::initializer_list<std::string_view> parts);

}  // namespace yihu::http

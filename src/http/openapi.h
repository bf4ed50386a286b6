#pragma once
// The table as an OpenAPI 3.1 file. The browser's types are generated from it, and a test holds answers against it.

#include "http/route.h"

#include <boost/json/object.hpp>

#include <span>

namespace yihu::http {

/// Schemas with a title are listed once under that name (components/schemas); one that stands in bodies and answers
/// with different rules is called …Input where it is a body's.
boost::json::object openapi_from(std::span<const Route> routes, std::string_view version);

}  // namespace yihu::http

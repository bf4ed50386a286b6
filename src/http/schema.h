#pragma once
// Checks JSON against the part of JSON Schema that our tables use, and says every mistake with its field.
// Known keywords: type (one or several), properties, required, additionalProperties, items, enum, anyOf, minLength,
// maxLength, minimum, maximum, minItems, maxItems, format (uuid, date, date-time). Lengths count code points.

#include "base/result.h"
#include "http/route.h"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace yihu::http {

/// What a text or list may hold when its schema sets no limit.
constexpr std::int64_t text_code_points_max = 4000;
constexpr std::int64_t list_items_max = 1000;
/// Beyond so many mistakes the rest is not worth reading.
constexpr std::size_t mistakes_max = 100;
constexpr std::size_t json_depth_max = 32;

/// @returns every mistake, each with a JSON pointer as its place; empty when the value fits
std::vector<base::Error> mistakes_of(const boost::json::value& value, const boost::json::value& schema);

/// Parses a body and checks it. Errors: input (json_broken with line and column, or all mistakes by field).
base::Result<boost::json::value> checked_json(std::string_view body, const boost::json::value& schema);

/// Checks a decoded query: unknown names, missing ones, and values that are not what the schema says.
/// A parameter is required when its schema says `"required": true`.
base::Done check_query(const Named& query, const boost::json::value& query_schema);

base::Error mistake_missing(std::string pointer);
/// @param shape a JSON type, a format, or "enum"
base::Error mistake_shape(std::string pointer, std::string_view shape);

}  // namespace yihu::http

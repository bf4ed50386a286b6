#include "http/schema_from.h"

#include <cassert>

namespace yihu::http {
namespace {

using boost::json::value;

/// The part of an optional's schema that is not null.
value& meant(value& schema) {
  if (value* options = schema.as_object().if_contains("anyOf")) return options->as_array().front();
  return schema;
}

value& schema_at(value& schema, std::string_view pointer) {
  value& here = meant(schema);
  if (pointer.empty()) return here;
  pointer.remove_prefix(1);
  const std::string_view key = pointer.substr(0, pointer.find('/'));
  value* next = key == "*" ? here.as_object().if_contains("items")
                           : here.as_object().at("properties").as_object().if_contains(key);
  assert(next != nullptr && "a limit names a field that the struct does not have");
  return schema_at(*next, pointer.substr(key.size()));
}

}  // namespace

value limited(value schema, std::initializer_list<Limit> limits) {
  for (const Limit& limit : limits) {
    auto& object = schema_at(schema, limit.field).as_object();
    for (const auto& [keyword, setting] : limit.keywords.as_object()) object[keyword] = setting;
  }
  return schema;
}

}  // namespace yihu::http

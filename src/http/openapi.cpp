#include "http/openapi.h"

#include "http/problem.h"
#include "http/router.h"

#include <boost/json/array.hpp>

#include <cassert>

namespace yihu::http {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::string;
using boost::json::value;

value text_schema() { return object{{"type", "string"}}; }

object parameter(std::string_view name, const char* place, bool required, value schema) {
  return {{"name", string(name)}, {"in", place}, {"required", required}, {"schema", std::move(schema)}};
}

/// Moves titled schemas to components/schemas and leaves references.
class Schemas {
 public:
  value lifted(const value& schema, bool body) {
    if (schema.is_array()) {
      array out;
      for (const value& item : schema.get_array()) out.push_back(lifted(item, body));
      return out;
    }
    if (!schema.is_object()) return schema;
    object out;
    for (const auto& [key, inner] : schema.get_object()) {
      if (key != "title") out.emplace(key, lifted(inner, body));
    }
    const value* title = schema.get_object().if_contains("title");
    // A struct may have a field called title, whose schema is no text.
    if (!title || !title->is_string()) {
      if (title) out.emplace("title", lifted(*title, body));
      return out;
    }
    return reference(std::string(title->get_string()), std::move(out), body);
  }

  object take() { return std::move(schemas_); }

 private:
  value reference(std::string name, object schema, bool body) {
    // Components are only ever compared when two types share a name.
    const value* known = schemas_.if_contains(name);
    if (known && *known != value(schema) && body) name += "Input";
    known = schemas_.if_contains(name);
    assert((!known || *known == value(schema)) && "two different types have one name in the API");
    if (!known) schemas_.emplace(name, std::move(schema));
    return object{{"$ref", "#/components/schemas/" + name}};
  }

  object schemas_;
};

array parameters_of(const Route& route) {
  array parameters;
  for (const std::string& name : parameter_names(route.path)) {
    parameters.push_back(parameter(name, "path", true, text_schema()));
  }
  if (route.query_schema.is_object()) {
    for (const auto& [name, schema] : route.query_schema.get_object()) {
      object inner = schema.as_object();
      const value* required = inner.if_contains("required");
      const bool needed = required && required->is_bool() && required->get_bool();
      inner.erase("required");
      parameters.push_back(parameter(name, "query", needed, std::move(inner)));
    }
  }
  if (is_sent(route) && route.entry == Entry::session) parameters.push_back(parameter("X-CSRF-Token", "header", true, text_schema()));
  if (writes(route) && route.entry == Entry::session) {
    parameters.push_back(parameter("Operation-Id", "header", false, object{{"type", "string"}, {"maxLength", 64}}));
  }
  if (route.edits) parameters.push_back(parameter("If-Match", "header", true, text_schema()));
  return parameters;
}

object content_of(std::string_view type, value schema) {
  return {{string(type), object{{"schema", std::move(schema)}}}};
}

object answers_of(const Route& route, Schemas& schemas) {
  object good{{"description", "The answer."}};
  if (std::holds_alternative<Stream>(route.handler)) {
    good.emplace("content", content_of("text/event-stream", text_schema()));
  } else if (!route.answer_schema.is_null()) {
    good.emplace("content", content_of("application/json", schemas.lifted(route.answer_schema, false)));
  } else if (route.answer_status != 204) {
    good.emplace("content", content_of(route.answer_type, object{}));
  }
  object answers;
  answers.emplace(std::to_string(route.answer_status), std::move(good));
  answers.emplace("default",
                  object{{"description", "What is wrong, and what would put it right."},
                         {"content", content_of("application/problem+json", schemas.lifted(problem_schema(), false))}});
  return answers;
}

object operation_of(const Route& route, Schemas& schemas) {
  object operation{{"operationId", route.name}, {"summary", route.summary.en}, {"description", route.summary.zh}};
  if (array parameters = parameters_of(route); !parameters.empty()) operation.emplace("parameters", std::move(parameters));
  if (!route.body_schema.is_null()) {
    operation.emplace("requestBody",
                      object{{"required", true},
                             {"content", content_of("application/json", schemas.lifted(route.body_schema, true))}});
  } else if (route.takes_bytes) {
    operation.emplace("requestBody",
                      object{{"required", true}, {"content", content_of("application/octet-stream", object{})}});
  }
  operation.emplace("responses", answers_of(route, schemas));
  operation.emplace("security", route.entry == Entry::open ? array{} : array{object{{"session", array{}}}});
  return operation;
}

std::string_view key_of_method(Method method) {
  switch (method) {
    case Method::get: return "get";
    case Method::post: return "post";
    case Method::put: return "put";
    case Method::patch: return "patch";
    case Method::remove: return "delete";
  }
  return "";
}

}  // namespace

object openapi_from(std::span<const Route> routes, std::string_view version) {
  Schemas schemas;
  object paths;
  // Answers first: where a type stands in both, the plain name is the answer's.
  for (const Route& route : routes) (void)schemas.lifted(route.answer_schema, false);
  for (const Route& route : routes) {
    value& path = paths[route.path];
    if (path.is_null()) path.emplace_object();
    path.as_object().emplace(key_of_method(route.method), operation_of(route, schemas));
  }
  return {{"openapi", "3.1.0"},
          {"info", object{{"title", "Yihu"}, {"version", string(version)}, {"license", object{{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
          {"paths", std::move(paths)},
          {"components",
           object{{"schemas", schemas.take()},
                  {"securitySchemes",
                   object{{"session", object{{"type", "apiKey"}, {"in", "cookie"}, {"name", "yihu_session"}}}}}}}};
}

}  // namespace yihu::http

#pragma once
// Types → JSON Schema (2020-12, as OpenAPI 3.1 uses it). A struct's schema carries its name as `title`; the OpenAPI
// file lists it once under that name.

#include "http/described.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <initializer_list>

namespace yihu::http {

/// In an answer every field stands there, null when empty. In a body optional fields may be left out or null,
/// and fields that do not belong there are mistakes.
enum class Side { answer, body };

namespace schema {

inline boost::json::value nullable(boost::json::value schema) {
  boost::json::object& object = schema.as_object();
  if (object.empty()) return schema;   // anything, so null too
  if (object.contains("title") || !object.contains("type")) {
    return {{"anyOf", boost::json::array{std::move(schema), {{"type", "null"}}}}};
  }
  if (object.at("type").is_string()) object["type"] = boost::json::array{object.at("type"), "null"};
  if (object.contains("enum")) object.at("enum").as_array().push_back(nullptr);
  return schema;
}

template <class T>
boost::json::value of(Side side);

template <class T>
boost::json::value of_struct(Side side) {
  boost::json::object properties;
  boost::json::array required;
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto member) {
    using Field = std::remove_cvref_t<decltype(std::declval<T>().*member.pointer)>;
    properties.emplace(key_of(member.name), of<Field>(side));
    if (side == Side::answer || !IsOptional<Field>::value) required.emplace_back(key_of(member.name));
  });
  boost::json::object object{{"type", "object"}};
  if constexpr (IsList<T>::value) {
    using Item = typename decltype(T::items)::value_type;
    object.emplace("title", std::string(name_of<Item>()) + "List");
  } else {
    object.emplace("title", name_of<T>());
  }
  object.emplace("properties", std::move(properties));
  if (!required.empty()) object.emplace("required", std::move(required));
  if (side == Side::body) object.emplace("additionalProperties", false);
  return object;
}

template <class T>
boost::json::value of(Side side) {
  if constexpr (std::is_same_v<T, boost::json::value>) {
    return boost::json::object{};
  } else if constexpr (std::is_same_v<T, boost::json::object>) {
    return {{"type", "object"}};
  } else if constexpr (std::is_same_v<T, boost::json::array>) {
    return {{"type", "array"}, {"items", boost::json::object{}}};
  } else if constexpr (std::is_same_v<T, bool>) {
    return {{"type", "boolean"}};
  } else if constexpr (std::is_integral_v<T>) {
    return {{"type", "integer"}};
  } else if constexpr (std::is_floating_point_v<T>) {
    return {{"type", "number"}};
  } else if constexpr (std::is_convertible_v<const T&, std::string_view> || std::is_same_v<T, base::Text>) {
    return {{"type", "string"}};
  } else if constexpr (IsId<T>::value) {
    return {{"type", "string"}, {"format", "uuid"}};
  } else if constexpr (std::is_same_v<T, base::Date>) {
    return {{"type", "string"}, {"format", "date"}};
  } else if constexpr (std::is_same_v<T, base::Instant>) {
    return {{"type", "string"}, {"format", "date-time"}};
  } else if constexpr (std::is_same_v<T, base::Span>) {
    return {{"type", "array"}, {"items", {{"type", "integer"}}}, {"minItems", 2}, {"maxItems", 2}};
  } else if constexpr (IsOptional<T>::value) {
    return nullable(of<typename T::value_type>(side));
  } else if constexpr (IsSequence<T>::value) {
    return {{"type", "array"}, {"items", of<typename T::value_type>(side)}};
  } else if constexpr (IsTextMap<T>::value) {
    return {{"type", "object"}, {"additionalProperties", of<typename T::mapped_type>(side)}};
  } else if constexpr (DescribedEnum<T>) {
    boost::json::array names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto enumerator) { names.emplace_back(key_of(enumerator.name)); });
    return {{"type", "string"}, {"enum", std::move(names)}};
  } else if constexpr (DescribedStruct<T>) {
    return of_struct<T>(side);
  } else {
    static_assert(not_known_as_json<T>, "describe the struct or enum (BOOST_DESCRIBE_STRUCT) to give it a schema");
  }
}

}  // namespace schema

/// The schema of an answer.
template <class T>
boost::json::value schema_of() {
  return schema::of<T>(Side::answer);
}

/// The schema of a request's body; `limits` narrow it: body_schema_of<NewUnit>({{"/name", {{"maxLength", 60}}}}).
struct Limit {
  const char* field;              ///< JSON pointer through properties: "/name", "/units/*/name" for an array's items
  boost::json::value keywords;    ///< minLength, maxLength (code points), minimum, maximum, minItems, maxItems …
};
boost::json::value limited(boost::json::value schema, std::initializer_list<Limit> limits);

template <class T>
boost::json::value body_schema_of(std::initializer_list<Limit> limits = {}) {
  return limited(schema::of<T>(Side::body), limits);
}

}  // namespace yihu::http

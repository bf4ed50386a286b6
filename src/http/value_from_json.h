#pragma once
// JSON → described structs. The endpoint has checked the body against the route's schema before, so a mistake
// found here is one the schema could not say; all are reported together, each by its JSON pointer.

#include "http/described.h"
#include "http/schema.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace yihu::http {

namespace reading {

template <class T>
void read(const boost::json::value& json, T& into, const std::string& pointer, std::vector<base::Error>& mistakes);

template <class T>
void read_struct(const boost::json::object& object, T& into, const std::string& pointer,
                 std::vector<base::Error>& mistakes) {
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto member) {
    using Field = std::remove_cvref_t<decltype(into.*member.pointer)>;
    const std::string_view key = key_of(member.name);
    const std::string place = pointer + "/" + std::string(key);
    if (const boost::json::value* found = object.if_contains(key)) {
      read(*found, into.*member.pointer, place, mistakes);
    } else if (!IsOptional<Field>::value) {
      mistakes.push_back(mistake_missing(place));
    }
  });
}

template <class T>
void read_text(const std::string& text, T& into, const std::string& pointer, std::vector<base::Error>& mistakes) {
  if constexpr (std::is_same_v<T, std::string>) {
    into = text;
  } else if constexpr (IsId<T>::value) {
    if (auto id = T::parse(text)) into = *std::move(id);
    else mistakes.push_back(mistake_shape(pointer, "uuid"));
  } else if constexpr (std::is_same_v<T, base::Date>) {
    if (auto date = base::parse_date(text)) into = *date;
    else mistakes.push_back(mistake_shape(pointer, "date"));
  } else {
    bool known = false;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
      if (key_of(enumerator.name) == text) {
        into = enumerator.value;
        known = true;
      }
    });
    if (!known) mistakes.push_back(mistake_shape(pointer, "enum"));
  }
}

template <class T>
void read(const boost::json::value& json, T& into, const std::string& pointer, std::vector<base::Error>& mistakes) {
  if constexpr (std::is_same_v<T, boost::json::value>) {
    into = json;
  } else if constexpr (std::is_same_v<T, boost::json::object>) {
    if (json.is_object()) into = json.get_object();
    else mistakes.push_back(mistake_shape(pointer, "object"));
  } else if constexpr (std::is_same_v<T, bool>) {
    if (json.is_bool()) into = json.get_bool();
    else mistakes.push_back(mistake_shape(pointer, "boolean"));
  } else if constexpr (std::is_integral_v<T>) {
    boost::json::error_code problem;
    const auto number = json.to_number<T>(problem);
    if (problem) mistakes.push_back(mistake_shape(pointer, "integer"));
    else into = number;
  } else if constexpr (std::is_floating_point_v<T>) {
    boost::json::error_code problem;
    const auto number = json.to_number<T>(problem);
    if (problem) mistakes.push_back(mistake_shape(pointer, "number"));
    else into = number;
  } else if constexpr (std::is_same_v<T, std::string> || IsId<T>::value || std::is_same_v<T, base::Date> ||
                       DescribedEnum<T>) {
    if (json.is_string()) read_text(std::string(json.get_string()), into, pointer, mistakes);
    else mistakes.push_back(mistake_shape(pointer, "string"));
  } else if constexpr (IsOptional<T>::value) {
    if (json.is_null()) into.reset();
    else read(json, into.emplace(), pointer, mistakes);
  } else if constexpr (IsSequence<T>::value) {
    if (!json.is_array()) return mistakes.push_back(mistake_shape(pointer, "array"));
    std::size_t index = 0;
    for (const auto& item : json.get_array()) {
      typename T::value_type one{};
      read(item, one, pointer + "/" + std::to_string(index++), mistakes);
      into.insert(into.end(), std::move(one));
    }
  } else if constexpr (DescribedStruct<T>) {
    if (!json.is_object()) return mistakes.push_back(mistake_shape(pointer, "object"));
    read_struct(json.get_object(), into, pointer, mistakes);
  } else {
    static_assert(not_known_as_json<T>, "describe the struct or enum (BOOST_DESCRIBE_STRUCT) to read it from JSON");
  }
}

}  // namespace reading

/// Errors: input, with every field that cannot be read.
template <class T>
base::Result<T> value_from_json(const boost::json::value& json) {
  T value{};
  std::vector<base::Error> mistakes;
  reading::read(json, value, "", mistakes);
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  return value;
}

}  // namespace yihu::http

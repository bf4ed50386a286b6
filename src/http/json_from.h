#pragma once
// Values → JSON. Described structs become objects in the order of their fields, described enums their names,
// optionals null when empty (never left out), ids and days texts, sentences the reader's language.

#include "http/described.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace yihu::http {

template <class T>
boost::json::value json_from(const T& value, base::Language language) {
  if constexpr (std::is_same_v<T, boost::json::value>) {
    return value;
  } else if constexpr (std::is_same_v<T, boost::json::object> || std::is_same_v<T, boost::json::array>) {
    return value;
  } else if constexpr (std::is_arithmetic_v<T>) {
    return value;
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return boost::json::string(std::string_view(value));
  } else if constexpr (std::is_same_v<T, base::Text>) {
    return boost::json::string(value.in(language));
  } else if constexpr (IsId<T>::value) {
    return boost::json::string(value.value);
  } else if constexpr (std::is_same_v<T, base::Date> || std::is_same_v<T, base::Instant>) {
    return boost::json::string(base::to_string(value));
  } else if constexpr (std::is_same_v<T, base::Span>) {
    return boost::json::array{value.begin, value.end};
  } else if constexpr (IsOptional<T>::value) {
    return value ? json_from(*value, language) : boost::json::value(nullptr);
  } else if constexpr (IsSequence<T>::value) {
    boost::json::array items;
    items.reserve(value.size());
    for (const auto& item : value) items.push_back(json_from(item, language));
    return items;
  } else if constexpr (IsTextMap<T>::value) {
    boost::json::object object;
    for (const auto& [key, item] : value) object.emplace(key, json_from(item, language));
    return object;
  } else if constexpr (DescribedEnum<T>) {
    return boost::json::string(key_of(boost::describe::enum_to_string(value, "")));
  } else if constexpr (DescribedStruct<T>) {
    boost::json::object object;
    object.reserve(boost::mp11::mp_size<MembersOf<T>>::value);
    boost::mp11::mp_for_each<MembersOf<T>>(
        [&](auto member) { object.emplace(key_of(member.name), json_from(value.*member.pointer, language)); });
    return object;
  } else {
    static_assert(not_known_as_json<T>, "describe the struct or enum (BOOST_DESCRIBE_STRUCT) to make it JSON");
  }
}

}  // namespace yihu::http

#pragma once
// What json_from, value_from_json and schema_from share: which types are described, and how their parts are called.
//
// A struct becomes JSON once its fields are named beside it:
//   struct Unit { base::UnitId id; std::string name; };
//   BOOST_DESCRIBE_STRUCT(Unit, (), (id, name))
// A field called like a C++ keyword is written with an underscore at its end, which JSON does not see: `new_`.
// Include these headers in routes_<room>.cpp only; Boost.Describe is slow to compile.

#include "base/clock.h"
#include "base/id.h"
#include "base/utf8.h"

#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace yihu::http {

template <class T>
using MembersOf =
    boost::describe::describe_members<T, boost::describe::mod_any_access | boost::describe::mod_inherited>;

template <class T>
concept DescribedStruct = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;
template <class T>
concept DescribedEnum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

template <class T>
struct IsId : std::false_type {};
template <class Tag>
struct IsId<base::Id<Tag>> : std::true_type {};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
struct IsSequence : std::false_type {};
template <class T>
struct IsSequence<std::vector<T>> : std::true_type {};
template <class T>
struct IsSequence<std::set<T>> : std::true_type {};

template <class T>
struct IsTextMap : std::false_type {};
template <class T, class Less>
struct IsTextMap<std::map<std::string, T, Less>> : std::true_type {};

/// The field's name in JSON.
constexpr std::string_view key_of(const char* member) {
  std::string_view name = member;
  if (name.ends_with('_')) name.remove_suffix(1);
  return name;
}

/// "Unit" of yihu::http::(anonymous namespace)::Unit: the name its schema has in the OpenAPI file.
template <class T>
constexpr std::string_view name_of() {
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("T = ") + 4);
  text = text.substr(0, text.find_first_of(";]"));
  if (const auto colon = text.rfind("::"); colon != text.npos) text.remove_prefix(colon + 2);
  return text;
}

/// A list by key: {"items": […], "next": "…" | null}.
template <class T>
struct List {
  std::vector<T> items;
  std::optional<std::string> next;   ///< give it back as ?after= for what follows; see page.h
  BOOST_DESCRIBE_CLASS(List, (), (items, next), (), ())
};

template <class T>
struct IsList : std::false_type {};
template <class T>
struct IsList<List<T>> : std::true_type {};

template <class T>
inline constexpr bool not_known_as_json = false;

}  // namespace yihu::http

#pragma once
// Parts of a plan → JSON, by their lists of fields (plan_fields.h).

#include "plan/reading/plan_fields.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cmath>
#include <optional>
#include <type_traits>

namespace yihu::plan {

struct JsonForm {
  /// For people and programs: texts in this language, whole numbers as such (90 rather than 9E1), a task's own
  /// demands beside its other fields. Empty: as the store keeps it, texts in both languages.
  std::optional<base::Language> printed;
  bool places = true;  ///< where in the document each thing stands
};

template <class T>
boost::json::value json_from_field(const T& value, const JsonForm& form);

/// The visitor of each_field that fills an object.
class ObjectWriter {
 public:
  ObjectWriter(boost::json::object& object, const JsonForm& form) : object_(object), form_(form) {}

  template <class T>
  void operator()(const char* name, const T& value, Presence = Presence::required) {
    if constexpr (std::is_same_v<T, base::Span>) {
      if (!form_.places) return;
    }
    if constexpr (std::is_same_v<T, Demands>) {
      if (form_.printed) return each_field(value, *this);
    }
    object_[name] = json_from_field(value, form_);
  }
  void operator()(const char* name, const base::Text& value, Presence = Presence::required) {
    if (form_.printed) {
      object_[name] = value.in(*form_.printed);
    } else {
      object_["zh"] = value.zh;
      object_["en"] = value.en;
    }
  }

 private:
  boost::json::object& object_;
  const JsonForm& form_;
};

inline boost::json::value json_from_field(const base::Span& span, const JsonForm&) { return boost::json::array{span.begin, span.end}; }

inline boost::json::value json_from_field(double value, const JsonForm& form) {
  constexpr double exact_max = 9'007'199'254'740'992.0;
  if (form.printed && std::floor(value) == value && std::abs(value) < exact_max) return static_cast<std::int64_t>(value);
  return value;
}

template <class T>
boost::json::value json_from_field(const std::optional<T>& value, const JsonForm& form) {
  return value ? json_from_field(*value, form) : boost::json::value(nullptr);
}

template <class T>
boost::json::value json_from_field(const std::vector<T>& items, const JsonForm& form) {
  boost::json::array array;
  array.reserve(items.size());
  for (const T& item : items) array.push_back(json_from_field(item, form));
  return array;
}

template <class T>
boost::json::value json_from_field(const T& value, const JsonForm& form) {
  if constexpr (std::is_integral_v<T> || std::is_same_v<T, std::string>) {
    return boost::json::value(value);
  } else {
    boost::json::object object;
    each_field(value, ObjectWriter(object, form));
    return object;
  }
}

}  // namespace yihu::plan

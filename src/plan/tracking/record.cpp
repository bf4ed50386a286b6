#include "plan/tracking/record.h"

#include "base/date.h"
#include "plan/reading/json_from_fields.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace yihu::plan {
namespace {

namespace json = boost::json;
using base::text;

base::Error unreadable(const std::string& pointer) {
  base::Error error{base::ErrorKind::input, "field_unreadable", text("这一项填写有误。", "This field cannot be read."), {}, {}, {}};
  error.place.field = pointer;
  return error;
}

using Wrong = std::optional<base::Error>;

/// The first thing that is wrong with x although each field is of its kind: its field's name, or null.
const char* wrong_field(const auto&) { return nullptr; }
const char* wrong_field(const Deadline& d) {
  if (d.from && !base::parse_date(*d.from)) return "from";
  if (d.by && !base::parse_date(*d.by)) return "by";
  return nullptr;
}
const char* wrong_field(const Recurrence& r) {
  static constexpr std::array rhythms = {"day", "week", "half_month", "month", "quarter", "half_year", "term", "year"};
  constexpr int times_max = 366;
  if (std::ranges::find(rhythms, r.per) == rhythms.end()) return "per";
  return r.times >= 1 && r.times <= times_max ? nullptr : "times";
}
const char* wrong_field(const Target& t) {
  static constexpr std::array operators = {">", ">=", "=", "<=", "<", "in"};
  return std::ranges::find(operators, t.op) == operators.end() ? "op" : nullptr;
}

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
void read(const json::value& value, T& into, const std::string& pointer, Wrong& wrong);
template <class T>
void read(const json::value& value, std::vector<T>& into, const std::string& pointer, Wrong& wrong);
template <class T>
void read(const json::value& value, std::optional<T>& into, const std::string& pointer, Wrong& wrong);
void read(const json::value& value, base::Span& into, const std::string& pointer, Wrong& wrong);

/// The visitor of each_field that fills a part of a plan from an object.
class FieldReader {
 public:
  FieldReader(const json::object& object, const std::string& pointer, Wrong& wrong) : object_(object), pointer_(pointer), wrong_(wrong) {}

  template <class T>
  void operator()(const char* name, T& into, Presence presence = Presence::required) {
    if (wrong_) return;
    const json::value* value = object_.if_contains(name);
    if (value != nullptr && !(value->is_null() && presence == Presence::optional)) return read(*value, into, pointer_ + "/" + name, wrong_);
    if (presence == Presence::required && !IsOptional<T>::value) wrong_ = unreadable(pointer_ + "/" + name);
  }
  void operator()(const char*, base::Text& into) {
    (*this)("zh", into.zh);
    (*this)("en", into.en);
  }

 private:
  const json::object& object_;
  const std::string& pointer_;
  Wrong& wrong_;
};

template <class T>
void read(const json::value& value, std::vector<T>& into, const std::string& pointer, Wrong& wrong) {
  if (!value.is_array()) {
    wrong = unreadable(pointer);
    return;
  }
  for (const json::value& item : value.get_array()) {
    if (wrong) return;
    const std::string place = fmt::format("{}/{}", pointer, into.size());
    read(item, into.emplace_back(), place, wrong);
  }
}

template <class T>
void read(const json::value& value, std::optional<T>& into, const std::string& pointer, Wrong& wrong) {
  if (!value.is_null()) read(value, into.emplace(), pointer, wrong);
}

void read(const json::value& value, base::Span& into, const std::string& pointer, Wrong& wrong) {
  const auto* pair = value.if_array();
  json::error_code begin, end;
  if (pair != nullptr && pair->size() == 2) into = {(*pair)[0].to_number<std::size_t>(begin), (*pair)[1].to_number<std::size_t>(end)};
  if (pair == nullptr || pair->size() != 2 || begin || end) wrong = unreadable(pointer);
}

template <class T>
void read(const json::value& value, T& into, const std::string& pointer, Wrong& wrong) {
  bool fits = false;
  if constexpr (std::is_same_v<T, std::string>) {
    fits = value.is_string();
    if (fits) into = std::string(value.get_string());
  } else if constexpr (std::is_same_v<T, bool>) {
    fits = value.is_bool();
    if (fits) into = value.get_bool();
  } else if constexpr (std::is_arithmetic_v<T>) {
    json::error_code problem;
    into = value.to_number<T>(problem);
    fits = !problem;
  } else {
    fits = value.is_object();
    if (fits) each_field(into, FieldReader(value.get_object(), pointer, wrong));
    if (const char* field = wrong_field(into); fits && !wrong && field != nullptr) wrong = unreadable(pointer + "/" + field);
  }
  if (!fits && !wrong) wrong = unreadable(pointer);
}

template <class T>
base::Result<std::vector<T>> list_from(const json::value& value, const std::string& pointer) {
  constexpr std::size_t items_max = 500;
  if (value.is_array() && value.get_array().size() > items_max) return base::fail(unreadable(pointer));
  std::vector<T> list;
  Wrong wrong;
  read(value, list, pointer, wrong);
  if (wrong) return base::fail(*std::move(wrong));
  return list;
}

constexpr JsonForm kept{};
constexpr JsonForm kept_without_places{.printed = {}, .places = false};

}  // namespace

json::value json_of(const std::vector<Deadline>& deadlines) { return json_from_field(deadlines, kept_without_places); }
json::value json_of(const std::vector<Recurrence>& recurrences) { return json_from_field(recurrences, kept_without_places); }
json::value json_of(const std::vector<Target>& targets) { return json_from_field(targets, kept_without_places); }
json::value json_of(const std::vector<std::string>& names) { return json_from_field(names, kept); }

base::Result<std::vector<Deadline>> deadlines_from(const json::value& json, const std::string& pointer) { return list_from<Deadline>(json, pointer); }
base::Result<std::vector<Recurrence>> recurrences_from(const json::value& json, const std::string& pointer) { return list_from<Recurrence>(json, pointer); }
base::Result<std::vector<Target>> targets_from(const json::value& json, const std::string& pointer) { return list_from<Target>(json, pointer); }
base::Result<std::vector<std::string>> names_from(const json::value& json, const std::string& pointer) { return list_from<std::string>(json, pointer); }

base::Result<json::value> json_from_column(const std::string& column) {
  json::error_code problem;
  auto value = json::parse(column, problem);
  if (problem) {
    return base::fail(base::ErrorKind::internal, "column_damaged", text("存储内容损坏。", "Stored content is damaged."));
  }
  return value;
}

std::string column_from(const PlanDocument& plan) { return json::serialize(json_from_field(plan, kept)); }

base::Result<PlanDocument> plan_from_column(const std::string& column) {
  const json::value value = TRY(json_from_column(column));
  PlanDocument plan;
  Wrong wrong;
  read(value, plan, "", wrong);
  if (wrong) return base::fail(*std::move(wrong));
  return plan;
}

}  // namespace yihu::plan

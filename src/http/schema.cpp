#include "http/schema.h"

#include "base/date.h"
#include "base/utf8.h"

#include <boost/json/parse.hpp>
#include <boost/json/stream_parser.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace yihu::http {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

base::Error mistake(std::string pointer, std::string code, base::Text text, base::Text mend = {}) {
  base::Error error{base::ErrorKind::input, std::move(code), std::move(text), std::move(mend), {}, {}};
  error.place.field = std::move(pointer);
  return error;
}

std::string_view text_of(const value& json) {
  const auto& held = json.get_string();
  return {held.data(), held.size()};
}

std::string child(const std::string& pointer, std::string_view key) {
  std::string out = pointer + "/";
  for (const char letter : key.substr(0, 100)) {
    if (letter == '~') out += "~0";
    else if (letter == '/') out += "~1";
    else out += letter;
  }
  return out;
}

std::optional<std::int64_t> limit(const object& schema, std::string_view keyword) {
  const value* found = schema.if_contains(keyword);
  return found && found->is_int64() ? std::optional(found->get_int64()) : std::nullopt;
}

bool is_whole(const value& json) {
  return json.is_int64() || json.is_uint64() ||
         (json.is_double() && std::abs(json.get_double()) < 9e15 && std::floor(json.get_double()) == json.get_double());
}

bool is_type(const value& json, std::string_view type) {
  if (type == "object") return json.is_object();
  if (type == "array") return json.is_array();
  if (type == "string") return json.is_string();
  if (type == "boolean") return json.is_bool();
  if (type == "null") return json.is_null();
  if (type == "integer") return is_whole(json);
  return type == "number" && json.is_number();
}

/// One that stands for the others in a message: the first that is not null.
std::string_view type_wanted(const value& type) {
  if (type.is_string()) return text_of(type);
  for (const value& one : type.as_array()) {
    if (text_of(one) != "null") return text_of(one);
  }
  return "null";
}

bool fits_type(const value& json, const value& type) {
  if (type.is_string()) return is_type(json, text_of(type));
  const array& types = type.as_array();
  return std::any_of(types.begin(), types.end(), [&](const value& one) { return is_type(json, text_of(one)); });
}

bool is_instant(std::string_view text) {
  const bool shape = text.size() >= 20 && text[10] == 'T' && text[13] == ':' && text[16] == ':';
  return shape && base::parse_date(text.substr(0, 10)).has_value();
}

bool fits_format(std::string_view text, std::string_view format) {
  if (format == "uuid") return base::is_uuid(text);
  if (format == "date") return base::parse_date(text).has_value();
  if (format == "date-time") return is_instant(text);
  return true;
}

class Check {
 public:
  void value_at(const std::string& pointer, const value& json, const value& wanted) {
    if (full()) return;
    const object& schema = wanted.as_object();
    if (const value* options = schema.if_contains("anyOf")) return any_of(pointer, json, options->as_array());
    if (const value* type = schema.if_contains("type"); type && !fits_type(json, *type)) {
      return add(mistake_shape(pointer, type_wanted(*type)));
    }
    if (json.is_string()) text_at(pointer, text_of(json), schema);
    if (json.is_number()) number_at(pointer, json, schema);
    if (const value* options = schema.if_contains("enum")) enum_at(pointer, json, options->as_array());
    if (json.is_array()) items_at(pointer, json.get_array(), schema);
    if (json.is_object()) fields_at(pointer, json.get_object(), schema);
  }

  std::vector<base::Error> found;

 private:
  bool full() const { return found.size() >= mistakes_max; }
  void add(base::Error error) {
    if (!full()) found.push_back(std::move(error));
  }

  void any_of(const std::string& pointer, const value& json, const array& options) {
    std::vector<base::Error> best;
    for (const value& option : options) {
      Check check;
      check.value_at(pointer, json, option);
      if (check.found.empty()) return;
      // What the reader meant is the option whose outer type fits; its mistakes are the useful ones.
      const value* type = option.as_object().if_contains("type");
      if (best.empty() || (type && fits_type(json, *type))) best = std::move(check.found);
    }
    for (base::Error& error : best) add(std::move(error));
  }

  void enum_at(const std::string& pointer, const value& json, const array& options) {
    if (std::find(options.begin(), options.end(), json) != options.end()) return;
    std::string names;
    for (const value& option : options) {
      if (!option.is_string()) continue;
      names += (names.empty() ? "" : ", ") + std::string(text_of(option));
    }
    base::Error error = mistake_shape(pointer, "enum");
    error.mend = base::text("可用的值：{}。", "Use one of: {}.", names);
    add(std::move(error));
  }

  void text_at(const std::string& pointer, std::string_view text, const object& schema) {
    const auto length = static_cast<std::int64_t>(base::count_code_points(text));
    const auto least = limit(schema, "minLength").value_or(0);
    const auto most = limit(schema, "maxLength").value_or(text_code_points_max);
    if (text.find('\0') != text.npos) {
      add(mistake(pointer, "character_unusable",
                  base::text("含有不可用的字符。", "It holds a character that cannot be used."),
                  base::text("请删去控制字符。", "Remove the control character.")));
    } else if (length < least) {
      if (least == 1) return add(mistake(pointer, "empty", base::text("不能为空。", "It must not be empty.")));
      add(mistake(pointer, "too_short", base::text("至少 {} 个字。", "At least {} characters.", least)));
    } else if (length > most) {
      add(mistake(pointer, "too_long",
                  base::text("最多 {} 个字，现有 {} 个。", "At most {} characters; it has {}.", most, length)));
    } else if (const value* format = schema.if_contains("format"); format && !fits_format(text, text_of(*format))) {
      add(mistake_shape(pointer, text_of(*format)));
    }
  }

  void number_at(const std::string& pointer, const value& json, const object& schema) {
    boost::json::error_code problem;
    const double number = json.to_number<double>(problem);
    const auto least = limit(schema, "minimum");
    const auto most = limit(schema, "maximum");
    if (least && number < static_cast<double>(*least)) {
      add(mistake(pointer, "too_small", base::text("不能小于 {}。", "It must be at least {}.", *least)));
    }
    if (most && number > static_cast<double>(*most)) {
      add(mistake(pointer, "too_large", base::text("不能大于 {}。", "It must be at most {}.", *most)));
    }
  }

  void items_at(const std::string& pointer, const array& items, const object& schema) {
    const auto count = static_cast<std::int64_t>(items.size());
    const auto least = limit(schema, "minItems").value_or(0);
    const auto most = limit(schema, "maxItems").value_or(list_items_max);
    if (count < least) add(mistake(pointer, "too_few", base::text("至少 {} 项。", "At least {} items.", least)));
    if (count > most) {
      return add(mistake(pointer, "too_many",
                         base::text("最多 {} 项，现有 {} 项。", "At most {} items; it has {}.", most, count)));
    }
    const value* each = schema.if_contains("items");
    for (std::size_t i = 0; each && i < items.size() && !full(); ++i) {
      value_at(pointer + "/" + std::to_string(i), items[i], *each);
    }
  }

  void fields_at(const std::string& pointer, const object& fields, const object& schema) {
    const value* known = schema.if_contains("properties");
    const value* others = schema.if_contains("additionalProperties");
    if (const value* required = schema.if_contains("required")) {
      for (const value& name : required->as_array()) {
        if (!fields.contains(text_of(name))) add(mistake_missing(child(pointer, text_of(name))));
      }
    }
    for (const auto& [key, field] : fields) {
      if (full()) return;
      const value* wanted = known ? known->as_object().if_contains(key) : nullptr;
      if (wanted) {
        value_at(child(pointer, key), field, *wanted);
      } else if (others && others->is_object()) {
        value_at(child(pointer, key), field, *others);
      } else if (others && others->is_bool() && !others->get_bool()) {
        add(mistake(child(pointer, key), "field_unknown", base::text("没有这个字段。", "There is no such field."),
                    base::text("请删去它，或改正字段名。", "Leave it out, or correct its name.")));
      }
    }
  }
};

/// Line and column (from 1, in code points) of a byte.
base::Place place_in(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto line_begin = before.rfind('\n');
  base::Place place;
  place.line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
  place.column = static_cast<int>(
      base::count_code_points(before.substr(line_begin == before.npos ? 0 : line_begin + 1)) + 1);
  return place;
}

/// A query parameter is a text; read as what its schema says it is.
value typed(const std::string& text, const object& schema) {
  const value* type = schema.if_contains("type");
  const std::string_view wanted = type ? type_wanted(*type) : "string";
  if (wanted == "boolean" && (text == "true" || text == "false")) return text == "true";
  if (wanted == "integer" || wanted == "number") {
    boost::json::error_code problem;
    value number = boost::json::parse(text, problem);
    if (!problem && number.is_number()) return number;
  }
  return boost::json::string(text);
}

}  // namespace

base::Error mistake_missing(std::string pointer) {
  return mistake(std::move(pointer), "field_missing", base::text("缺少这一项。", "This field is missing."),
                 base::text("请补上。", "Add it."));
}

base::Error mistake_shape(std::string pointer, std::string_view shape) {
  struct Name {
    std::string_view shape;
    const char* zh;
    const char* en;
  };
  static constexpr Name names[] = {
      {"object", "应为一组字段。", "It should be an object."},
      {"array", "应为一个列表。", "It should be a list."},
      {"string", "应为文字。", "It should be a text."},
      {"boolean", "应为 true 或 false。", "It should be true or false."},
      {"integer", "应为整数。", "It should be a whole number."},
      {"number", "应为数字。", "It should be a number."},
      {"null", "应为 null。", "It should be null."},
      {"uuid", "应为编号（UUID）。", "It should be an id (UUID)."},
      {"date", "应为日期，例如 2019-04-30。", "It should be a date such as 2019-04-30."},
      {"date-time", "应为时间，例如 2019-04-30T08:15:00+08:00。",
       "It should be a time such as 2019-04-30T08:15:00+08:00."},
      {"enum", "不是可用的值。", "It is not one of the values that can be used."},
  };
  for (const Name& name : names) {
    if (name.shape == shape) return mistake(std::move(pointer), "field_type", {name.zh, name.en});
  }
  return mistake(std::move(pointer), "field_type", base::text("格式不对。", "It does not have the right form."));
}

std::vector<base::Error> mistakes_of(const value& json, const value& schema) {
  Check check;
  check.value_at("", json, schema);
  return std::move(check.found);
}

base::Result<value> checked_json(std::string_view body, const value& schema) {
  boost::json::stream_parser parser({}, {.max_depth = json_depth_max});
  boost::json::error_code problem;
  const std::size_t read = parser.write_some(body.data(), body.size(), problem);
  std::size_t end = read;
  if (!problem) parser.finish(problem);
  while (!problem && end < body.size() && std::string_view(" \t\r\n").find(body[end]) != std::string_view::npos) ++end;
  if (problem || end < body.size()) {
    base::Error error = mistake("", "json_broken",
                                base::text("提交的内容不是完整的 JSON。", "The body is not well-formed JSON."),
                                base::text("请检查所示位置。", "Look at the place shown."));
    error.place = place_in(body, read);
    return base::fail(std::move(error));
  }
  value json = parser.release();
  auto mistakes = mistakes_of(json, schema);
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  return json;
}

base::Done check_query(const Named& query, const value& query_schema) {
  static const object none;
  const object& known = query_schema.is_object() ? query_schema.get_object() : none;
  std::vector<base::Error> mistakes;
  for (const auto& [name, text] : query) {
    const value* schema = known.if_contains(name);
    if (!schema) {
      mistakes.push_back(mistake(child("", name), "parameter_unknown",
                                 base::text("没有这个查询参数。", "There is no such query parameter.")));
      continue;
    }
    Check check;
    check.value_at(child("", name), typed(text, schema->as_object()), *schema);
    for (base::Error& error : check.found) mistakes.push_back(std::move(error));
  }
  for (const auto& [name, schema] : known) {
    const value* required = schema.as_object().if_contains("required");
    if (required && required->is_bool() && required->get_bool() && !query.contains(name)) {
      mistakes.push_back(mistake_missing(child("", name)));
    }
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  return {};
}

}  // namespace yihu::http

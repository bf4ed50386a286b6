#include "http/registry_json.h"

namespace yihu::http {

using registry::Cell;

boost::json::object json_from_record(const registry::Record& values) {
  boost::json::object out;
  for (std::size_t i = 0; i < values.fields().size(); ++i) {
    const registry::Field& field = values.fields()[i];
    const auto* whole = std::get_if<std::int64_t>(&values.cell(i));
    if (field.type == registry::FieldType::truth && whole != nullptr) out[field.id] = *whole != 0;
    else out[field.id] = registry::json_from(values.cell(i));
  }
  return out;
}

base::Result<registry::Values> values_from_object(const boost::json::object& object, const std::string& pointer) {
  registry::Values out;
  std::vector<base::Error> mistakes;
  for (const auto& [key, value] : object) {
    const std::string field(key);
    if (value.is_null()) out[field] = Cell();
    else if (value.is_bool()) out[field] = std::int64_t{value.get_bool()};
    else if (value.is_int64()) out[field] = value.get_int64();
    else if (value.is_double()) out[field] = value.get_double();
    else if (value.is_string() && value.get_string().empty()) out[field] = Cell();
    else if (value.is_string()) out[field] = std::string(value.get_string());
    else mistakes.push_back(mistake_shape(pointer + "/" + field, "string"));
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  return out;
}

}  // namespace yihu::http

#include "plan/reading/json_from_fields.h"

#include <boost/json/serialize.hpp>

namespace yihu::plan {

std::string json_from_plan(const PlanDocument& plan, base::Language language) {
  auto json = json_from_field(plan, {.printed = language});
  auto& table = json.get_object()["table"];
  table = boost::json::object{{"tasks", std::move(table)}};
  return boost::json::serialize(json);
}

}  // namespace yihu::plan

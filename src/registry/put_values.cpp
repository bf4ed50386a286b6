#include "registry/put_values.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace yihu::registry {
namespace {

constexpr store::Sql select_last_detail =
    "SELECT detail FROM register_event WHERE household = :household ORDER BY at DESC, id DESC LIMIT 1";

/// The fields that the household's last event touched, in words; nothing when it was none of single fields.
base::Result<base::Text> last_touched(store::Session& session, const HouseholdId& household) {
  base::Text out;
  const auto row = TRY(session.find(select_last_detail, {{"household", household}}));
  boost::json::error_code problem;
  const boost::json::value detail = row ? boost::json::parse(row->text(0), problem) : boost::json::value();
  const boost::json::value* fields = detail.is_object() ? detail.get_object().if_contains("fields") : nullptr;
  if (fields == nullptr || !fields->is_array()) return out;
  for (const boost::json::value& id : fields->get_array()) {
    const Field* field = find_field(household_fields, id.as_string());
    if (field == nullptr) field = find_field(person_fields, id.as_string());
    if (field == nullptr) continue;
    out.zh += (out.zh.empty() ? "" : "、") + field->label().zh;
    out.en += (out.en.empty() ? "" : ", ") + field->label().en;
  }
  return out;
}

}  // namespace

base::Result<bool> put_values(store::Transaction& transaction, const Moment& moment, const Values& stored, Record& row) {
  bool differs = false;
  for (const auto& [id, value] : stored) {
    const Field* field = find_field(row.fields(), id);
    if (TRY(put(transaction, moment, *field, row.at(id), value))) {
      row.at(id) = value;
      differs = true;
    }
  }
  return differs;
}

boost::json::object json_from(const Values& values) {
  boost::json::object out;
  for (const auto& [id, value] : values) out[id] = json_from(value);
  return out;
}

boost::json::object before_of(const Record& row, const Values& values) {
  boost::json::object out;
  for (const auto& [id, value] : values) out[id] = json_from(row.at(id));
  return out;
}

base::Done expect_version(store::Session& session, const HouseholdId& household, std::optional<int> wanted, int stored) {
  if (!wanted || *wanted == stored) return {};
  const base::Text touched = TRY(last_touched(session, household));
  const base::Text said = touched.zh.empty() ? base::text("刚刚有人修改过。", "Somebody has just changed this.")
                                             : base::text("刚刚有人修改过：{0}。", "Somebody has just changed this: {1}.", touched.zh, touched.en);
  return base::fail(base::ErrorKind::stale, "register_stale", said,
                    base::text("请刷新后再改；谁改的、为什么改，见大事记。", "Reload and change it again; the timeline tells who changed it, and why."));
}

}  // namespace yihu::registry

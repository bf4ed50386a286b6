#include "registry/put_values.h"

namespace yihu::registry {

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

base::Done expect_version(std::optional<int> wanted, int stored) {
  if (!wanted || *wanted == stored) return {};
  return base::fail(base::ErrorKind::stale, "register_stale", base::text("刚刚有人修改过。", "Somebody has just changed this."),
                    base::text("请刷新后再改。", "Reload and change it again."));
}

}  // namespace yihu::registry

#include "area/directory_version.h"

namespace yihu::area {
namespace {

// Versions of units only rise and units are never deleted, so the sum tells every change.
constexpr store::Sql version_sql =
    "SELECT (SELECT COALESCE(SUM(version), 0) FROM unit), (SELECT COUNT(*) FROM unit_group_member),"
    " (SELECT COUNT(*) FROM unit_group)";

}  // namespace

base::Result<std::string> directory_version(store::Session& session) {
  const auto row = TRY(session.find(version_sql));
  return fmt::format("{}.{}.{}", row->integer(0), row->integer(1), row->integer(2));
}

}  // namespace yihu::area

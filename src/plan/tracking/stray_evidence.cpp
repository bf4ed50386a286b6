#include "plan/tracking/stray_evidence.h"

#include "access/viewer.h"
#include "store/file_store.h"

namespace yihu::plan {
namespace {

using store::Sql;

constexpr Sql stray_sql =
    "SELECT id, hash FROM plan_evidence WHERE report IS NULL AND at < :before ORDER BY at, id LIMIT 500";
constexpr Sql delete_stray = "DELETE FROM plan_evidence WHERE id = :id AND report IS NULL";
// Content is kept once, whoever names it.
constexpr Sql named_sql =
    "SELECT 1 FROM plan_evidence WHERE hash = :hash UNION ALL SELECT 1 FROM plan_document WHERE hash = :hash"
    " UNION ALL SELECT 1 FROM plan_import WHERE hash = :hash LIMIT 1";

base::Instant before(base::Instant now) {
  return {now.microseconds - std::chrono::duration_cast<std::chrono::microseconds>(stray_evidence_kept).count()};
}

}  // namespace

base::Result<int> drop_stray_evidence(store::Store& store) {
  int dropped = 0;
  std::vector<std::string> unnamed;
  const store::Act act{access::Viewer::system("stray_evidence").actor(), base::RequestId::make(), ""};
  const auto written = store.write(act, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
    // The writer may run this anew when a commit it shared failed.
    dropped = 0;
    unnamed.clear();
    for (const auto& row : TRY(transaction.query(stray_sql, {{"before", before(transaction.now())}}))) {
      TRY(transaction.execute(delete_stray, {{"id", row.text(0)}}));
      TRY(transaction.journal({"evidence.dropped", "evidence", row.text(0), {}, {}}));
      if (!TRY(transaction.find(named_sql, {{"hash", row.text(1)}}))) unnamed.push_back(row.text(1));
      ++dropped;
    }
    return store::Answer{};
  });
  if (!written) return base::fail(written.error());
  // After the commit: content without a row is only space, a row without content would be a loss.
  for (const std::string& hash : unnamed) store.files().remove_unless_fresh(hash);
  return dropped;
}

}  // namespace yihu::plan

#include "screen/sweep_rows.h"

namespace yihu::screen {
namespace {

constexpr int rows_at_once = 20'000;
/// The outcome of a finding that is to be looked at again whatever is found.
constexpr std::int64_t never_the_same = -1;

constexpr store::Sql open_sql =
    "SELECT id, rule, subject, household, village, period, state, outcome FROM finding WHERE state <> 'closed' AND id > :after"
    " ORDER BY id LIMIT :limit";
constexpr const char* same = " USING (rule, id, household, village, o)";

std::vector<engine::Column> finding_columns() {
  using enum engine::Type;
  return {{"rule", integer}, {"id", text}, {"household", text}, {"village", text}, {"o", integer}};
}

}  // namespace

base::Done Comparison::load_nothing() {
  engine::Loader loader = TRY(engine_.load("known", finding_columns()));
  return loader.finish();
}

base::Done Comparison::load(store::Session& session, const RuleBook& book, const Selections& rules, const SweepOptions& options) {
  engine::Loader loader = TRY(engine_.load("known", finding_columns()));
  std::string after;
  for (bool last = false; !last;) {
    if (options.watch.cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已停止。", "Stopped."));
    const auto page = TRY(session.query(open_sql, {{"after", after}, {"limit", rows_at_once}}));
    last = page.size() < rows_at_once;
    for (const store::Row& row : page) {
      after = row.text(0);
      const auto rule = book.position(row.text(1));
      if (!rule || !rules.contain(*rule)) continue;
      const auto outcome = outcome_from_name(row.text(7));
      // Levels are not swept.
      const bool stands = row.text(6) == "open" && outcome && row.text(5) == period_on(book.at(*rule).period, options.today) && !book.at(*rule).level;
      loader.integer(static_cast<std::int64_t>(*rule));
      for (const int column : {2, 3, 4}) loader.text(row.text(static_cast<std::size_t>(column)));
      loader.integer(stands ? static_cast<std::int64_t>(*outcome) : never_the_same);
      TRY(loader.end_row());
    }
  }
  return loader.finish();
}

base::Done Comparison::take(const std::string& rows, const engine::Watch& watch) {
  engine::Answer answer = TRY(engine_.ask("SELECT DISTINCT household, CASE WHEN household = '' THEN village ELSE '' END AS village FROM " + rows, watch));
  while (answer.next()) {
    for (std::size_t row = 0; row < answer.size(); ++row) differing_.add(answer.text(0, row), answer.text(1, row));
  }
  return {};
}

base::Result<engine::Loader> Comparison::found() { return engine_.load("found_now", finding_columns()); }

base::Done Comparison::compare(const engine::Watch& watch) {
  TRY(take(std::string("found_now ANTI JOIN known") + same, watch));
  TRY(engine_.run(std::string("CREATE TABLE known_left AS SELECT * FROM known ANTI JOIN found_now") + same, watch));
  for (const char* sql : {"DROP TABLE found_now", "DROP TABLE known", "ALTER TABLE known_left RENAME TO known"}) TRY(engine_.run(sql));
  return {};
}

base::Done Comparison::finish() { return take("known", {}); }

}  // namespace yihu::screen

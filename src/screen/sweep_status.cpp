#include "screen/sweep_status.h"

#include "screen/sweep.h"

namespace yihu::screen {
namespace {

constexpr store::Sql awaited_sql = "SELECT area, source, since FROM awaited ORDER BY area, source";
constexpr store::Sql last_sql = "SELECT max(at) FROM swept_rule";
constexpr store::Sql open_sql = "SELECT count(*) FROM finding WHERE state = 'open'";
constexpr store::Sql values_sql = "SELECT indicator, value, counted, total, unknown, day FROM indicator_value";

std::string target_text(const pack::Target& target) {
  return fmt::format("{} {}{}", target.op, target.value, target.percent ? " %" : "");
}

}  // namespace

base::Result<SweepStatus> sweep_status(store::Session& session, const RuleBook& book, base::Date today) {
  SweepStatus out;
  for (const store::Row& row : TRY(session.query(awaited_sql))) out.awaited.push_back({row.text(0), row.text(1), row.instant(2)});
  const Selections due = TRY(rules_due(session, book, today));
  for (const Selection* one : due.each()) out.rules_due += static_cast<std::int64_t>(one->rules.size());
  out.rules = static_cast<std::int64_t>(book.rules().size());
  out.computing = !out.awaited.empty() || out.rules_due > 0;
  if (const auto row = TRY(session.find(last_sql))) out.last_swept = row->maybe_instant(0);
  if (const auto row = TRY(session.find(open_sql))) out.open_findings = row->integer(0);
  return out;
}

base::Result<std::vector<IndicatorLine>> indicator_views(store::Session& session, const RuleBook& book) {
  std::map<std::string, store::Row> values;
  for (store::Row& row : TRY(session.query(values_sql))) values.emplace(row.text(0), std::move(row));
  std::vector<IndicatorLine> out;
  for (const pack::Indicator& indicator : book.pack().indicators) {
    IndicatorLine view;
    view.id = indicator.id;
    view.label = indicator.label;
    view.unit = indicator.unit;
    view.article = indicator.article;
    view.rule = indicator.rule;
    view.source = {indicator.source.document, indicator.source.article, indicator.source.item, indicator.source.address,
                   indicator.source.unverified, indicator.source.note};
    if (indicator.target) view.target = target_text(*indicator.target);
    if (indicator.measure) view.measure = fmt::format("{}.{}", indicator.measure->task, indicator.measure->measure);
    if (const auto found = values.find(indicator.id); found != values.end()) {
      if (!found->second.null(1)) view.value = found->second.real(1);
      view.counted = found->second.integer(2);
      view.total = found->second.integer(3);
      view.unknown = found->second.integer(4);
      view.as_of = found->second.maybe_date(5);
      view.reached = reaches(indicator.target, view.value);
    }
    out.push_back(std::move(view));
  }
  return out;
}

}  // namespace yihu::screen

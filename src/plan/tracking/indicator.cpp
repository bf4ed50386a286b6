#include "plan/tracking/indicator.h"

#include "plan/tracking/measure_rows.h"
#include "plan/tracking/record.h"
#include "plan/tracking/tracked_plan.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cmath>

namespace yihu::plan {
namespace {

constexpr store::Sql value_sql =
    "SELECT value, source FROM plan_indicator_value WHERE plan = :plan AND indicator = :indicator AND day = :day";
constexpr store::Sql upsert_value =
    "INSERT INTO plan_indicator_value (plan, indicator, day, value, source, at)"
    " VALUES (:plan, :indicator, :day, :value, :source, :now) ON CONFLICT (plan, indicator, day)"
    " DO UPDATE SET value = excluded.value, source = excluded.source, at = excluded.at";

constexpr store::Sql measure_sql =
    "SELECT m.id, m.targets FROM plan_measure m JOIN plan_task t ON t.id = m.task WHERE m.plan = :plan AND t.no = :task"
    " AND COALESCE(m.no, m.position) = :measure AND m.indicator IS NULL AND m.retired = 0 AND t.retired = 0"
    " ORDER BY m.position LIMIT 1";
constexpr store::Sql bind_sql =
    "UPDATE plan_measure SET indicator = :indicator, targets = :targets, version = version + 1 WHERE id = :id";

}  // namespace

base::Done record_indicator(store::Transaction& transaction, const base::PlanId& plan, const IndicatorReading& reading) {
  if (!std::isfinite(reading.value) || reading.indicator.empty()) {
    return base::fail(base::ErrorKind::input, "value_unreadable", base::text("指标数值有误。", "The indicator's value cannot be read."));
  }
  TRY(plan_head(transaction, plan));
  const auto old = TRY(transaction.find(
      value_sql, {{"plan", plan}, {"indicator", reading.indicator}, {"day", reading.day}}));
  if (old && old->real(0) == reading.value && old->text(1) == reading.source) return {};
  TRY(transaction.execute(upsert_value, {{"plan", plan}, {"indicator", reading.indicator}, {"day", reading.day},
                                         {"value", reading.value}, {"source", reading.source},
                                         {"now", transaction.now()}}));
  const boost::json::object after{{"indicator", reading.indicator}, {"day", base::to_string(reading.day)},
                                  {"value", reading.value}, {"source", reading.source}};
  boost::json::object before;
  if (old) before["value"] = old->real(0);
  return transaction.journal({"indicator.recorded", "plan", plan.value,
                              old ? boost::json::serialize(before) : std::string(), boost::json::serialize(after)});
}

base::Result<bool> bind_indicator(store::Transaction& transaction, const base::PlanId& plan, const MeasuredBy& by) {
  const auto measure = TRY(transaction.find(measure_sql, {{"plan", plan}, {"task", by.task}, {"measure", by.measure}}));
  if (!measure) return false;
  std::string targets = measure->text(1);
  const auto asked = TRY(targets_from(TRY(json_from_column(targets))));
  if (!asked.empty() && asked.front().unit != by.unit) return false;
  if (asked.empty() && by.target) targets = boost::json::serialize(json_of(std::vector<Target>{*by.target}));
  TRY(transaction.execute(bind_sql, {{"id", measure->text(0)}, {"indicator", by.indicator}, {"targets", targets}}));
  TRY(count_change(transaction, plan));
  TRY(transaction.journal({"measure.bound", "measure", measure->text(0), "",
                           boost::json::serialize(boost::json::object{{"indicator", by.indicator}})}));
  return true;
}

}  // namespace yihu::plan

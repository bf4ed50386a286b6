// The year's data comparisons: made, made again, held against another, frozen.

#include "http/answer.h"
#include "http/response.h"
#include "http/routes_compare.h"
#include "http/schema_from.h"
#include "http/value_from_json.h"

namespace yihu::http {
namespace {

using access::Permission;

struct ComparisonRate {
  std::string id;
  base::Text label;
  std::int64_t households = 0;
  std::int64_t people = 0;
  std::int64_t counted = 0;
  double percent = 0;
  double percent_low = 0;
  double percent_high = 0;
  double limit_percent = 0;
};
BOOST_DESCRIBE_STRUCT(ComparisonRate, (), (id, label, households, people, counted, percent, percent_low, percent_high, limit_percent))

struct ComparisonView {
  std::string id;
  std::string title;
  base::Date day;
  std::string state;
  std::string step;
  std::int64_t items = 0;
  std::vector<ComparisonRate> rates;
  std::string hash;
  base::Instant made_at;
  std::optional<base::Instant> frozen_at;
};
BOOST_DESCRIBE_STRUCT(ComparisonView, (), (id, title, day, state, step, items, rates, hash, made_at, frozen_at))

struct ComparisonList {
  std::vector<ComparisonView> items;
  std::vector<ComparisonRate> rates;
};
BOOST_DESCRIBE_STRUCT(ComparisonList, (), (items, rates))

struct ComparisonCountView {
  std::string roster;
  base::Text roster_label;
  std::string kind;
  base::Text kind_label;
  std::string cause;
  base::Text cause_label;
  std::int64_t found = 0;
  std::int64_t fresh = 0;
  std::int64_t gone = 0;
};
BOOST_DESCRIBE_STRUCT(ComparisonCountView, (), (roster, roster_label, kind, kind_label, cause, cause_label, found, fresh, gone))

struct ComparisonVillage {
  std::string village;
  std::int64_t found = 0;
};
BOOST_DESCRIBE_STRUCT(ComparisonVillage, (), (village, found))

struct ComparisonDetail {
  ComparisonView comparison;
  std::vector<ComparisonCountView> counts;
  std::vector<ComparisonVillage> villages;
};
BOOST_DESCRIBE_STRUCT(ComparisonDetail, (), (comparison, counts, villages))

struct NewComparison {
  std::string title;
};
BOOST_DESCRIBE_STRUCT(NewComparison, (), (title))

std::vector<ComparisonRate> rates_of(const std::vector<compare::RateCount>& rates) {
  std::vector<ComparisonRate> out;
  for (const compare::RateCount& one : rates) {
    out.push_back({one.id, one.label, one.households, one.people, one.counted, one.percent, one.percent_low, one.percent_high, one.limit_percent});
  }
  return out;
}

ComparisonView view_of(const CompareServices& services, const compare::Comparison& one) {
  const auto progress = services.desk.progress(one.id);
  return {one.id, one.title, one.day, std::string(compare::name_of(one.state)), progress ? progress->step : "", one.items, rates_of(one.rates), one.hash, one.made_at, one.frozen_at};
}

base::Result<Response> list(const CompareServices& services, const Request& request, Context& context) {
  ComparisonList out;
  for (const compare::Comparison& one : TRY(compare::list_comparisons(context.session, services.rosters))) out.items.push_back(view_of(services, one));
  out.rates = rates_of(TRY(compare::count_rates(context.session, services.rosters, context.today)));
  return answer(out, request.language);
}

base::Result<Response> read(const CompareServices& services, const Request& request, Context& context) {
  const std::string id = request.path.at("comparison");
  ComparisonDetail out{view_of(services, TRY(compare::read_comparison(context.session, services.rosters, id))), {}, {}};
  for (const compare::ComparisonCount& one : TRY(compare::comparison_counts(context.session, services.rosters, context.viewer, id, request.query.at("against")))) {
    const pack::Roster* roster = services.rosters.declared().find(one.roster);
    const auto kind = pack::discrepancy_kind_from(one.kind);
    out.counts.push_back({one.roster, roster == nullptr ? base::Text{one.roster, one.roster} : roster->label, one.kind,
                          kind ? compare::label_of(*kind) : base::Text{one.kind, one.kind}, one.cause, one.cause_label, one.found, one.fresh, one.gone});
  }
  for (const auto& [village, found] : TRY(compare::comparison_villages(context.session, context.viewer, id))) out.villages.push_back({village, found});
  return answer(out, request.language);
}

/// Taken down before it is handed on: the desk is quicker than a commit.
base::Result<Step> start(const CompareServices& services, const Request& request, Context& context) {
  const auto wanted = TRY(value_from_json<NewComparison>(request.json));
  const store::Act act{context.viewer.actor(), request.id, ""};
  compare::Comparison made;
  TRY(context.store.write(act, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
    made = TRY(compare::start_comparison(transaction, wanted.title));
    return store::Answer();
  }));
  TRY(services.desk.submit_comparison(made.id, {act.actor, base::RequestId::make(), ""}));
  return Step([services, made, language = request.language](store::Transaction&) -> base::Result<Response> { return answer(view_of(services, made), language, 201); });
}

base::Result<Step> repeat(const CompareServices& services, const Request& request, Context& context) {
  const compare::Comparison one = TRY(compare::read_comparison(context.session, services.rosters, request.path.at("comparison")));
  if (one.frozen_at) return base::fail(base::ErrorKind::conflict, "comparison_frozen", base::text("这次比对已经锁定。", "This comparison is frozen."));
  TRY(services.desk.submit_comparison(one.id, {context.viewer.actor(), base::RequestId::make(), ""}));
  return Step([services, one, language = request.language](store::Transaction&) -> base::Result<Response> { return answer(view_of(services, one), language); });
}

base::Result<Step> freeze(const CompareServices& services, const Request& request, Context& context) {
  return Step([services, id = request.path.at("comparison"), algorithms = context.store.algorithms(), language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    TRY(compare::freeze_comparison(transaction, algorithms, id));
    return answer(view_of(services, TRY(compare::read_comparison(transaction, services.rosters, id))), language);
  });
}

}  // namespace

std::vector<Route> comparison_routes(const CompareServices& services) {
  const auto reading = [&](auto work) { return Read([services, work](const Request& request, Context& context) { return work(services, request, context); }); };
  const auto preparing = [&](auto work) { return Prepare([services, work](const Request& request, Context& context) { return work(services, request, context); }); };
  std::vector<Route> routes;
  routes.push_back({.path = "/api/v1/comparisons", .name = "listComparisons", .summary = base::text("数据比对", "The year's comparisons, newest first, and today's sampled rates"),
                    .permission = Permission::register_read, .answer_schema = schema_of<ComparisonList>(), .handler = reading(list)});
  routes.push_back({.path = "/api/v1/comparisons/{comparison}", .name = "readComparison", .summary = base::text("一次数据比对，可与另一次对照", "One comparison, held against another where one is named"),
                    .permission = Permission::register_read, .query_schema = boost::json::object{{"against", {{"type", "string"}, {"maxLength", 36}}}},
                    .answer_schema = schema_of<ComparisonDetail>(), .handler = reading(read)});
  routes.push_back({.method = Method::post, .path = "/api/v1/comparisons", .name = "startComparison", .summary = base::text("做一次数据比对", "Makes a comparison"),
                    .permission = Permission::register_exchange, .body_schema = body_schema_of<NewComparison>(), .answer_schema = schema_of<ComparisonView>(),
                    .answer_status = 201, .handler = preparing(start)});
  routes.push_back({.method = Method::post, .path = "/api/v1/comparisons/{comparison}/repeat", .name = "repeatComparison", .summary = base::text("重做", "Makes it again"),
                    .permission = Permission::register_exchange, .answer_schema = schema_of<ComparisonView>(), .handler = preparing(repeat)});
  routes.push_back({.method = Method::post, .path = "/api/v1/comparisons/{comparison}/freeze", .name = "freezeComparison", .summary = base::text("锁定", "Freezes it"),
                    .permission = Permission::register_exchange, .answer_schema = schema_of<ComparisonView>(), .handler = preparing(freeze)});
  return routes;
}

}  // namespace yihu::http

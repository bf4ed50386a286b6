// Doubtful pairs, one after the other. Each decision is written at once, so that a reload loses nothing.

#include "compare/pair.h"
#include "http/answer.h"
#include "http/response.h"
#include "http/routes_compare.h"
#include "http/schema_from.h"
#include "http/value_from_json.h"

namespace yihu::http {
namespace {

using access::Permission;

struct PairFieldView {
  std::string field;
  std::string roster;
  std::string registered;
  std::string level;
  int weight = 0;
};
BOOST_DESCRIBE_STRUCT(PairFieldView, (), (field, roster, registered, level, weight))

struct PairView {
  std::string id;
  std::string roster;
  base::Text roster_label;
  std::string period;
  std::string village;
  int line = 0;
  std::string row;
  double probability = 0;
  int prior = 0;
  std::vector<PairFieldView> fields;
  std::string decision;
  bool undone = false;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(PairView, (), (id, roster, roster_label, period, village, line, row, probability, prior, fields, decision, undone, version))

struct PairList {
  std::vector<PairView> items;
  std::int64_t open = 0;
  std::int64_t decided = 0;
};
BOOST_DESCRIBE_STRUCT(PairList, (), (items, open, decided))

struct PairDecision {
  std::string decision;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(PairDecision, (), (decision, version))

struct PairDecided {
  std::string id;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(PairDecided, (), (id, version))

base::Result<Response> list(const CompareServices& services, const Request& request, Context& context) {
  const int limit = static_cast<int>(request.query.integer("limit").value_or(20));
  const auto page = TRY(compare::list_pairs(context.session, services.secrets, services.rosters, context.viewer, request.query.at("roster"),
                                            request.query.at("unsure") == "true", limit));
  PairList out{{}, page.open, page.decided};
  for (const compare::Pair& pair : page.items) {
    const pack::Roster* roster = services.rosters.declared().find(pair.roster);
    PairView one{pair.id, pair.roster, roster == nullptr ? base::Text{} : roster->label, pair.period, pair.village, pair.line, pair.row, pair.probability, pair.prior, {},
                 pair.decision, pair.undone, pair.version};
    for (const compare::PairField& field : pair.fields) one.fields.push_back({field.field, field.roster, field.registered, field.level, field.weight});
    out.items.push_back(std::move(one));
  }
  return answer(out, request.language);
}

base::Result<Step> decide(const CompareServices& services, const Request& request, Context& context) {
  const auto wanted = TRY(value_from_json<PairDecision>(request.json));
  return Step([services, wanted, id = request.path.at("roster_pair"), viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    TRY(compare::decide_pair(transaction, services.secrets, services.rosters, viewer, id, wanted.decision, wanted.version));
    constexpr store::Sql where = "SELECT roster, period FROM roster_pair WHERE id = :id";
    if (const auto row = TRY(transaction.find(where, {{"id", id}}))) services.desk.look_again(row->text(0), row->text(1));
    return answer(PairDecided{id, wanted.version + 1}, language);
  });
}

}  // namespace

std::vector<Route> pair_routes(const CompareServices& services) {
  const boost::json::object text{{"type", "string"}, {"maxLength", 60}};
  std::vector<Route> routes;
  routes.push_back({.path = "/api/v1/roster-pairs", .name = "listRosterPairs", .summary = base::text("待判断的人员配对", "Doubtful pairs, those never judged first"),
                    .permission = Permission::register_read,
                    .query_schema = boost::json::object{{"roster", text}, {"unsure", {{"type", "string"}, {"enum", {"true", "false"}}}},
                                                        {"limit", {{"type", "integer"}, {"minimum", 1}, {"maximum", 100}}}},
                    .answer_schema = schema_of<PairList>(),
                    .handler = Read([services](const Request& request, Context& context) { return list(services, request, context); })});
  routes.push_back({.method = Method::post, .path = "/api/v1/roster-pairs/{roster_pair}/decision", .name = "decideRosterPair",
                    .summary = base::text("判断是否同一人", "Says whether the two are the same person"), .permission = Permission::ledger_change,
                    .body_schema = body_schema_of<PairDecision>(), .answer_schema = schema_of<PairDecided>(),
                    .handler = Prepare([services](const Request& request, Context& context) { return decide(services, request, context); })});
  return routes;
}

}  // namespace yihu::http

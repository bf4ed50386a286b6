// The packs as people read them: rules with their sources, dated figures, and how often each fact is asked for.

#include "http/answer.h"
#include "http/routes_ledger.h"
#include "http/schema_from.h"
#include "pack/burden.h"
#include "registry/fields.h"

#include <map>
#include <span>

namespace yihu::http {
namespace {

using access::Permission;

struct PackLayer {
  std::string id;
  base::Text title;
  std::string version;
};
BOOST_DESCRIBE_STRUCT(PackLayer, (), (id, title, version))

struct PackArticle {
  int number = 0;
  base::Text title;
  std::string layer;
};
BOOST_DESCRIBE_STRUCT(PackArticle, (), (number, title, layer))

struct PackSource {
  std::string document;
  int article = 0;
  std::string item;
  std::string address;
  bool unverified = false;
  base::Text note;
};
BOOST_DESCRIBE_STRUCT(PackSource, (), (document, article, item, address, unverified, note))

struct PackExpression {
  std::string key;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(PackExpression, (), (key, text))

struct PackRule {
  std::string id;
  std::string kind;
  std::string subject;
  base::Text label;
  base::Text say;
  base::Text plain;
  base::Text mend;
  int article = 0;
  std::string layer;
  PackSource source;
  std::vector<PackExpression> expressions;
};
BOOST_DESCRIBE_STRUCT(PackRule, (), (id, kind, subject, label, say, plain, mend, article, layer, source, expressions))

struct PackView {
  std::vector<PackLayer> layers;
  std::vector<PackArticle> articles;
  int ledgers = 0;
  int rules_unverified = 0;
  int parameters_unverified = 0;
  std::vector<PackRule> rules;
};
BOOST_DESCRIBE_STRUCT(PackView, (), (layers, articles, ledgers, rules_unverified, parameters_unverified, rules))

struct ParameterDated {
  base::Date from;
  std::string written;
  bool verified = false;
  PackSource source;
};
BOOST_DESCRIBE_STRUCT(ParameterDated, (), (from, written, verified, source))

struct ParameterView {
  std::string id;
  base::Text label;
  base::Text unit;
  std::string type;
  int article = 0;
  std::string layer;
  std::optional<std::string> in_force;
  bool verified = false;
  std::vector<ParameterDated> values;
};
BOOST_DESCRIBE_STRUCT(ParameterView, (), (id, label, unit, type, article, layer, in_force, verified, values))

struct ParameterList {
  std::vector<ParameterView> items;
};
BOOST_DESCRIBE_STRUCT(ParameterList, (), (items))

struct BurdenAsker {
  std::string ledger;
  base::Text label;
  std::string filled_by;
  std::string period;
  int times_per_year = 1;
  bool required = false;
};
BOOST_DESCRIBE_STRUCT(BurdenAsker, (), (ledger, label, filled_by, period, times_per_year, required))

struct BurdenFact {
  std::string fact;
  base::Text label;
  int askers_count = 0;
  int times_per_year = 0;
  std::vector<BurdenAsker> askers;
};
BOOST_DESCRIBE_STRUCT(BurdenFact, (), (fact, label, askers_count, times_per_year, askers))

struct BurdenFiller {
  std::string filled_by;
  int ledgers = 0;
  int columns = 0;
  int cells_per_year = 0;
};
BOOST_DESCRIBE_STRUCT(BurdenFiller, (), (filled_by, ledgers, columns, cells_per_year))

struct Burden {
  int facts = 0;
  int asked_twice = 0;
  int register_fields = 0;
  std::vector<BurdenFiller> fillers;
  std::vector<BurdenFact> items;
};
BOOST_DESCRIBE_STRUCT(Burden, (), (facts, asked_twice, register_fields, fillers, items))

PackSource source_of(const pack::Source& source) {
  return {source.document, source.article, source.item, source.address, source.unverified, source.note};
}

base::Result<Response> packs(const pack::Pack& pack, const Request& request) {
  PackView out;
  for (const pack::Layer& layer : pack.layers) out.layers.push_back({layer.id, layer.title, layer.version});
  for (const pack::Article& article : pack.articles) out.articles.push_back({article.number, article.title, article.layer});
  out.ledgers = static_cast<int>(pack.ledgers.size());
  for (const pack::Parameter& parameter : pack.parameters) out.parameters_unverified += parameter.verified() ? 0 : 1;
  for (const pack::Rule& rule : pack.rules) {
    PackRule one{rule.id, std::string(pack::name_of(rule.kind)), std::string(pack::name_of(rule.subject)), rule.label, rule.say, rule.plain, rule.mend,
                 rule.article, rule.layer, source_of(rule.source), {}};
    out.rules_unverified += rule.source.unverified ? 1 : 0;
    for (const auto& [key, expression] : rule.expressions()) one.expressions.push_back({std::string(key), expression->text});
    out.rules.push_back(std::move(one));
  }
  return answer(out, request.language);
}

base::Result<Response> parameters(const pack::Pack& pack, const Request& request, base::Date today) {
  ParameterList out;
  for (const pack::Parameter& parameter : pack.parameters) {
    ParameterView one{parameter.id, parameter.label, parameter.unit, std::string(pack::name_of(parameter.type)), parameter.article, parameter.layer,
                      std::nullopt, parameter.verified(), {}};
    if (const pack::ParameterValue* value = parameter.on(today)) one.in_force = value->written;
    for (const pack::ParameterValue& value : parameter.values) one.values.push_back({value.from, value.written, value.verified, source_of(value.source)});
    out.items.push_back(std::move(one));
  }
  return answer(out, request.language);
}

base::Result<Response> burden(const pack::Pack& pack, int register_fields, const Request& request) {
  Burden out;
  out.register_fields = register_fields;
  std::map<std::string, BurdenFiller> fillers;
  for (const pack::Ledger& ledger : pack.ledgers) {
    BurdenFiller& filler = fillers.try_emplace(ledger.filled_by, BurdenFiller{ledger.filled_by, 0, 0, 0}).first->second;
    ++filler.ledgers;
    filler.columns += static_cast<int>(ledger.columns.size());
    filler.cells_per_year += static_cast<int>(ledger.columns.size()) * pack::times_per_year(ledger.period);
  }
  for (auto& [name, filler] : fillers) out.fillers.push_back(std::move(filler));
  for (const pack::AskedFact& asked : pack::asked_facts(pack)) {
    BurdenFact one{asked.fact, asked.label, static_cast<int>(asked.askers.size()), 0, {}};
    for (const auto& asker : asked.askers) {
      const int times = pack::times_per_year(asker.ledger->period);
      one.times_per_year += times;
      one.askers.push_back({asker.ledger->id, asker.ledger->label, asker.ledger->filled_by, std::string(pack::name_of(asker.ledger->period)), times,
                            asker.column->required});
    }
    ++out.facts;
    out.asked_twice += asked.askers.size() > 1 ? 1 : 0;
    out.items.push_back(std::move(one));
  }
  return answer(out, request.language);
}

}  // namespace

std::vector<Route> pack_routes(const LedgerServices& services) {
  std::vector<Route> routes;
  const pack::Pack& pack = services.ledgers.pack();
  int register_fields = 0;
  for (const std::span<const registry::Field> fields : {std::span<const registry::Field>(registry::household_fields), std::span<const registry::Field>(registry::person_fields),
                                                        std::span<const registry::Field>(registry::income_fields)}) {
    for (const registry::Field& field : fields) register_fields += field.writing == registry::Writing::entered ? 1 : 0;
  }
  // The pack is read when the program starts, so an answer holds until it stops; the figures' day is part of the key.
  routes.push_back({.method = Method::get, .path = "/api/v1/packs", .name = "readPacks",
                    .summary = base::text("政策包与出处", "Packs, their rules and where each is written"), .permission = Permission::plan_read,
                    .answer_schema = schema_of<PackView>(), .keep = Keep{{"pack"}},
                    .handler = Read([&pack](const Request& request, Context&) { return packs(pack, request); })});
  routes.push_back({.method = Method::get, .path = "/api/v1/parameters", .name = "listParameters",
                    .summary = base::text("政策参数", "Dated figures of policy with their sources"), .permission = Permission::plan_read,
                    .answer_schema = schema_of<ParameterList>(), .keep = Keep{{"pack"}},
                    .handler = Read([&pack](const Request& request, Context& context) { return parameters(pack, request, context.today); })});
  routes.push_back({.method = Method::get, .path = "/api/v1/burden", .name = "readBurden",
                    .summary = base::text("填报负担", "How often each fact is asked for, and of whom"), .permission = Permission::plan_read,
                    .answer_schema = schema_of<Burden>(), .keep = Keep{{"pack"}},
                    .handler = Read([&pack, register_fields](const Request& request, Context&) { return burden(pack, register_fields, request); })});
  return routes;
}

}  // namespace yihu::http

#include "screen/what_if.h"

#include "registry/reach.h"
#include "screen/household_standing.h"
#include "screen/sweep_rows.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>

namespace yihu::screen {
namespace {

constexpr store::Sql towns_sql = "SELECT v.code, t.code, t.name, t.name_en FROM area v JOIN area t ON t.code = v.town WHERE v.level = 'village'";

base::Error mistake(const char* code, base::Text text, std::string field) {
  base::Error error = base::fail(base::ErrorKind::input, code, std::move(text)).error();
  error.place.field = std::move(field);
  return error;
}

/// The packs' rules and figures with the draft's in place of theirs.
class Drafted {
 public:
  static base::Result<std::shared_ptr<const RuleBook>> make(const RuleBook& book, const Draft& draft) {
    Drafted out(book);
    std::vector<base::Error> mistakes;
    for (std::size_t at = 0; at < draft.conditions.size(); ++at) out.take(draft.conditions[at], fmt::format("/conditions/{}", at), mistakes);
    for (std::size_t at = 0; at < draft.figures.size(); ++at) out.take(draft.figures[at], fmt::format("/figures/{}", at), mistakes);
    if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
    return RuleBook::make(std::move(out.pack_), TRY(rule::Compiler::make(std::move(out.schema_))), book.live());
  }

 private:
  explicit Drafted(const RuleBook& book) : pack_(book.pack()), schema_(book.compiler().schema()) {}

  void take(const Draft::Condition& wanted, std::string field, std::vector<base::Error>& mistakes) {
    const auto rule = std::ranges::find(pack_.rules, wanted.rule, &pack::Rule::id);
    if (rule == pack_.rules.end()) {
      return mistakes.push_back(mistake("rule_unknown", base::text("没有规则“{}”。", "There is no rule \"{}\".", wanted.rule), field + "/rule"));
    }
    std::map<std::string_view, pack::Expression*> conditions{{"amount", &rule->amount}};
    switch (rule->kind) {
      case pack::RuleKind::guarantee: conditions.insert({{"applies", &rule->applies}, {"holds", &rule->holds}}); break;
      case pack::RuleKind::entitlement: conditions.insert({{"eligible", &rule->eligible}, {"received", &rule->received}}); break;
      case pack::RuleKind::risk:
      case pack::RuleKind::consistency: conditions.insert({{"applies", &rule->applies}, {"when", &rule->when}}); break;
    }
    const auto found = conditions.find(wanted.condition);
    if (found == conditions.end()) {
      return mistakes.push_back(mistake("condition_unknown", base::text("规则“{}”没有“{}”这一条件。", "The rule \"{}\" has no condition \"{}\".", wanted.rule, wanted.condition),
                                        field + "/condition"));
    }
    found->second->text = wanted.text;
    found->second->place = {};
    found->second->place.field = field + "/text";
  }

  void take(const Draft::Figure& wanted, std::string field, std::vector<base::Error>& mistakes) {
    const auto parameter = std::ranges::find(schema_.parameters, wanted.parameter, &rule::Parameter::name);
    if (parameter == schema_.parameters.end()) {
      return mistakes.push_back(mistake("parameter_unknown", base::text("没有参数“{}”。", "There is no parameter \"{}\".", wanted.parameter),
                                        field + "/parameter"));
    }
    const auto value = constant_from(parameter->kind, wanted.value);
    if (!value) {
      return mistakes.push_back(mistake("value_unreadable", base::text("“{}”不能作这个参数的值。", "\"{}\" cannot be this parameter's value.", wanted.value),
                                        field + "/value"));
    }
    parameter->values = {{base::make_date(1900, 1, 1), *value}};
  }

  static std::optional<rule::Constant> constant_from(rule::Kind kind, const std::string& text) {
    if (kind == rule::Kind::text) return rule::Constant{kind, text};
    if (kind == rule::Kind::day) {
      if (!base::parse_date(text)) return std::nullopt;
      return rule::Constant{kind, text};
    }
    if (kind == rule::Kind::truth) {
      if (text != "true" && text != "false") return std::nullopt;
      return rule::Constant{kind, text == "true"};
    }
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    constexpr double whole_max = 1e13;
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number) || std::abs(number) > whole_max) return std::nullopt;
    if (kind == rule::Kind::real) return rule::Constant{kind, number};
    const double scaled = kind == rule::Kind::money ? number * 100 : number;
    if (scaled != std::round(scaled)) return std::nullopt;
    return rule::Constant{kind, static_cast<std::int64_t>(scaled)};
  }

  pack::Pack pack_;
  rule::Schema schema_;
};

struct Town {
  std::string code;
  base::Text name;
};

/// One rule before and after, over tables that stand in the engine.
class Comparing {
 public:
  Comparing(engine::Duckdb& engine, const SweepOptions& options, const std::map<std::string, Town>& towns,
            const std::vector<registry::Stretch>& stretches)
      : engine_(engine), options_(options), towns_(towns), stretches_(stretches) {}

  base::Result<RuleMovement> movement(const RuleBook& before, const RuleBook& after, std::size_t rule) {
    const CompiledRule& of = after.at(rule);
    const Side then = side(before, rule, "b");
    const Side now = side(after, rule, "a");
    RuleMovement out{rule_view(of), {}, {}};
    std::map<std::string, Movement> towns;
    std::map<std::string, std::pair<std::set<std::string>, std::set<std::string>>> households;
    engine::Answer answer = TRY(engine_.ask(
        fmt::format("SELECT s.household, s.village, {} AS listed_before, {} AS listed_after, {} AS amount_before, {} AS amount_after"
                    " FROM ({}) s {} {} WHERE listed_before = 1 OR listed_after = 1",
                    then.listed, now.listed, then.amount, now.amount, subjects_sql(of.rule->subject), then.joins, now.joins),
        options_.watch));
    while (answer.next()) {
      for (std::size_t row = 0; row < answer.size(); ++row) {
        const std::string village(answer.text(1, row));
        if (!seen(village)) continue;
        const auto town = towns_.find(village);
        const std::string code = town == towns_.end() ? "" : town->second.code;
        Movement& in_town = towns[code];
        in_town.town = code;
        if (town != towns_.end()) in_town.town_name = town->second.name;
        const bool was = answer.integer(2, row) == 1;
        const bool is = answer.integer(3, row) == 1;
        const std::string household(answer.text(0, row));
        if (is && !was && !household.empty()) households[code].first.insert(household);
        if (was && !is && !household.empty()) households[code].second.insert(household);
        for (Movement* each : {&in_town, &out.total}) {
          each->before += was;
          each->after += is;
          each->joining += is && !was;
          each->leaving += was && !is;
          if (was) each->cost_before_fen += answer.integer(4, row);
          if (is) each->cost_after_fen += answer.integer(5, row);
          each->amount_unknown += is && of.amount && answer.null(5, row);
        }
      }
    }
    for (auto& [code, in_town] : towns) {
      in_town.households_joining = static_cast<std::int64_t>(households[code].first.size());
      in_town.households_leaving = static_cast<std::int64_t>(households[code].second.size());
      out.total.households_joining += in_town.households_joining;
      out.total.households_leaving += in_town.households_leaving;
      out.towns.push_back(std::move(in_town));
    }
    return out;
  }

 private:
  struct Side {
    std::string joins;
    std::string listed;
    std::string amount;
  };

  /// What one side's rule yields, joined to the subjects. Who is entitled is on the list whether served or not.
  Side side(const RuleBook& book, std::size_t rule, const std::string& prefix) const {
    const CompiledRule& of = book.at(rule);
    const Layout layout = book.layout({of.rule->subject, {rule}}, true);
    rule::QueryOptions query;
    query.engine = rule::Engine::duckdb;
    query.today = options_.today;
    Side out;
    std::vector<std::string> columns(layout.expressions.size());
    int number = 0;
    for (const rule::Query& one : rule::fuse(book.compiler(), layout.expressions, query)) {
      const std::string name = fmt::format("{}{}", prefix, number++);
      out.joins += " JOIN (" + one.sql + ") " + name + " ON " + name + ".subject = s.id";
      for (const std::size_t at : one.expressions) columns[at] = fmt::format("{}.r{}", name, at);
    }
    const Slot& slot = layout.slots.front();
    const std::string first = slot.first ? columns[*slot.first] : "";
    if (of.rule->kind == pack::RuleKind::entitlement) {
      out.listed = fmt::format("CASE WHEN {} = 1 THEN 1 ELSE 0 END", first);
    } else {
      out.listed = fmt::format("CASE WHEN {} IN (2, 8, 10) THEN 1 ELSE 0 END", outcome_sql(of.rule->kind, first, columns[slot.second]));
    }
    out.amount = slot.amount ? fmt::format("CAST({} AS BIGINT)", columns[*slot.amount]) : "CAST(NULL AS BIGINT)";
    return out;
  }

  bool seen(const std::string& village) const {
    return std::ranges::any_of(stretches_, [&](const registry::Stretch& stretch) { return stretch.low <= village && village < stretch.high; });
  }

  engine::Duckdb& engine_;
  const SweepOptions& options_;
  const std::map<std::string, Town>& towns_;
  const std::vector<registry::Stretch>& stretches_;
};

}  // namespace

base::Result<WhatIf> what_if(store::Session& session, const RuleBook& book, const access::Viewer& viewer, const Draft& draft,
                             const SweepOptions& options) {
  const auto drafted = TRY(Drafted::make(book, draft));
  const RuleBook& after = *drafted;
  std::vector<std::size_t> touched;
  rule::Reads reads;
  for (std::size_t rule = 0; rule < book.rules().size(); ++rule) {
    if (book.at(rule).version == after.at(rule).version) continue;
    touched.push_back(rule);
    reads.add(book.at(rule).reads);
    reads.add(after.at(rule).reads);
  }
  WhatIf out{options.today, {}};
  if (touched.empty()) return out;
  std::map<std::string, Town> towns;
  for (const store::Row& row : TRY(session.query(towns_sql))) towns[row.text(0)] = {row.text(1), {row.text(2), row.text(3)}};
  const auto engine = TRY(engine::Duckdb::open(options.duckdb));
  TRY(load_tables(*engine, session, book, reads, options.watch));
  const auto stretches = registry::stretches_of(viewer);
  Comparing comparing(*engine, options, towns, stretches);
  for (const std::size_t rule : touched) out.rules.push_back(TRY(comparing.movement(book, after, rule)));
  return out;
}

}  // namespace yihu::screen

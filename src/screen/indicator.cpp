#include "screen/indicator.h"

#include "access/viewer.h"
#include "plan/tracking/indicator.h"
#include "plan/tracking/tracked_plan.h"
#include "screen/sweep_rows.h"
#include "store/generated_sql.h"
#include "store/statement_text.h"

#include <algorithm>
#include <span>

namespace yihu::screen {
namespace {

constexpr store::Sql counts_sql = "SELECT outcome, sum(subjects) FROM rule_count WHERE rule = :rule GROUP BY outcome";
constexpr store::Sql keep_sql =
    "INSERT INTO indicator_value (indicator, value, counted, total, unknown, day, at)"
    " VALUES (:indicator, :value, :counted, :total, :unknown, :day, :now) ON CONFLICT (indicator) DO UPDATE SET"
    " value = excluded.value, counted = excluded.counted, total = excluded.total, unknown = excluded.unknown,"
    " day = excluded.day, at = excluded.at";

/// In hundredths of those it is about, rather than a plain number.
bool is_share(const pack::Indicator& indicator) {
  return !indicator.rule.empty() || (!indicator.of.empty() && (!indicator.target || indicator.target->percent));
}

/// The share of those it applies to for whom all is well.
base::Result<IndicatorStanding> share_of(store::Session& session, const pack::Indicator& indicator) {
  IndicatorStanding out;
  for (const store::Row& row : TRY(session.query(counts_sql, {{"rule", indicator.rule}}))) {
    const auto outcome = outcome_from_name(row.text(0));
    const std::int64_t subjects = row.integer(1);
    if (!outcome) continue;
    if (*outcome == Outcome::unknown) out.unknown += subjects;
    const bool well = *outcome == Outcome::met || *outcome == Outcome::served || *outcome == Outcome::quiet || *outcome == Outcome::consistent;
    if (well) out.counted += subjects;
    // Who receives without being entitled is a finding and no part of the coverage.
    if (well || *outcome == Outcome::not_met || *outcome == Outcome::entitled_not_served || *outcome == Outcome::signal ||
        *outcome == Outcome::contradiction) {
      out.total += subjects;
    }
  }
  if (out.total > 0) out.value = 100.0 * static_cast<double>(out.counted) / static_cast<double>(out.total);
  return out;
}

/// All counted indicators over one kind of subject, in one pass.
class Counting {
 public:
  Counting(const RuleBook& book, pack::Subject kind) : book_(book), kind_(kind) {}

  base::Done add(const pack::Indicator& indicator) {
    Place place{&indicator, place_of(TRY(compiled(indicator.count))), std::nullopt};
    if (!indicator.of.empty()) place.of = place_of(TRY(compiled(indicator.of)));
    places_.push_back(place);
    return {};
  }

  base::Done run(store::Session& session, base::Date today, std::map<std::string, IndicatorStanding>& out) const {
    return run(session, today, places_, out);
  }

 private:
  struct Place {
    const pack::Indicator* indicator;
    std::size_t count;
    std::optional<std::size_t> of;
  };

  /// Halved until one statement asks for all: some engines can join no more.
  base::Done run(store::Session& session, base::Date today, std::span<const Place> places, std::map<std::string, IndicatorStanding>& out) const {
    if (places.empty()) return {};
    rule::QueryOptions options;
    options.engine = book_.live();
    std::vector<rule::Expression> expressions;
    for (const Place& place : places) {
      expressions.push_back(expressions_[place.count]);
      if (place.of) expressions.push_back(expressions_[*place.of]);
    }
    if (places.size() > 1 && rule::fuse(book_.compiler(), expressions, options).size() > 1) {
      TRY(run(session, today, places.first(places.size() / 2), out));
      return run(session, today, places.subspan(places.size() / 2), out);
    }
    const Fused from = fused(book_, expressions, kind_, options);
    std::string sql = "SELECT 0";
    std::size_t at = 0;
    for (const Place& place : places) {
      const std::string& count = from.columns[at++];
      const std::string of = place.of ? from.columns[at++] : std::string();
      const std::string within = place.of ? of + " = 1 AND " : "";
      const std::string total = place.of ? of + " = 1 AND " + count + " IS NOT NULL" : "1 = 0";
      const std::string unknown = within + count + " IS NULL" + (place.of ? " OR " + of + " IS NULL" : "");
      for (const std::string& condition : {within + count + " = 1", total, unknown}) {
        sql += ", COALESCE(sum(CASE WHEN " + condition + " THEN 1 ELSE 0 END), 0)";
      }
    }
    sql += from.from;
    store::Parameters parameters;
    const auto names = store::parameter_names(sql);
    if (std::ranges::find(names, "today") != names.end()) parameters.push_back({"today", today});
    const auto row = TRY(session.find(store::compiled_sql(sql), parameters));
    for (std::size_t one = 0; row && one < places.size(); ++one) {
      out[places[one].indicator->id] = standing_of(*places[one].indicator, *row, 1 + 3 * one);
    }
    return {};
  }

  static IndicatorStanding standing_of(const pack::Indicator& indicator, const store::Row& row, std::size_t first) {
    IndicatorStanding out{std::nullopt, row.integer(first), row.integer(first + 1), row.integer(first + 2)};
    if (!is_share(indicator)) out.value = static_cast<double>(out.counted);
    else if (out.total > 0) out.value = 100.0 * static_cast<double>(out.counted) / static_cast<double>(out.total);
    return out;
  }

  base::Result<rule::Expression> compiled(const pack::Expression& written) const {
    return book_.compiler().compile(pack::name_of(kind_), written.text, written.place, rule::Kind::truth);
  }
  std::size_t place_of(rule::Expression expression) {
    expressions_.push_back(std::move(expression));
    return expressions_.size() - 1;
  }

  const RuleBook& book_;
  pack::Subject kind_;
  std::vector<rule::Expression> expressions_;
  std::vector<Place> places_;
};

/// Measures that the packs' indicators name stand by them; of several for one measure the first.
base::Done bind_measures(store::Transaction& transaction, const RuleBook& book, const base::PlanId& plan) {
  for (const pack::Indicator& indicator : book.pack().indicators) {
    if (!indicator.measure) continue;
    const std::string unit = is_share(indicator) ? "%" : indicator.unit.zh;
    plan::MeasuredBy by{indicator.measure->task, indicator.measure->measure, indicator.id, unit, {}};
    if (indicator.target) by.target = plan::Target{indicator.target->value, {}, unit, indicator.target->op, {}};
    TRY(plan::bind_indicator(transaction, plan, by));
  }
  return {};
}

base::Done record_in_plans(store::Transaction& transaction, const RuleBook& book,
                           const std::map<std::string, IndicatorStanding>& standings, base::Date today) {
  for (const plan::PlanHead& head : TRY(plan::plan_heads(transaction))) {
    if (head.year != static_cast<int>(today.year())) continue;
    TRY(bind_measures(transaction, book, head.id));
    for (const pack::Indicator& indicator : book.pack().indicators) {
      const auto found = standings.find(indicator.id);
      if (found == standings.end() || !found->second.value) continue;
      const std::string source = indicator.rule.empty() ? indicator.id : indicator.rule;
      TRY(plan::record_indicator(transaction, head.id, {indicator.id, today, *found->second.value, source}));
    }
  }
  return {};
}

}  // namespace

base::Result<std::map<std::string, IndicatorStanding>> indicators(store::Session& session, const RuleBook& book, base::Date today) {
  std::map<std::string, IndicatorStanding> out;
  for (const pack::Subject kind : {pack::Subject::household, pack::Subject::person, pack::Subject::village}) {
    Counting counting(book, kind);
    for (const pack::Indicator& indicator : book.pack().indicators) {
      if (!indicator.rule.empty() || indicator.subject != kind) continue;
      TRY(counting.add(indicator));
    }
    TRY(counting.run(session, today, out));
  }
  for (const pack::Indicator& indicator : book.pack().indicators) {
    if (!indicator.rule.empty()) out[indicator.id] = TRY(share_of(session, indicator));
  }
  return out;
}

base::Done record_indicators(store::Store& store, const RuleBook& book, base::Date today) {
  std::map<std::string, IndicatorStanding> standings;
  TRY(store.read([&](store::Session& session) -> base::Done {
    standings = TRY(indicators(session, book, today));
    return {};
  }));
  const store::Act act{access::Viewer::system("screen").actor(), base::RequestId::make(), ""};
  TRY(store.write(act, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
    for (const auto& [id, standing] : standings) {
      TRY(transaction.execute(keep_sql, {{"indicator", id}, {"value", standing.value}, {"counted", standing.counted},
                                         {"total", standing.total}, {"unknown", standing.unknown}, {"day", today},
                                         {"now", transaction.now()}}));
    }
    TRY(record_in_plans(transaction, book, standings, today));
    return store::Answer{};
  }));
  return {};
}

std::optional<bool> reaches(const std::optional<pack::Target>& target, std::optional<double> value) {
  if (!target || !value) return std::nullopt;
  if (target->op == ">") return *value > target->value;
  if (target->op == ">=") return *value >= target->value;
  if (target->op == "<") return *value < target->value;
  if (target->op == "<=") return *value <= target->value;
  return *value == target->value;
}

}  // namespace yihu::screen

// All rules over tables that stand in the engine: some households after others, and of those the rules that are about
// few people over those few.

#include "screen/sweep_rows.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace yihu::screen {
namespace {

/// By which a table's rows belong to a household or person.
struct Belonging {
  std::string parent;
  std::string here;
  std::string there;
  bool operator==(const Belonging&) const = default;
};

/// Tables whose rows belong to one kind of subject, by one column. The others are looked at whole.
std::map<std::string, Belonging> belongings(const rule::Schema& schema) {
  std::map<std::string, Belonging> out;
  std::set<std::string> several{"household", "person", "area", schema.delivery_table};
  for (const auto& [name, rows] : schema.rows) {
    for (const rule::Relation& relation : rows.relations) {
      const auto target = schema.rows.find(relation.target);
      if (target == schema.rows.end()) continue;
      const std::string& table = target->second.table;
      const Belonging belonging{rows.table, relation.column_here, relation.column_there};
      const bool of_subject = rows.table == "household" || rows.table == "person";
      if (!of_subject || !out.try_emplace(table, belonging).second) {
        if (!of_subject || out.at(table) != belonging) several.insert(table);
      }
    }
  }
  for (const std::string& table : several) out.erase(table);
  return out;
}

/// One part of the households of several; the same households whichever table it is told from.
struct Stage {
  std::int64_t number = 0;
  std::int64_t of = 1;
  std::string holds(const std::string& household) const { return fmt::format("hash({}) % {} = {}", household, of, number); }
};

/// Whether a household can be asked without the others: no rule about it or its people can name its village.
bool stand_alone(const rule::Schema& schema) {
  return std::ranges::all_of(schema.rows, [&](const auto& named) {
    const rule::Rows& rows = named.second;
    return rows.table == "area" || std::ranges::none_of(rows.relations, [&](const rule::Relation& relation) {
      const auto target = schema.rows.find(relation.target);
      return target != schema.rows.end() && target->second.table == "area";
    });
  });
}

base::Result<std::int64_t> stages_wanted(engine::Duckdb& engine, const Selections& rules, const SweepOptions& options) {
  engine::Answer households = TRY(engine.ask("SELECT count(*) FROM household"));
  const auto asked = static_cast<std::int64_t>(rules.household.rules.size() + rules.person.rules.size());
  const std::int64_t answers = households.next() ? households.integer(0, 0) * asked : 0;
  return answers / options.answers_at_once + 1;
}

/// What belongs to some households, in tables that hide those of everybody while it lives.
class StageTables {
 public:
  StageTables(engine::Duckdb& engine, const rule::Schema& schema, const std::set<std::string>& tables)
      : engine_(engine), belongings_(belongings(schema)), tables_(tables) {}

  base::Done make(const Stage& stage, const engine::Watch& watch) {
    TRY(copy("household", stage.holds("id"), watch));
    TRY(copy("person", stage.holds("household"), watch));
    for (const auto& [table, belonging] : belongings_) {
      const bool of_household = belonging.parent == "household" && belonging.here == "id";
      if (!tables_.contains(table)) continue;
      TRY(copy(table, of_household ? stage.holds(rule::quoted_name(belonging.there)) : follows(belonging), watch));
    }
    return {};
  }

  /// Of those that stand there now, only these households and what belongs to them.
  base::Done keep(const std::string& households, const engine::Watch& watch) {
    TRY(copy("household", "id IN (" + households + ")", watch));
    TRY(copy("person", "household IN (SELECT id FROM temp.household)", watch));
    // What is kept of few anyway is read as quickly as it is copied.
    const std::int64_t people = TRY(rows_of("person"));
    for (const auto& [table, belonging] : belongings_) {
      if (tables_.contains(table) && TRY(rows_of(table)) > people) TRY(copy(table, follows(belonging), watch));
    }
    return {};
  }

  base::Done drop() {
    for (const std::string& table : made_) TRY(engine_.run("DROP TABLE temp." + rule::quoted_name(table)));
    made_.clear();
    return {};
  }

 private:
  static std::string follows(const Belonging& belonging) {
    return fmt::format("{} IN (SELECT {} FROM temp.{})", rule::quoted_name(belonging.there), rule::quoted_name(belonging.here), belonging.parent);
  }
  base::Result<std::int64_t> rows_of(const std::string& table) {
    engine::Answer number = TRY(engine_.ask("SELECT count(*) FROM " + rule::quoted_name(table)));
    return number.next() ? number.integer(0, 0) : 0;
  }
  base::Done copy(const std::string& table, const std::string& condition, const engine::Watch& watch) {
    TRY(engine_.run(fmt::format("CREATE OR REPLACE TEMP TABLE {0} AS SELECT * FROM {0} WHERE {1}", rule::quoted_name(table), condition), watch));
    made_.insert(table);
    return {};
  }

  engine::Duckdb& engine_;
  const std::map<std::string, Belonging> belongings_;
  const std::set<std::string>& tables_;
  std::set<std::string> made_;
};

// ---- asking

/// Who a subject is, in the language of the rules.
struct Who {
  std::string village;
  std::string listed;
  std::string screened;  ///< empty: everybody is
};

Who who_is(pack::Subject kind) {
  switch (kind) {
    case pack::Subject::household:
      return {"household.village", "household.status != 'general' || household.monitoring != 'none'", "!has(household.ended_on)"};
    case pack::Subject::person:
      return {"person.household.village", "person.household.status != 'general' || person.household.monitoring != 'none'",
              "person.present && has(person.household) && !has(person.household.ended_on)"};
    case pack::Subject::village:
    case pack::Subject::none: break;
  }
  return {"village.code", "false", ""};
}

/// The statement that asks expressions of everybody of a kind. Columns: subject; household; v and l, the village and
/// whether listed; r0, r1 ….
base::Result<std::string> asked_of(const RuleBook& book, pack::Subject kind, std::vector<rule::Expression> expressions, base::Date today) {
  const Who who = who_is(kind);
  const std::string_view subject = pack::name_of(kind);
  const std::size_t village = expressions.size();
  expressions.push_back(TRY(book.compiler().compile(subject, who.village)));
  expressions.push_back(TRY(book.compiler().compile(subject, who.listed)));
  rule::QueryOptions options{.engine = rule::Engine::duckdb, .today = today, .whole = true};
  if (!who.screened.empty()) options.only = TRY(book.compiler().compile(subject, who.screened));
  if (kind == pack::Subject::person) options.columns = {"household"};
  const std::string household = kind == pack::Subject::household ? ", subject AS household" : kind == pack::Subject::village ? ", '' AS household" : "";
  return fmt::format("(SELECT *{}, r{} AS v, r{} AS l FROM ({}))", household, village, village + 1, rule::fuse(book.compiler(), expressions, options).front().sql);
}

/// A rule's two conditions in one small number, and what the outcome is of each such number.
constexpr int states = 3;  // false, true, unknown
std::string code_sql(const Slot& slot) {
  const auto state = [](std::size_t at) { return fmt::format("COALESCE(r{}, {})", at, states - 1); };
  return fmt::format("CAST({}{} AS TINYINT)", slot.first ? state(*slot.first) + " * 3 + " : "3 + ", state(slot.second));
}
std::array<Outcome, states * states> outcomes_by_code(pack::RuleKind kind) {
  constexpr std::array<Truth, states> truths{false, true, std::nullopt};
  std::array<Outcome, states * states> out{};
  for (std::size_t code = 0; code < out.size(); ++code) out[code] = outcome_of(kind, truths[code / states], truths[code % states]);
  return out;
}

using OfVillage = std::map<std::string, std::int64_t>;

/// Some rules asked of everybody of a kind there is now.
class Asking {
 public:
  Asking(engine::Duckdb& engine, const RuleBook& book, const SweepOptions& options, Tally& tally, Comparison* comparison, const std::set<std::size_t>& lit)
      : engine_(engine), book_(book), options_(options), tally_(tally), comparison_(comparison), lit_(lit) {}

  /// @returns how many there are in each village
  base::Result<OfVillage> ask(const Selection& selection) {
    rule::QueryOptions query{.engine = rule::Engine::duckdb, .today = options_.today};
    OfVillage subjects;
    for (const Selection& part : parts_of(book_, selection, query)) subjects = TRY(ask_part(part));
    return subjects;
  }

 private:
  base::Result<OfVillage> ask_part(const Selection& selection) {
    const Layout layout = book_.layout(selection, false);
    std::string codes;
    for (const Slot& slot : layout.slots) codes += ", " + code_sql(slot);
    const std::string from = TRY(asked_of(book_, selection.subject, layout.expressions, options_.today));
    engine::Answer answer = TRY(engine_.ask("SELECT subject, household, v, l" + codes + " FROM " + from, options_.watch));
    std::vector<std::array<Outcome, states * states>> meaning;
    for (const Slot& slot : layout.slots) meaning.push_back(outcomes_by_code(book_.at(slot.rule).rule->kind));
    std::optional<engine::Loader> found;
    if (comparison_ != nullptr) found = TRY(comparison_->found());
    counts_.assign(layout.slots.size(), {});
    villages_.clear();
    while (answer.next()) {
      for (std::size_t at = 0; at < layout.slots.size(); ++at) TRY(take(answer, layout.slots[at].rule, at, meaning[at], found ? &*found : nullptr));
    }
    if (found) {
      TRY(found->finish());
      TRY(comparison_->compare(options_.watch));
    }
    return counted(layout);
  }

  base::Done take(const engine::Answer& answer, std::size_t rule, std::size_t at, const std::array<Outcome, states * states>& meaning, engine::Loader* found) {
    const std::size_t column = at + 4;
    if (at == 0) place(answer);
    auto& counts = counts_[at];
    counts.resize(villages_.size());
    const bool lit = lit_.contains(rule);
    for (std::size_t row = 0; row < answer.size(); ++row) {
      const Outcome outcome = meaning[static_cast<std::size_t>(answer.integer(column, row))];
      ++counts[places_[row]][static_cast<std::size_t>(outcome)];
      if (lit && outcome != Outcome::not_applicable && answer.integer(3, row) == 1) tally_.light(rule, std::string(answer.text(1, row)), outcome);
      if (!is_finding(outcome)) continue;
      if (found == nullptr) {
        tally_.found({rule, std::string(answer.text(0, row)), std::string(answer.text(1, row)), std::string(answer.text(2, row)), outcome});
        continue;
      }
      found->integer(static_cast<std::int64_t>(rule));
      for (const std::size_t text : {0U, 1U, 2U}) found->text(answer.text(text, row));
      found->integer(static_cast<std::int64_t>(outcome));
      TRY(found->end_row());
    }
    return {};
  }

  /// Which village each row of the block belongs to.
  void place(const engine::Answer& answer) {
    places_.resize(answer.size());
    for (std::size_t row = 0; row < answer.size(); ++row) {
      places_[row] = villages_.try_emplace(std::string(answer.text(2, row)), villages_.size()).first->second;
    }
  }

  OfVillage counted(const Layout& layout) {
    OfVillage subjects;
    for (const auto& [village, place] : villages_) {
      for (std::size_t at = 0; at < layout.slots.size(); ++at) {
        std::int64_t all = 0;
        for (std::size_t outcome = 0; outcome < outcomes; ++outcome) {
          const std::int64_t number = place < counts_[at].size() ? counts_[at][place][outcome] : 0;
          if (number > 0) tally_.count(layout.slots[at].rule, village, static_cast<Outcome>(outcome), number);
          all += number;
        }
        subjects[village] = all;
      }
    }
    return subjects;
  }

  engine::Duckdb& engine_;
  const RuleBook& book_;
  const SweepOptions& options_;
  Tally& tally_;
  Comparison* comparison_;
  const std::set<std::size_t>& lit_;
  std::unordered_map<std::string, std::size_t> villages_;
  std::vector<std::size_t> places_;
  std::vector<std::vector<OutcomeCounts>> counts_;
};

// ---- few among many

/// What everybody has of a rule whom its premise leaves out.
Outcome outcome_without(pack::RuleKind kind) { return outcome_of(kind, false, false); }

/// Rules that are about few of those there are. Their premises say who; whoever is left out need not be asked.
class Few {
 public:
  Few(engine::Duckdb& engine, const RuleBook& book, const SweepOptions& options, const std::set<std::size_t>& lit)
      : engine_(engine), book_(book), options_(options), lit_(lit) {}

  /// Takes from the selections the rules that are about few, and notes their households in the table `asked`.
  base::Result<Selections> among(Selections& all) {
    Selections few;
    TRY(engine_.run("CREATE OR REPLACE TABLE asked (household VARCHAR)"));
    for (const auto& [from, to] : {std::pair(&all.household, &few.household), std::pair(&all.person, &few.person)}) TRY(split(*from, *to));
    return few;
  }

 private:
  static constexpr std::size_t rules_min = 8;     // another statement over everybody has to be worth it
  static constexpr std::int64_t part_of_all = 4;  // few are at most one in so many

  struct Premises {
    std::vector<rule::Expression> expressions;
    std::map<std::string, std::size_t> by_shape;
    std::map<std::size_t, std::set<std::size_t>> of_rule;  ///< one of them is not false of whom the rule is about
  };

  Premises premises(const Selection& selection) const {
    Premises out;
    for (const std::size_t at : selection.rules) {
      const CompiledRule& rule = book_.at(at);
      const bool entitlement = rule.rule->kind == pack::RuleKind::entitlement;
      if (!rule.first || (entitlement && lit_.contains(at))) continue;
      std::vector<std::optional<rule::Premise>> wanted{book_.compiler().premise(*rule.first)};
      // What somebody receives without being entitled is found too.
      if (entitlement) wanted.push_back(book_.compiler().premise(*rule.second));
      if (!std::ranges::all_of(wanted, [](const auto& premise) { return premise.has_value(); })) continue;
      for (const auto& premise : wanted) {
        const auto [known, fresh] = out.by_shape.try_emplace(premise->shape, out.expressions.size());
        if (fresh) out.expressions.push_back(premise->expression);
        out.of_rule[at].insert(known->second);
      }
    }
    return out;
  }

  base::Done split(Selection& selection, Selection& few) {
    few.subject = selection.subject;
    const Premises found = premises(selection);
    if (found.of_rule.size() < rules_min) return {};
    std::string number = "SELECT count(*)";
    const auto may = [](std::size_t at) { return fmt::format("r{} IS DISTINCT FROM 0", at); };
    for (std::size_t at = 0; at < found.expressions.size(); ++at) number += fmt::format(", count(*) FILTER (WHERE {})", may(at));
    TRY(engine_.run("CREATE OR REPLACE TEMP TABLE may_be AS SELECT * FROM " + TRY(asked_of(book_, selection.subject, found.expressions, options_.today)), options_.watch));
    engine::Answer counts = TRY(engine_.ask(number + " FROM may_be", options_.watch));
    if (!counts.next()) return {};
    std::set<std::size_t> wanted;
    for (const auto& [rule, its] : found.of_rule) {
      const bool about_few = std::ranges::all_of(its, [&](std::size_t at) { return counts.integer(at + 1, 0) * part_of_all <= counts.integer(0, 0); });
      if (!about_few) continue;
      few.rules.push_back(rule);
      wanted.insert(its.begin(), its.end());
    }
    if (few.rules.size() < rules_min) few.rules.clear();
    std::erase_if(selection.rules, [&](std::size_t rule) { return std::ranges::binary_search(few.rules, rule); });
    std::string any;
    for (const std::size_t at : wanted) any += (any.empty() ? "" : " OR ") + may(at);
    if (!few.empty()) TRY(engine_.run("INSERT INTO asked SELECT DISTINCT household FROM may_be WHERE " + any, options_.watch));
    return engine_.run("DROP TABLE temp.may_be");
  }

  engine::Duckdb& engine_;
  const RuleBook& book_;
  const SweepOptions& options_;
  const std::set<std::size_t>& lit_;
};

base::Result<OfVillage> number_of(engine::Duckdb& engine, pack::Subject kind) {
  OfVillage out;
  engine::Answer answer = TRY(engine.ask("SELECT village, count(*) FROM (" + subjects_sql(kind) + ") GROUP BY village"));
  while (answer.next()) {
    for (std::size_t row = 0; row < answer.size(); ++row) out[std::string(answer.text(0, row))] = answer.integer(1, row);
  }
  return out;
}

base::Done tally_listed(engine::Duckdb& engine, const std::vector<const RuleBook::Light*>& lights, Tally& tally) {
  if (lights.empty()) return {};
  std::vector<std::string> ids;
  for (const auto* light : lights) ids.push_back(light->light->id);
  engine::Answer listed = TRY(engine.ask("SELECT id FROM (" + subjects_sql(pack::Subject::household) + ") WHERE listed = 1"));
  while (listed.next()) {
    for (std::size_t row = 0; row < listed.size(); ++row) tally.listed(std::string(listed.text(0, row)), ids);
  }
  return {};
}

/// All rules about households and people, of whom there is now.
base::Done sweep_stage(Asking& asking, Few* split, StageTables& own, engine::Duckdb& engine, const RuleBook& book, Selections rules,
                       bool households, const SweepOptions& options, Tally& tally, std::array<std::int64_t, 3>& subjects) {
  const Selections few = split == nullptr ? Selections{} : TRY(split->among(rules));
  std::array<OfVillage, 2> everybody;
  const std::array wanted{households, !rules.person.empty() || !few.person.empty()};
  for (std::size_t kind = 0; kind < everybody.size(); ++kind) {
    if (!wanted[kind]) continue;
    const Selection& selection = *rules.each()[kind];
    everybody[kind] = selection.empty() ? TRY(number_of(engine, selection.subject)) : TRY(asking.ask(selection));
    for (const auto& [village, number] : everybody[kind]) subjects[kind] += number;
  }
  if (few.empty()) return {};
  TRY(own.keep("SELECT household FROM asked", options.watch));
  for (std::size_t kind = 0; kind < everybody.size(); ++kind) {
    const Selection& selection = *few.each()[kind];
    if (selection.empty()) continue;
    OfVillage asked = TRY(asking.ask(selection));
    for (const auto& [village, number] : everybody[kind]) {
      const std::int64_t left = number - asked[village];
      for (const std::size_t rule : selection.rules) {
        if (left > 0) tally.count(rule, village, outcome_without(book.at(rule).rule->kind), left);
      }
    }
  }
  return {};
}

}  // namespace

base::Done sweep_loaded(engine::Duckdb& engine, const RuleBook& book, const Selections& rules, const std::set<std::string>& tables,
                        const SweepOptions& options, Tally& tally, Comparison* comparison, std::array<std::int64_t, 3>& subjects) {
  const auto lights = lights_swept(book, rules);
  std::set<std::size_t> lit;
  for (const auto* light : lights) lit.insert(light->rules.begin(), light->rules.end());
  TRY(tally_listed(engine, lights, tally));
  Asking asking(engine, book, options, tally, comparison, lit);
  Few few(engine, book, options, lit);
  StageTables own(engine, book.compiler().schema(), tables);
  const bool apart = stand_alone(book.compiler().schema());
  const std::int64_t stages = apart ? TRY(stages_wanted(engine, rules, options)) : 1;
  const bool households = !rules.household.empty() || !lights.empty();
  for (std::int64_t stage = 0; stage < stages; ++stage) {
    if (stages > 1) TRY(own.make({stage, stages}, options.watch));
    TRY(sweep_stage(asking, apart ? &few : nullptr, own, engine, book, rules, households, options, tally, subjects));
    TRY(own.drop());
  }
  if (rules.village.empty()) return {};
  for (const auto& [village, number] : TRY(asking.ask(rules.village))) subjects[2] += number;
  return {};
}

}  // namespace yihu::screen

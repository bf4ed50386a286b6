#include "screen/sweep.h"

#include "access/viewer.h"
#include "screen/indicator.h"
#include "screen/refresh.h"
#include "screen/sweep_rows.h"

#include <algorithm>

namespace yihu::screen {
namespace {

constexpr const char* job = "screen";
/// Households asked again in one transaction: a few milliseconds each, so that clerks hardly wait.
constexpr std::size_t households_at_once = 20;
constexpr int closed_at_once = 200;

constexpr store::Sql open_sql =
    "SELECT rule, subject, household, village, period, state, outcome FROM finding WHERE state <> 'closed'";
constexpr store::Sql lights_sql = "SELECT household, light, state FROM household_light";
constexpr store::Sql swept_sql = "SELECT rule, version, day FROM swept_rule";
constexpr store::Sql mark_swept =
    "INSERT INTO swept_rule (rule, version, day, at) VALUES (:rule, :version, :day, :now)"
    " ON CONFLICT (rule) DO UPDATE SET version = excluded.version, day = excluded.day, at = excluded.at";
constexpr store::Sql forget_swept = "DELETE FROM swept_rule WHERE rule = :rule";
constexpr store::Sql drop_counts = "DELETE FROM rule_count WHERE rule = :rule";
constexpr store::Sql insert_count =
    "INSERT INTO rule_count (rule, village, outcome, subjects) VALUES (:rule, :village, :outcome, :subjects)";
constexpr store::Sql awaited_sql = "SELECT area, source, times FROM awaited";
constexpr store::Sql drop_awaited = "DELETE FROM awaited WHERE area = :area AND source = :source AND times = :times";
constexpr store::Sql recount_sql = "SELECT source, times FROM recount";
constexpr store::Sql drop_recount = "DELETE FROM recount WHERE source = :source AND times = :times";

store::Act act() { return {access::Viewer::system(job).actor(), base::RequestId::make(), ""}; }

base::Done write(store::Store& store, const std::function<base::Done(store::Transaction&)>& work) {
  TRY(store.write(act(), [&](store::Transaction& transaction) -> base::Result<store::Answer> {
    TRY(work(transaction));
    return store::Answer{};
  }));
  return {};
}

/// Something that is marked as changed, and the state of the mark when it was seen.
struct Mark {
  std::string area;
  std::string source;
  std::int64_t times = 0;
};

base::Result<std::vector<Mark>> awaited(store::Session& session) {
  std::vector<Mark> out;
  for (const store::Row& row : TRY(session.query(awaited_sql))) out.push_back({row.text(0), row.text(1), row.integer(2)});
  return out;
}

base::Result<std::vector<Mark>> recounts(store::Session& session) {
  std::vector<Mark> out;
  for (const store::Row& row : TRY(session.query(recount_sql))) out.push_back({"", row.text(0), row.integer(1)});
  return out;
}

Touched touched_by(const std::vector<Mark>& marks) {
  Touched out;
  for (const Mark& mark : marks) out[mark.source];
  return out;
}

/// What a sweep on the store itself found, against what is stored.
base::Done compare_found(store::Session& session, const RuleBook& book, const Selections& rules, const SweepResult& seen,
                         base::Date today, Differing& out) {
  std::map<std::pair<std::size_t, std::string>, const Found*> found;
  for (const Found& one : seen.found) found[{one.rule, one.subject}] = &one;
  for (const store::Row& row : TRY(session.query(open_sql))) {
    const auto rule = book.position(row.text(0));
    if (!rule || !rules.contain(*rule)) continue;
    const auto known = found.find({*rule, row.text(1)});
    const bool same = known != found.end() && row.text(5) == "open" && row.text(6) == name_of(known->second->outcome) &&
                      row.text(4) == period_on(book.at(*rule).period, today) && known->second->household == row.text(2) &&
                      known->second->village == row.text(3) && !book.at(*rule).level;
    if (!same) out.add(row.text(2), row.text(3));
    if (known != found.end() && same) found.erase(known);
  }
  for (const auto& [key, one] : found) out.add(one->household, one->village);
  return {};
}

base::Done compare_lights(store::Session& session, const RuleBook& book, const Selections& rules, const SweepResult& seen, Differing& out) {
  std::map<std::string, std::map<std::string, std::string>> kept;
  for (const store::Row& row : TRY(session.query(lights_sql))) kept[row.text(0)][row.text(1)] = row.text(2);
  for (const auto& [household, lights] : seen.lights) {
    for (const auto& [light, state] : lights) {
      if (kept[household][light] != name_of(state)) out.households.insert(household);
    }
  }
  const bool lights_seen = !rules.household.empty() && !lights_swept(book, rules).empty();
  for (const auto& [household, lights] : kept) {
    if (lights_seen && !seen.lights.contains(household)) out.households.insert(household);
  }
  return {};
}

base::Result<FindingChanges> apply(store::Store& store, const RuleBook& book, const Selections& rules, const Differing& where,
                                   const SweepOptions& options) {
  FindingChanges changes;
  const std::vector<std::string> households(where.households.begin(), where.households.end());
  for (std::size_t at = 0; at < households.size(); at += households_at_once) {
    if (options.watch.cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已停止。", "Stopped."));
    TRY(write(store, [&](store::Transaction& transaction) -> base::Done {
      for (std::size_t one = at; one < std::min(at + households_at_once, households.size()); ++one) {
        changes.add(TRY(refresh_household(transaction, book, households[one], rules.household, rules.person, options.today)));
      }
      return {};
    }));
  }
  if (where.villages.empty()) return changes;
  TRY(write(store, [&](store::Transaction& transaction) -> base::Done {
    for (const std::string& village : where.villages) {
      changes.add(TRY(refresh_village(transaction, book, village, rules.village, options.today)));
    }
    return {};
  }));
  return changes;
}

base::Done write_counts(store::Transaction& transaction, const RuleBook& book, const Selections& rules, const SweepResult& seen) {
  for (const Selection* selection : rules.each()) {
    for (const std::size_t rule : selection->rules) {
      TRY(transaction.execute(drop_counts, {{"rule", book.at(rule).id()}}));
      const auto of_rule = seen.counts.find(rule);
      if (of_rule == seen.counts.end()) continue;
      for (const auto& [village, counts] : of_rule->second) {
        for (int outcome = 0; outcome < outcomes; ++outcome) {
          if (counts[static_cast<std::size_t>(outcome)] == 0) continue;
          TRY(transaction.execute(insert_count, {{"rule", book.at(rule).id()}, {"village", village},
                                                 {"outcome", name_of(static_cast<Outcome>(outcome))},
                                                 {"subjects", counts[static_cast<std::size_t>(outcome)]}}));
        }
      }
    }
  }
  return {};
}

base::Done write_swept(store::Transaction& transaction, const RuleBook& book, const Selections& rules, base::Date today) {
  for (const Selection* selection : rules.each()) {
    for (const std::size_t rule : selection->rules) {
      TRY(transaction.execute(mark_swept, {{"rule", book.at(rule).id()}, {"version", book.at(rule).version}, {"day", today},
                                           {"now", transaction.now()}}));
    }
  }
  return {};
}

/// Rules that were once swept and are in no pack any more.
base::Result<bool> retire_rules(store::Store& store, const RuleBook& book, base::Date today) {
  std::vector<std::string> gone;
  TRY(store.read([&](store::Session& session) -> base::Done {
    for (const store::Row& row : TRY(session.query(swept_sql))) {
      if (!book.position(row.text(0))) gone.push_back(row.text(0));
    }
    return {};
  }));
  for (const std::string& rule : gone) {
    int closed = closed_at_once;
    while (closed == closed_at_once) {
      TRY(write(store, [&](store::Transaction& transaction) -> base::Done {
        closed = TRY(close_rule(transaction, rule, today, closed_at_once));
        if (closed == closed_at_once) return {};
        TRY(transaction.execute(drop_counts, {{"rule", rule}}));
        TRY(transaction.execute(forget_swept, {{"rule", rule}}));
        return {};
      }));
    }
  }
  return !gone.empty();
}

/// Counts and indicators that small writes changed. Their findings are right already.
base::Result<bool> count_anew(store::Store& store, const RuleBook& book, const SweepOptions& options) {
  std::vector<Mark> marks;
  Selections rules;
  SweepResult seen;
  TRY(store.read([&](store::Session& session) -> base::Done {
    marks = TRY(recounts(session));
    rules = rules_reading(book, touched_by(marks));
    if (rules.empty()) return {};
    seen = TRY(sweep(session, book, rules, options));
    return {};
  }));
  if (marks.empty()) return false;
  TRY(write(store, [&](store::Transaction& transaction) -> base::Done {
    TRY(write_counts(transaction, book, rules, seen));
    for (const Mark& mark : marks) TRY(transaction.execute(drop_recount, {{"source", mark.source}, {"times", mark.times}}));
    return {};
  }));
  TRY(record_indicators(store, book, options.today));
  return true;
}

}  // namespace

bool Selections::contain(std::size_t rule) const {
  return std::ranges::any_of(each(), [&](const Selection* one) { return std::ranges::binary_search(one->rules, rule); });
}

Selections all_rules(const RuleBook& book) {
  return {book.all(pack::Subject::household), book.all(pack::Subject::person), book.all(pack::Subject::village)};
}

Selections rules_reading(const RuleBook& book, const Touched& touched) {
  return {book.reading(pack::Subject::household, touched), book.reading(pack::Subject::person, touched),
          book.reading(pack::Subject::village, touched)};
}

base::Result<SweepResult> sweep(store::Session& session, const RuleBook& book, const Selections& rules, const SweepOptions& options) {
  SweepResult result;
  switch (options.engine) {
    case SweepEngine::live: TRY(sweep_live(session, book, rules, options, result)); break;
    case SweepEngine::duckdb: TRY(sweep_duckdb(session, book, rules, options, result, nullptr)); break;
  }
  return result;
}

base::Result<SweepReport> sweep_and_apply(store::Store& store, const RuleBook& book, const Selections& rules, const SweepOptions& options) {
  SweepReport report;
  Differing where;
  std::vector<Mark> marks;
  TRY(store.read([&](store::Session& session) -> base::Done {
    marks = TRY(awaited(session));
    switch (options.engine) {
      case SweepEngine::live:
        TRY(sweep_live(session, book, rules, options, report.result));
        TRY(compare_found(session, book, rules, report.result, options.today, where));
        break;
      case SweepEngine::duckdb: TRY(sweep_duckdb(session, book, rules, options, report.result, &where)); break;
    }
    return compare_lights(session, book, rules, report.result, where);
  }));
  report.households = static_cast<int>(where.households.size());
  report.changes = TRY(apply(store, book, rules, where, options));
  TRY(write(store, [&](store::Transaction& transaction) -> base::Done {
    TRY(write_counts(transaction, book, rules, report.result));
    TRY(write_swept(transaction, book, rules, options.today));
    // Only what every rule that reads it has been swept for is no longer awaited.
    for (const Mark& mark : marks) {
      const Selections reading = rules_reading(book, {{mark.source, {}}});
      const bool whole = std::ranges::all_of(reading.each(), [&](const Selection* one) {
        return std::ranges::all_of(one->rules, [&](std::size_t rule) { return rules.contain(rule); });
      });
      if (whole) TRY(transaction.execute(drop_awaited, {{"area", mark.area}, {"source", mark.source}, {"times", mark.times}}));
    }
    return {};
  }));
  TRY(record_indicators(store, book, options.today));
  return report;
}

base::Result<Selections> rules_due(store::Session& session, const RuleBook& book, base::Date today) {
  std::map<std::string, std::pair<std::string, std::string>> swept;
  for (const store::Row& row : TRY(session.query(swept_sql))) swept[row.text(0)] = {row.text(1), row.text(2)};
  const std::string day = base::to_string(today);
  const Selections large = rules_reading(book, touched_by(TRY(awaited(session))));
  std::set<std::size_t> due;
  for (std::size_t rule = 0; rule < book.rules().size(); ++rule) {
    const CompiledRule& compiled = book.at(rule);
    const auto known = swept.find(compiled.id());
    const bool changed = known == swept.end() || known->second.first != compiled.version;
    const bool another_day = !changed && known->second.second != day && (compiled.reads.today || compiled.period != rule::Period::none);
    if (changed || another_day || large.contain(rule)) due.insert(rule);
  }
  // A light is drawn from all its rules together.
  for (const RuleBook::Light& light : book.lights()) {
    if (std::ranges::any_of(light.rules, [&](std::size_t rule) { return due.contains(rule); })) due.insert(light.rules.begin(), light.rules.end());
  }
  const auto wanted = [&](const CompiledRule& rule) { return due.contains(static_cast<std::size_t>(&rule - book.rules().data())); };
  return Selections{book.selected(pack::Subject::household, wanted), book.selected(pack::Subject::person, wanted),
                    book.selected(pack::Subject::village, wanted)};
}

base::Result<bool> bring_up_to_date(store::Store& store, const RuleBook& book, const SweepOptions& options) {
  bool anything = TRY(retire_rules(store, book, options.today));
  Selections due;
  bool marked = false;
  TRY(store.read([&](store::Session& session) -> base::Done {
    due = TRY(rules_due(session, book, options.today));
    // A mark that no rule cares about goes too.
    marked = !TRY(awaited(session)).empty();
    return {};
  }));
  if (!due.empty() || marked) {
    TRY(sweep_and_apply(store, book, due, options));
    anything = true;
  }
  return TRY(count_anew(store, book, options)) || anything;
}

}  // namespace yihu::screen

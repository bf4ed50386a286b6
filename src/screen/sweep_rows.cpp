#include "screen/sweep_rows.h"

#include "store/generated_sql.h"
#include "store/statement_text.h"

#include <algorithm>

namespace yihu::screen {
namespace {

/// One character per outcome, so that a subject's outcomes are one text.
constexpr std::string_view outcome_letters = "0123456789ab";
static_assert(outcome_letters.size() == outcomes);

/// Worse first: what a light shows when several rules speak.
int severity(LightState state) {
  switch (state) {
    case LightState::not_met: return 0;
    case LightState::unknown: return 1;
    case LightState::met: return 2;
    case LightState::not_applicable: return 3;
  }
  std::unreachable();
}

}  // namespace

OutcomeCounts SweepResult::total(std::size_t rule) const {
  OutcomeCounts out{};
  const auto of_rule = counts.find(rule);
  if (of_rule == counts.end()) return out;
  for (const auto& [village, of_village] : of_rule->second) {
    for (std::size_t at = 0; at < out.size(); ++at) out[at] += of_village[at];
  }
  return out;
}

void Tally::count(std::size_t rule, const std::string& village, Outcome outcome, std::int64_t subjects) {
  result_.counts[rule][village][static_cast<std::size_t>(outcome)] += subjects;
}

void Tally::light(std::size_t rule, const std::string& household, Outcome outcome) {
  const auto known = result_.lights.find(household);
  if (known == result_.lights.end() || outcome == Outcome::not_applicable) return;
  const LightState state = is_finding(outcome) ? LightState::not_met : outcome == Outcome::unknown ? LightState::unknown : LightState::met;
  for (const RuleBook::Light& light : book_.lights()) {
    if (std::ranges::find(light.rules, rule) == light.rules.end()) continue;
    const auto kept = known->second.find(light.light->id);
    if (kept != known->second.end() && severity(state) < severity(kept->second)) kept->second = state;
  }
}

void Tally::listed(const std::string& household, const std::vector<std::string>& lights) {
  auto& of_household = result_.lights[household];
  for (const std::string& light : lights) of_household.emplace(light, LightState::not_applicable);
}

std::vector<const RuleBook::Light*> lights_swept(const RuleBook& book, const Selections& rules) {
  std::vector<const RuleBook::Light*> out;
  for (const RuleBook::Light& light : book.lights()) {
    const bool whole = std::ranges::all_of(light.rules, [&](std::size_t rule) {
      return std::ranges::any_of(rules.each(), [&](const Selection* one) { return std::ranges::binary_search(one->rules, rule); });
    });
    if (whole) out.push_back(&light);
  }
  return out;
}

std::string subjects_sql(pack::Subject kind) {
  const std::string listed = "CASE WHEN h.status <> 'general' OR h.monitoring <> 'none' THEN 1 ELSE 0 END AS listed";
  switch (kind) {
    case pack::Subject::household:
      return "SELECT h.id AS id, h.id AS household, h.village AS village, " + listed + " FROM household h WHERE h.ended_on IS NULL";
    case pack::Subject::person:
      return "SELECT p.id AS id, p.household AS household, h.village AS village, " + listed +
             " FROM person p JOIN household h ON h.id = p.household WHERE p.present = 1 AND h.ended_on IS NULL";
    case pack::Subject::village:
    case pack::Subject::none: break;
  }
  return "SELECT a.code AS id, '' AS household, a.code AS village, 0 AS listed FROM area a WHERE a.level = 'village'";
}

Fused fused(const RuleBook& book, const std::vector<rule::Expression>& expressions, pack::Subject kind,
            const rule::QueryOptions& options) {
  Fused out;
  out.from = " FROM (" + subjects_sql(kind) + ") s";
  out.columns.resize(expressions.size());
  int number = 0;
  for (const rule::Query& query : rule::fuse(book.compiler(), expressions, options)) {
    const std::string name = fmt::format("q{}", number++);
    out.from += " JOIN (" + query.sql + ") " + name + " ON " + name + ".subject = s.id";
    for (const std::size_t at : query.expressions) out.columns[at] = fmt::format("{}.r{}", name, at);
  }
  return out;
}

std::vector<Selection> parts_of(const RuleBook& book, const Selection& selection, const rule::QueryOptions& options) {
  if (selection.rules.size() < 2 || rule::fuse(book.compiler(), book.layout(selection, false).expressions, options).size() < 2) return {selection};
  const auto middle = selection.rules.begin() + static_cast<std::ptrdiff_t>(selection.rules.size() / 2);
  std::vector<Selection> out = parts_of(book, {selection.subject, {selection.rules.begin(), middle}}, options);
  for (Selection& part : parts_of(book, {selection.subject, {middle, selection.rules.end()}}, options)) out.push_back(std::move(part));
  return out;
}

namespace {

/// One statement for these rules, its answer added up. @returns how many subjects there are
base::Result<std::int64_t> sweep_part(store::Session& session, const RuleBook& book, const Selection& selection, base::Date today, Tally& tally) {
  const Layout layout = book.layout(selection, false);
  rule::QueryOptions query;
  query.engine = book.live();
  const Fused from = fused(book, layout.expressions, selection.subject, query);
  std::string packed;
  for (const Slot& slot : layout.slots) {
    packed += (packed.empty() ? "" : " || ") + std::string("substr('") + std::string(outcome_letters) + "', " +
              outcome_sql(book.at(slot.rule).rule->kind, slot.first ? from.columns[*slot.first] : "", from.columns[slot.second]) + " + 1, 1)";
  }
  const std::string sql = "SELECT s.id, s.household, s.village, s.listed, " + (packed.empty() ? "''" : packed) + from.from;
  store::Parameters parameters;
  const auto names = store::parameter_names(sql);
  if (std::ranges::find(names, "today") != names.end()) parameters.push_back({"today", today});
  const auto rows = TRY(session.query(store::compiled_sql(sql), parameters));
  for (const store::Row& row : rows) {
    const std::string& letters = row.text(4);
    for (std::size_t at = 0; at < layout.slots.size(); ++at) {
      const auto outcome = static_cast<Outcome>(outcome_letters.find(letters[at]));
      const std::size_t rule = layout.slots[at].rule;
      tally.count(rule, row.text(2), outcome, 1);
      if (is_finding(outcome)) tally.found({rule, row.text(0), row.text(1), row.text(2), outcome});
      if (row.truth(3)) tally.light(rule, row.text(1), outcome);
    }
  }
  return static_cast<std::int64_t>(rows.size());
}

}  // namespace

base::Done sweep_live(store::Session& session, const RuleBook& book, const Selections& rules, const SweepOptions& options,
                      SweepResult& result) {
  Tally tally(book, result);
  std::vector<std::string> lights;
  for (const auto* light : lights_swept(book, rules)) lights.push_back(light->light->id);
  if (!lights.empty()) {
    const std::string sql = subjects_sql(pack::Subject::household);
    for (const store::Row& row : TRY(session.query(store::compiled_sql(sql)))) {
      if (row.truth(3)) tally.listed(row.text(0), lights);
    }
  }
  rule::QueryOptions query;
  query.engine = book.live();
  std::size_t kind = 0;
  for (const Selection* selection : rules.each()) {
    const std::size_t number = kind++;
    if (selection->empty()) continue;
    for (const Selection& part : parts_of(book, *selection, query)) {
      if (options.watch.cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已停止。", "Stopped."));
      result.subjects[number] = TRY(sweep_part(session, book, part, options.today, tally));
    }
  }
  return {};
}

}  // namespace yihu::screen

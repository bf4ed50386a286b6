#include "screen/household_standing.h"

#include "registry/reach.h"
#include "screen/refresh.h"
#include "screen/wording.h"

#include <algorithm>

namespace yihu::screen {
namespace {

constexpr store::Sql place_sql = "SELECT village, helper_account FROM household WHERE id = :household";
constexpr store::Sql person_name = "SELECT name FROM person WHERE id = :id";
constexpr store::Sql head_name = "SELECT head_name FROM household WHERE id = :id";
constexpr store::Sql village_name = "SELECT name FROM area WHERE code = :id";

bool unverified(const RuleBook& book, const CompiledRule& rule, base::Date today) {
  if (rule.rule->source.unverified) return true;
  return std::ranges::any_of(book.pack().parameters, [&](const pack::Parameter& parameter) {
    const pack::ParameterValue* value = parameter.on(today);
    return rule.reads.parameters.contains(parameter.id) && value != nullptr && !value->verified;
  });
}

/// Where the saying belongs on the page.
void place(HouseholdStanding& out, const RuleBook& book, const Saying& saying, std::size_t rule) {
  const bool entitlement = book.at(rule).rule->kind == pack::RuleKind::entitlement;
  if (saying.outcome == Outcome::served) out.entitled.push_back(saying);
  if (saying.outcome == Outcome::served_not_entitled) out.unentitled.push_back(saying);
  if (entitlement && saying.outcome == Outcome::unknown) out.undecided.push_back(saying);
  if (saying.outcome == Outcome::entitled_not_served) {
    out.lacking.push_back(saying);
    out.lacking_fen += saying.amount_fen.value_or(0);
  }
  if (is_finding(saying.outcome) && !entitlement) out.findings.push_back(saying);
  if (!is_finding(saying.outcome) && saying.outcome != Outcome::unknown) return;
  for (std::size_t at = 0; at < out.lights.size(); ++at) {
    const auto& rules = book.lights()[at].rules;
    if (std::ranges::find(rules, rule) != rules.end()) out.lights[at].reasons.push_back(saying);
  }
}

}  // namespace

RuleView rule_view(const CompiledRule& rule) {
  const pack::Rule& of = *rule.rule;
  return {of.id, of.label, std::string(pack::name_of(of.kind)), std::string(pack::name_of(of.subject)), of.article, rule.version,
          {of.source.document, of.source.article, of.source.item, of.source.address, of.source.unverified, of.source.note}};
}

base::Result<std::string> name_of_subject(store::Session& session, const SubjectRow& subject) {
  const store::Sql sql = subject.kind == pack::Subject::person ? person_name
                         : subject.kind == pack::Subject::household ? head_name : village_name;
  const auto row = TRY(session.find(sql, {{"id", subject.id}}));
  return row ? row->text(0) : std::string();
}

base::Result<Saying> saying_of(store::Session& session, const RuleBook& book, const SubjectRow& subject, const std::string& name,
                               const Verdict& verdict, base::Date today) {
  const CompiledRule& rule = book.at(verdict.rule);
  Saying out{rule.id(), rule.rule->label, std::string(pack::name_of(subject.kind)), subject.id, name, verdict.outcome,
             label_of(verdict.outcome), {}, {}, {}, verdict.level, verdict.amount, unverified(book, rule, today)};
  if (!is_finding(verdict.outcome)) return out;
  Values values;
  const Wording& wording = rule.wording;
  if (!wording.expressions.empty()) {
    const auto cells = TRY(values_of(session, wording.statements, wording.expressions.size(), subject.id, today));
    for (std::size_t at = 0; at < cells.size(); ++at) {
      const rule::Expression& expression = wording.expressions[at];
      values[wording.names[at]] = words_of(cells[at], expression.kind(), expression.codes(), book.pack());
    }
  }
  out.say = filled(rule.rule->say, values);
  out.plain = filled(rule.rule->plain, values);
  out.mend = filled(rule.rule->mend, values);
  return out;
}

base::Result<SubjectRow> seen_subject(store::Session& session, const access::Viewer& viewer, pack::Subject kind, std::string_view id) {
  auto subject = TRY(find_subject(session, kind, id));
  if (!subject) return base::fail(kind == pack::Subject::person ? registry::no_such_person() : registry::no_such_household());
  std::string helper;
  if (!subject->household.empty()) {
    if (const auto row = TRY(session.find(place_sql, {{"household", subject->household}}))) helper = row->text(1);
  }
  if (!registry::sees(viewer, subject->village, helper)) return base::fail(registry::no_such_household());
  return *std::move(subject);
}

base::Result<HouseholdStanding> household_standing(store::Session& session, const RuleBook& book, const access::Viewer& viewer,
                                                   std::string_view household, base::Date today) {
  const SubjectRow whole = TRY(seen_subject(session, viewer, pack::Subject::household, household));
  HouseholdStanding out;
  out.household = whole.id;
  out.as_of = today;
  out.computing = TRY(awaits_sweep(session, whole.village));
  std::vector<Judged> judged;
  for (const SubjectRow& subject : TRY(household_subjects(session, household))) {
    judged.push_back({subject, TRY(evaluate(session, book, book.all(subject.kind), subject.id, today))});
  }
  for (const RuleBook::Light& light : book.lights()) {
    out.lights.push_back({light.light->id, light.light->label, light_state(light, judged), {}});
  }
  for (const Judged& one : judged) {
    const std::string name = TRY(name_of_subject(session, one.subject));
    for (const Verdict& verdict : one.verdicts) {
      const bool worth = is_finding(verdict.outcome) || verdict.outcome == Outcome::unknown || verdict.outcome == Outcome::served;
      if (worth) place(out, book, TRY(saying_of(session, book, one.subject, name, verdict, today)), verdict.rule);
    }
  }
  return out;
}

}  // namespace yihu::screen

#include "screen/explanation.h"

#include "access/user.h"
#include "base/utf8.h"
#include "screen/cell_source.h"
#include "screen/finding_list.h"
#include "screen/household_standing.h"
#include "screen/wording.h"

#include <algorithm>
#include <set>

namespace yihu::screen {
namespace {

std::string truth_name(const store::Cell& cell) {
  const auto* number = std::get_if<std::int64_t>(&cell);
  return number == nullptr ? "unknown" : *number != 0 ? "yes" : "no";
}

/// The text of a part: a stretch of the expression, or of the fact in which it stands.
std::string text_of(const rule::Part& part, const std::string& whole, const rule::Schema& schema) {
  const std::string* text = &whole;
  for (const rule::Fact& fact : schema.facts) {
    if (!part.inside.empty() && fact.subject + "." + fact.name == part.inside) text = &fact.expression;
  }
  const std::u32string points = base::code_points(*text);
  if (part.span.begin >= points.size() || part.span.end < part.span.begin) return part.expression.text();
  return base::utf8(points.substr(part.span.begin, part.span.end - part.span.begin));
}

class Explaining {
 public:
  Explaining(store::Session& session, const RuleBook& book, const CompiledRule& rule, const SubjectRow& subject, base::Date today)
      : session_(session), book_(book), rule_(rule), subject_(subject), today_(today) {}

  base::Result<ConditionView> condition(std::string_view name, const rule::Expression& expression) {
    ConditionView out{std::string(name), expression.text(), "unknown", {}};
    const std::vector<rule::Part> parts = rule::parts_of(expression);
    std::vector<rule::Expression> expressions;
    for (const rule::Part& part : parts) expressions.push_back(part.expression);
    const auto statements = TRY(book_.one_subject(expressions));
    const auto cells = TRY(values_of(session_, statements, expressions.size(), subject_.id, today_));
    if (cells.empty()) return out;
    out.value = truth_name(cells.front());
    for (std::size_t at = 0; at < parts.size(); ++at) {
      out.parts.push_back({text_of(parts[at], expression.text(), book_.compiler().schema()), parts[at].inside, parts[at].depth,
                           words_of(cells[at], parts[at].expression.kind(), parts[at].expression.codes(), book_.pack())});
    }
    return out;
  }

  std::vector<UsedParameter> parameters() const {
    std::vector<UsedParameter> out;
    for (const pack::Parameter& parameter : book_.pack().parameters) {
      if (!rule_.reads.parameters.contains(parameter.id)) continue;
      const pack::ParameterValue* value = parameter.on(today_);
      out.push_back({parameter.id, parameter.label, parameter.unit, value == nullptr ? "" : value->written, value != nullptr && value->verified});
    }
    return out;
  }

  base::Result<std::vector<std::string>> not_delivered() const {
    std::vector<std::string> out;
    for (const std::string& id : rule_.reads.ledgers) {
      const pack::Ledger* ledger = book_.pack().ledger(id);
      if (ledger == nullptr) continue;
      if (!TRY(delivered(session_, *ledger, subject_.village, today_))) out.push_back(id);
    }
    return out;
  }

 private:
  store::Session& session_;
  const RuleBook& book_;
  const CompiledRule& rule_;
  const SubjectRow& subject_;
  base::Date today_;
};
base::Done name_authors(store::Session& session, const store::Secrets& secrets, std::vector<CellView>& cells) {
  std::set<base::UserId> users;
  for (const CellView& cell : cells) {
    if (base::is_uuid(cell.entered_by)) users.insert({cell.entered_by});
  }
  const auto names = TRY(access::display_names(session, secrets, users));
  for (CellView& cell : cells) {
    if (const auto name = names.find({cell.entered_by}); name != names.end()) cell.entered_by_name = {name->second, name->second};
    else if (cell.entered_by.starts_with("system:")) cell.entered_by_name = base::text("系统", "The system");
  }
  return {};
}

}  // namespace

base::Result<Explanation> explain(store::Session& session, const RuleBook& book, const store::Secrets& secrets, const access::Viewer& viewer, std::string_view rule_id,
                                  std::string_view subject_id, base::Date today) {
  const auto position = book.position(rule_id);
  if (!position) {
    return base::fail(base::ErrorKind::not_found, "rule_unknown", base::text("没有规则“{}”。", "There is no rule \"{}\".", rule_id));
  }
  const CompiledRule& rule = book.at(*position);
  const SubjectRow subject = TRY(seen_subject(session, viewer, rule.rule->subject, subject_id));
  const auto verdicts = TRY(evaluate(session, book, {subject.kind, {*position}}, subject.id, today));
  const std::string name = TRY(name_of_subject(session, subject));
  Explanation out;
  out.rule = rule_view(rule);
  out.as_of = today;
  out.saying = TRY(saying_of(session, book, subject, name, verdicts.empty() ? Verdict{*position, Outcome::unknown, "", {}} : verdicts.front(), today));
  Explaining explaining(session, book, rule, subject, today);
  const bool entitlement = rule.rule->kind == pack::RuleKind::entitlement;
  const bool guarantee = rule.rule->kind == pack::RuleKind::guarantee;
  if (rule.first) out.conditions.push_back(TRY(explaining.condition(entitlement ? "eligible" : "applies", *rule.first)));
  out.conditions.push_back(TRY(explaining.condition(entitlement ? "received" : guarantee ? "holds" : "when", *rule.second)));
  out.parameters = explaining.parameters();
  out.not_delivered = TRY(explaining.not_delivered());
  out.cells = TRY(cells_of(session, book, rule, subject));
  TRY(name_authors(session, secrets, out.cells));
  out.finding = TRY(find_finding(session, book, rule.id(), subject.id, period_on(rule.period, today)));
  return out;
}

std::string text_from_explanation(const Explanation& explanation, base::Language language) {
  const auto in = [&](const base::Text& text) { return text.in(language); };
  std::string out = fmt::format("{} · {} · {}\n", in(explanation.rule.label), explanation.saying.name, in(explanation.saying.outcome_label));
  if (!explanation.saying.say.empty()) out += in(explanation.saying.say) + "\n";
  for (const ConditionView& condition : explanation.conditions) {
    out += fmt::format("{}: {} = {}\n", condition.name, condition.text, condition.value);
    for (const PartView& part : condition.parts) {
      out += fmt::format("{:{}}{} = {}\n", "", 2 + 2 * part.depth, part.text, in(part.value));
    }
  }
  for (const UsedParameter& parameter : explanation.parameters) {
    out += fmt::format("{} = {} {}{}\n", in(parameter.label), parameter.value, in(parameter.unit),
                       parameter.verified ? "" : in(base::text("（未核实）", " (unverified)")));
  }
  for (const CellView& cell : explanation.cells) {
    out += fmt::format("{} / {} / {} {}: {}  {} {}\n", in(cell.label), cell.subject_name, in(cell.column_label), cell.period, in(cell.value),
                       in(cell.entered_by_name), cell.entered_at ? base::to_string(*cell.entered_at) : "");
  }
  for (const std::string& ledger : explanation.not_delivered) {
    out += in(base::text("台账 {} 本期尚未报送，没有记录不等于没有。\n", "The ledger {} was not delivered for this period: no row does not mean no.\n", ledger));
  }
  const SourceView& source = explanation.rule.source;
  out += fmt::format("{} {} {}{}\n", source.document, source.article > 0 ? std::to_string(source.article) : "", source.item,
                     source.unverified ? in(base::text("（未核实）", " (unverified)")) : "");
  if (!explanation.saying.mend.empty()) out += in(explanation.saying.mend) + "\n";
  return out;
}

}  // namespace yihu::screen

#include "pack/loading.h"

#include "base/chinese_number.h"
#include "base/utf8.h"

#include <algorithm>

namespace yihu::pack {
namespace {

constexpr std::string_view kinds[] = {"guarantee", "entitlement", "risk", "consistency"};
constexpr std::string_view kind_keys[4][5] = {
    {"applies", "holds"},
    {"eligible", "received", "amount"},
    {"applies", "when", "level"},
    {"applies", "when"},
};

Expression expression(const Value& value) {
  auto text = value.text();
  if (!text) return {};
  return {std::move(*text), value.place()};
}

std::optional<CaseRoute> route(const Value& value) {
  if (!value.present()) return std::nullopt;
  Fields fields = value.fields();
  CaseRoute out;
  out.procedure = fields.need("procedure").id().value_or("");
  out.responsible = fields.need("to").id().value_or("");
  out.due_days = static_cast<int>(fields.need("due_days").integer(1, due_days_max).value_or(0));
  return out;
}

/// Keys that belong to another kind of rule are named as such: "no such key" would not say why.
void refuse_other_keys(Fields& fields, RuleKind kind) {
  for (const std::string_view key : {"applies", "holds", "eligible", "received", "amount", "when", "level"}) {
    if (std::ranges::find(kind_keys[static_cast<std::size_t>(kind)], key) != std::end(kind_keys[static_cast<std::size_t>(kind)])) continue;
    if (const Value value = fields.may(key); value.present()) {
      value.mistake("pack_key_of_other_kind", base::text("{} 类规则没有“{}”。", "A rule of kind {} has no \"{}\".", name_of(kind), key));
    }
  }
}

void read_expressions(Fields& fields, Rule& rule) {
  refuse_other_keys(fields, rule.kind);
  switch (rule.kind) {
    case RuleKind::guarantee:
      rule.applies = expression(fields.need("applies"));
      rule.holds = expression(fields.need("holds"));
      return;
    case RuleKind::entitlement:
      rule.eligible = expression(fields.need("eligible"));
      rule.received = expression(fields.need("received"));
      rule.amount = expression(fields.may("amount"));
      return;
    case RuleKind::risk:
      rule.applies = expression(fields.may("applies"));
      rule.when = expression(fields.need("when"));
      rule.level = expression(fields.may("level"));
      return;
    case RuleKind::consistency:
      rule.applies = expression(fields.may("applies"));
      rule.when = expression(fields.need("when"));
      return;
  }
}

}  // namespace

std::string_view name_of(RuleKind kind) { return kinds[static_cast<std::size_t>(kind)]; }

std::vector<std::pair<std::string_view, const Expression*>> Rule::expressions() const {
  std::vector<std::pair<std::string_view, const Expression*>> out;
  const std::pair<std::string_view, const Expression*> all[] = {
      {"applies", &applies}, {"holds", &holds}, {"eligible", &eligible}, {"received", &received},
      {"amount", &amount},   {"when", &when},   {"level", &level}};
  for (const auto& one : all) {
    if (!one.second->empty()) out.push_back(one);
  }
  return out;
}

std::optional<int> article_number(std::string_view written) {
  std::u32string points = base::code_points(written);
  std::erase_if(points, [](char32_t c) { return c == U'（' || c == U'）' || c == U'(' || c == U')' || c == U' '; });
  int number = 0;
  for (const char32_t c : points) {
    if (c < U'0' || c > U'9' || number > 999) return base::number_from_chinese(points);
    number = number * 10 + static_cast<int>(c - U'0');
  }
  if (points.empty() || number == 0) return std::nullopt;
  return number;
}

std::optional<int> article_from(const Value& value) {
  const auto written = value.text();
  if (!written) return std::nullopt;
  const auto number = article_number(*written);
  if (!number) {
    value.mistake("pack_article", base::text("“{}”不是条目号。", "\"{}\" is not the number of an article.", base::first_code_points(*written, 20)),
                  base::text("请写成 十 或 10 的样子。", "Write it like 十 or 10."));
  }
  return number;
}

Source source_from(const Value& value, Loading&) {
  Source out;
  if (!value.present()) return out;
  // A source in one line names the document alone.
  if (value.is_scalar()) {
    out.document = value.text().value_or("");
    return out;
  }
  Fields fields = value.fields();
  out.document = fields.need("document").text().value_or("");
  out.article = article_from(fields.may("article")).value_or(0);
  out.item = fields.may("item").text().value_or("");
  out.address = fields.may("address").text().value_or("");
  out.unverified = fields.may("unverified").truth().value_or(false);
  out.note = fields.may("note").bilingual(Value::Single::allowed).value_or(base::Text{});
  return out;
}

Expression expression_from(const Value& value) { return expression(value); }

void read_facts(const Value& section, Loading& loading) {
  for (const auto& [id, value] : section.entries()) {
    Fact fact;
    fact.id = id;
    fact.place = value.place();
    fact.layer = loading.layer_id;
    fact.article = loading.article;
    const auto dot = id.find('.');
    const std::string_view subject = std::string_view(id).substr(0, dot);
    if (dot == id.npos || (subject != "household" && subject != "person" && subject != "village")) {
      value.mistake("pack_fact_subject",
                    base::text("事实“{}”没有写明针对谁。", "The fact \"{}\" does not say what it is about.", id),
                    base::text("请写成 household.…、person.… 或 village.… 的样子。", "Write household.…, person.… or village.…."));
      continue;
    }
    fact.subject = subject == "household" ? Subject::household : subject == "person" ? Subject::person : Subject::village;
    fact.name = id.substr(dot + 1);
    if (value.is_scalar()) {
      fact.expression = expression(value);
    } else {
      Fields fields = value.fields();
      fact.expression = expression(fields.need("is"));
      fact.label = fields.may("label").bilingual().value_or(base::Text{});
    }
    if (check_name(value, fact.name) && !fact.expression.empty()) loading.put(loading.pack.facts, std::move(fact), "fact", value.place());
  }
}

void read_rules(const Value& section, Loading& loading) {
  for (const auto& [id, value] : section.entries()) {
    Fields fields = value.fields();
    Rule rule;
    rule.id = id;
    rule.place = value.place();
    rule.layer = loading.layer_id;
    rule.article = loading.article;
    const auto kind = fields.need("kind").one_of(kinds);
    const Value subject = fields.need("subject");
    rule.subject = subject_from(subject).value_or(Subject::household);
    if (rule.subject == Subject::none) {
      subject.mistake("pack_rule_subject", base::text("规则必须针对户、人或村。", "A rule is about households, persons or villages."));
    }
    rule.label = fields.need("label").bilingual().value_or(base::Text{});
    if (kind) {
      rule.kind = static_cast<RuleKind>(std::ranges::find(kinds, *kind) - std::begin(kinds));
      read_expressions(fields, rule);
    } else {
      // Without a kind nothing can be said about its expressions, only that they belong here.
      for (const auto& keys : kind_keys) {
        for (const std::string_view key : keys) (void)fields.may(key);
      }
    }
    rule.source = source_from(fields.need("source"), loading);
    rule.say = fields.need("say").bilingual().value_or(base::Text{});
    rule.plain = fields.may("plain").bilingual().value_or(base::Text{});
    rule.mend = fields.may("mend").bilingual().value_or(base::Text{});
    rule.route = route(fields.may("case"));
    loading.put(loading.pack.rules, std::move(rule), "rule", value.place());
  }
  if (loading.pack.rules.size() > rules_max) {
    section.mistake("pack_too_many_rules", base::text("规则超过 {} 条。", "There are more than {} rules.", rules_max));
  }
}

void read_lights(const Value& section, Loading& loading) {
  for (const auto& [id, value] : section.entries()) {
    Fields fields = value.fields();
    Light light;
    light.id = id;
    light.place = value.place();
    light.layer = loading.layer_id;
    light.label = fields.need("label").bilingual().value_or(base::Text{});
    for (const Value& item : fields.need("rules").list()) {
      auto rule = item.id();
      if (!rule) continue;
      loading.references.push_back({*rule, item.place(), Named::rule});
      light.rules.push_back(std::move(*rule));
    }
    loading.put(loading.pack.lights, std::move(light), "light", value.place());
  }
}

}  // namespace yihu::pack

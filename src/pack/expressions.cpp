// After all files: every expression is typed against the register and the ledgers, every sentence's placeholders too.

#include "pack/conduct.h"
#include "pack/loading.h"
#include "pack/rule_schema.h"

#include "base/utf8.h"

#include <algorithm>
#include <set>

namespace yihu::pack {
namespace {

bool is_blank(char32_t c) { return c == U' ' || c == U'\n' || c == U'\t' || c == U'\r'; }

/// Where the character `offset` of an expression stands in its file. YAML folds lines, doubles quotes and strips
/// indents, so both texts are walked side by side, blanks left out.
base::Place place_within(const Expression& expression, std::size_t offset, const std::map<std::string, std::string>& texts) {
  base::Place place = expression.place;
  const auto file = texts.find(place.file);
  if (file == texts.end()) return place;
  const std::u32string raw = base::code_points(file->second);
  const std::u32string text = base::code_points(expression.text);
  const auto before = static_cast<std::size_t>(
      std::ranges::count_if(text.substr(0, std::min(offset, text.size())), [](char32_t c) { return !is_blank(c); }));
  std::size_t at = 0;
  for (int line = 1; line < place.line && at < raw.size(); ++at) line += raw[at] == U'\n' ? 1 : 0;
  at += static_cast<std::size_t>(place.column - 1);
  if (at >= raw.size()) return place;
  const char32_t opened = raw[at];
  const auto step = [&] {
    if (at >= raw.size()) return;
    const bool line_end = raw[at++] == U'\n';
    place.line += line_end ? 1 : 0;
    place.column = line_end ? 1 : place.column + 1;
  };
  if (opened == U'>' || opened == U'|') {
    while (at < raw.size() && raw[at] != U'\n') step();
  } else if (opened == U'"' || opened == U'\'') {
    step();
  }
  const auto skip_blanks = [&] { while (at < raw.size() && is_blank(raw[at])) step(); };
  skip_blanks();
  for (std::size_t passed = 0; passed < before && at < raw.size(); ++passed) {
    if ((opened == U'"' && raw[at] == U'\\') || (opened == U'\'' && raw[at] == U'\'')) step();
    step();
    skip_blanks();
  }
  return place;
}

/// Line and column, from 1, of an error that was placed relative to {line 1, column 1}, as an offset.
std::size_t offset_in(const std::string& text, const base::Place& place) {
  const std::u32string points = base::code_points(text);
  std::size_t at = 0;
  for (int line = 1; line < place.line && at < points.size(); ++at) line += points[at] == U'\n' ? 1 : 0;
  return at + static_cast<std::size_t>(std::max(0, place.column - 1));
}

struct Asked {
  const Expression* expression;
  Subject subject;
  std::optional<rule::Kind> wanted;
};

class Checking {
 public:
  Checking(Loading& loading, const rule::Schema& subjects) : loading_(loading), schema_(rule_schema(subjects, loading.pack)) {
    // A list that is missing has been told; without its values the column still serves as text.
    for (auto& [name, rows] : schema_.rows) {
      for (rule::Field& field : rows.fields) {
        if (!schema_.code_lists.contains(field.codes)) field.codes.clear();
      }
    }
  }

  void all() {
    check_clashes();
    auto compiler = compiler_for();
    if (!compiler) return;
    for (const Rule& rule : loading_.pack.rules) check_rule(*compiler, rule);
    for (const Indicator& indicator : loading_.pack.indicators) {
      for (const Expression* one : {&indicator.count, &indicator.of}) {
        if (!one->empty()) (void)typed(*compiler, {one, indicator.subject, rule::Kind::truth});
      }
    }
    for (const Goal& goal : loading_.pack.goals) {
      for (const Expression* one : {&goal.list, &goal.holds}) {
        if (!one->empty()) (void)typed(*compiler, {one, goal.subject, rule::Kind::truth});
      }
    }
    for (const Roster& roster : loading_.rosters.all) {
      if (!roster.authorisation.empty()) (void)typed(*compiler, {&roster.authorisation, Subject::household, rule::Kind::truth});
      for (const DiscrepancyRule& rule : roster.rules) {
        if (!rule.expected.empty()) (void)typed(*compiler, {&rule.expected, roster.sheet.subject, rule::Kind::truth});
      }
    }
    for (const Rate& rate : loading_.rosters.rates) {
      for (const Expression* one : {&rate.of, &rate.count}) (void)typed(*compiler, {one, Subject::household, rule::Kind::truth});
    }
    check_indicator_rules();
  }

 private:
  /// A fact or a ledger that is called like a field of its subject could not be told from it.
  void check_clashes() {
    const auto clash = [&](Subject subject, const std::string& name, const base::Place& place) {
      const auto rows = loading_.vocabulary.subjects.rows.find(std::string(name_of(subject)));
      if (rows == loading_.vocabulary.subjects.rows.end()) return;
      const bool field = std::ranges::find(rows->second.fields, name, &rule::Field::name) != rows->second.fields.end();
      const bool relation = std::ranges::find(rows->second.relations, name, &rule::Relation::name) != rows->second.relations.end();
      if (!field && !relation) return;
      loading_.mistakes.add(place, "pack_name_taken",
                            base::text("“{}”已有名为“{}”的内容。", "\"{}\" has something called \"{}\" already.", name_of(subject), name),
                            base::text("请换一个编号。", "Use another id."));
    };
    for (const Ledger& ledger : loading_.pack.ledgers) {
      if (ledger.subject != Subject::none) clash(ledger.subject, ledger.id, ledger.place);
      if (loading_.vocabulary.subjects.rows.contains(ledger.id)) clash_with_register(ledger);
    }
    std::set<std::string> ledgers;
    for (const Ledger& ledger : loading_.pack.ledgers) ledgers.insert(std::string(name_of(ledger.subject)) + "." + ledger.id);
    for (const Fact& fact : loading_.pack.facts) {
      clash(fact.subject, fact.name, fact.place);
      if (ledgers.contains(fact.id)) {
        loading_.mistakes.add(fact.place, "pack_name_taken",
                              base::text("“{}”已经是台账的名称。", "\"{}\" is the name of a ledger already.", fact.id),
                              base::text("请换一个编号。", "Use another id."));
      }
    }
  }

  void clash_with_register(const Ledger& ledger) {
    loading_.mistakes.add(ledger.place, "pack_name_taken",
                          base::text("“{}”是登记簿自己的名称。", "\"{}\" is a name of the register's own.", ledger.id),
                          base::text("请换一个编号。", "Use another id."));
  }

  /// Facts first. Those that are wrong are told and left out, so that everything else can still be checked.
  std::optional<rule::Compiler> compiler_for() {
    std::map<std::string, const Fact*> by_key;
    for (std::size_t i = 0; i < schema_.facts.size(); ++i) {
      const Fact& fact = loading_.pack.facts[i];
      by_key["fact " + fact.id] = &fact;
      schema_.facts[i].place = {.file = "fact " + fact.id, .line = 1, .column = 1, .cell = {}, .field = {}};
    }
    for (int round = 0; round < rounds_max; ++round) {
      auto compiler = rule::Compiler::make(schema_);
      if (compiler) return std::move(*compiler);
      std::set<std::string> dropped;
      const auto take = [&](const base::Error& error) {
        const auto fact = by_key.find(error.place.file);
        if (fact == by_key.end()) {
          loading_.mistakes.add({}, error.code, error.text, error.mend);
          return;
        }
        dropped.insert(fact->second->id);
        if (!follows_from_broken(fact->second->expression.text)) told(fact->second->expression, error);
      };
      take(compiler.error());
      for (const base::Error& other : compiler.error().also) take(other);
      if (dropped.empty()) return std::nullopt;
      drop(std::move(dropped));
    }
    return std::nullopt;
  }

  /// Leaves facts out, with those that use them, and so on: what follows from a mistake is not told again.
  void drop(std::set<std::string> fresh) {
    while (!fresh.empty()) {
      std::erase_if(schema_.facts, [&](const rule::Fact& fact) { return fresh.contains(fact.subject + "." + fact.name); });
      std::set<std::string> names;
      for (const std::string& id : fresh) names.insert(id.substr(id.find('.')));
      broken_.insert(names.begin(), names.end());
      fresh.clear();
      for (const rule::Fact& fact : schema_.facts) {
        const bool follows = std::ranges::any_of(names, [&](const std::string& name) { return fact.expression.find(name) != std::string::npos; });
        if (follows) fresh.insert(fact.subject + "." + fact.name);
      }
    }
  }

  bool follows_from_broken(const std::string& text) const {
    return std::ranges::any_of(broken_, [&](const std::string& name) { return text.find(name) != text.npos; });
  }

  void told(const Expression& expression, const base::Error& error) {
    loading_.mistakes.add(place_within(expression, offset_in(expression.text, error.place), loading_.texts), error.code, error.text,
                          error.mend);
  }

  std::optional<rule::Expression> typed(const rule::Compiler& compiler, const Asked& asked) {
    if (asked.subject == Subject::none) return std::nullopt;
    const base::Place start{.file = {}, .line = 1, .column = 1, .cell = {}, .field = {}};
    auto out = compiler.compile(name_of(asked.subject), asked.expression->text, start, asked.wanted);
    if (out) return std::move(*out);
    if (follows_from_broken(asked.expression->text)) return std::nullopt;
    told(*asked.expression, out.error());
    for (const base::Error& other : out.error().also) told(*asked.expression, other);
    return std::nullopt;
  }

  static std::optional<rule::Kind> wanted(std::string_view key) {
    if (key == "amount") return rule::Kind::money;
    if (key == "level") return std::nullopt;
    return rule::Kind::truth;
  }

  void check_rule(const rule::Compiler& compiler, const Rule& rule) {
    if (rule.subject == Subject::none) return;
    for (const auto& [key, expression] : rule.expressions()) {
      const auto checked = typed(compiler, {expression, rule.subject, wanted(key)});
      if (checked) refuse_conduct(loading_, rule, *expression, checked->reads());
    }
    for (const base::Text* sentence : {&rule.say, &rule.plain, &rule.mend}) {
      check_sentence(compiler, rule, sentence->zh);
      check_sentence(compiler, rule, sentence->en);
    }
  }

  void check_sentence(const rule::Compiler& compiler, const Rule& rule, const std::string& sentence) {
    const auto names = placeholders(sentence);
    if (!names) {
      loading_.mistakes.add(rule.place, "pack_braces",
                            base::text("“{}”里的花括号不成对。", "The braces in \"{}\" do not pair.", base::first_code_points(sentence, 60)));
      return;
    }
    for (const std::string& name : *names) {
      if (std::ranges::find(shown_names, std::pair{rule.subject, std::string_view(name)}) != std::end(shown_names)) continue;
      if (compiler.compile(name_of(rule.subject), name) || follows_from_broken(name)) continue;
      loading_.mistakes.add(rule.place, "pack_placeholder",
                            base::text("没有“{{{}}}”可填。", "There is nothing to put for \"{{{}}}\".", base::first_code_points(name, 60)),
                            base::text("可以写 {{{}.…}} 的字段。", "It may be a field of {{{}.…}}.", name_of(rule.subject)));
    }
  }

  /// The share of an indicator needs a rule that can be met.
  void check_indicator_rules() {
    for (const Indicator& indicator : loading_.pack.indicators) {
      const Rule* rule = loading_.pack.rule(indicator.rule);
      if (rule == nullptr || rule->kind == RuleKind::guarantee || rule->kind == RuleKind::entitlement) continue;
      loading_.mistakes.add(indicator.place, "pack_indicator",
                            base::text("{} 类规则没有满足率，不能作指标。", "A rule of kind {} has no share that is met.", name_of(rule->kind)),
                            base::text("请改用 count。", "Use `count` instead."));
    }
  }

  static constexpr int rounds_max = 8;
  /// What a page can fill in although no rule may read it.
  static constexpr std::pair<Subject, std::string_view> shown_names[] = {
      {Subject::person, "person.name"},         {Subject::person, "person.village.name"},
      {Subject::person, "person.household.head"}, {Subject::person, "person.household.head_name"},
      {Subject::household, "household.head"},   {Subject::household, "household.head_name"},
      {Subject::household, "household.village.name"}, {Subject::village, "village.name"},
  };

  Loading& loading_;
  rule::Schema schema_;
  std::set<std::string> broken_;  ///< ".insured" of facts that did not compile
};

}  // namespace

void check_expressions(Loading& loading) {
  if (loading.vocabulary.subjects.rows.empty()) return;
  Checking(loading, loading.vocabulary.subjects).all();
}

}  // namespace yihu::pack

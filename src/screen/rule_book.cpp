#include "screen/rule_book.h"

#include "screen/wording.h"
#include "store/digest.h"
#include "store/generated_sql.h"
#include "store/statement_text.h"

#include <algorithm>

namespace yihu::screen {
namespace {

/// How many statements for parts of the book are kept; what goes beyond is answered by the whole book's.
constexpr std::size_t statements_kept_max = 500;
constexpr std::size_t version_digits = 12;

class RuleCompiler {
 public:
  RuleCompiler(const rule::Compiler& compiler, const pack::Rule& rule, std::vector<base::Error>& mistakes)
      : compiler_(compiler), rule_(rule), mistakes_(mistakes) {}

  CompiledRule compiled() {
    CompiledRule out;
    out.rule = &rule_;
    const bool entitlement = rule_.kind == pack::RuleKind::entitlement;
    const bool guarantee = rule_.kind == pack::RuleKind::guarantee;
    out.first = expression(entitlement ? rule_.eligible : rule_.applies, rule::Kind::truth);
    out.second = expression(entitlement ? rule_.received : guarantee ? rule_.holds : rule_.when, rule::Kind::truth);
    out.amount = expression(rule_.amount, rule::Kind::money);
    out.level = expression(rule_.level, std::nullopt);
    for (const auto* part : {&out.first, &out.second, &out.amount, &out.level}) {
      if (*part) out.reads.add((*part)->reads());
    }
    out.version = version(out.reads);
    out.period = period(out.reads);
    return out;
  }

 private:
  std::optional<rule::Expression> expression(const pack::Expression& written, std::optional<rule::Kind> wanted) {
    if (written.empty()) return std::nullopt;
    auto made = compiler_.compile(pack::name_of(rule_.subject), written.text, written.place, wanted);
    if (made) return *std::move(made);
    mistakes_.push_back(std::move(made).error());
    return std::nullopt;
  }

  std::string version(const rule::Reads& reads) const {
    store::Digest digest(store::Algorithms::international);
    digest.add_field(pack::name_of(rule_.kind));
    for (const auto& [name, expression] : rule_.expressions()) {
      digest.add_field(name);
      digest.add_field(expression->text);
    }
    for (const rule::Fact& fact : compiler_.schema().facts) {
      if (!reads.facts.contains(fact.subject + "." + fact.name)) continue;
      digest.add_field(fact.name);
      digest.add_field(fact.expression);
    }
    for (const rule::Parameter& parameter : compiler_.schema().parameters) {
      if (!reads.parameters.contains(parameter.name)) continue;
      digest.add_field(parameter.name);
      for (const auto& value : parameter.values) {
        digest.add_field(base::to_string(value.from));
        digest.add_field(rule::literal(value.value, rule::Engine::sqlite));
      }
    }
    return store::hex(digest.finish()).substr(0, version_digits);
  }

  rule::Period period(const rule::Reads& reads) const {
    rule::Period coarsest = rule::Period::none;
    for (const auto& [name, rows] : compiler_.schema().rows) {
      for (const rule::Relation& relation : rows.relations) {
        if (relation.ledger.empty() || !reads.ledgers.contains(relation.ledger) || relation.period == rule::Period::none) continue;
        // Rising from year to month: the first is the coarsest.
        if (coarsest == rule::Period::none || relation.period < coarsest) coarsest = relation.period;
      }
    }
    return coarsest;
  }

  const rule::Compiler& compiler_;
  const pack::Rule& rule_;
  std::vector<base::Error>& mistakes_;
};

bool reads_touched(const CompiledRule& rule, const Touched& touched) {
  for (const auto& [table, columns] : touched) {
    // The delivery of a ledger decides what its missing rows mean.
    if (table == "delivery" && !rule.reads.ledgers.empty()) return true;
    if (columns.empty() && rule.reads_table(table)) return true;
    for (const std::string& column : columns) {
      if (rule.reads.columns.contains({table, column})) return true;
    }
  }
  return false;
}

}  // namespace

bool CompiledRule::reads_table(std::string_view table) const {
  const auto found = reads.columns.lower_bound({std::string(table), ""});
  return found != reads.columns.end() && found->table == table;
}

RuleBook::RuleBook(pack::Pack pack, rule::Compiler compiler, rule::Engine live)
    : pack_(std::move(pack)), compiler_(std::move(compiler)), live_(live) {}

base::Result<std::shared_ptr<const RuleBook>> RuleBook::make(pack::Pack pack, rule::Compiler compiler, rule::Engine live) {
  auto book = std::make_shared<RuleBook>(std::move(pack), std::move(compiler), live);
  TRY(book->compile_rules());
  book->find_lights();
  return std::shared_ptr<const RuleBook>(std::move(book));
}

base::Done RuleBook::compile_rules() {
  std::vector<base::Error> mistakes;
  for (const pack::Rule& rule : pack_.rules) {
    by_id_[rule.id] = rules_.size();
    rules_.push_back(RuleCompiler(compiler_, rule, mistakes).compiled());
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  for (CompiledRule& rule : rules_) rule.wording = TRY(wording(*rule.rule));
  return {};
}

base::Result<Wording> RuleBook::wording(const pack::Rule& rule) const {
  Wording out;
  std::set<std::string> names;
  for (const base::Text* text : {&rule.say, &rule.plain, &rule.mend}) names.merge(placeholders(*text));
  for (const std::string& name : names) {
    auto expression = compiler_.compile(pack::name_of(rule.subject), name);
    if (!expression) continue;
    out.names.push_back(name);
    out.expressions.push_back(*std::move(expression));
  }
  if (!out.expressions.empty()) out.statements = TRY(one_subject(out.expressions));
  return out;
}

void RuleBook::find_lights() {
  for (const pack::Light& light : pack_.lights) {
    Light found{&light, {}};
    for (const std::string& id : light.rules) {
      if (const auto at = position(id)) found.rules.push_back(*at);
    }
    lights_.push_back(std::move(found));
  }
}

std::optional<std::size_t> RuleBook::position(std::string_view id) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return std::nullopt;
  return found->second;
}

Selection RuleBook::all(pack::Subject subject) const {
  return selected(subject, [](const CompiledRule&) { return true; });
}

Selection RuleBook::reading(pack::Subject subject, const Touched& touched) const {
  std::set<std::size_t> wanted;
  for (std::size_t at = 0; at < rules_.size(); ++at) {
    if (reads_touched(rules_[at], touched)) wanted.insert(at);
  }
  for (const Light& light : lights_) {
    const bool part = std::ranges::any_of(light.rules, [&](std::size_t at) { return wanted.contains(at); });
    if (part) wanted.insert(light.rules.begin(), light.rules.end());
  }
  Selection out{subject, {}};
  for (const std::size_t at : wanted) {
    if (rules_[at].rule->subject == subject) out.rules.push_back(at);
  }
  const std::lock_guard lock(mutex_);
  if (kept_.size() >= statements_kept_max && !kept_.contains(out.rules)) return all(subject);
  return out;
}

Layout RuleBook::layout(const Selection& selection, bool with_values) const {
  Layout out;
  const auto place = [&](const rule::Expression& expression) {
    out.expressions.push_back(expression);
    return out.expressions.size() - 1;
  };
  for (const std::size_t at : selection.rules) {
    const CompiledRule& rule = rules_[at];
    Slot slot;
    slot.rule = at;
    if (rule.first) slot.first = place(*rule.first);
    slot.second = place(*rule.second);
    if (with_values && rule.amount) slot.amount = place(*rule.amount);
    if (with_values && rule.level) slot.level = place(*rule.level);
    out.slots.push_back(slot);
  }
  return out;
}

base::Result<std::vector<Statement>> RuleBook::one_subject(std::span<const rule::Expression> expressions) const {
  std::vector<Statement> out;
  rule::QueryOptions options;
  options.engine = live_;
  options.which = rule::QueryOptions::Which::parameter;
  for (rule::Query& query : rule::fuse(compiler_, expressions, options)) {
    const auto parameters = store::parameter_names(query.sql);
    const bool takes_today = std::ranges::find(parameters, "today") != parameters.end();
    out.push_back({store::compiled_sql(query.sql), std::move(query.expressions), takes_today});
  }
  return out;
}

base::Result<const RuleBook::Asked*> RuleBook::one_subject(const Selection& selection) const {
  const std::lock_guard lock(mutex_);
  auto found = kept_.find(selection.rules);
  if (found == kept_.end()) {
    Asked asked{layout(selection, true), {}};
    asked.statements = TRY(one_subject(asked.layout.expressions));
    found = kept_.emplace(selection.rules, std::move(asked)).first;
  }
  return &found->second;
}

std::string period_on(rule::Period period, base::Date day) {
  const int year = static_cast<int>(day.year());
  const unsigned month = static_cast<unsigned>(day.month());
  switch (period) {
    case rule::Period::none: return {};
    case rule::Period::year: return fmt::format("{:04}", year);
    case rule::Period::half_year: return fmt::format("{:04}-H{}", year, (month + 5) / 6);
    case rule::Period::quarter: return fmt::format("{:04}-Q{}", year, (month + 2) / 3);
    case rule::Period::month: return fmt::format("{:04}-{:02}", year, month);
  }
  std::unreachable();
}

}  // namespace yihu::screen

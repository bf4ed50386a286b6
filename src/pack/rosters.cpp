#include "pack/loading.h"

#include <algorithm>

namespace yihu::pack {
namespace {

constexpr std::string_view kinds[] = {"roster_only", "register_only", "differs", "twice", "deceased", "contradicts", "question"};
constexpr std::string_view periods[] = {"none", "year", "half_year", "quarter", "month"};
constexpr std::string_view column_types[] = {"bool", "int", "real", "money", "date", "text", "code", "percent"};

template <class Names>
std::size_t position(const Names& names, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(names, name) - std::begin(names));
}

/// "person.schooling" → its two parts.
std::optional<std::pair<std::string, std::string>> target_from(const Value& value) {
  const auto text = value.text();
  if (!text) return std::nullopt;
  const std::size_t dot = text->find('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == text->size()) {
    value.mistake("pack_roster_target", base::text("“{}”应写成“表.列”。", "\"{}\" should read table.column.", *text),
                  base::text("例如 person.schooling 或 school_roll.grade。", "Such as person.schooling or school_roll.grade."));
    return std::nullopt;
  }
  return std::pair{text->substr(0, dot), text->substr(dot + 1)};
}

void read_column(const std::string& id, const Value& value, Roster& roster, Loading& loading) {
  Fields fields = value.fields();
  Column column;
  Answers answers;
  column.id = id;
  column.place = value.place();
  column.label = fields.need("label").bilingual().value_or(base::Text{});
  if (const auto type = fields.need("type").one_of(column_types)) column.type = static_cast<ColumnType>(position(column_types, *type));
  const Value codes = fields.may("codes");
  if (auto list = codes.id()) {
    loading.references.push_back({*list, codes.place(), Named::code_list});
    column.codes = std::move(*list);
  }
  if ((column.type == ColumnType::code) != codes.present()) {
    value.mistake("pack_codes_missing", base::text("类型为 code 的列写 codes，其他列不写。", "A code column has `codes`, others have not."));
  }
  const Value target = fields.may("answers");
  if (const auto parts = target.present() ? target_from(target) : std::nullopt) {
    answers.table = parts->first;
    answers.column = parts->second;
    loading.roster_targets.push_back({roster.id, id, *parts, target.place()});
  }
  const Value tolerance = fields.may("tolerance");
  answers.tolerance = tolerance.number().value_or(0);
  if (answers.tolerance < 0 || (tolerance.present() && (column.type == ColumnType::text || column.type == ColumnType::code || column.type == ColumnType::truth))) {
    tolerance.mistake("pack_tolerance", base::text("只有数值、金额和日期可以写容差，且不小于零。", "Only numbers, money and days have a tolerance, of zero or more."));
  }
  for (const Value& one : fields.may("also").list()) {
    if (const auto text = one.text()) answers.also.push_back({*text, *text});
  }
  if (!check_name(value, id)) return;
  roster.sheet.columns.push_back(std::move(column));
  roster.answers.push_back(std::move(answers));
}

DiscrepancyRule rule_from(DiscrepancyKind kind, const Value& value, const Roster& roster, Loading& loading) {
  Fields fields = value.fields();
  DiscrepancyRule rule;
  rule.kind = kind;
  rule.place = value.place();
  const Value owner = fields.may("owner");
  rule.owner = owner.id().value_or(roster.sheet.owner);
  if (owner.present()) loading.references.push_back({rule.owner, owner.place(), Named::unit});
  rule.above = static_cast<int>(fields.may("above").integer(0, 1'000'000).value_or(0));
  const bool both_ways = kind == DiscrepancyKind::roster_only || kind == DiscrepancyKind::register_only;
  if (both_ways) rule.expected = expression_from(kind == DiscrepancyKind::register_only ? fields.need("expected") : fields.may("expected"));
  if (kind == DiscrepancyKind::roster_only) rule.strangers = fields.may("strangers").truth().value_or(false);
  if (kind == DiscrepancyKind::contradicts) {
    const Value with = fields.need("with");
    rule.with = with.id().value_or("");
    rule.column = fields.may("column").id().value_or("");
    rule.other = fields.may("other").id().value_or(rule.column);
    loading.roster_pairs.push_back({roster.id, rule.with, rule.column, rule.other, with.place()});
  }
  const Value sets = fields.may("sets");
  if (const auto parts = sets.present() ? target_from(sets) : std::nullopt) {
    rule.sets = parts->first + "." + parts->second;
    rule.value = fields.need("value").text().value_or("");
    loading.roster_targets.push_back({roster.id, "", *parts, sets.place()});
  }
  rule.say = fields.may("say").bilingual().value_or(base::Text{});
  if (const Value source = fields.may("source"); source.present()) rule.source = source_from(source, loading);
  return rule;
}

Roster roster_from(const std::string& id, const Value& value, Loading& loading) {
  Fields fields = value.fields();
  Roster out;
  out.id = id;
  out.sheet.id = id;
  out.sheet.place = value.place();
  out.sheet.layer = loading.layer_id;
  out.sheet.article = loading.article;
  out.sheet.filled_by = "department";
  out.label = fields.need("label").bilingual().value_or(base::Text{});
  out.sheet.label = out.label;
  out.system = fields.may("system").bilingual().value_or(base::Text{});
  out.sheet.subject = Subject::person;
  if (const auto period = fields.need("period").one_of(periods)) out.sheet.period = static_cast<Period>(position(periods, *period));
  const Value owner = fields.need("owner");
  out.sheet.owner = owner.id().value_or("");
  loading.references.push_back({out.sheet.owner, owner.place(), Named::unit});
  for (const auto& [column, entry] : fields.need("columns").entries()) read_column(column, entry, out, loading);
  out.authorisation = expression_from(fields.may("authorisation"));
  for (const auto& [name, entry] : fields.need("discrepancies").entries()) {
    if (const auto kind = discrepancy_kind_from(name)) {
      out.rules.push_back(rule_from(*kind, entry, out, loading));
    } else {
      entry.mistake("pack_discrepancy", base::text("没有“{}”这种差异。", "There is no discrepancy called \"{}\".", name),
                    suggestion(name, {std::begin(kinds), std::end(kinds)}));
    }
  }
  // Who looks into a family's property without its leave breaks the law, whatever the reason.
  if (out.rule(DiscrepancyKind::question) != nullptr && out.authorisation.empty()) {
    value.mistake("pack_authorisation", base::text("核对财产的名册必须写 authorisation。", "A roster that questions eligibility needs `authorisation`."),
                  base::text("写明哪些户已授权。", "Say which households have given theirs."));
  }
  out.source = source_from(fields.need("source"), loading);
  return out;
}

void check_target(Loading& loading, const RosterTarget& target) {
  const auto& [table, name] = target.target;
  if (table == "person" || table == "household") {
    const auto rows = loading.vocabulary.subjects.rows.find(table);
    if (rows == loading.vocabulary.subjects.rows.end()) return;
    std::vector<std::string_view> known;
    for (const rule::Field& field : rows->second.fields) known.push_back(field.name);
    if (std::ranges::find(known, name) != known.end()) return;
    loading.mistakes.add(target.place, "pack_name_unknown", base::text("登记簿没有“{}.{}”。", "The register has no {}.{}.", table, name), suggestion(name, known));
    return;
  }
  const Ledger* ledger = loading.pack.ledger(table);
  const Roster* roster = loading.rosters.find(target.roster);
  if (ledger == nullptr || roster == nullptr) {
    std::vector<std::string_view> known = {"person", "household"};
    for (const Ledger& one : loading.pack.ledgers) known.push_back(one.id);
    loading.mistakes.add(target.place, "pack_name_unknown", base::text("没有台账“{}”。", "There is no ledger \"{}\".", table), suggestion(table, known));
    return;
  }
  const Column* column = ledger->column(name);
  const Column* own = roster->sheet.column(target.column);
  if (column == nullptr) {
    std::vector<std::string_view> known;
    for (const Column& one : ledger->columns) known.push_back(one.id);
    loading.mistakes.add(target.place, "pack_name_unknown", base::text("台账“{}”没有“{}”列。", "The ledger {} has no column {}.", table, name), suggestion(name, known));
  } else if (ledger->rows != RowCount::one || (ledger->subject != Subject::person && ledger->subject != Subject::household) || column->personal) {
    loading.mistakes.add(target.place, "pack_roster_target",
                         base::text("“{}.{}”不能与名册逐项比对。", "{}.{} cannot be compared with a roster.", table, name),
                         base::text("只能是每期每人（户）一行的台账里不加密的列。", "It has to be a column that is not private, of a ledger with one row for each subject and period."));
  } else if (own != nullptr && (own->type != column->type || own->codes != column->codes)) {
    loading.mistakes.add(target.place, "pack_roster_target", base::text("“{}.{}”的类型不同。", "{}.{} is of another type.", table, name),
                         base::text("类型和取值表应与台账的列一致。", "Type and codes must be those of the ledger's column."));
  }
}

void check_pair(Loading& loading, const RosterPair& pair) {
  const Roster* other = loading.rosters.find(pair.with);
  const Roster* own = loading.rosters.find(pair.roster);
  if (other == nullptr) {
    std::vector<std::string_view> known;
    for (const Roster& one : loading.rosters.all) known.push_back(one.id);
    loading.mistakes.add(pair.place, "pack_name_unknown", base::text("没有名册“{}”。", "There is no roster \"{}\".", pair.with), suggestion(pair.with, known));
    return;
  }
  const bool both = pair.column.empty() || (own != nullptr && own->sheet.column(pair.column) != nullptr && other->sheet.column(pair.other) != nullptr &&
                                            own->sheet.column(pair.column)->type == other->sheet.column(pair.other)->type);
  if (both && own != nullptr) return;
  loading.mistakes.add(pair.place, "pack_roster_pair", base::text("两份名册没有可以相比的列“{}”。", "The two rosters have no column \"{}\" that can be compared.", pair.column));
}

}  // namespace

std::string_view name_of(DiscrepancyKind kind) { return kinds[static_cast<std::size_t>(kind)]; }

std::optional<DiscrepancyKind> discrepancy_kind_from(std::string_view name) {
  const std::size_t at = position(kinds, name);
  if (at == std::size(kinds)) return std::nullopt;
  return static_cast<DiscrepancyKind>(at);
}

const DiscrepancyRule* Roster::rule(DiscrepancyKind kind) const {
  const auto found = std::ranges::find(rules, kind, &DiscrepancyRule::kind);
  return found == rules.end() ? nullptr : &*found;
}

const Roster* Rosters::find(std::string_view id) const {
  const auto found = std::ranges::find(all, id, &Roster::id);
  return found == all.end() ? nullptr : &*found;
}

void read_rosters(const Value& section, Loading& loading) {
  for (const auto& [id, value] : section.entries()) {
    if (!check_name(value, id)) continue;
    Roster roster = roster_from(id, value, loading);
    if (loading.rosters.all.size() >= rosters_max) {
      value.mistake("pack_too_large", base::text("名册超过 {} 个。", "There are more than {} rosters.", rosters_max));
      return;
    }
    loading.put(loading.rosters.all, std::move(roster), "roster", value.place());
  }
}

void read_rates(const Value& section, Loading& loading) {
  for (const auto& [id, value] : section.entries()) {
    if (!check_name(value, id)) continue;
    Fields fields = value.fields();
    Rate rate;
    rate.id = id;
    rate.place = value.place();
    rate.label = fields.need("label").bilingual().value_or(base::Text{});
    rate.of = expression_from(fields.need("of"));
    rate.count = expression_from(fields.need("count"));
    rate.limit_percent = fields.need("limit_percent").number().value_or(0);
    rate.source = source_from(fields.need("source"), loading);
    loading.put(loading.rosters.rates, std::move(rate), "rate", value.place());
  }
}

void check_rosters(Loading& loading) {
  for (const Roster& roster : loading.rosters.all) {
    if (loading.pack.ledger(roster.id) == nullptr) continue;
    loading.mistakes.add(roster.sheet.place, "pack_name_taken", base::text("已有台账叫“{}”。", "A ledger is called \"{}\" already.", roster.id),
                         base::text("请换一个编号，例如 {}_list。", "Use another id, such as {}_list.", roster.id));
  }
  for (const RosterTarget& target : loading.roster_targets) check_target(loading, target);
  for (const RosterPair& pair : loading.roster_pairs) check_pair(loading, pair);
}

}  // namespace yihu::pack

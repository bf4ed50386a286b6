#include "rule/scope.h"

#include "rule/operation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>

namespace yihu::rule {
namespace {

std::string text_literal(std::string text, Engine engine) { return literal({Kind::text, std::move(text)}, engine); }

std::string period_of(base::Date day, Period period) {
  const int year = static_cast<int>(day.year());
  const auto month = static_cast<unsigned>(day.month());
  switch (period) {
    case Period::none: return "";
    case Period::year: return fmt::format("{:04}", year);
    case Period::half_year: return fmt::format("{:04}-H{}", year, (month + 5) / 6);
    case Period::quarter: return fmt::format("{:04}-Q{}", year, (month + 2) / 3);
    case Period::month: return fmt::format("{:04}-{:02}", year, month);
  }
  return "";
}

/// A bare NULL has no type, which PostgreSQL minds.
std::string unknown(Kind kind) {
  switch (kind) {
    case Kind::truth: return "CAST(NULL AS BOOLEAN)";
    case Kind::integer:
    case Kind::money: return "CAST(NULL AS BIGINT)";
    case Kind::real: return "CAST(NULL AS DOUBLE PRECISION)";
    case Kind::text:
    case Kind::day: break;
  }
  return "CAST(NULL AS TEXT)";
}

std::size_t occurrences(std::string_view pattern, std::string_view sign) {
  std::size_t count = 0;
  for (std::size_t at = pattern.find(sign); at != pattern.npos; at = pattern.find(sign, at + sign.size())) ++count;
  return count;
}

/// What stands before a comparison in a row of them: SQLite's expressions are at most a thousand deep, so that long rows
/// are cut.
std::string comparison_joint(std::size_t number) {
  constexpr std::size_t compared_in_one = 50;
  return number == 0 ? "" : number % compared_in_one == 0 ? ") OR (" : " OR ";
}

/// Under which every layer knows the subject's row, and the layer below.
constexpr const char* subject_alias = "s";
constexpr const char* layer_alias = "x";

bool of_subject(RowPointer row) {
  while (row->form == RowSource::Form::one) row = row->from;
  return row->form == RowSource::Form::subject;
}

constexpr int doubled_max = 3;
// What gathers values and what joins the parts of a statement stands around this, on a stack of a hundred.
constexpr int parser_depth_max = 40;

}  // namespace

// ---- today and the wanted subjects

std::string Statement::today() const {
  if (options.today) return literal({Kind::day, base::to_string(*options.today)}, options.engine);
  return "CAST(:today AS TEXT)";
}

std::string Statement::current(Period period) const {
  if (options.today) return text_literal(period_of(*options.today, period), options.engine);
  const std::string day = today();
  const std::string year = "substr(" + day + ", 1, 4)";
  const std::string month = "substr(" + day + ", 6, 2)";
  switch (period) {
    case Period::none: return "''";
    case Period::year: return year;
    case Period::half_year: return "(" + year + " || CASE WHEN " + month + " <= '06' THEN '-H1' ELSE '-H2' END)";
    case Period::quarter:
      return "(" + year + " || CASE WHEN " + month + " <= '03' THEN '-Q1' WHEN " + month + " <= '06' THEN '-Q2' WHEN " + month +
             " <= '09' THEN '-Q3' ELSE '-Q4' END)";
    case Period::month: return "substr(" + day + ", 1, 7)";
  }
  return "''";
}

std::string Statement::wanted(const std::string& column, const RowPointer& row) const {
  if (options.which == QueryOptions::Which::all) return "";
  if (row->form == RowSource::Form::subject) {
    if (options.which == QueryOptions::Which::parameter) return column + " = CAST(:subject AS TEXT)";
    std::string list;
    for (const std::string& key : options.keys) list += (list.empty() ? "" : ", ") + text_literal(key, options.engine);
    return list.empty() ? "FALSE" : column + " IN (" + list + ")";
  }
  const Rows& rows = *row->rows;
  const Rows& parent = *row->from->rows;
  const auto select = [](const std::string& what, const Rows& from, const std::string& where) {
    return "SELECT " + quoted_name(what) + " FROM " + quoted_name(from.table) + " WHERE " + where;
  };
  const std::string here = row->relation->column_here;
  const std::string there = row->relation->column_there;
  if (here == parent.key) return column + " IN (" + select(rows.key, rows, wanted(quoted_name(there), row->from)) + ")";
  const std::string start = select(here, parent, wanted(quoted_name(parent.key), row->from));
  if (there == rows.key) return column + " IN (" + start + ")";
  return column + " IN (" + select(rows.key, rows, quoted_name(there) + " IN (" + start + ")") + ")";
}

void Statement::only(std::string& condition, const std::string& alias, const Rows& rows) const {
  if (rows.only_column.empty()) return;
  if (!condition.empty()) condition += " AND ";
  condition += alias + "." + quoted_name(rows.only_column) + " = " + text_literal(rows.only_value, options.engine);
}

// ---- rows

Scope::Scope(Statement& statement, Select& select, RowPointer base)
    : statement_(statement), select_(select), base_(std::move(base)) {
  aliases_[base_.get()] = select_.alias;
}

std::string Scope::alias_of(const RowPointer& row) {
  if (const auto found = aliases_.find(row.get()); found != aliases_.end()) return found->second;
  // Every expression has a row of its own for the subject.
  if (row->form == RowSource::Form::subject && base_->form == RowSource::Form::subject) return aliases_.at(base_.get());
  // Back along the relations of which this is one of many.
  for (RowPointer step = base_; step->form == RowSource::Form::each; step = step->from) {
    const bool subjects = step->from->form == RowSource::Form::subject && row->form == RowSource::Form::subject;
    if (step->from == row || subjects) return joined_back(step, row);
    if (step->from->form == RowSource::Form::one) break;
  }
  assert(row->form == RowSource::Form::one);
  return joined_one(row);
}

std::string Scope::joined_back(const RowPointer& from, const RowPointer& row) {
  if (from == base_ && !parent_.empty()) return parent_;
  const std::string here = alias_of(from);
  std::string& alias = joined_[here + " <"];
  if (!alias.empty()) return alias;
  alias = statement_.fresh('t');
  select_.joins.push_back({false, quoted_name(row->rows->table), nullptr, alias,
                           column(alias, from->relation->column_here) + " = " + column(here, from->relation->column_there)});
  return alias;
}

std::string Scope::joined_one(const RowPointer& row) {
  const std::string here = alias_of(row->from);
  const Relation& relation = *row->relation;
  std::string& alias = joined_[here + " " + relation.name];
  if (!alias.empty()) return alias;
  alias = layered_ ? quoted_name(here + "." + relation.name) : statement_.fresh('t');
  std::string on = column(alias, relation.column_there) + " = " + column(here, relation.column_here);
  if (relation.one_per_period && !row->rows->period.empty()) {
    on += " AND " + column(alias, row->rows->period) + " = " + statement_.current(relation.period);
  }
  statement_.only(on, alias, *row->rows);
  select_.joins.push_back({true, quoted_name(row->rows->table), nullptr, alias, std::move(on)});
  return alias;
}

// ---- groups

Scope::Group& Scope::group_of(const Node& gathering) {
  const RowPointer& row = gathering.row;
  if (gathering.anchor) {
    // Looks at more than its own rows, so it shares them with nothing else.
    std::unique_ptr<Group>& group = groups_[statement_.fresh('#')];
    group = layered_ && gathering.anchor->form == RowSource::Form::subject ? layer(gathering) : anchored_group(gathering);
    return *group;
  }
  const std::string alias = alias_of(row->from);
  std::unique_ptr<Group>& group = groups_[alias + " " + row->relation->name];
  if (!group) group = layered_ && of_subject(row->from) ? layer(gathering) : plain_group(gathering, alias);
  group->scope->aliases_[row.get()] = group->row_alias;
  group->scope->base_ = row;
  return *group;
}

std::unique_ptr<Scope::Group> Scope::plain_group(const Node& gathering, const std::string& alias) {
  const RowPointer& row = gathering.row;
  auto select = std::make_unique<Select>();
  select->table = quoted_name(row->rows->table);
  select->alias = statement_.fresh('t');
  const std::string start = column(select->alias, row->relation->column_there);
  select->where = statement_.wanted(start, row->from);
  statement_.only(select->where, select->alias, *row->rows);
  select->group_by = start;
  select->outputs.push_back({start, "k"});
  auto group = std::make_unique<Group>(Group{select.get(), std::make_unique<Scope>(statement_, *select, row), statement_.fresh('g'), select->alias, "a", ""});
  std::string on = group->alias + ".k = " + column(alias, row->relation->column_here);
  select_.joins.push_back({true, "", std::move(select), group->alias, std::move(on)});
  return group;
}

std::unique_ptr<Scope::Group> Scope::anchored_group(const Node& gathering) {
  const RowPointer& row = gathering.row;
  const RowPointer& anchor = gathering.anchor;
  const std::string outside = column(alias_of(anchor), anchor->rows->key);
  auto select = std::make_unique<Select>();
  select->table = quoted_name(anchor->rows->table);
  select->alias = statement_.fresh('t');
  const std::string key = column(select->alias, anchor->rows->key);
  select->where = statement_.wanted(key, anchor);
  select->group_by = key;
  select->outputs.push_back({key, "k"});
  auto scope = std::make_unique<Scope>(statement_, *select, anchor);
  const std::string parent = scope->alias_of(row->from);
  const std::string alias = statement_.fresh('t');
  std::string on = column(alias, row->relation->column_there) + " = " + column(parent, row->relation->column_here);
  statement_.only(on, alias, *row->rows);
  select->joins.push_back({false, quoted_name(row->rows->table), nullptr, alias, std::move(on)});
  scope->aliases_[row.get()] = alias;
  auto group = std::make_unique<Group>(Group{select.get(), std::move(scope), statement_.fresh('g'), alias, "a", ""});
  select_.joins.push_back({true, "", std::move(select), group->alias, group->alias + ".k = " + outside});
  return group;
}

void Scope::in_layers() {
  layered_ = true;
  auto first = std::make_unique<Select>();
  first->table = select_.table;
  first->alias = select_.alias;
  first->where = select_.where;
  first->outputs.push_back({column(select_.alias, base_->rows->key), "k"});
  select_.own = own_row(select_.alias);
  select_.alias = layer_alias;
  select_.table = statement_.fresh('l');
  statement_.named.emplace_back(select_.table, std::move(first));
}

Join Scope::own_row(const std::string& alias) const {
  return {false, quoted_name(base_->rows->table), nullptr, alias, column(alias, base_->rows->key) + " = " + layer_alias + ".k"};
}

/// A layer that adds nothing yet.
std::unique_ptr<Scope::Group> Scope::layer_below(char letter) {
  auto select = std::make_unique<Select>();
  select->table = select_.table;
  select->alias = layer_alias;
  // By the same names in every layer, so that what is reckoned twice is seen to be the same.
  select->own = own_row(subject_alias);
  select->outputs.push_back({std::string(layer_alias) + ".*", ""});
  auto scope = std::make_unique<Scope>(statement_, *select, base_);
  scope->layered_ = true;
  scope->aliases_[base_.get()] = select->own.alias;
  select_.table = statement_.fresh(letter);
  auto group = std::make_unique<Group>(Group{select.get(), std::move(scope), layer_alias, statement_.fresh('t'), "#" + select_.table + "a", ""});
  statement_.named.emplace_back(select_.table, std::move(select));
  return group;
}

std::unique_ptr<Scope::Group> Scope::layer(const Node& gathering) {
  const RowPointer& row = gathering.row;
  std::unique_ptr<Group> group = layer_below('l');
  const std::string parent = group->scope->alias_of(row->from);
  const std::string start = column(group->row_alias, row->relation->column_there);
  const bool by_key = row->from->form == RowSource::Form::subject && row->relation->column_here == row->from->rows->key;
  std::string on = start + " = " + (by_key ? std::string(layer_alias) + ".k" : column(parent, row->relation->column_here));
  statement_.only(on, group->row_alias, *row->rows);
  group->select->joins.push_back({true, quoted_name(row->rows->table), nullptr, group->row_alias, std::move(on)});
  group->scope->aliases_[row.get()] = group->row_alias;
  group->present = " FILTER (WHERE " + start + " IS NOT NULL)";
  if (!gathering.anchor) {
    group->scope->layered_ = false;
    group->scope->parent_ = parent;
    group->scope->row_join_ = group->select->joins.size() - 1;
  }
  return group;
}

/// All deliveries to where that row lies are read at once.
std::string Scope::delivered_by_layer(const RowPointer& from, const Relation& relation) {
  constexpr std::array periods{Period::none, Period::year, Period::half_year, Period::quarter, Period::month};
  std::unique_ptr<Group>& group = groups_[alias_of(from) + " delivered"];
  if (!group) {
    std::unique_ptr<Group> made = layer_below('l');
    const std::string parent = made->scope->alias_of(from);
    std::string areas;
    for (const int digits : statement_.schema.area_digits) {
      areas += (areas.empty() ? "" : ", ") + fmt::format("substr({}, 1, {})", column(parent, from->rows->area), digits);
    }
    std::string current;
    for (const Period period : periods) current += (current.empty() ? "" : ", ") + statement_.current(period);
    made->select->joins.push_back({true, quoted_name(statement_.schema.delivery_table), nullptr, made->row_alias,
                                   fmt::format("{0}.area IN ({1}) AND {0}.period IN ({2})", made->row_alias, areas, current)});
    group = std::move(made);
  }
  return "(" + gathered(*group, "MAX", fmt::format("{0}.ledger = {1} AND {0}.period = {2}", group->row_alias,
                                                   text_literal(relation.ledger, statement_.options.engine), statement_.current(relation.period))) + " > 0)";
}

std::string Scope::gathered(Group& group, const std::string& function, const std::string& operand) {
  std::string aggregate = function + "(" + operand + ")" + group.present;
  std::string& name = group.columns[aggregate];
  if (name.empty()) {
    name = quoted_name(group.prefix + std::to_string(group.columns.size()));
    group.select->outputs.push_back({std::move(aggregate), name});
  }
  return group.alias + "." + name;
}

/// Whether the rows that are there are all there are, as SQL; "FALSE" where nobody can tell.
std::string Scope::whole(const Node& gathering) {
  const Relation& relation = *gathering.row->relation;
  if (relation.completeness == Completeness::always) return "TRUE";
  if (relation.completeness == Completeness::never) return "FALSE";
  if (statement_.options.engine == Engine::duckdb) return delivered_by_join(gathering.row->from, relation);
  if (layered_) return delivered_by_layer(gathering.row->from, relation);
  const std::string area = column(alias_of(gathering.row->from), gathering.row->from->rows->area);
  // One question per area, not a list of them: SQLite would build a table of it each time.
  std::string sql;
  for (const int digits : statement_.schema.area_digits) {
    sql += (sql.empty() ? "(EXISTS (SELECT 1 FROM " : " OR EXISTS (SELECT 1 FROM ") + quoted_name(statement_.schema.delivery_table) +
           " AS d WHERE d.ledger = " + text_literal(relation.ledger, statement_.options.engine) + " AND d.period = " +
           statement_.current(relation.period) + fmt::format(" AND d.area = substr({}, 1, {}))", area, digits);
  }
  return sql + ")";
}

/// DuckDB would turn each such question into a join of its own, so that all are answered by one table with a row per place.
std::string Scope::delivered_by_join(const RowPointer& from, const Relation& relation) {
  const auto number_in = [](auto& list, const auto& wanted) {
    auto found = std::ranges::find(list, wanted);
    if (found == list.end()) found = list.insert(found, wanted);
    return found - list.begin();
  };
  const std::string alias = alias_of(from);
  const std::pair place{quoted_name(from->rows->table), quoted_name(from->rows->area)};
  std::string& joined = joined_[alias + " delivered"];
  if (joined.empty()) {
    joined = statement_.fresh('d');
    select_.joins.push_back({true, fmt::format("delivered_{}", number_in(statement_.delivery_places, place)), nullptr, joined,
                             fmt::format("{}.k = {}.{}", joined, alias, place.second)});
  }
  return fmt::format("({}.d{} IS NOT NULL)", joined, number_in(statement_.deliveries, std::pair{relation.ledger, relation.period}));
}

// ---- values

void Repeats::note(const Node& node, const std::string& sql) {
  // Shorter ones are reckoned sooner than handed on.
  constexpr std::size_t bytes_min = 40;
  if (sql.size() < bytes_min || !sql_.emplace(&node, sql).second) return;
  ++times_[sql];
}

const std::string* Repeats::repeated(const Node& node) const {
  const auto known = sql_.find(&node);
  return known != sql_.end() && times_.at(known->second) > 1 ? &known->second : nullptr;
}

Rendered Scope::render(const Node& node) {
  if (const auto known = apart_.find(&node); known != apart_.end()) return {apart_alias() + "." + known->second, true};
  if (const std::string* again = repeats_ == nullptr ? nullptr : repeats_->repeated(node)) return shared(node, *again);
  Rendered value = plain(node);
  if (noted_ != nullptr && !value.simple) noted_->note(node, value.sql);
  if (statement_.options.engine != Engine::sqlite || value.simple || parser_depth(value.sql) <= parser_depth_max) return value;
  // The same fact stands in many rules, as a tree of its own in each.
  const auto same = apart_by_sql_.find(value.sql);
  if (same != apart_by_sql_.end()) {
    apart_[&node] = same->second;
    return {apart_alias() + "." + same->second, true};
  }
  if (std::optional<Rendered> apart = reckoned_apart(node)) {
    apart_by_sql_[std::move(value.sql)] = apart_.at(&node);
    return *apart;
  }
  return value;
}

/// The value as one more column of the table, which becomes a select of its own; nothing when its row does not settle it.
std::optional<Rendered> Scope::reckoned_apart(const Node& node) {
  const std::vector<RowPointer> free = free_rows(node);
  // Every expression has a row of its own for the subject.
  const auto settles = [&](const RowPointer& row) {
    RowPointer start = row;
    while (start->form == RowSource::Form::one) start = start->from;
    return determines(base_, row) || (base_->form == RowSource::Form::subject && start->form == RowSource::Form::subject);
  };
  const bool settled = std::ranges::all_of(free, settles);
  if (!settled) return std::nullopt;
  if (!apart_.contains(&node)) {
    std::string name = quoted_name("#" + statement_.fresh('e'));
    layered_ ? reckon_in_layer(node, name) : reckon_in_table(node, name);
    apart_[&node] = std::move(name);
  }
  return Rendered{apart_alias() + "." + apart_.at(&node), true};
}

/// The value's SQL within that layer, which knows all that was gathered and reckoned so far.
std::string Scope::reckoned_in(Group& layer, const Node& node) {
  Scope& scope = *layer.scope;
  const auto exchange = [&] {
    // Whatever layer gathers it, its columns are handed on to all above.
    std::swap(scope.groups_, groups_);
    std::swap(scope.anchored_, anchored_);
    std::swap(scope.apart_, apart_);
    std::swap(scope.apart_by_sql_, apart_by_sql_);
  };
  exchange();
  std::string value = scope.plain(node).sql;
  exchange();
  return value;
}

void Scope::reckon_in_layer(const Node& node, const std::string& name) {
  const std::unique_ptr<Group> below = layer_below('w');
  std::string value = reckoned_in(*below, node);
  below->select->outputs.push_back({std::move(value), name});
}

Rendered Scope::shared(const Node& node, const std::string& sql) {
  std::string& name = shared_[sql];
  if (name.empty()) {
    if (!shared_layer_) {
      shared_layer_ = layer_below('c');
      shared_layer_->select->single = true;
    }
    std::string value = reckoned_in(*shared_layer_, node);
    name = quoted_name("#" + statement_.fresh('c'));
    shared_layer_->select->outputs.push_back({std::move(value), name});
  }
  return {apart_alias() + "." + name, true};
}

void Scope::reckon_in_table(const Node& node, const std::string& name) {
  const auto own_table = [&]() -> std::string& { return row_join_ ? select_.joins[*row_join_].table : select_.table; };
  auto select = std::make_unique<Select>();
  select->table = own_table();
  select->alias = statement_.fresh('t');
  const bool subject = base_->form == RowSource::Form::subject;
  const std::string& key = subject ? base_->rows->key : base_->relation->column_there;
  select->where = statement_.wanted(column(select->alias, key), subject ? base_ : base_->from);
  Scope scope(statement_, *select, base_);
  scope.apart_ = apart_;
  scope.apart_.erase(&node);
  std::string value = scope.plain(node).sql;
  select->outputs = {{select->alias + ".*", ""}, {std::move(value), name}};
  const std::string table = statement_.fresh('w');
  own_table() = table;
  statement_.named.emplace_back(table, std::move(select));
}

Rendered Scope::plain(const Node& node) {
  switch (node.form) {
    case NodeForm::constant: return {literal(node.constant, statement_.options.engine), true};
    case NodeForm::unknown: return {unknown(node.kind), true};
    case NodeForm::today: return {statement_.today(), true};
    case NodeForm::parameter: return {parameter(*node.parameter), statement_.options.today.has_value()};
    case NodeForm::field: return field(node);
    case NodeForm::row_exists: return {"(" + column(alias_of(node.row), node.row->rows->key) + " IS NOT NULL)", false};
    case NodeForm::operation:
      if (auto compared = age_compared(node)) return {*std::move(compared), false};
      return operation(node);
    case NodeForm::fact: return plain(*node.parts.front());
    case NodeForm::gathering: return gathering(node);
  }
  return {};
}

Rendered Scope::field(const Node& node) {
  std::string sql = column(alias_of(node.row), node.field->column);
  if (node.kind == Kind::truth) return {"(" + sql + " <> 0)", true};
  return {std::move(sql), true};
}

/// What the parameter is today; nullptr before its first value.
const Constant* Scope::in_force(const Parameter& parameter) const {
  const Parameter::Dated* last = nullptr;
  for (const Parameter::Dated& dated : parameter.values) {
    if (dated.from <= *statement_.options.today && (last == nullptr || last->from < dated.from)) last = &dated;
  }
  return last == nullptr ? nullptr : &last->value;
}

std::string Scope::parameter(const Parameter& parameter) const {
  const auto& options = statement_.options;
  if (options.today) {
    const Constant* value = in_force(parameter);
    return value == nullptr ? unknown(parameter.kind) : literal(*value, options.engine);
  }
  if (parameter.values.empty()) return unknown(parameter.kind);
  std::vector<Parameter::Dated> values = parameter.values;
  std::ranges::stable_sort(values, [](const auto& a, const auto& b) { return b.from < a.from; });
  std::string sql = "(CASE";
  for (const Parameter::Dated& dated : values) {
    sql += " WHEN " + statement_.today() + " >= " + literal({Kind::day, base::to_string(dated.from)}, options.engine) + " THEN " +
           literal(dated.value, options.engine);
  }
  return sql + " END)";
}

/// The pattern with its operands: $0 is the first of them.
std::string Scope::filled(std::string_view pattern, std::vector<std::string> operands) const {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '$' || i + 1 == pattern.size()) {
      out += pattern[i];
      continue;
    }
    ++i;
    if (pattern[i] == '*') {
      for (std::size_t k = 2; k < operands.size(); ++k) out += (k == 2 ? "" : ", ") + operands[k];
    } else if (pattern[i] == '|') {
      for (std::size_t k = 2; k < operands.size(); ++k) out += comparison_joint(k - 2) + operands[1] + " = " + operands[k];
    } else {
      out += operands[static_cast<std::size_t>(pattern[i] - '0')];
    }
  }
  return out;
}

Rendered Scope::operation(const Node& node) {
  const Engine engine = statement_.options.engine;
  const std::string_view pattern = lowering(node.operation, engine);
  std::vector<std::string> operands{""};
  std::vector<std::pair<std::string, std::string>> bound;  // name, value: computed before the rest
  int doubled = 0;
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    Rendered part = render(*node.parts[i]);
    const bool decides = node.operation == Operation::conditional && i == 0 && engine == Engine::duckdb;
    const bool compared = i == 0 && occurrences(pattern, "$|") > 0;
    const bool again = compared || occurrences(pattern, "$" + std::to_string(i + 1)) > 1 || (decides && part.doubled == doubled_max);
    if (again && !part.simple) {
      const std::string name = statement_.fresh('v');
      bound.emplace_back(name, std::move(part.sql));
      part = {name, true};
    }
    doubled = std::max(doubled, part.doubled + (decides ? 1 : 0));
    operands.push_back(std::move(part.sql));
  }
  const auto bind = [&](const std::string& name, const std::string& value, const std::string& body) {
    std::string out;
    const std::string_view form = binding(engine);
    for (std::size_t i = 0; i < form.size(); ++i) {
      if (form[i] != '$') {
        out += form[i];
        continue;
      }
      ++i;
      out += form[i] == 'n' ? name : form[i] == '0' ? value : body;
    }
    return out;
  };
  constexpr std::string_view arrow = " => ";
  std::string sql;
  if (const std::size_t at = pattern.find(arrow); at != pattern.npos) {
    const std::string name = statement_.fresh('v');
    const std::string value = filled(pattern.substr(0, at), operands);
    operands[0] = name;
    sql = bind(name, value, filled(pattern.substr(at + arrow.size()), operands));
  } else {
    sql = filled(pattern, std::move(operands));
  }
  for (auto one = bound.rbegin(); one != bound.rend(); ++one) sql = bind(one->first, one->second, sql);
  return {std::move(sql), false, doubled};
}

}  // namespace yihu::rule

#include "app/demo_values.h"

#include "store/generated_sql.h"

#include <algorithm>
#include <cassert>

namespace yihu::app {
namespace {

constexpr std::int64_t fen_per_yuan = 100;
constexpr std::string_view nothing = "nothing";  ///< a choice: the cell stays empty

constexpr store::Sql households_sql = "SELECT id, code FROM household WHERE ended_on IS NULL AND code IS NOT NULL ORDER BY code";
constexpr store::Sql people_sql = "SELECT id, code FROM person WHERE present = 1 AND code IS NOT NULL ORDER BY code";
constexpr store::Sql villages_sql = "SELECT code, code FROM area WHERE level = 'village' ORDER BY code";

/// FNV-1a, finished so that neighbouring numbers do not draw alike.
std::uint64_t mixed(std::string_view number, std::string_view target) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  const auto take = [&hash](std::string_view text) {
    for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3ULL;
  };
  take(number);
  take(target);
  hash = (hash ^ (hash >> 31)) * 0x94d049bb133111ebULL;
  return hash ^ (hash >> 29);
}

base::Result<std::vector<DemoSubject>> everybody(store::Session& session, pack::Subject kind) {
  assert(kind != pack::Subject::none);
  const store::Sql sql = kind == pack::Subject::household ? households_sql : kind == pack::Subject::person ? people_sql : villages_sql;
  const auto rows = TRY(session.query(sql));
  std::vector<DemoSubject> out;
  out.reserve(rows.size());
  for (const store::Row& row : rows) out.push_back({row.text(0), row.text(1), {}});
  return out;
}

bool is_true(const store::Cell& cell) {
  const auto* number = std::get_if<std::int64_t>(&cell);
  return number != nullptr && *number != 0;
}

}  // namespace

base::Result<DemoValues::Cells> DemoValues::answers(store::Session& session, std::span<const rule::Expression> expressions) const {
  Cells cells;
  if (expressions.empty()) return cells;
  for (const rule::Query& query : rule::fuse(compiler_, expressions, {.engine = engine_, .today = today_})) {
    const auto rows = TRY(session.query(store::compiled_sql(query.sql)));
    for (const store::Row& row : rows) {
      auto& of_subject = cells[row.text(0)];
      for (std::size_t at = 0; at < query.expressions.size(); ++at) of_subject[query.expressions[at]] = row.cell(at + 1);
    }
  }
  return cells;
}

store::Cell DemoValues::drawn(const pack::DemoValue& value, pack::ColumnType type, std::string_view number) const {
  const std::uint64_t luck = mixed(number, value.target);
  if (!value.choice.empty()) {
    const std::string& chosen = value.choice[luck % value.choice.size()];
    return chosen == nothing ? store::Cell{} : store::Cell{chosen};
  }
  const auto day_between = [luck](base::Date first, base::Date last) {
    const int span = base::days_between(first, last) + 1;
    return base::to_string(base::plus_days(first, static_cast<int>(luck % static_cast<std::uint64_t>(span))));
  };
  if (value.days.size() == 2) return day_between(value.days[0], value.days[1]);
  const auto low = static_cast<std::int64_t>(value.range.at(0));
  const auto high = static_cast<std::int64_t>(value.range.at(1));
  if (type == pack::ColumnType::date) return day_between(base::plus_days(today_, -static_cast<int>(high)), base::plus_days(today_, -static_cast<int>(low)));
  const std::int64_t chosen = low + static_cast<std::int64_t>(luck % static_cast<std::uint64_t>(high - low + 1));
  if (type == pack::ColumnType::real) return static_cast<double>(chosen);
  return type == pack::ColumnType::money ? chosen * fen_per_yuan : chosen;
}

base::Result<std::vector<DemoSubject>> DemoValues::ask(store::Session& session, const DemoQuestion& question) const {
  const std::string_view subject = pack::name_of(question.subject);
  std::vector<rule::Expression> expressions;
  std::vector<base::Error> mistakes;
  const auto compile = [&](const pack::Expression& expression, std::optional<rule::Kind> kind) -> std::optional<std::size_t> {
    auto compiled = compiler_.compile(subject, expression.text, expression.place, kind);
    if (!compiled) {
      mistakes.push_back(std::move(compiled).error());
      return std::nullopt;
    }
    expressions.push_back(*std::move(compiled));
    return expressions.size() - 1;
  };
  std::vector<std::size_t> conditions;
  std::vector<const pack::Expression*> wanted = question.conditions;
  if (question.whom != nullptr && !question.whom->empty()) wanted.push_back(question.whom);
  for (const pack::Expression* condition : wanted) {
    if (const auto at = compile(*condition, rule::Kind::truth)) conditions.push_back(*at);
  }
  std::vector<std::optional<std::size_t>> places;
  for (const pack::DemoValue& value : question.values) {
    places.push_back(value.expression.empty() ? std::nullopt : compile(value.expression, std::nullopt));
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));

  Cells cells = TRY(answers(session, expressions));
  std::vector<DemoSubject> out;
  for (DemoSubject& one : TRY(everybody(session, question.subject))) {
    auto& mine = cells[one.id];
    if (!std::ranges::all_of(conditions, [&](std::size_t at) { return is_true(mine[at]); })) continue;
    for (std::size_t at = 0; at < question.values.size(); ++at) {
      one.cells.push_back(places[at] ? mine[*places[at]] : drawn(question.values[at], question.types[at], one.number));
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace yihu::app

#include "screen/evaluation.h"

namespace yihu::screen {
namespace {

constexpr store::Sql household_sql =
    "SELECT id, village, CASE WHEN status <> 'general' OR monitoring <> 'none' THEN 1 ELSE 0 END FROM household WHERE id = :household AND ended_on IS NULL";
constexpr store::Sql members_sql = "SELECT id FROM person WHERE household = :household AND present = 1 ORDER BY id";
constexpr store::Sql person_household_sql = "SELECT household FROM person WHERE id = :person AND present = 1 AND household IS NOT NULL";
constexpr store::Sql village_sql = "SELECT code FROM area WHERE code = :village AND level = 'village'";

Truth truth(const store::Cell& cell) {
  const auto* number = std::get_if<std::int64_t>(&cell);
  return number == nullptr ? std::nullopt : Truth(*number != 0);
}

std::string level_text(const store::Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
  return {};
}

}  // namespace

base::Result<std::vector<SubjectRow>> household_subjects(store::Session& session, std::string_view household) {
  std::vector<SubjectRow> out;
  const auto row = TRY(session.find(household_sql, {{"household", household}}));
  if (!row) return out;
  const SubjectRow whole{pack::Subject::household, row->text(0), row->text(0), row->text(1), row->truth(2)};
  out.push_back(whole);
  for (const store::Row& member : TRY(session.query(members_sql, {{"household", household}}))) {
    out.push_back({pack::Subject::person, member.text(0), whole.household, whole.village, whole.listed});
  }
  return out;
}

base::Result<std::optional<SubjectRow>> village_subject(store::Session& session, std::string_view village) {
  if (!TRY(session.find(village_sql, {{"village", village}}))) return std::optional<SubjectRow>();
  return SubjectRow{pack::Subject::village, std::string(village), "", std::string(village), false};
}

base::Result<std::optional<SubjectRow>> find_subject(store::Session& session, pack::Subject kind, std::string_view id) {
  if (kind == pack::Subject::village) return village_subject(session, id);
  std::string household(id);
  if (kind == pack::Subject::person) {
    const auto row = TRY(session.find(person_household_sql, {{"person", id}}));
    if (!row) return std::optional<SubjectRow>();
    household = row->text(0);
  }
  for (SubjectRow& subject : TRY(household_subjects(session, household))) {
    if (subject.kind == kind && subject.id == id) return std::optional(std::move(subject));
  }
  return std::optional<SubjectRow>();
}

base::Result<std::vector<store::Cell>> values_of(store::Session& session, std::span<const Statement> statements,
                                                 std::size_t expressions, std::string_view subject, base::Date today) {
  std::vector<store::Cell> out(expressions);
  for (const Statement& statement : statements) {
    store::Parameters parameters{{"subject", subject}};
    if (statement.takes_today) parameters.push_back({"today", today});
    const auto row = TRY(session.find(statement.sql, parameters));
    if (!row) return std::vector<store::Cell>();
    for (std::size_t at = 0; at < statement.columns.size(); ++at) out[statement.columns[at]] = row->cell(at + 1);
  }
  return out;
}

base::Result<std::vector<Verdict>> evaluate(store::Session& session, const RuleBook& book, const Selection& selection,
                                            std::string_view subject, base::Date today) {
  std::vector<Verdict> out;
  if (selection.empty()) return out;
  const RuleBook::Asked& asked = *TRY(book.one_subject(selection));
  const Layout& layout = asked.layout;
  const auto cells = TRY(values_of(session, asked.statements, layout.expressions.size(), subject, today));
  if (cells.empty()) return out;
  for (const Slot& slot : layout.slots) {
    Verdict verdict;
    verdict.rule = slot.rule;
    verdict.outcome = outcome_of(book.at(slot.rule).rule->kind, slot.first ? truth(cells[*slot.first]) : Truth(true),
                                 truth(cells[slot.second]));
    if (slot.level) verdict.level = level_text(cells[*slot.level]);
    if (slot.amount) {
      if (const auto* fen = std::get_if<std::int64_t>(&cells[*slot.amount])) verdict.amount = *fen;
    }
    out.push_back(std::move(verdict));
  }
  return out;
}

}  // namespace yihu::screen

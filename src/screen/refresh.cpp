#include "screen/refresh.h"

#include "screen/light.h"

#include <algorithm>

namespace yihu::screen {
namespace {

/// Stands for the whole register, where a change has no household or village of its own.
constexpr std::string_view everywhere = "";

constexpr store::Sql found_in_household =
    "SELECT DISTINCT subject, subject_kind FROM finding WHERE household = :household AND state <> 'closed'";
constexpr store::Sql village_of_household = "SELECT village FROM household WHERE id = :household";
constexpr store::Sql await_sql =
    "INSERT INTO awaited (area, source, since, times) VALUES (:area, :source, :now, 1)"
    " ON CONFLICT (area, source) DO UPDATE SET since = excluded.since, times = awaited.times + 1";
constexpr store::Sql recount_sql =
    "INSERT INTO recount (source, times) VALUES (:source, 1) ON CONFLICT (source) DO UPDATE SET times = recount.times + 1";
constexpr store::Sql awaits_sql =
    "SELECT 1 FROM awaited WHERE area = '' OR substr(:village, 1, length(area)) = area LIMIT 1";

/// Those who were found something about in this household and are not screened in it any more: who moved is screened
/// where he lives now.
base::Result<FindingChanges> close_departed(store::Transaction& transaction, std::string_view household,
                                            std::span<const SubjectRow> subjects, base::Date today) {
  FindingChanges changes;
  for (const store::Row& row : TRY(transaction.query(found_in_household, {{"household", household}}))) {
    if (std::ranges::find(subjects, row.text(0), &SubjectRow::id) != subjects.end()) continue;
    const auto kind = row.text(1) == "person" ? pack::Subject::person : pack::Subject::household;
    if (TRY(find_subject(transaction, kind, row.text(0)))) continue;
    changes.add(TRY(close_subject(transaction, row.text(0), today)));
  }
  return changes;
}

/// Villages in which the change lies.
base::Result<std::set<std::string>> areas_of(store::Session& session, const Change& change) {
  std::set<std::string> out = change.villages;
  for (const std::string& household : change.households) {
    if (const auto row = TRY(session.find(village_of_household, {{"household", household}}))) out.insert(row->text(0));
  }
  if (out.empty()) out.emplace(everywhere);
  return out;
}

}  // namespace

base::Result<FindingChanges> refresh_household(store::Transaction& transaction, const RuleBook& book, std::string_view household,
                                               const Selection& of_household, const Selection& of_person, base::Date today) {
  const auto subjects = TRY(household_subjects(transaction, household));
  FindingChanges changes = TRY(close_departed(transaction, household, subjects, today));
  if (subjects.empty()) {
    TRY(drop_lights(transaction, household));
    return changes;
  }
  std::vector<Judged> judged;
  for (const SubjectRow& subject : subjects) {
    const Selection& selection = subject.kind == pack::Subject::household ? of_household : of_person;
    judged.push_back({subject, TRY(evaluate(transaction, book, selection, subject.id, today))});
    changes.add(TRY(settle_findings(transaction, book, subject, judged.back().verdicts, today)));
  }
  TRY(keep_lights(transaction, book, judged));
  return changes;
}

base::Result<FindingChanges> refresh_village(store::Transaction& transaction, const RuleBook& book, std::string_view village,
                                             const Selection& of_village, base::Date today) {
  const auto subject = TRY(village_subject(transaction, village));
  if (!subject) return close_subject(transaction, village, today);
  const auto verdicts = TRY(evaluate(transaction, book, of_village, village, today));
  return settle_findings(transaction, book, *subject, verdicts, today);
}

base::Result<FindingChanges> refresh(store::Transaction& transaction, const RuleBook& book, const Change& change, base::Date today) {
  const Selection of_household = book.reading(pack::Subject::household, change.touched);
  const Selection of_person = book.reading(pack::Subject::person, change.touched);
  const Selection of_village = book.reading(pack::Subject::village, change.touched);
  FindingChanges changes;
  if (of_household.empty() && of_person.empty() && of_village.empty() && !change.touched.contains("person") &&
      !change.touched.contains("household")) {
    return changes;
  }
  for (const auto& [table, columns] : change.touched) TRY(transaction.execute(recount_sql, {{"source", table}}));
  const auto areas = TRY(areas_of(transaction, change));
  // A village's own facts can matter to everybody in it.
  const bool whole_village = !change.villages.empty() || change.households.empty();
  const bool many = change.rows > live_rows_max || static_cast<int>(change.households.size()) > live_rows_max;
  if (many || (whole_village && !(of_household.empty() && of_person.empty()))) {
    for (const std::string& area : areas) TRY(await_sweep(transaction, area, change.touched));
    return changes;
  }
  for (const std::string& household : change.households) {
    changes.add(TRY(refresh_household(transaction, book, household, of_household, of_person, today)));
  }
  if (of_village.empty()) return changes;
  for (const std::string& area : areas) changes.add(TRY(refresh_village(transaction, book, area, of_village, today)));
  return changes;
}

base::Done await_sweep(store::Transaction& transaction, std::string_view area, const Touched& touched) {
  for (const auto& [table, columns] : touched) {
    TRY(transaction.execute(await_sql, {{"area", area}, {"source", table}, {"now", transaction.now()}}));
  }
  return {};
}

base::Result<bool> awaits_sweep(store::Session& session, std::string_view village) {
  return TRY(session.find(awaits_sql, {{"village", village}})).has_value();
}

}  // namespace yihu::screen

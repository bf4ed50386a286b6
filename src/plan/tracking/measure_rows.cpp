#include "plan/tracking/measure_rows.h"

#include <algorithm>

namespace yihu::plan {
namespace {

using store::Sql;
using store::Transaction;

constexpr Sql delete_owners = "DELETE FROM plan_owner WHERE measure = :measure";
constexpr Sql insert_owner =
    "INSERT INTO plan_owner (measure, role, place, plan, name, via, unit)"
    " VALUES (:measure, :role, :place, :plan, :name, :via, :unit)";
constexpr Sql select_occurrences = "SELECT id, key FROM plan_occurrence WHERE measure = :measure ORDER BY due, key";
constexpr Sql insert_occurrence =
    "INSERT INTO plan_occurrence (id, plan, measure, key, label, label_en, first_day, due, before_document, retired)"
    " VALUES (:id, :plan, :measure, :key, :label, :label_en, :first_day, :due, :before_document, 0)";
constexpr Sql update_occurrence =
    "UPDATE plan_occurrence SET key = :key, label = :label, label_en = :label_en, first_day = :first_day, due = :due,"
    " before_document = :before_document, retired = 0 WHERE id = :id";
constexpr Sql retire_occurrence = "UPDATE plan_occurrence SET retired = 1 WHERE id = :id";

base::Done write_role(Transaction& transaction, const base::PlanId& plan, const base::MeasureId& measure,
                      const char* role, const std::vector<Owner>& owners) {
  int place = 0;
  for (const Owner& owner : owners) {
    TRY(transaction.execute(insert_owner, {{"measure", measure}, {"role", role}, {"place", place++}, {"plan", plan},
                                           {"name", owner.name}, {"via", owner.via}, {"unit", owner.unit}}));
  }
  return {};
}

store::Parameters occurrence_parameters(const std::string& id, const DatedOccurrence& one) {
  return {{"id", id}, {"key", one.key}, {"label", one.label.zh}, {"label_en", one.label.en}, {"first_day", one.from},
          {"due", one.due}, {"before_document", one.before_document}};
}

bool is_deadline(const std::string& key) { return key.starts_with("by:"); }

}  // namespace

base::Done write_owners(Transaction& transaction, const base::PlanId& plan, const base::MeasureId& measure,
                        const std::vector<Owner>& lead, const std::vector<Owner>& responsible) {
  TRY(transaction.execute(delete_owners, {{"measure", measure}}));
  if (auto done = write_role(transaction, plan, measure, "lead", lead); !done) return done;
  return write_role(transaction, plan, measure, "responsible", responsible);
}

base::Done write_occurrences(Transaction& transaction, const base::PlanId& plan, const base::MeasureId& measure,
                             const std::vector<DatedOccurrence>& occurrences) {
  std::vector<std::pair<std::string, std::string>> olds;  // key, id
  for (const auto& row : TRY(transaction.query(select_occurrences, {{"measure", measure}}))) {
    olds.emplace_back(row.text(1), row.text(0));
  }
  std::vector<const DatedOccurrence*> news;
  std::vector<std::pair<std::string, const DatedOccurrence*>> kept;  // id
  for (const DatedOccurrence& one : occurrences) {
    const auto same = std::ranges::find(olds, one.key, &std::pair<std::string, std::string>::first);
    if (same == olds.end()) {
      news.push_back(&one);
      continue;
    }
    kept.emplace_back(same->second, &one);
    olds.erase(same);
  }
  std::erase_if(news, [&](const DatedOccurrence* one) {
    if (!is_deadline(one->key)) return false;
    const auto moved = std::ranges::find_if(olds, [](const auto& old) { return is_deadline(old.first); });
    if (moved == olds.end()) return false;
    kept.emplace_back(moved->second, one);
    olds.erase(moved);
    return true;
  });
  for (const auto& [id, one] : kept) TRY(transaction.execute(update_occurrence, occurrence_parameters(id, *one)));
  for (const auto& old : olds) TRY(transaction.execute(retire_occurrence, {{"id", old.second}}));
  for (const DatedOccurrence* one : news) {
    store::Parameters parameters = occurrence_parameters(base::new_uuid(), *one);
    parameters.push_back({"plan", plan});
    parameters.push_back({"measure", measure});
    TRY(transaction.execute(insert_occurrence, parameters));
  }
  return {};
}

base::Done count_change(Transaction& transaction, const base::PlanId& plan) {
  TRY(transaction.execute("UPDATE plan SET version = version + 1 WHERE id = :plan", {{"plan", plan}}));
  return {};
}

}  // namespace yihu::plan

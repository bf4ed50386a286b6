#include "registry/headship.h"

#include <algorithm>
#include <map>

namespace yihu::registry {
namespace {

using store::Sql;

constexpr Sql select_stays =
    "SELECT m.person, m.joined_on, m.left_on, p.relation FROM membership m JOIN person p ON p.id = m.person WHERE m.household = :household";
constexpr Sql select_relations =
    "SELECT subject, until, value FROM field_history WHERE kind = 'person' AND field = 'relation'"
    " AND subject IN (SELECT person FROM membership WHERE household = :household) ORDER BY subject, until";

/// Days from `from` to `until` (exclusive); sorts after every day when it lasts.
struct Days {
  std::string from;
  std::string until;
};
constexpr const char* lasting = "9999-99-99";

struct Held {
  std::string until;
  std::string relation;
};

/// The days of a stay on which he was the head, by what he was until when and is now.
void add_days(const Days& stay, const std::vector<Held>& past, std::string_view now, std::vector<Days>& out) {
  std::string from = stay.from;
  for (const Held& one : past) {
    if (one.until <= from) continue;
    if (one.relation == "head" && from < stay.until) out.push_back({from, std::min(one.until, stay.until)});
    from = one.until;
  }
  if (now == "head" && from < stay.until) out.push_back({from, stay.until});
}

}  // namespace

base::Done expect_one_head(store::Session& session, const HouseholdId& household) {
  std::map<std::string, std::vector<Held>> past;
  for (const store::Row& row : TRY(session.query(select_relations, {{"household", household}}))) {
    past[row.text(0)].push_back({row.text(1), row.maybe_text(2).value_or("")});
  }
  std::vector<Days> days;
  for (const store::Row& row : TRY(session.query(select_stays, {{"household", household}}))) {
    add_days({row.text(1), row.maybe_text(2).value_or(lasting)}, past[row.text(0)], row.maybe_text(3).value_or(""), days);
  }
  std::ranges::sort(days, {}, &Days::from);
  for (std::size_t i = 1; i < days.size(); ++i) {
    if (days[i].from >= days[i - 1].until) continue;
    return base::fail(base::ErrorKind::conflict, "head_order",
                      base::text("从 {} 起此户会有两个户主。", "From {} on the household would have two heads.", days[i].from),
                      base::text("请核对日期。", "Check the day."));
  }
  return {};
}

}  // namespace yihu::registry

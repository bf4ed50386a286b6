#include "compare/register_people.h"

#include "base/id_number.h"

namespace yihu::compare {
namespace {

using store::Sql;

constexpr Sql present_sql =
    "SELECT id, household, village, name, sex, birth, id_birth, id_sex, id_number, code, 0 FROM person"
    " WHERE present = 1 AND household IS NOT NULL ORDER BY id";
// Whoever died left his household on that day; its village is where he lived.
constexpr Sql dead_sql =
    "SELECT p.id, h.id, h.village, p.name, p.sex, p.birth, p.id_birth, p.id_sex, p.id_number, p.code, 1"
    " FROM register_event e JOIN person p ON p.id = e.person JOIN household h ON h.id = e.household"
    " WHERE e.kind = 'died' AND p.present = 0 ORDER BY p.id";
constexpr Sql one_sql =
    "SELECT p.id, h.id, h.village, p.name, p.sex, p.birth, p.id_birth, p.id_sex, p.id_number, p.code, 1 - p.present"
    " FROM person p JOIN household h ON h.id = coalesce(p.household, (SELECT m.household FROM membership m WHERE m.person = p.id"
    " ORDER BY m.joined_on DESC LIMIT 1)) WHERE p.id = :id";

base::Result<RegisterPerson> person_from(store::Session& session, const store::Secrets& secrets, const store::Row& row, std::int64_t& numbers_read) {
  RegisterPerson out;
  out.id = row.text(0);
  out.household = row.text(1);
  out.village = row.text(2);
  out.who.name = row.text(3);
  out.who.sex = row.null(4) || row.text(4) == "unknown" ? row.text(7) : row.text(4);
  out.who.birth = row.null(5) ? row.text(6) : row.text(5);
  out.who.village = out.village;
  out.who.code = row.text(9);
  out.dead = row.truth(10);
  if (!row.null(8)) {
    auto clear = secrets.open(session, {"person", "id_number", out.id}, row.text(8));
    if (clear) {
      out.who.id_number = base::id_number_key(*clear);
      ++numbers_read;
    } else if (clear.error().kind != base::ErrorKind::not_found) {
      return base::fail(std::move(clear).error());
    }
  }
  return out;
}

}  // namespace

const RegisterPerson* RegisterPeople::find(const std::string& id) const {
  const auto found = by_id.find(id);
  return found == by_id.end() ? nullptr : &people[found->second];
}

base::Result<RegisterPeople> register_people(store::Session& session, const store::Secrets& secrets, const Rosters& rosters,
                                             const pack::Roster& roster, base::Date today, const base::Cancel& cancel) {
  RegisterPeople out;
  std::map<std::string, bool> authorised;
  const bool asks = !roster.authorisation.empty();
  if (asks) authorised = TRY(rosters.said_of(session, "household", roster.authorisation, today));
  for (const Sql sql : {present_sql, dead_sql}) {
    for (const store::Row& row : TRY(session.query(sql))) {
      if (cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已取消。", "Cancelled."));
      if (asks && (!authorised.contains(row.text(1)) || !authorised.at(row.text(1)))) {
        ++out.unauthorised;
        continue;
      }
      if (out.by_id.contains(row.text(0))) continue;
      RegisterPerson person = TRY(person_from(session, secrets, row, out.numbers_read));
      out.by_id[person.id] = out.people.size();
      out.people.push_back(std::move(person));
    }
  }
  return out;
}

base::Result<std::optional<RegisterPerson>> register_person(store::Session& session, const store::Secrets& secrets, const std::string& id) {
  const auto row = TRY(session.find(one_sql, {{"id", id}}));
  std::int64_t numbers_read = 0;
  if (!row) return std::optional<RegisterPerson>();
  return std::optional(TRY(person_from(session, secrets, *row, numbers_read)));
}

}  // namespace yihu::compare

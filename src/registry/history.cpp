#include "registry/history.h"

#include "base/utf8.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace yihu::registry {
namespace {

namespace json = boost::json;
using store::Sql;

constexpr Sql insert_event =
    "INSERT INTO register_event (id, kind, household, person, day, reason, detail, actor, request, at)"
    " VALUES (:id, :kind, :household, :person, :day, :reason, :detail, :actor, :request, :at)";
constexpr Sql select_next =
    "SELECT until, value FROM field_history WHERE kind = :kind AND subject = :subject AND field = :field AND until > :day"
    " ORDER BY until LIMIT 1";
constexpr Sql insert_before =
    "INSERT INTO field_history (kind, subject, field, until, value, event)"
    " VALUES (:kind, :subject, :field, :until, :value, :event) ON CONFLICT (kind, subject, field, until) DO NOTHING";
constexpr Sql update_value =
    "UPDATE field_history SET value = :value WHERE kind = :kind AND subject = :subject AND field = :field AND until = :until";
constexpr Sql select_after =
    "SELECT field, value FROM field_history WHERE kind = :kind AND subject = :subject AND until > :day ORDER BY until DESC";
constexpr Sql select_last =
    "SELECT household, joined_on, left_on FROM membership WHERE person = :person ORDER BY joined_on DESC, left_on IS NULL DESC,"
    " joined_by DESC LIMIT 1";
// Out and in again on one day: the stretch goes on.
constexpr Sql insert_membership =
    "INSERT INTO membership (person, household, joined_on, left_on, joined_by, left_by)"
    " VALUES (:person, :household, :joined_on, NULL, :event, NULL)"
    " ON CONFLICT (person, joined_on, household) DO UPDATE SET left_on = NULL, left_by = NULL, joined_by = excluded.joined_by";
constexpr Sql close_membership =
    "UPDATE membership SET left_on = :left_on, left_by = :event WHERE person = :person AND left_on IS NULL";
constexpr Sql select_members_on =
    "SELECT person FROM membership WHERE household = :household AND joined_on <= :day AND (left_on IS NULL OR left_on > :day)"
    " ORDER BY person";

base::Error wrong_day(base::Text text) {
  return {base::ErrorKind::input, "day_unfit", std::move(text), {}, {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/day"}, {}};
}

base::Error out_of_order(const std::string& day) {
  return base::fail(base::ErrorKind::conflict, "membership_order",
                    base::text("此人在 {} 已有更晚的户籍变动。", "A later change of this person's household is on record, on {}.", day),
                    base::text("请核对日期，或先更正那次变动。", "Check the day, or correct that change first.")).error();
}

}  // namespace

base::Done check_why(store::Transaction& transaction, const Why& why, const std::optional<std::string>& first_day) {
  std::vector<base::Error> mistakes;
  const std::size_t points = base::count_code_points(why.reason);
  const bool blank = why.reason.find_first_not_of(" \t\n") == why.reason.npos;
  if (blank || points > reason_length_max) {
    mistakes.push_back({base::ErrorKind::input, "reason_missing",
                        base::text("请写明原因，不超过 {} 个字。", "Say why, in {} characters at most.", reason_length_max), {},
                        {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/reason"}, {}});
  }
  const base::Date today = base::date_of(transaction.now());
  if (!why.day.ok() || why.day > today) {
    mistakes.push_back(wrong_day(base::text("日期不能晚于今天 {}。", "The day cannot be after today, {}.", base::to_string(today))));
  } else if (first_day && base::to_string(why.day) < *first_day) {
    mistakes.push_back(wrong_day(base::text("日期不能早于登记日 {}。", "The day cannot be before the registration, {}.", *first_day)));
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  return {};
}

base::Result<EventId> record(store::Transaction& transaction, const access::Viewer& viewer, const Why& why, Happening happening) {
  const EventId id = happening.id ? *happening.id : EventId::make();
  TRY(transaction.execute(insert_event,
                          {{"id", id}, {"kind", happening.kind}, {"household", happening.household},
                           {"person", happening.person ? std::optional(happening.person->value) : std::nullopt}, {"day", why.day},
                           {"reason", why.reason}, {"detail", json::serialize(happening.detail)}, {"actor", viewer.actor()},
                           {"request", transaction.act().request}, {"at", transaction.now()}}));
  happening.after["event"] = id.value;
  happening.after["day"] = base::to_string(why.day);
  happening.after["reason"] = why.reason;
  if (happening.person) happening.after["person"] = happening.person->value;
  for (auto& [key, value] : happening.detail) happening.after.emplace(key, value);
  TRY(transaction.journal({"household." + std::string(happening.kind), "household", happening.household.value,
                           happening.before.empty() ? "" : json::serialize(happening.before), json::serialize(happening.after)}));
  return id;
}

base::Result<json::object> told(store::Transaction& transaction, const Rooms& rooms, const PersonId& person, const Values& values) {
  json::object clear;
  json::array fields;
  for (const auto& [field, value] : values) {
    fields.emplace_back(field);
    clear[field] = json_from(value);
  }
  const std::string sealed = TRY(rooms.secrets.seal(transaction, {"journal", "person", person.value}, json::serialize(clear)));
  return json::object{{"person", person.value}, {"fields", std::move(fields)}, {"sealed", sealed}};
}

base::Result<bool> put(store::Transaction& transaction, const Moment& moment, const Field& field, const Cell& now, const Cell& value) {
  const auto next = TRY(transaction.find(select_next, {{"kind", moment.kind}, {"subject", moment.subject}, {"field", field.id}, {"day", moment.day}}));
  const Cell held = next ? cell_from_history(field, next->maybe_text(1)) : now;
  if (held == value) return false;
  if (moment.mode == Mode::changed) {
    TRY(transaction.execute(insert_before, {{"kind", moment.kind}, {"subject", moment.subject}, {"field", field.id},
                                            {"until", moment.day}, {"value", text_from(held)}, {"event", moment.event}}));
  }
  if (!next) return true;
  TRY(transaction.execute(update_value, {{"value", text_from(value)}, {"kind", moment.kind}, {"subject", moment.subject},
                                         {"field", field.id}, {"until", next->text(0)}}));
  return false;
}

base::Done wind_back(store::Session& session, const char* kind, const std::string& subject, base::Date day, Record& values) {
  // The earliest change after the day comes last, and says what held on it.
  for (const store::Row& row : TRY(session.query(select_after, {{"kind", kind}, {"subject", subject}, {"day", day}}))) {
    const Field* field = find_field(values.fields(), row.text(0));
    if (field != nullptr) values.at(field->id) = cell_from_history(*field, row.maybe_text(1));
  }
  return {};
}

base::Done join(store::Transaction& transaction, const PersonId& person, const HouseholdId& household, base::Date day, const EventId& event) {
  const auto last = TRY(transaction.find(select_last, {{"person", person}}));
  if (last) {
    if (last->null(2)) {
      return base::fail(base::ErrorKind::conflict, "person_present", base::text("此人已在另一户。", "The person belongs to a household already."),
                        base::text("请用“迁移”办理。", "Move him instead."));
    }
    if (base::to_string(day) < last->text(2)) return base::fail(out_of_order(last->text(2)));
  }
  TRY(transaction.execute(insert_membership, {{"person", person}, {"household", household}, {"joined_on", day}, {"event", event}}));
  return {};
}

base::Done leave(store::Transaction& transaction, const PersonId& person, base::Date day, const EventId& event) {
  const auto last = TRY(transaction.find(select_last, {{"person", person}}));
  if (!last || !last->null(2)) {
    return base::fail(base::ErrorKind::conflict, "person_absent", base::text("此人已不在户。", "The person is no longer a member."));
  }
  const std::string left_on = base::to_string(day);
  if (left_on < last->text(1)) return base::fail(out_of_order(last->text(1)));
  TRY(transaction.execute(close_membership, {{"left_on", left_on}, {"event", event}, {"person", person}}));
  return {};
}

base::Result<std::vector<PersonId>> members_on(store::Session& session, const HouseholdId& household, base::Date day) {
  std::vector<PersonId> out;
  for (const store::Row& row : TRY(session.query(select_members_on, {{"household", household}, {"day", day}}))) out.push_back(row.id<PersonId>(0));
  return out;
}

}  // namespace yihu::registry

#include "registry/snapshot.h"

#include "registry/history.h"
#include "registry/stored_form.h"
#include "store/digest.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace yihu::registry {
namespace {

namespace json = boost::json;
using store::Sql;

constexpr int households_per_transaction = 300;

constexpr Sql select_snapshot =
    "SELECT id, period, day, households, people, hash, actor, frozen_at FROM snapshot WHERE period = :period";
constexpr Sql select_snapshot_by_id =
    "SELECT id, period, day, households, people, hash, actor, frozen_at FROM snapshot WHERE id = :id AND frozen_at IS NOT NULL";
constexpr Sql select_snapshots =
    "SELECT id, period, day, households, people, hash, actor, frozen_at FROM snapshot WHERE frozen_at IS NOT NULL ORDER BY period DESC";
constexpr Sql insert_snapshot =
    "INSERT INTO snapshot (id, period, day, households, people, hash, actor, begun_at, frozen_at)"
    " VALUES (:id, :period, :day, 0, 0, NULL, :actor, :now, NULL)";
constexpr Sql delete_rows = "DELETE FROM snapshot_household WHERE snapshot = :id";
constexpr Sql delete_snapshot = "DELETE FROM snapshot WHERE id = :id";
constexpr Sql insert_row =
    "INSERT INTO snapshot_household (snapshot, household, village, content) VALUES (:snapshot, :household, :village, :content)";
constexpr Sql update_frozen =
    "UPDATE snapshot SET households = :households, people = :people, hash = :hash, frozen_at = :now WHERE id = :id";
constexpr Sql select_next =
    "SELECT id FROM household WHERE id > :after AND registered_on <= :day AND (ended_on IS NULL OR ended_on > :day)"
    " ORDER BY id LIMIT :limit";
constexpr Sql select_rows =
    "SELECT household, village, content FROM snapshot_household WHERE snapshot = :snapshot AND household > :after"
    " ORDER BY household LIMIT 500";
constexpr Sql select_row = "SELECT village, content FROM snapshot_household WHERE snapshot = :snapshot AND household = :household";

Snapshot snapshot_from(const store::Row& row) {
  return {row.id<SnapshotId>(0), row.text(1), row.maybe_date(2).value_or(base::Date{}), row.integer(3), row.integer(4),
          row.maybe_text(5).value_or(""), row.text(6), row.maybe_instant(7)};
}

/// The last day of "2019-H1".
std::optional<base::Date> last_day_of(const std::string& period) {
  const bool shape = period.size() == 7 && period.substr(4, 2) == "-H" && (period[6] == '1' || period[6] == '2');
  if (!shape) return std::nullopt;
  const auto first = base::parse_date(period.substr(0, 4) + "-01-01");
  if (!first) return std::nullopt;
  return base::make_date(static_cast<int>(first->year()), period[6] == '1' ? 6 : 12, period[6] == '1' ? 30 : 31);
}

json::object json_from_record(const Record& values) {
  json::object out;
  for (std::size_t i = 0; i < values.fields().size(); ++i) {
    if (known(values.cell(i))) out[values.fields()[i].id] = json_from(values.cell(i));
  }
  return out;
}

/// Facts about a person that say who he is. The rest, codes and truths, stays readable.
bool tells_who(const Field& field) { return field.private_ || field.id == "name" || field.id == "birth" || field.id == "id_birth"; }

/// The household at the end of the day, sealed where it tells who somebody is.
base::Result<json::object> content_of(store::Transaction& transaction, const Rooms& rooms, const HouseholdRow& row, base::Date day,
                                      std::int64_t& people) {
  json::object out = json_from_record(row.values);
  out.erase("head_name");
  json::array members;
  for (const PersonId& id : TRY(members_on(transaction, row.id, day))) {
    auto person = TRY(find_person_row(transaction, id));
    if (!person) continue;
    TRY(wind_back(transaction, "person", id.value, day, person->values));
    json::object open = json_from_record(person->values);
    json::object closed;
    for (const Field& field : person_fields) {
      if (!tells_who(field) || !open.contains(field.id)) continue;
      closed[field.id] = open[field.id];
      open.erase(field.id);
    }
    const std::string sealed = TRY(rooms.secrets.seal(transaction, {"snapshot", "person", id.value}, json::serialize(closed)));
    members.push_back(json::object{{"id", id.value}, {"values", std::move(open)}, {"sealed", sealed}});
    ++people;
  }
  json::array incomes;
  for (const IncomeRow& income : TRY(income_rows(transaction, row.id))) incomes.push_back(json_from_record(income.values));
  return json::object{{"values", std::move(out)}, {"members", std::move(members)}, {"incomes", std::move(incomes)}};
}

struct Freezing {
  SnapshotId id;
  base::Date day;
  std::string after;              ///< the last household that is in
  std::int64_t households = 0;
  std::int64_t people = 0;
  bool done = false;
};

void add_row(store::Digest& digest, std::string_view household, std::string_view village, std::string_view content) {
  digest.add_field(household);
  digest.add_field(village);
  digest.add_field(content);
}

base::Done freeze_some(store::Transaction& transaction, const Rooms& rooms, Freezing& freezing, store::Digest& digest) {
  const auto rows = TRY(transaction.query(select_next, {{"after", freezing.after}, {"day", freezing.day}, {"limit", households_per_transaction}}));
  for (const store::Row& row : rows) {
    const auto id = row.id<HouseholdId>(0);
    HouseholdRow household = *TRY(find_household_row(transaction, id));
    TRY(wind_back(transaction, "household", id.value, freezing.day, household.values));
    const std::string content = json::serialize(TRY(content_of(transaction, rooms, household, freezing.day, freezing.people)));
    const std::string village = household.values.text("village");
    TRY(transaction.execute(insert_row, {{"snapshot", freezing.id}, {"household", id}, {"village", village}, {"content", content}}));
    add_row(digest, id.value, village, content);
    freezing.after = id.value;
    ++freezing.households;
  }
  freezing.done = static_cast<int>(rows.size()) < households_per_transaction;
  return {};
}

base::Done write(store::Store& store, const access::Viewer& viewer, const std::function<base::Done(store::Transaction&)>& change) {
  const auto answer = store.write({viewer.actor(), base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
    TRY(change(transaction));
    return store::Answer();
  });
  if (!answer) return base::fail(answer.error());
  return {};
}

base::Done begin(store::Transaction& transaction, const access::Viewer& viewer, const std::string& period, const Freezing& freezing) {
  if (const auto before = TRY(transaction.find(select_snapshot, {{"period", period}}))) {
    if (!before->null(7)) {
      return base::fail(base::ErrorKind::conflict, "snapshot_known", base::text("{} 的快照已经固定。", "The snapshot of {} is frozen already.", period));
    }
    TRY(transaction.execute(delete_rows, {{"id", before->text(0)}}));
    TRY(transaction.execute(delete_snapshot, {{"id", before->text(0)}}));
  }
  TRY(transaction.execute(insert_snapshot, {{"id", freezing.id}, {"period", period}, {"day", freezing.day}, {"actor", viewer.actor()},
                                            {"now", transaction.now()}}));
  return {};
}

/// Values by name back into a record; what is not there is unknown.
void take(const json::object& object, Record& values) {
  for (const auto& [key, value] : object) {
    if (find_field(values.fields(), key) == nullptr) continue;
    Cell& cell = values.at(key);
    if (value.is_int64()) cell = value.get_int64();
    else if (value.is_double()) cell = value.get_double();
    else if (value.is_string()) cell = std::string(value.get_string());
  }
}

base::Result<json::object> parsed(const std::string& text) {
  json::error_code problem;
  json::value value = json::parse(text, problem);
  if (problem || !value.is_object()) {
    return base::fail(base::ErrorKind::unavailable, "snapshot_unreadable", base::text("快照已损坏。", "The snapshot is damaged."));
  }
  return std::move(value.get_object());
}

}  // namespace

base::Result<Snapshot> freeze(store::Store& store, const Rooms& rooms, const access::Viewer& viewer, const std::string& period,
                              std::optional<base::Date> day, const base::Progress& progress, const base::Cancel& cancel) {
  TRY(expect(viewer, access::Permission::register_exchange));
  const auto last = last_day_of(period);
  if (!last || !viewer.scope.district) {
    return base::fail(base::Error{base::ErrorKind::input, "period_unfit", base::text("期间应写成 2019-H1 或 2019-H2。", "A period is written 2019-H1 or 2019-H2."), {},
                                  {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/period"}, {}});
  }
  Freezing freezing{SnapshotId::make(), day.value_or(*last), {}};
  if (freezing.day > store.clock().today()) {
    return base::fail(base::Error{base::ErrorKind::input, "day_unfit", base::text("这一天还没有过去。", "That day is not over."), {},
                                  {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/day"}, {}});
  }
  TRY(write(store, viewer, [&](store::Transaction& transaction) { return begin(transaction, viewer, period, freezing); }));
  store::Digest digest(store.algorithms());
  while (!freezing.done) {
    if (cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已停止。", "Stopped."));
    TRY(write(store, viewer, [&](store::Transaction& transaction) { return freeze_some(transaction, rooms, freezing, digest); }));
    if (progress) progress(freezing.households, freezing.households);
  }
  const std::string hash = store::hex(digest.finish());
  Snapshot out{freezing.id, period, freezing.day, freezing.households, freezing.people, hash, viewer.actor(), {}};
  TRY(write(store, viewer, [&](store::Transaction& transaction) -> base::Done {
    TRY(transaction.execute(update_frozen, {{"households", freezing.households}, {"people", freezing.people}, {"hash", hash},
                                            {"now", transaction.now()}, {"id", freezing.id}}));
    out.frozen_at = transaction.now();
    const json::object told{{"period", period}, {"day", base::to_string(freezing.day)}, {"households", freezing.households},
                            {"people", freezing.people}, {"hash", hash}};
    return transaction.journal({"snapshot.frozen", "snapshot", freezing.id.value, "", json::serialize(told)});
  }));
  return out;
}

base::Result<std::vector<Snapshot>> list_snapshots(store::Session& session, const access::Viewer& viewer) {
  TRY(expect(viewer, access::Permission::register_read));
  std::vector<Snapshot> out;
  for (const store::Row& row : TRY(session.query(select_snapshots))) out.push_back(snapshot_from(row));
  return out;
}

base::Result<Household> household_in_snapshot(store::Session& session, const Rooms& rooms, const access::Viewer& viewer,
                                              const SnapshotId& snapshot, const HouseholdId& id) {
  TRY(expect(viewer, access::Permission::register_read));
  // Whoever may look today: a helper or a village of then has no claim left.
  TRY(household_row(session, viewer, id));
  const auto head = TRY(session.find(select_snapshot_by_id, {{"id", snapshot}}));
  const auto row = TRY(session.find(select_row, {{"snapshot", snapshot}, {"household", id}}));
  if (!head || !row) return base::fail(no_such_household());
  const json::object content = TRY(parsed(row->text(1)));
  Household out{id, Record(household_fields), 0, {}, {}};
  take(content.at("values").as_object(), out.values);
  for (const json::value& value : content.at("members").as_array()) {
    const json::object& one = value.as_object();
    Member member{PersonId{std::string(one.at("id").as_string())}, Record(person_fields), 0};
    take(one.at("values").as_object(), member.values);
    auto clear = rooms.secrets.open(session, {"snapshot", "person", member.id.value}, std::string(one.at("sealed").as_string()));
    if (clear) take(TRY(parsed(*clear)), member.values);
    TRY(mask(session, rooms, "person", member.id.value, member.values));
    if (member.values.text("relation") == "head") out.values.at("head_name") = member.values.at("name");
    out.members.push_back(std::move(member));
  }
  for (const json::value& value : content.at("incomes").as_array()) {
    IncomeRow income;
    take(value.as_object(), income.values);
    out.incomes.push_back(std::move(income));
  }
  TRY(mask(session, rooms, "household", id.value, out.values));
  return out;
}

base::Result<bool> verify_snapshot(store::Session& session, const access::Viewer& viewer, const SnapshotId& snapshot,
                                   store::Algorithms algorithms) {
  TRY(expect(viewer, access::Permission::register_read));
  const auto head = TRY(session.find(select_snapshot_by_id, {{"id", snapshot}}));
  if (!head) return base::fail(base::ErrorKind::not_found, "snapshot_unknown", base::text("没有这份快照。", "There is no such snapshot."));
  store::Digest digest(algorithms);
  std::string after;
  for (bool more = true; more;) {
    const auto rows = TRY(session.query(select_rows, {{"snapshot", snapshot}, {"after", after}}));
    for (const store::Row& row : rows) {
      add_row(digest, row.text(0), row.text(1), row.text(2));
      after = row.text(0);
    }
    more = !rows.empty();
  }
  return store::hex(digest.finish()) == head->maybe_text(5).value_or("");
}

}  // namespace yihu::registry

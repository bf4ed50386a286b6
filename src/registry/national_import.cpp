// The dry run, the import and its undo.

#include "registry/change.h"
#include "registry/history.h"
#include "registry/membership.h"
#include "registry/national_group.h"
#include "registry/registration.h"
#include "registry/status.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <functional>

namespace yihu::registry {
namespace {

namespace json = boost::json;
using store::Sql;

constexpr std::size_t rows_per_transaction = 300;

constexpr Sql insert_import =
    "INSERT INTO register_import (id, file, reason, actor, at, created, changed, undone_at)"
    " VALUES (:id, :file, :reason, :actor, :at, 0, 0, NULL)";
constexpr Sql update_import = "UPDATE register_import SET created = :created, changed = :changed WHERE id = :id";
constexpr Sql select_imports =
    "SELECT id, file, reason, actor, at, created, changed, undone_at FROM register_import ORDER BY id DESC LIMIT 200";
constexpr Sql select_import = "SELECT id, file, reason, actor, at, created, changed, undone_at FROM register_import WHERE id = :id";
constexpr Sql mark_undone = "UPDATE register_import SET undone_at = :now WHERE id = :id";
constexpr Sql insert_subject =
    "INSERT INTO register_import_subject (import, place, kind, subject, household, made, before, event, version_after)"
    " VALUES (:import, :place, :kind, :subject, :household, :made, :before, :event, :version_after)";
constexpr Sql select_subjects =
    "SELECT kind, subject, household, made, before, event, version_after FROM register_import_subject WHERE import = :import"
    " ORDER BY place DESC";
constexpr Sql select_last_event = "SELECT id FROM register_event WHERE household = :household ORDER BY id DESC LIMIT 1";
constexpr Sql select_version = "SELECT version FROM income WHERE household = :household AND year = :year";
constexpr Sql delete_history = "DELETE FROM field_history WHERE event = :event";
constexpr Sql delete_person_history = "DELETE FROM field_history WHERE kind = 'person' AND subject = :id";
constexpr Sql delete_household_history = "DELETE FROM field_history WHERE kind = 'household' AND subject = :id";
constexpr Sql delete_membership = "DELETE FROM membership WHERE person = :id";
constexpr Sql delete_person = "DELETE FROM person WHERE id = :id";
constexpr Sql delete_incomes = "DELETE FROM income WHERE household = :id";
constexpr Sql delete_income = "DELETE FROM income WHERE household = :household AND year = :year";
constexpr Sql delete_household = "DELETE FROM household WHERE id = :id";

struct Touched {
  std::string kind;       ///< "household", "person" or "income"
  std::string subject;    ///< of an income its year
  HouseholdId household;
  bool made = false;
  json::object before;
  std::optional<std::string> event;
};

json::object state_of(const HouseholdRow& row) {
  json::object out;
  for (std::size_t i = 0; i < std::size(household_fields); ++i) out[household_fields[i].id] = json_from(row.values.cell(i));
  if (row.phone_index) out["+phone_index"] = *row.phone_index;
  return out;
}

json::object state_of(const PersonRow& row) {
  json::object out;
  for (std::size_t i = 0; i < std::size(person_fields); ++i) out[person_fields[i].id] = json_from(row.values.cell(i));
  if (row.initials) out["+initials"] = *row.initials;
  if (row.initials_other) out["+initials_other"] = *row.initials_other;
  if (row.id_index) out["+id_index"] = *row.id_index;
  if (row.phone_index) out["+phone_index"] = *row.phone_index;
  return out;
}

void take(const json::object& object, Record& values) {
  for (const Field& field : values.fields()) {
    const json::value* value = object.if_contains(field.id);
    Cell& cell = values.at(field.id);
    cell = {};
    if (value == nullptr) continue;
    if (value->is_int64()) cell = value->get_int64();
    else if (value->is_double()) cell = value->get_double();
    else if (value->is_string()) cell = std::string(value->get_string());
  }
}

std::optional<std::string> text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::optional(std::string(value->get_string())) : std::nullopt;
}

base::Done write(store::Store& store, const access::Viewer& viewer, const std::function<base::Done(store::Transaction&)>& change) {
  const auto answer = store.write({viewer.actor(), base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
    TRY(change(transaction));
    return store::Answer();
  });
  if (!answer) return base::fail(answer.error());
  return {};
}

/// One household of the workbook is written.
class Applying {
 public:
  Applying(store::Transaction& transaction, const Rooms& rooms, const access::Viewer& viewer, const Why& why)
      : transaction_(transaction), rooms_(rooms), viewer_(viewer), why_(why) {}

  base::Result<std::vector<Touched>> apply(const GroupPlan& plan) {
    if (plan.make) TRY(make(plan));
    else if (plan.stored) TRY(change(plan));
    return std::move(touched_);
  }

 private:
  base::Done note(Touched touched) {
    const auto event = TRY(transaction_.find(select_last_event, {{"household", touched.household}}));
    if (event) touched.event = event->text(0);
    touched_.push_back(std::move(touched));
    return {};
  }

  base::Done make(const GroupPlan& plan) {
    NewHousehold wanted;
    wanted.village = *plan.village;
    wanted.registered_on = why_.day;
    wanted.status = plan.status.value_or("general");
    wanted.values = plan.changes;
    for (const PersonStep& step : plan.people) wanted.members.push_back({step.changes, {}});
    if (!plan.income.empty()) wanted.incomes.push_back(plan.income);
    wanted.reason = why_.reason;
    const Added added = TRY(add_household(transaction_, rooms_, viewer_, wanted));
    for (const PersonId& member : added.members) touched_.push_back({"person", member.value, added.household, true, {}, {}});
    touched_.insert(touched_.begin(), {"household", added.household.value, added.household, true, {}, {}});
    return {};
  }

  base::Done change(const GroupPlan& plan) {
    const HouseholdId id = plan.stored->id;
    const json::object before = state_of(*plan.stored);
    // Each event is noted, so that its part of the history goes; both lead back to the same row.
    if (!plan.changes.empty()) {
      TRY(change_household(transaction_, rooms_, viewer_, id, {plan.changes, why_, Mode::changed, {}}));
      TRY(note({"household", id.value, id, false, before, {}}));
    }
    if (plan.status) {
      TRY(change_status(transaction_, viewer_, id, *plan.status, why_.day, why_.reason));
      TRY(note({"household", id.value, id, false, before, {}}));
    }
    if (!plan.income.empty()) TRY(change_income(plan, id));
    for (const PersonStep& step : plan.people) {
      if (step.stored) {
        TRY(change_person(transaction_, rooms_, viewer_, step.stored->id, {step.changes, why_, Mode::changed, {}}));
        TRY(note({"person", step.stored->id.value, id, false, state_of(*step.stored), {}}));
      } else {
        const PersonId made = TRY(add_member(transaction_, rooms_, viewer_, id, Arrival::moved_in, {step.changes, {}}, why_));
        TRY(note({"person", made.value, id, true, {}, {}}));
      }
    }
    return {};
  }

  base::Done change_income(const GroupPlan& plan, const HouseholdId& id) {
    const auto year = std::get<std::int64_t>(plan.income.at("year"));
    json::object before;
    for (const IncomeRow& row : TRY(income_rows(transaction_, id))) {
      if (row.values.integer("year") != year) continue;
      for (const Field& field : income_fields) before[field.id] = json_from(row.values.at(field.id));
    }
    TRY(write_income(transaction_, viewer_, id, plan.income, why_, plan.income_version));
    touched_.push_back({"income", std::to_string(year), id, plan.income_version == 0, std::move(before), {}});
    return {};
  }

  store::Transaction& transaction_;
  const Rooms& rooms_;
  const access::Viewer& viewer_;
  const Why& why_;
  std::vector<Touched> touched_;
};

base::Result<std::int64_t> version_of(store::Session& session, const std::string& kind, const std::string& subject, const HouseholdId& household) {
  if (kind == "household") {
    const auto row = TRY(find_household_row(session, HouseholdId{subject}));
    return row ? row->version : 0;
  }
  if (kind == "person") {
    const auto row = TRY(find_person_row(session, PersonId{subject}));
    return row ? row->version : 0;
  }
  const auto row = TRY(session.find(select_version, {{"household", household}, {"year", std::stoll(subject)}}));
  return row ? row->integer(0) : 0;
}

/// With the versions at the group's end: whatever changes them later stands against the undo.
base::Done keep(store::Transaction& transaction, const std::string& import, std::int64_t& place, const std::vector<Touched>& touched) {
  for (const Touched& one : touched) {
    const auto version = TRY(version_of(transaction, one.kind, one.subject, one.household));
    TRY(transaction.execute(insert_subject, {{"import", import}, {"place", ++place}, {"kind", one.kind}, {"subject", one.subject},
                                             {"household", one.household}, {"made", one.made}, {"before", json::serialize(one.before)},
                                             {"event", one.event}, {"version_after", version}}));
  }
  return {};
}

base::Error followed() {
  return base::fail(base::ErrorKind::conflict, "import_followed", base::text("导入之后已有人改动其中的户或人。", "Somebody has changed one of its households or people since."),
                    base::text("请逐户更正。", "Correct them one by one.")).error();
}

base::Done undo_made(store::Transaction& transaction, const std::string& kind, const std::string& subject, const HouseholdId& household) {
  if (kind == "income") {
    TRY(transaction.execute(delete_income, {{"household", household}, {"year", std::stoll(subject)}}));
  } else if (kind == "person") {
    TRY(transaction.execute(delete_person_history, {{"id", subject}}));
    TRY(transaction.execute(delete_membership, {{"id", subject}}));
    TRY(transaction.execute(delete_person, {{"id", subject}}));
  } else {
    TRY(transaction.execute(delete_incomes, {{"id", subject}}));
    TRY(transaction.execute(delete_household_history, {{"id", subject}}));
    TRY(transaction.execute(delete_household, {{"id", subject}}));
  }
  return {};
}

base::Done undo_changed(store::Transaction& transaction, const store::Row& row) {
  const std::string kind = row.text(0), subject = row.text(1);
  json::error_code problem;
  const json::value parsed = json::parse(row.text(4), problem);
  if (problem || !parsed.is_object()) return base::fail(base::ErrorKind::internal, "import_unreadable", base::text("导入记录已损坏。", "The import's record is damaged."));
  const json::object& before = parsed.get_object();
  if (auto event = row.maybe_text(5)) TRY(transaction.execute(delete_history, {{"event", *event}}));
  if (kind == "household") {
    HouseholdRow stored = *TRY(find_household_row(transaction, HouseholdId{subject}));
    take(before, stored.values);
    stored.phone_index = text_at(before, "+phone_index");
    return update(transaction, stored);
  }
  if (kind == "person") {
    PersonRow stored = *TRY(find_person_row(transaction, PersonId{subject}));
    take(before, stored.values);
    stored.initials = text_at(before, "+initials");
    stored.initials_other = text_at(before, "+initials_other");
    stored.id_index = text_at(before, "+id_index");
    stored.phone_index = text_at(before, "+phone_index");
    return update(transaction, stored);
  }
  Record values(income_fields);
  take(before, values);
  Values writing;
  for (const Field& field : income_fields) writing[std::string(field.id)] = values.at(field.id);
  TRY(transaction.execute(delete_income, {{"household", row.text(2)}, {"year", std::stoll(subject)}}));
  return insert_income(transaction, row.id<HouseholdId>(2), writing);
}

Import import_from(const store::Row& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), row.instant(4), row.integer(5), row.integer(6), !row.null(7)};
}

}  // namespace

base::Result<ImportReport> compare_national(store::Session& session, const Rooms& rooms, const access::Viewer& viewer,
                                            const WorkbookRows& workbook, const MatchPolicy& policy) {
  TRY(expect(viewer, access::Permission::register_exchange));
  ImportReport report;
  for (const auto& rows : groups_of(workbook)) {
    GroupPlan plan = TRY(plan_group(session, rooms, viewer, rows, policy));
    add_to(report, plan);
  }
  std::ranges::sort(report.rows, {}, &RowReport::row);
  return report;
}

base::Result<Imported> import_national(store::Store& store, const Rooms& rooms, const access::Viewer& viewer,
                                       const WorkbookRows& workbook, const MatchPolicy& policy, const std::string& file,
                                       const std::string& reason, const base::Progress& progress, const base::Cancel& cancel) {
  TRY(expect(viewer, access::Permission::register_exchange));
  Imported out;
  out.import = {base::new_uuid(), file, reason, viewer.actor(), {}, 0, 0, false};
  const Why why{store.clock().today(), reason};
  TRY(write(store, viewer, [&](store::Transaction& transaction) -> base::Done {
    TRY(check_why(transaction, why));
    out.import.at = transaction.now();
    TRY(transaction.execute(insert_import, {{"id", out.import.id}, {"file", file}, {"reason", reason}, {"actor", viewer.actor()}, {"at", transaction.now()}}));
    return transaction.journal({"register.imported", "register_import", out.import.id, "", json::serialize(json::object{{"file", file}, {"reason", reason}})});
  }));
  const auto groups = groups_of(workbook);
  std::int64_t place = 0;
  for (std::size_t next = 0; next < groups.size();) {
    if (cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已停止；写入的部分可以撤销。", "Stopped; what was written can be undone."));
    std::size_t end = next, rows = 0;
    while (end < groups.size() && rows < rows_per_transaction) rows += groups[end++].size();
    ImportReport part;
    TRY(write(store, viewer, [&](store::Transaction& transaction) -> base::Done {
      for (std::size_t i = next; i < end; ++i) {
        GroupPlan plan = TRY(plan_group(transaction, rooms, viewer, groups[i], policy));
        TRY(keep(transaction, out.import.id, place, TRY(Applying(transaction, rooms, viewer, why).apply(plan))));
        add_to(part, plan);
      }
      TRY(transaction.execute(update_import, {{"created", out.report.created + part.created}, {"changed", out.report.changed + part.changed}, {"id", out.import.id}}));
      return {};
    }));
    out.report.created += part.created;
    out.report.changed += part.changed;
    out.report.same += part.same;
    out.report.wrong += part.wrong;
    out.report.not_found += part.not_found;
    out.report.absent += part.absent;
    std::ranges::move(part.rows, std::back_inserter(out.report.rows));
    next = end;
    if (progress) progress(static_cast<std::int64_t>(next), static_cast<std::int64_t>(groups.size()));
  }
  std::ranges::sort(out.report.rows, {}, &RowReport::row);
  out.import.created = out.report.created;
  out.import.changed = out.report.changed;
  return out;
}

base::Done undo_import(store::Store& store, const access::Viewer& viewer, const std::string& import, const std::string& reason) {
  TRY(expect(viewer, access::Permission::register_exchange));
  return write(store, viewer, [&](store::Transaction& transaction) -> base::Done {
    TRY(check_why(transaction, {base::date_of(transaction.now()), reason}));
    const auto row = TRY(transaction.find(select_import, {{"id", import}}));
    if (!row) return base::fail(base::ErrorKind::not_found, "import_unknown", base::text("没有这次导入。", "There is no such import."));
    if (!row->null(7)) return base::fail(base::ErrorKind::conflict, "import_undone", base::text("这次导入已经撤销。", "This import has been undone."));
    const auto subjects = TRY(transaction.query(select_subjects, {{"import", import}}));
    for (const store::Row& subject : subjects) {
      const auto version = TRY(version_of(transaction, subject.text(0), subject.text(1), subject.id<HouseholdId>(2)));
      if (version != subject.integer(6)) return base::fail(followed());
    }
    std::vector<HouseholdId> left;
    for (const store::Row& subject : subjects) {
      if (subject.truth(3)) TRY(undo_made(transaction, subject.text(0), subject.text(1), subject.id<HouseholdId>(2)));
      else TRY(undo_changed(transaction, subject));
      const auto household = subject.id<HouseholdId>(2);
      if (std::ranges::find(left, household) == left.end()) left.push_back(household);
    }
    for (const HouseholdId& household : left) {
      if (auto stored = TRY(find_household_row(transaction, household))) TRY(refresh(transaction, *stored, base::date_of(transaction.now())));
      TRY(transaction.journal({"household.import_undone", "household", household.value, "", json::serialize(json::object{{"import", import}, {"reason", reason}})}));
    }
    TRY(transaction.execute(mark_undone, {{"now", transaction.now()}, {"id", import}}));
    return transaction.journal({"register.import_undone", "register_import", import, "", json::serialize(json::object{{"reason", reason}})});
  });
}

base::Result<std::vector<Import>> list_imports(store::Session& session, const access::Viewer& viewer) {
  TRY(expect(viewer, access::Permission::register_exchange));
  std::vector<Import> out;
  for (const store::Row& row : TRY(session.query(select_imports))) out.push_back(import_from(row));
  return out;
}

}  // namespace yihu::registry

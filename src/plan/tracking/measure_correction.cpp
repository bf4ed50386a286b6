#include "plan/tracking/measure_correction.h"

#include "area/directory.h"
#include "base/utf8.h"
#include "plan/tracking/measure_rows.h"
#include "plan/tracking/record.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace yihu::plan {
namespace {

namespace json = boost::json;
using base::ErrorKind;
using base::text;
using store::Sql;
using store::Transaction;

constexpr Sql update_measure =
    "UPDATE plan_measure SET title = :title, title_en = :title_en, content = :content, deadlines = :deadlines,"
    " recurrences = :recurrences, version = version + 1 WHERE id = :id";
constexpr Sql correction_sql = "SELECT before FROM plan_correction WHERE measure = :measure AND field = :field";
constexpr Sql upsert_correction =
    "INSERT INTO plan_correction (id, plan, measure, field, before, after, author, at)"
    " VALUES (:id, :plan, :measure, :field, :before, :after, :author, :at)"
    " ON CONFLICT (measure, field) DO UPDATE SET after = excluded.after, author = excluded.author, at = excluded.at";
constexpr Sql delete_correction = "DELETE FROM plan_correction WHERE measure = :measure AND field = :field";

base::Error wrong(std::string field, const char* code, base::Text what, base::Text mend = {}) {
  base::Error error{ErrorKind::input, code, std::move(what), std::move(mend), {}, {}};
  error.place.field = std::move(field);
  return error;
}

bool blank(const std::string& words) { return words.find_first_not_of(" \t\r\n") == std::string::npos; }

void check_words(const std::optional<std::string>& words, const char* field, std::size_t most, bool needed,
                 std::vector<base::Error>& mistakes) {
  if (!words) return;
  if (needed && blank(*words)) {
    mistakes.push_back(wrong(field, "field_empty", text("这一项不能空着。", "This cannot be empty."), text("请填写。", "Fill it in.")));
  } else if (base::count_code_points(*words) > most) {
    mistakes.push_back(wrong(field, "field_too_long", text("超过 {} 字。", "It is longer than {} characters.", most), text("请写得短一些。", "Shorten it.")));
  }
}

/// The names the document gives, in its order, each once: a group stands once for its members.
json::value names_of(const std::vector<Owner>& owners) {
  std::vector<std::string> names;
  for (const Owner& owner : owners) {
    if (std::ranges::find(names, owner.name) == names.end()) names.push_back(owner.name);
  }
  return json_of(names);
}

std::vector<Owner> owners_from(const std::vector<base::UnitId>& ids, const char* field, const area::Directory& units,
                               std::vector<base::Error>& mistakes) {
  std::vector<Owner> owners;
  if (ids.size() > measure_owners_max) {
    mistakes.push_back(wrong(field, "owners_too_many", text("单位超过 {} 个。", "There are more than {} units.", measure_owners_max)));
    return owners;
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const area::Unit* unit = units.unit(ids[i]);
    if (unit == nullptr) {
      mistakes.push_back(wrong(fmt::format("{}/{}", field, i), "unit_unknown", text("没有这个单位。", "There is no such unit."), text("请从单位表中选择。", "Choose one from the list of units.")));
    } else if (std::ranges::find(owners, unit->id, &Owner::unit) == owners.end()) {
      owners.push_back({unit->name.zh, {}, unit->id});
    }
  }
  return owners;
}

/// Keeps against what the document said, not against the last correction; back to the document is no correction.
base::Done keep_correction(Transaction& transaction, const TrackedPlan& plan, const TrackedMeasure& measure,
                           const char* field, const json::value& before, const json::value& after) {
  const store::Parameters which{{"measure", measure.id}, {"field", field}};
  const auto earlier = TRY(transaction.find(correction_sql, which));
  const std::string said = earlier ? earlier->text(0) : json::serialize(before);
  const std::string corrected = json::serialize(after);
  if (said == corrected) {
    TRY(transaction.execute(delete_correction, which));
    return {};
  }
  TRY(transaction.execute(upsert_correction, {{"id", base::new_uuid()}, {"plan", plan.id}, {"measure", measure.id},
                                              {"field", field}, {"before", said}, {"after", corrected},
                                              {"author", transaction.act().actor}, {"at", transaction.now()}}));
  return {};
}

struct Edit {
  const char* field;
  json::value before;
  json::value after;
};

/// Applies the correction to `measure` and tells what differs.
std::vector<Edit> apply(const MeasureCorrection& correction, std::optional<std::vector<Owner>> lead,
                        std::optional<std::vector<Owner>> responsible, TrackedMeasure& measure) {
  std::vector<Edit> edits;
  const auto set = [&](const char* field, auto& place, auto value, auto as_json) {
    json::value before = as_json(place);
    place = std::move(value);
    json::value after = as_json(place);
    if (before != after) edits.push_back({field, std::move(before), std::move(after)});
  };
  const auto words = [](const std::string& value) { return json::value(value); };
  if (correction.title && *correction.title != measure.title.zh) {
    edits.push_back({"title", words(measure.title.zh), words(*correction.title)});
    measure.title = {*correction.title, {}};
  }
  if (correction.text) set("text", measure.text, *correction.text, words);
  if (lead) set("lead", measure.lead, *std::move(lead), names_of);
  if (responsible) set("responsible", measure.responsible, *std::move(responsible), names_of);
  const auto list = [](const auto& values) { return json_of(values); };
  if (correction.deadlines) set("deadlines", measure.deadlines, *correction.deadlines, list);
  if (correction.recurrences) set("recurrences", measure.recurrences, *correction.recurrences, list);
  return edits;
}

base::Done write(Transaction& transaction, const TrackedPlan& plan, const TrackedMeasure& measure,
                 const std::vector<Edit>& edits, const std::string& reason) {
  TRY(transaction.execute(update_measure,
                          {{"id", measure.id}, {"title", measure.title.zh},
                           {"title_en", measure.title.en == measure.title.zh ? std::string() : measure.title.en},
                           {"content", measure.text}, {"deadlines", json::serialize(json_of(measure.deadlines))},
                           {"recurrences", json::serialize(json_of(measure.recurrences))}}));
  if (auto done = write_owners(transaction, plan.id, measure.id, measure.lead, measure.responsible); !done) return done;
  const auto dated = occurrences_of(measure.deadlines, measure.recurrences, plan.plan_year());
  if (auto done = write_occurrences(transaction, plan.id, measure.id, dated); !done) return done;
  json::object before, after;
  for (const Edit& edit : edits) {
    before[edit.field] = edit.before;
    after[edit.field] = edit.after;
    auto kept = keep_correction(transaction, plan, measure, edit.field, edit.before, edit.after);
    if (!kept) return kept;
  }
  after["reason"] = reason;
  if (auto done = count_change(transaction, plan.id); !done) return done;
  return transaction.journal({"measure.corrected", "measure", measure.id.value, json::serialize(before), json::serialize(after)});
}

}  // namespace

base::Done correct_measure(Transaction& transaction, const access::Viewer& viewer, const base::MeasureId& id,
                           const MeasureCorrection& correction, std::int64_t version) {
  if (!viewer.may(access::Permission::plan_correct)) {
    return base::fail(ErrorKind::denied, "not_allowed", text("您没有更正要点的权限。", "You may not correct the plan."));
  }
  const base::PlanId plan_id = TRY(plan_of(transaction, id));
  const TrackedPlan plan = TRY(load_plan(transaction, plan_id));
  TrackedMeasure measure = *plan.measure(id).second;
  if (measure.version != version) {
    return base::fail(ErrorKind::stale, "stale", text("这项措施刚被别人改过。", "Somebody has just changed this measure."),
                      text("请刷新后再改。", "Reload and change it again."));
  }
  std::vector<base::Error> mistakes;
  check_words(correction.title, "/title", measure_title_max, true, mistakes);
  check_words(correction.text, "/text", measure_text_max, false, mistakes);
  check_words(correction.reason, "/reason", correction_reason_max, true, mistakes);
  const area::Directory units = TRY(area::read_directory(transaction));
  std::optional<std::vector<Owner>> lead, responsible;
  if (correction.lead) lead = owners_from(*correction.lead, "/lead", units, mistakes);
  if (correction.responsible) responsible = owners_from(*correction.responsible, "/responsible", units, mistakes);
  const bool nobody = (lead ? lead->empty() : measure.lead.empty()) &&
                      (responsible ? responsible->empty() : measure.responsible.empty());
  if ((lead || responsible) && nobody && mistakes.empty()) {
    mistakes.push_back(wrong(responsible ? "/responsible" : "/lead", "owner_missing", text("没有任何单位负责这项措施。", "Nobody would answer for this measure."),
                             text("请至少选一个单位。", "Choose at least one unit.")));
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  const auto edits = apply(correction, std::move(lead), std::move(responsible), measure);
  if (edits.empty()) {
    return base::fail(ErrorKind::conflict, "nothing_changed", text("内容与原来相同。", "Nothing differs from what is stored."));
  }
  return write(transaction, plan, measure, edits, correction.reason);
}

}  // namespace yihu::plan

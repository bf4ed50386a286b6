#include "plan/tracking/import_draft.h"

#include "plan/tracking/draft_rows.h"
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

constexpr Sql plan_corrections_sql =
    "SELECT measure, field, before, after, author, at FROM plan_correction WHERE plan = :plan ORDER BY at, id";
constexpr Sql last_choices_sql =
    "SELECT u.name, u.unit FROM plan_import_unit u JOIN plan_import i ON i.id = u.import"
    " WHERE i.plan = :plan AND i.status = 'accepted' ORDER BY i.at";
constexpr Sql insert_choice =
    "INSERT INTO plan_import_unit (import, name, unit) VALUES (:import, :name, :unit)"
    " ON CONFLICT (import, name) DO UPDATE SET unit = excluded.unit";
constexpr Sql insert_settled =
    "INSERT INTO plan_import_settled (import, warning, author, at) VALUES (:import, :warning, :author, :at)"
    " ON CONFLICT (import, warning) DO NOTHING";
constexpr Sql count_version = "UPDATE plan_import SET version = version + 1 WHERE id = :id";
constexpr Sql end_import = "UPDATE plan_import SET status = :status, plan = :plan, version = version + 1 WHERE id = :id";

base::Error wrong(std::string pointer, const char* code, base::Text what, base::Text mend = {}) {
  base::Error error{ErrorKind::input, code, std::move(what), std::move(mend), {}, {}};
  error.place.field = std::move(pointer);
  return error;
}

int year_of(const PlanDocument& plan, base::Instant now) {
  if (plan.year) return *plan.year;
  if (plan.date) {
    if (const auto date = base::parse_date(*plan.date)) return static_cast<int>(date->year());
  }
  return static_cast<int>(base::date_of(now).year());
}

IncomingPlan incoming_from(const Draft& draft, const area::Directory& units) {
  IncomingPlan plan = plan_from_document(draft.corrected_plan(), draft.year,
                                         {draft.file_name, draft.format, draft.hash, draft.text}, units, draft.choices);
  for (IncomingTask& task : plan.tasks) {
    for (IncomingMeasure& measure : task.measures) {
      const Measure* read = measure_at(draft.document, task.no, measure.position);
      if (read != nullptr && read->text != measure.text) measure.said = read->text;
    }
  }
  return plan;
}

/// One correction of the plan in force, against the new document.
struct Carried {
  enum class Fate { applies, superseded, unfit };
  Fate fate = Fate::unfit;
  ImportCorrection correction;
};

Carried carry(const store::Row& row, const std::map<std::string, std::pair<int, int>>& places, const Draft& draft,
              const area::Directory& units, const json::value& before, const json::value& after) {
  Carried carried;
  ImportCorrection& correction = carried.correction;
  correction = {base::new_uuid(), 0, 0, row.text(1), before, after, row.text(4), row.instant(5), false};
  const auto place = places.find(row.text(0));
  if (place == places.end()) return carried;
  correction.task = place->second.first;
  correction.measure = place->second.second;
  const json::value said = said_in(draft.document, correction.task, correction.measure, correction.field);
  if (correction.field == "title") {
    // A document gives no titles, so it cannot contradict one.
    carried.fate = Carried::Fate::applies;
    correction.before = said;
    correction.fits = true;
  } else if (same_meaning(correction.field, said, after, units, draft.choices)) {
    carried.fate = Carried::Fate::superseded;  // the new document says it itself
  } else if (same_meaning(correction.field, said, before, units, draft.choices)) {
    carried.fate = Carried::Fate::applies;
    correction.before = said;
    correction.fits = true;
  }
  return carried;
}

base::Done carry_over(Transaction& transaction, Draft& draft) {
  const auto row = TRY(transaction.find("SELECT id FROM plan WHERE year = :year AND status = 'current'", {{"year", draft.year}}));
  if (!row) return {};
  const base::PlanId plan = row->id<base::PlanId>(0);
  for (const auto& choice : TRY(transaction.query(last_choices_sql, {{"plan", plan}}))) {
    draft.choices[choice.text(0)] = choice.id<base::UnitId>(1);
  }
  for (const auto& [name, unit] : draft.choices) {
    TRY(transaction.execute(insert_choice, {{"import", draft.id}, {"name", name}, {"unit", unit}}));
  }
  const auto corrections = TRY(transaction.query(plan_corrections_sql, {{"plan", plan}}));
  if (corrections.empty()) return {};
  const area::Directory units = TRY(area::read_directory(transaction));
  const TrackedPlan earlier = TRY(load_plan(transaction, plan));
  const DocumentTexts texts = TRY(document_texts(transaction, plan));
  const auto places = places_in(earlier, texts, incoming_from(draft, units));
  for (const auto& correction : corrections) {
    const json::value before = TRY(json_from_column(correction.text(2)));
    const json::value after = TRY(json_from_column(correction.text(3)));
    Carried carried = carry(correction, places, draft, units, before, after);
    if (carried.fate == Carried::Fate::superseded) continue;
    // One whose measure is gone has no place of its own; many may share place 0.0, told apart by their number.
    if (carried.correction.task == 0) carried.correction.measure = -static_cast<int>(draft.corrections.size()) - 1;
    draft.corrections.push_back(carried.correction);
    if (auto done = write_import_correction(transaction, draft.id, carried.correction); !done) return done;
  }
  return {};
}

base::Result<Draft> open_draft(Transaction& transaction, const access::Viewer& viewer, const std::string& id) {
  Draft draft = TRY(load_draft(transaction, viewer, id));
  if (draft.status != "draft") {
    return base::fail(ErrorKind::conflict, "import_ended", text("这次导入已经结束。", "This import has ended."),
                      text("如需再导入，请重新上传文件。", "To import again, upload the file anew."));
  }
  return draft;
}

/// Reads one requested correction; collects mistakes.
std::optional<ImportCorrection> requested(const Transaction& transaction, const Draft& draft, const CorrectionRequest& request,
                                          const std::string& pointer, std::vector<base::Error>& mistakes) {
  if (measure_at(draft.document, request.task, request.measure) == nullptr) {
    mistakes.push_back(wrong(pointer + "/measure", "measure_unknown",
                             text("文件中没有任务 {} 的第 {} 项措施。", "The document has no measure {1} in task {0}.", request.task, request.measure),
                             text("请重新选择。", "Choose again.")));
    return {};
  }
  auto value = corrected_value(request.field, request.value, request.field.empty() ? pointer : pointer + "/value");
  if (!value) {
    mistakes.push_back(value.error());
    return {};
  }
  return ImportCorrection{base::new_uuid(), request.task, request.measure, request.field,
                          said_in(draft.document, request.task, request.measure, request.field), *std::move(value),
                          transaction.act().actor, transaction.now(), true};
}

/// The unit a name is said to stand for, made first where that is asked.
base::Result<std::optional<base::UnitId>> chosen(Transaction& transaction, const access::Viewer& viewer,
                                                 const UnitRequest& request, const std::string& pointer,
                                                 const area::Directory& units, std::vector<base::Error>& mistakes) {
  if (request.unit_id) {
    if (units.unit(*request.unit_id) != nullptr) return request.unit_id;
    mistakes.push_back(wrong(pointer + "/unit_id", "unit_unknown", text("没有这个单位。", "There is no such unit."),
                             text("请从单位表中选择。", "Choose one from the list of units.")));
    return std::optional<base::UnitId>{};
  }
  if (!viewer.may(access::Permission::unit_manage)) {
    mistakes.push_back(wrong(pointer + "/create", "not_allowed", text("您没有新增单位的权限。", "You may not make units."),
                             text("请联系管理员，或选择已有单位。", "Ask an administrator, or choose one that is there.")));
    return std::optional<base::UnitId>{};
  }
  area::NewUnit unit{request.new_name, request.new_short_name.empty() ? request.new_name : request.new_short_name,
                     "institution", {}, {}};
  if (request.name != request.new_name && request.name != request.new_short_name) unit.aliases.push_back(request.name);
  auto made = area::make_unit(transaction, unit);
  if (made) return std::optional<base::UnitId>(made->id);
  base::Error mistake = std::move(made).error();
  mistake.place.field = pointer + "/create" + mistake.place.field;
  for (base::Error& other : mistake.also) other.place.field = pointer + "/create" + other.place.field;
  mistakes.push_back(std::move(mistake));
  return std::optional<base::UnitId>{};
}

/// Collects what the journal says of a change while it is written.
struct Told {
  json::object before;
  json::object after;
};

base::Done apply_corrections(Transaction& transaction, const Draft& draft, const std::vector<ImportCorrection>& corrections,
                             Told& told) {
  for (const ImportCorrection& correction : corrections) {
    const auto same_place = [&](const ImportCorrection& c) {
      return c.task == correction.task && c.measure == correction.measure && c.field == correction.field;
    };
    const auto old = std::ranges::find_if(draft.corrections, same_place);
    const std::string key = fmt::format("{}.{}.{}", correction.task, correction.measure, correction.field);
    told.before[key] = old != draft.corrections.end() && old->fits ? old->after : correction.before;
    told.after[key] = correction.after;
    if (auto done = erase_import_correction(transaction, draft.id, correction); !done) return done;
    if (correction.after == correction.before) continue;  // back to what the document says
    if (auto done = write_import_correction(transaction, draft.id, correction); !done) return done;
  }
  return {};
}

}  // namespace

base::Result<std::string> start_import(Transaction& transaction, const access::Viewer& viewer, ReadDocument document) {
  std::size_t measures = 0;
  for (const Task& task : document.plan.tasks) measures += task.measures.size();
  if (document.plan.tasks.size() > import_tasks_max || measures > import_measures_max) {
    return base::fail(ErrorKind::too_large, "plan_too_large",
                      text("文件里有 {} 项任务、{} 项措施，超过可跟踪的 {} 项任务、{} 项措施。",
                           "The document has {} tasks and {} measures; at most {} and {} can be tracked.",
                           document.plan.tasks.size(), measures, import_tasks_max, import_measures_max),
                      text("请分成几份文件导入。", "Import it in several files."));
  }
  Draft draft;
  draft.id = base::new_uuid();
  draft.file_name = std::move(document.file_name);
  draft.format = std::move(document.format);
  draft.hash = std::move(document.hash);
  draft.text = std::move(document.text);
  draft.document = std::move(document.plan);
  number_tasks(draft.document);
  draft.title = draft.document.title;
  draft.year = year_of(draft.document, transaction.now());
  draft.author = viewer.actor();
  draft.at = transaction.now();
  if (auto done = insert_draft(transaction, draft); !done) return base::fail(std::move(done).error());
  if (auto done = carry_over(transaction, draft); !done) return base::fail(std::move(done).error());
  const json::object after{{"document_hash", draft.hash}, {"title", draft.title}, {"year", draft.year},
                           {"warnings", draft.document.warnings.size()}, {"carried", draft.corrections.size()}};
  auto journalled = transaction.journal({"import.started", "import", draft.id, {}, json::serialize(after)});
  if (!journalled) return base::fail(std::move(journalled).error());
  return draft.id;
}

base::Done change_import(Transaction& transaction, const access::Viewer& viewer, const std::string& id,
                         const DraftChange& change, std::int64_t version) {
  const Draft draft = TRY(open_draft(transaction, viewer, id));
  if (draft.version != version) {
    return base::fail(ErrorKind::stale, "stale", text("这次导入刚被别人改过。", "Somebody has just changed this import."),
                      text("请刷新后再改。", "Reload and change it again."));
  }
  std::vector<base::Error> mistakes;
  std::vector<ImportCorrection> corrections;
  for (std::size_t i = 0; i < change.corrections.size(); ++i) {
    auto one = requested(transaction, draft, change.corrections[i], fmt::format("/corrections/{}", i), mistakes);
    if (one) corrections.push_back(*std::move(one));
  }
  Told told;
  if (auto done = apply_corrections(transaction, draft, corrections, told); !done) return done;
  const area::Directory units = TRY(area::read_directory(transaction));
  for (std::size_t i = 0; i < change.units.size(); ++i) {
    const UnitRequest& request = change.units[i];
    const auto unit = TRY(chosen(transaction, viewer, request, fmt::format("/units/{}", i), units, mistakes));
    if (!unit) continue;
    TRY(transaction.execute(insert_choice, {{"import", id}, {"name", request.name}, {"unit", *unit}}));
    told.after["unit." + request.name] = unit->value;
  }
  for (const std::string& warning : change.settle) {
    TRY(transaction.execute(insert_settled, {{"import", id}, {"warning", warning}, {"author", viewer.actor()},
                                             {"at", transaction.now()}}));
    told.after["settled." + warning] = true;
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));  // the writer undoes the rest
  TRY(transaction.execute(count_version, {{"id", id}}));
  return transaction.journal({"import.corrected", "import", id, told.before.empty() ? std::string() : json::serialize(told.before),
                              json::serialize(told.after)});
}

base::Done discard_import(Transaction& transaction, const access::Viewer& viewer, const std::string& id) {
  TRY(open_draft(transaction, viewer, id));
  TRY(transaction.execute(end_import, {{"id", id}, {"status", "discarded"}, {"plan", nullptr}}));
  return transaction.journal({"import.discarded", "import", id, {}, {}});
}

base::Result<Acceptance> accept_import(Transaction& transaction, const access::Viewer& viewer, const std::string& id) {
  const Draft draft = TRY(open_draft(transaction, viewer, id));
  const area::Directory units = TRY(area::read_directory(transaction));
  IncomingPlan incoming = incoming_from(draft, units);
  std::vector<KeptCorrection> kept;
  for (const ImportCorrection& correction : draft.corrections) {
    if (!correction.fits) continue;
    kept.push_back({correction.task, correction.measure, correction.field, json::serialize(correction.before),
                    json::serialize(correction.after), correction.author, correction.at});
    if (correction.field != "title" || !correction.after.is_string()) continue;
    // A title is ours, not the document's, so it is put right here.
    for (IncomingTask& task : incoming.tasks) {
      for (IncomingMeasure& measure : task.measures) {
        if (task.no == correction.task && measure.position == correction.measure) {
          measure.title = {std::string(correction.after.get_string()), {}};
          measure.title_corrected = true;
        }
      }
    }
  }
  Acceptance acceptance = TRY(accept_plan(transaction, incoming, kept));
  TRY(transaction.execute(end_import, {{"id", id}, {"status", "accepted"}, {"plan", acceptance.plan}}));
  const json::object after{{"plan", acceptance.plan.value}, {"made", acceptance.measures_made},
                           {"changed", acceptance.measures_changed}, {"retired", acceptance.measures_retired}};
  auto journalled = transaction.journal({"import.accepted", "import", id, {}, json::serialize(after)});
  if (!journalled) return base::fail(std::move(journalled).error());
  return acceptance;
}

}  // namespace yihu::plan

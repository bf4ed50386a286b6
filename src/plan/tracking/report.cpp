#include "plan/tracking/report.h"

#include "base/utf8.h"
#include "plan/tracking/board.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace yihu::plan {
namespace {

namespace json = boost::json;
using base::ErrorKind;
using base::text;
using store::Sql;
using store::Transaction;

constexpr Sql owners_sql =
    "SELECT role, name, via, unit FROM plan_owner WHERE measure = :measure ORDER BY role, place";
constexpr Sql measure_sql =
    "SELECT m.plan, t.kind FROM plan_measure m JOIN plan_task t ON t.id = m.task WHERE m.id = :measure AND m.retired = 0";
constexpr Sql occurrences_sql = "SELECT id FROM plan_occurrence WHERE measure = :measure AND retired = 0";
constexpr Sql evidence_sql = "SELECT author, report, hash FROM plan_evidence WHERE id = :id";
constexpr Sql insert_report =
    "INSERT INTO plan_report (id, plan, measure, occurrence, unit, author, at, done, content, value)"
    " VALUES (:id, :plan, :measure, :occurrence, :unit, :author, :now, :done, :content, :value)";
constexpr Sql attach_evidence = "UPDATE plan_evidence SET report = :report WHERE id = :id";
constexpr Sql word_sql =
    "SELECT done FROM plan_word WHERE measure = :measure AND occurrence = :occurrence AND unit = :unit";
constexpr Sql upsert_word =
    "INSERT INTO plan_word (measure, occurrence, unit, plan, done, at, report, reports)"
    " VALUES (:measure, :occurrence, :unit, :plan, :done, :now, :report, 1)"
    " ON CONFLICT (measure, occurrence, unit) DO UPDATE SET done = excluded.done, at = excluded.at,"
    " report = excluded.report, reports = plan_word.reports + 1";
constexpr Sql reports_sql =
    "SELECT id, at, author, unit, occurrence, done, content, value FROM plan_report WHERE measure = :measure"
    " ORDER BY at DESC, id DESC";
constexpr Sql report_sql =
    "SELECT id, at, author, unit, occurrence, done, content, value FROM plan_report WHERE id = :report";
constexpr Sql evidence_of_measure_sql =
    "SELECT e.report, e.id, e.name, e.size, e.type FROM plan_evidence e JOIN plan_report r ON r.id = e.report"
    " WHERE r.measure = :measure ORDER BY e.at, e.id";
constexpr Sql evidence_of_report_sql =
    "SELECT report, id, name, size, type FROM plan_evidence WHERE report = :report ORDER BY at, id";

base::Error wrong(const char* field, const char* code, base::Text what, base::Text mend = {}) {
  base::Error error{ErrorKind::input, code, std::move(what), std::move(mend), {}, {}};
  error.place.field = field;
  return error;
}

struct Subject {
  base::PlanId plan;
  std::vector<Owner> lead;
  std::vector<Owner> responsible;
  std::vector<std::string> occurrences;
};

base::Result<Subject> subject_of(store::Session& session, const base::MeasureId& measure) {
  const store::Parameters which{{"measure", measure}};
  const auto row = TRY(session.find(measure_sql, which));
  if (!row || row->text(1) == "principle") {
    return base::fail(ErrorKind::not_found, "measure_unknown", text("没有这条措施。", "There is no such measure."));
  }
  Subject subject;
  subject.plan = row->id<base::PlanId>(0);
  for (const auto& owner : TRY(session.query(owners_sql, which))) {
    auto& list = owner.text(0) == "lead" ? subject.lead : subject.responsible;
    list.push_back({owner.text(1), owner.text(2), {}});
    if (!owner.null(3)) list.back().unit = owner.id<base::UnitId>(3);
  }
  for (const auto& occurrence : TRY(session.query(occurrences_sql, which))) {
    subject.occurrences.push_back(occurrence.text(0));
  }
  return subject;
}

/// The unit that speaks, or an error: nobody of the viewer's may, or it is not clear who.
base::Result<base::UnitId> speaker(const access::Viewer& viewer, const Subject& subject, const NewReport& report,
                                   std::vector<base::Error>& mistakes) {
  const auto units = units_to_report(viewer, subject.lead, subject.responsible);
  if (units.empty()) {
    return base::fail(ErrorKind::denied, "not_assigned",
                      text("您的单位不承担这项措施，不能报送。", "Your unit does not answer for this measure and cannot report on it."));
  }
  if (report.unit) {
    if (std::ranges::find(units, *report.unit) != units.end()) return *report.unit;
    mistakes.push_back(wrong("/unit_id", "unit_not_assigned",
                             text("这个单位不承担这项措施，或不在您的范围内。", "This unit does not answer for the measure, or is not yours."),
                             text("请选择承担这项措施的单位。", "Choose a unit that answers for it.")));
    return units.front();
  }
  const auto own = [&](const base::UnitId& unit) { return viewer.holds_post_in(unit); };
  const auto count = std::ranges::count_if(units, own);
  if (units.size() > 1 && count != 1) {
    mistakes.push_back(wrong("/unit_id", "unit_unclear", text("没有说明代表哪个单位报送。", "It does not say for which unit this is."),
                             text("请选择报送单位。", "Choose the unit.")));
  }
  return count == 1 ? *std::ranges::find_if(units, own) : units.front();
}

std::string occurrence_of(const Subject& subject, const NewReport& report, std::vector<base::Error>& mistakes) {
  if (report.occurrence) {
    if (std::ranges::find(subject.occurrences, report.occurrence->value) != subject.occurrences.end()) {
      return report.occurrence->value;
    }
    mistakes.push_back(wrong("/occurrence_id", "occurrence_unknown", text("这项措施没有这一期。", "The measure has no such occurrence."),
                             text("请重新选择。", "Choose again.")));
    return {};
  }
  if (subject.occurrences.size() == 1) return subject.occurrences.front();
  if (subject.occurrences.size() > 1) {
    mistakes.push_back(wrong("/occurrence_id", "occurrence_missing", text("没有说明报送的是哪一期。", "It does not say which occurrence this is about."),
                             text("请选择期次。", "Choose one.")));
  }
  return {};
}

void check_words(const NewReport& report, std::vector<base::Error>& mistakes) {
  if (base::count_code_points(report.text) > report_text_max) {
    mistakes.push_back(wrong("/text", "text_too_long", text("内容超过 {} 字。", "The text is longer than {} characters.", report_text_max),
                             text("请写得短一些，材料可作为附件。", "Shorten it; material can be attached.")));
  }
  if (report.text.find('\0') != std::string::npos || !base::is_utf8(report.text)) {
    mistakes.push_back(wrong("/text", "text_unreadable", text("内容含有无法保存的字符。", "The text holds characters that cannot be kept.")));
  }
  if (report.text.find_first_not_of(" \t\r\n") == std::string::npos && report.evidence.empty() && !report.value) {
    mistakes.push_back(wrong("/text", "report_empty", text("没有填写办理情况，也没有附件。", "There is neither a text nor a file."),
                             text("请写一句办了什么，或附上材料。", "Write a sentence on what was done, or attach a file.")));
  }
  if (report.value && !std::isfinite(*report.value)) {
    mistakes.push_back(wrong("/value", "value_unreadable", text("数值填写有误。", "The value cannot be read.")));
  }
}

/// @returns the hashes of the files, for the journal
base::Result<json::array> check_evidence(store::Session& session, const access::Viewer& viewer, const NewReport& report,
                                         std::vector<base::Error>& mistakes) {
  json::array hashes;
  if (report.evidence.size() > report_evidence_max) {
    mistakes.push_back(wrong("/evidence", "evidence_too_many", text("附件超过 {} 个。", "There are more than {} files.", report_evidence_max)));
    return hashes;
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < report.evidence.size(); ++i) {
    const auto row = TRY(session.find(evidence_sql, {{"id", report.evidence[i]}}));
    // A file of somebody else is answered as if it did not exist.
    if (!row || row->text(0) != viewer.actor() || !row->null(1) || !seen.insert(report.evidence[i]).second) {
      mistakes.push_back(wrong(fmt::format("/evidence/{}", i).c_str(), "evidence_unknown", text("没有这个附件，或已经用过。", "There is no such file, or it is used already."),
                               text("请重新上传。", "Upload it again.")));
      continue;
    }
    hashes.push_back(json::value(row->text(2)));
  }
  return hashes;
}

std::string digest_of(const std::string& content, store::Algorithms algorithms) {
  store::Digest digest(algorithms);
  digest.add(content);
  return store::hex(digest.finish());
}

ReportView view_from(const store::Row& row, const area::Directory& units, const NameOf& name_of) {
  ReportView view;
  view.id = row.id<base::ReportId>(0);
  view.at = row.instant(1);
  view.by = name_of(row.text(2));
  view.unit.id = row.id<base::UnitId>(3);
  if (const area::Unit* unit = units.unit(view.unit.id)) view.unit = unit_name(*unit);
  if (!row.null(4)) view.occurrence_id = row.id<base::OccurrenceId>(4);
  view.done = row.truth(5);
  view.text = row.text(6);
  if (!row.null(7)) view.value = row.real(7);
  return view;
}

void add_evidence(const std::vector<store::Row>& rows, std::vector<ReportView>& reports) {
  for (const auto& row : rows) {
    const auto report = std::ranges::find_if(reports, [&](const ReportView& r) { return r.id.value == row.text(0); });
    if (report != reports.end()) report->evidence.push_back({row.text(1), row.text(2), row.integer(3), row.text(4)});
  }
}

}  // namespace

std::vector<base::UnitId> units_to_report(const access::Viewer& viewer, const std::vector<Owner>& lead,
                                          const std::vector<Owner>& responsible) {
  std::vector<base::UnitId> units;
  if (!viewer.may(access::Permission::measure_report)) return units;
  for (const auto* owners : {&lead, &responsible}) {
    for (const Owner& owner : *owners) {
      if (!owner.unit || !viewer.scope.covers(*owner.unit)) continue;
      if (std::ranges::find(units, *owner.unit) == units.end()) units.push_back(*owner.unit);
    }
  }
  std::ranges::stable_partition(units, [&](const base::UnitId& unit) { return viewer.holds_post_in(unit); });
  return units;
}

bool may_read_reports(const access::Viewer& viewer, const TrackedMeasure& measure) {
  if (viewer.scope.district) return true;
  return std::ranges::any_of(viewer.scope.units, [&](const base::UnitId& unit) { return measure.assigned(unit); });
}

base::Result<base::ReportId> file_report(Transaction& transaction, const access::Viewer& viewer,
                                         const base::MeasureId& measure, const NewReport& report,
                                         store::Algorithms algorithms) {
  const Subject subject = TRY(subject_of(transaction, measure));
  std::vector<base::Error> mistakes;
  const base::UnitId unit = TRY(speaker(viewer, subject, report, mistakes));
  const std::string occurrence = occurrence_of(subject, report, mistakes);
  check_words(report, mistakes);
  json::array hashes = TRY(check_evidence(transaction, viewer, report, mistakes));
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));

  const auto id = base::ReportId::make();
  TRY(transaction.execute(insert_report,
                          {{"id", id}, {"plan", subject.plan}, {"measure", measure},
                           {"occurrence", occurrence.empty() ? store::Value(nullptr) : store::Value(occurrence)},
                           {"unit", unit}, {"author", viewer.actor()}, {"now", transaction.now()}, {"done", report.done},
                           {"content", report.text}, {"value", report.value}}));
  for (const std::string& file : report.evidence) {
    TRY(transaction.execute(attach_evidence, {{"report", id}, {"id", file}}));
  }
  const auto earlier =
      TRY(transaction.find(word_sql, {{"measure", measure}, {"occurrence", occurrence}, {"unit", unit}}));
  TRY(transaction.execute(upsert_word, {{"measure", measure}, {"occurrence", occurrence}, {"unit", unit},
                                        {"plan", subject.plan}, {"done", report.done}, {"now", transaction.now()},
                                        {"report", id}}));
  json::object before, after{{"report", id.value}, {"unit", unit.value}, {"done", report.done},
                             {"text_digest", digest_of(report.text, algorithms)}};
  if (earlier) before["done"] = earlier->truth(0);
  if (!occurrence.empty()) after["occurrence"] = occurrence;
  if (report.value) after["value"] = *report.value;
  if (!hashes.empty()) after["evidence"] = std::move(hashes);
  auto journalled = transaction.journal({"measure.reported", "measure", measure.value,
                                         before.empty() ? std::string() : json::serialize(before), json::serialize(after)});
  if (!journalled) return base::fail(std::move(journalled).error());
  return id;
}

base::Result<std::vector<ReportView>> reports_on(store::Session& session, const base::MeasureId& measure,
                                                 const area::Directory& units, const NameOf& name_of) {
  std::vector<ReportView> reports;
  for (const auto& row : TRY(session.query(reports_sql, {{"measure", measure}}))) {
    reports.push_back(view_from(row, units, name_of));
  }
  const auto files = TRY(session.query(evidence_of_measure_sql, {{"measure", measure}}));
  add_evidence(files, reports);
  return reports;
}

base::Result<ReportView> report_view(store::Session& session, const base::ReportId& report, const area::Directory& units,
                                     const NameOf& name_of) {
  const auto row = TRY(session.find(report_sql, {{"report", report}}));
  if (!row) return base::fail(ErrorKind::not_found, "report_unknown", text("没有这次报送。", "There is no such report."));
  std::vector<ReportView> reports{view_from(*row, units, name_of)};
  const auto files = TRY(session.query(evidence_of_report_sql, {{"report", report}}));
  add_evidence(files, reports);
  return std::move(reports.front());
}

}  // namespace yihu::plan

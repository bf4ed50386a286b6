#include "plan/tracking/measure_page.h"

#include "base/utf8.h"
#include "plan/tracking/board.h"
#include "store/journal.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace yihu::plan {
namespace {

namespace json = boost::json;
using base::text;
using store::Sql;

constexpr Sql document_sql = "SELECT content FROM plan_document WHERE plan = :plan";
constexpr int history_lines_max = 200;

std::vector<OccurrenceView> occurrence_views(const MeasureStanding& standing, const Facts::OfMeasure& said) {
  std::vector<OccurrenceView> views;
  for (std::size_t i = 0; i < standing.measure->occurrences.size(); ++i) {
    const TrackedOccurrence& one = standing.measure->occurrences[i];
    const Verdict& verdict = standing.occurrences[i];
    OccurrenceView view{one.id, one.label, one.from, one.due, verdict.state, verdict.reason, {}};
    if (verdict.state == State::done) {
      // The lead's report if there is one: it is what closed it.
      for (const Facts::Said& word : said.said) {
        if (word.occurrence != one.id.value || !word.word.done) continue;
        const bool lead = std::ranges::any_of(standing.measure->lead, [&](const Owner& owner) {
          return owner.unit && owner.unit->value == word.word.unit;
        });
        if (!view.report_id || lead) view.report_id = base::ReportId{word.report};
      }
    }
    views.push_back(std::move(view));
  }
  return views;
}

std::optional<IndicatorView> indicator_view(const TrackedMeasure& measure, const Facts& facts, base::Date today) {
  if (!measure.indicator) return {};
  IndicatorView view;
  view.id = *measure.indicator;
  view.label = measure.title;
  if (!measure.targets.empty()) {
    view.target = measure.targets.front().value;
    view.unit = measure.targets.front().unit;
  }
  if (const auto series = facts.indicators.find(*measure.indicator); series != facts.indicators.end()) {
    for (const auto& [day, value] : series->second) {
      view.series.push_back({day, value});
      if (day > today) continue;
      view.value = value;
      view.as_of = day;
    }
  }
  return view;
}

json::value parsed(std::string_view column) {
  json::error_code problem;
  auto value = json::parse(column, problem);
  return problem ? json::value(nullptr) : value;
}

std::string unit_in(const json::value& after, const area::Directory& units, base::Language language) {
  const auto* object = after.if_object();
  const auto* id = object == nullptr ? nullptr : object->if_contains("unit");
  if (id == nullptr || !id->is_string()) return {};
  const area::Unit* unit = units.unit({std::string(id->get_string())});
  return unit == nullptr ? std::string() : unit->short_name.in(language);
}

base::Text field_names(const json::value& after) {
  static const std::map<std::string, base::Text, std::less<>> names = {
      {"title", {"名称", "title"}},          {"text", {"内容", "text"}},
      {"lead", {"牵头单位", "lead units"}},  {"responsible", {"责任单位", "responsible units"}},
      {"deadlines", {"时限", "deadlines"}},  {"recurrences", {"频次", "recurrences"}},
      {"targets", {"目标值", "targets"}},    {"task", {"所属任务", "task"}},
      {"position", {"顺序", "position"}}};
  base::Text list;
  const auto* object = after.if_object();
  if (object == nullptr) return list;
  for (const auto& [key, value] : *object) {
    const auto name = names.find(std::string_view(key));
    if (name == names.end()) continue;
    if (!list.zh.empty()) list.zh += "、", list.en += ", ";
    list.zh += name->second.zh;
    list.en += name->second.en;
  }
  return list;
}

store::JournalFilter journal_of(const base::MeasureId& measure) {
  store::JournalFilter filter;
  filter.subject_kind = "measure";
  filter.subject = measure.value;
  filter.limit = history_lines_max;
  return filter;
}

}  // namespace

base::Text said_of(std::string_view action, std::string_view, std::string_view after_column, const area::Directory& units) {
  const json::value after = parsed(after_column);
  const auto* object = after.if_object();
  if (action == "measure.accepted") return text("列入要点", "entered the plan");
  if (action == "measure.retired") return text("不再列入要点", "left the plan");
  if (action == "measure.reported") {
    const auto* done = object == nullptr ? nullptr : object->if_contains("done");
    const bool closed = done != nullptr && done->is_bool() && done->get_bool();
    const std::string zh = unit_in(after, units, base::Language::zh);
    const std::string en = unit_in(after, units, base::Language::en);
    if (closed) return text("{0}报送：已办结", "{1} reported: closed", zh, en);
    return text("{0}报送进展", "{1} reported progress", zh, en);
  }
  const base::Text fields = field_names(after);
  if (action == "measure.changed") {
    return text("随新文件更新：{0}", "updated from a new document: {1}", fields.zh, fields.en);
  }
  if (action == "measure.corrected") {
    const auto* why = object == nullptr ? nullptr : object->if_contains("reason");
    const std::string reason = why != nullptr && why->is_string() ? std::string(why->get_string()) : std::string();
    return text("更正{0}：{2}", "corrected {1}: {2}", fields.zh, fields.en, reason);
  }
  return {std::string(action), std::string(action)};
}

base::Result<std::set<std::string>> actors_on(store::Session& session, const base::MeasureId& measure) {
  std::set<std::string> actors;
  for (const store::Entry& entry : TRY(store::read_journal(session, journal_of(measure)))) actors.insert(entry.actor);
  return actors;
}

base::Result<MeasureDetail> measure_page(store::Session& session, const access::Viewer& viewer, const TrackedPlan& plan,
                                         const base::MeasureId& measure_id, const area::Directory& units,
                                         base::Date today, const NameOf& name_of) {
  const auto [task, measure] = plan.measure(measure_id);
  if (measure == nullptr) {
    return base::fail(base::ErrorKind::not_found, "measure_unknown", text("没有这条措施。", "There is no such measure."));
  }
  const Facts facts = TRY(load_facts(session, plan.id, *measure));
  const MeasureStanding standing = standing_of(plan, *task, *measure, facts, units, today);
  MeasureDetail page;
  static_cast<MeasureLine&>(page) = summary_of(standing, units);
  page.plan_id = plan.id;
  page.task = {task->no, task->title};
  if (measure->span && !measure->text.empty()) page.sentence = SentenceView{measure->text, *measure->span};
  page.deadlines = measure->deadlines;
  page.recurrences = measure->recurrences;
  page.targets = measure->targets;
  page.indicator = indicator_view(*measure, facts, today);
  page.occurrences = occurrence_views(standing, facts.of(measure->id));
  page.reports_open = may_read_reports(viewer, *measure);
  if (page.reports_open) page.reports = TRY(reports_on(session, measure->id, units, name_of));
  for (const base::UnitId& unit : units_to_report(viewer, measure->lead, measure->responsible)) {
    if (const area::Unit* found = units.unit(unit)) page.may_report.push_back(unit_name(*found));
  }
  for (const store::Entry& entry : TRY(store::read_journal(session, journal_of(measure->id)))) {
    page.history.push_back({entry.at, name_of(entry.actor), said_of(entry.action, entry.before, entry.after, units)});
  }
  page.version = measure->version;
  return page;
}

base::Result<DocumentView> document_page(store::Session& session, const TrackedPlan& plan) {
  const auto row = TRY(session.find(document_sql, {{"plan", plan.id}}));
  if (!row) {
    return base::fail(base::ErrorKind::not_found, "document_unknown",
                      text("这份要点没有导入文件原文。", "This plan has no document behind it."));
  }
  DocumentView view{row->text(0), {}};
  for (const TrackedTask& task : plan.tasks) {
    for (const TrackedMeasure& measure : task.measures) {
      if (measure.span) view.marks.push_back({measure.id, task.no, measure.position, *measure.span});
    }
  }
  return view;
}

PlanDocument document_of(const TrackedPlan& plan) {
  PlanDocument document;
  document.title = plan.title.zh;
  document.number = plan.number;
  document.issuer = plan.issuer;
  if (plan.date) document.date = base::to_string(*plan.date);
  document.year = plan.year;
  for (const TrackedPart& part : plan.parts) document.parts.push_back({part.no, part.title.zh, {}});
  const auto names = [](const std::vector<Owner>& owners) {
    std::vector<std::string> list;
    for (const Owner& owner : owners) {
      if (std::ranges::find(list, owner.name) == list.end()) list.push_back(owner.name);
    }
    return list;
  };
  for (const TrackedTask& task : plan.tasks) {
    Task out;
    out.no = task.no;
    out.position = static_cast<int>(document.tasks.size()) + 1;
    out.part = task.part;
    out.title = task.title.zh;
    out.text = task.text;
    out.span = task.span.value_or(base::Span{});
    for (const TrackedMeasure& measure : task.measures) {
      Measure one;
      one.no = measure.no;
      one.position = measure.position;
      one.text = measure.text.empty() ? measure.title.zh : measure.text;
      one.span = measure.span.value_or(base::Span{});
      one.lead = names(measure.lead);
      one.responsible = names(measure.responsible);
      one.deadlines = measure.deadlines;
      one.recurrences = measure.recurrences;
      one.targets = measure.targets;
      out.measures.push_back(std::move(one));
    }
    document.tasks.push_back(std::move(out));
  }
  return document;
}

}  // namespace yihu::plan

#include "plan/tracking/responsibility_workbook.h"

#include "plan/tracking/board.h"
#include "sheet/workbook_writer.h"

#include <algorithm>

namespace yihu::plan {
namespace {

using base::text;
using sheet::Align;
using sheet::Tone;
using sheet::WorkbookCell;
using sheet::WorkbookWriter;

Tone tone_of(State state) {
  switch (state) {
    case State::done: return Tone::good;
    case State::on_course: return Tone::plain;
    case State::at_risk: return Tone::warning;
    case State::late: return Tone::bad;
    case State::unknown: return Tone::muted;
  }
  return Tone::plain;
}

base::Text word_for(State state) {
  switch (state) {
    case State::done: return {"完成", "done"};
    case State::on_course: return {"正常", "on course"};
    case State::at_risk: return {"有风险", "at risk"};
    case State::late: return {"逾期", "late"};
    case State::unknown: return {"未知", "not yet known"};
  }
  return {};
}

/// The names a document uses, so that a group stays one word: 各镇党委政府.
std::string names_of(const std::vector<Owner>& owners, const area::Directory& units, base::Language language) {
  std::string list;
  std::string last;
  for (const Owner& owner : owners) {
    std::string name = owner.name;
    if (owner.via.empty() && owner.unit) {
      if (const area::Unit* unit = units.unit(*owner.unit)) name = unit->short_name.in(language);
    }
    if (name == last) continue;
    last = name;
    if (!list.empty()) list += language == base::Language::zh ? "、" : ", ";
    list += name;
  }
  return list;
}

/// "4月底前；每季度", from the document's words where there are any.
std::string dates_of(const TrackedMeasure& measure, base::Date today, base::Language language) {
  static const std::map<std::string, base::Text, std::less<>> rhythms = {
      {"day", {"每天", "every day"}},           {"week", {"每周", "every week"}},
      {"half_month", {"每半月", "twice a month"}}, {"month", {"每月", "every month"}},
      {"quarter", {"每季度", "every quarter"}},  {"half_year", {"每半年", "every half-year"}},
      {"term", {"每学期", "every term"}},        {"year", {"每年", "every year"}}};
  std::string list;
  const auto add = [&](const std::string& words) {
    if (!list.empty()) list += language == base::Language::zh ? "；" : "; ";
    list += words;
  };
  for (const Deadline& deadline : measure.deadlines) {
    const auto by = deadline.by ? base::parse_date(*deadline.by) : base::Result<base::Date>(base::Date{});
    if (!deadline.text.empty() && (language == base::Language::zh || !by || !deadline.by)) add(deadline.text);
    else if (deadline.by && by) add(text("{0}前", "by {1}", short_day(*by, today).zh, short_day(*by, today).en).in(language));
  }
  for (const Recurrence& recurrence : measure.recurrences) {
    const auto rhythm = rhythms.find(recurrence.per);
    std::string words = rhythm == rhythms.end() ? recurrence.text : rhythm->second.in(language);
    if (recurrence.times > 1) words += text(" {} 次", ", {} times", recurrence.times).in(language);
    add(words);
  }
  return list;
}

std::string targets_of(const TrackedMeasure& measure) {
  std::string list;
  for (const Target& target : measure.targets) {
    if (!list.empty()) list += "；";
    list += target.text.empty() ? fmt::format("{} {}{}", target.op, target.value, target.unit) : target.text;
  }
  return list;
}

class Sheets {
 public:
  explicit Sheets(const WorkbookFacts& facts)
      : facts_(facts), standings_(standings_of(facts.plan, facts.facts, facts.units, facts.today)) {}

  base::Result<std::string> all() {
    auto writer = TRY(open(facts_.plan.title));
    TRY(writer.add_sheet(sheet(text("责任分工", "Responsibilities"), facts_.plan.title)));
    for (const TrackedPart& part : facts_.plan.parts) {
      TRY(writer.add_heading(part.title.in(facts_.language)));
      for (const TaskStanding& task : standings_) {
        if (task.task->part == part.no) TRY(add_task(writer, task, [](const TrackedMeasure&) { return true; }));
      }
    }
    for (const TaskStanding& task : standings_) {
      const bool listed = std::ranges::any_of(facts_.plan.parts, [&](const TrackedPart& p) { return p.no == task.task->part; });
      if (!listed) TRY(add_task(writer, task, [](const TrackedMeasure&) { return true; }));
    }
    TRY(add_units(writer));
    return std::move(writer).finish();
  }

  base::Result<std::string> one(const area::Unit& unit) {
    const base::Text title = text("{0}责任清单", "Responsibilities of {1}", unit.name.zh, unit.name.en);
    auto writer = TRY(open(title));
    const auto leads = [&](const TrackedMeasure& m) { return holds(m.lead, unit.id); };
    const auto helps = [&](const TrackedMeasure& m) { return !holds(m.lead, unit.id) && holds(m.responsible, unit.id); };
    TRY(writer.add_sheet(sheet(text("牵头", "Leads"), title)));
    for (const TaskStanding& task : standings_) TRY(add_task(writer, task, leads));
    TRY(writer.add_sheet(sheet(text("责任", "Responsible"), title)));
    for (const TaskStanding& task : standings_) TRY(add_task(writer, task, helps));
    return std::move(writer).finish();
  }

 private:
  static bool holds(const std::vector<Owner>& owners, const base::UnitId& unit) {
    return std::ranges::any_of(owners, [&](const Owner& owner) { return owner.unit == unit; });
  }

  base::Result<WorkbookWriter> open(const base::Text& title) const {
    return WorkbookWriter::open({.created = facts_.now, .language = facts_.language, .title = title.in(facts_.language),
                                 .author = facts_.plan.issuer, .constant_memory = false});
  }

  sheet::WorkbookSheet sheet(const base::Text& name, const base::Text& title) const {
    const auto say = [&](const char* zh, const char* en) { return base::Text{zh, en}.in(facts_.language); };
    const base::Text day = short_day(facts_.today, base::make_date(1, 1, 1));
    return {.name = name.in(facts_.language),
            .title = title.in(facts_.language),
            .note = text("{0}　截至 {1}", "{0}  as of {2}", facts_.plan.number, day.zh, day.en).in(facts_.language),
            .columns = {{say("任务", "Task"), 18, Align::left},
                        {say("序号", "No."), 6, Align::centre},
                        {say("措施", "Measure"), 46, Align::left},
                        {say("时限和频次", "When"), 16, Align::left},
                        {say("目标", "Target"), 12, Align::left},
                        {say("牵头单位", "Lead"), 16, Align::left},
                        {say("责任单位", "Responsible"), 24, Align::left},
                        {say("状态", "State"), 8, Align::centre},
                        {say("说明", "Why"), 26, Align::left}},
            .landscape = true,
            .frozen_columns = 1};
  }

  template <class Wanted>
  base::Done add_task(WorkbookWriter& writer, const TaskStanding& task, Wanted wanted) const {
    const auto language = facts_.language;
    std::vector<const MeasureStanding*> rows;
    for (const MeasureStanding& standing : task.measures) {
      if (wanted(*standing.measure)) rows.push_back(&standing);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const TrackedMeasure& measure = *rows[i]->measure;
      const Verdict& verdict = rows[i]->verdict;
      std::vector<WorkbookCell> cells;
      if (i == 0) {
        cells.push_back({.value = fmt::format("{} {}", task.task->no, task.task->title.in(language)), .tone = Tone::strong,
                         .rows = static_cast<int>(rows.size())});
      }
      cells.push_back({.value = number_of(*task.task, measure)});
      cells.push_back({.value = measure.text.empty() ? measure.title.in(language) : measure.text});
      cells.push_back({.value = dates_of(measure, facts_.today, language)});
      cells.push_back({.value = targets_of(measure)});
      cells.push_back({.value = names_of(measure.lead, facts_.units, language)});
      cells.push_back({.value = names_of(measure.responsible, facts_.units, language)});
      cells.push_back({.value = word_for(verdict.state).in(language), .tone = tone_of(verdict.state)});
      cells.push_back({.value = verdict.reason.in(language)});
      if (auto done = writer.add_row(cells); !done) return done;
    }
    return {};
  }

  base::Done add_units(WorkbookWriter& writer) const {
    const auto say = [&](const char* zh, const char* en) { return base::Text{zh, en}.in(facts_.language); };
    sheet::WorkbookSheet numbers;
    numbers.name = say("各单位", "Units");
    numbers.title = say("各单位承担情况", "What each unit answers for");
    numbers.columns = {{say("单位", "Unit"), 36, Align::left}, {say("牵头", "Leads"), 10, Align::right},
                       {say("责任", "Responsible"), 10, Align::right}, {say("完成", "Done"), 10, Align::right},
                       {say("逾期", "Late"), 10, Align::right}};
    numbers.landscape = false;
    if (auto done = writer.add_sheet(std::move(numbers)); !done) return done;
    for (const area::Unit& unit : facts_.units.units()) {
      std::int64_t leads = 0, helps = 0, done_count = 0, late = 0;
      for (const TaskStanding& task : standings_) {
        for (const MeasureStanding& standing : task.measures) {
          const bool lead = holds(standing.measure->lead, unit.id);
          if (!lead && !holds(standing.measure->responsible, unit.id)) continue;
          ++(lead ? leads : helps);
          done_count += standing.verdict.state == State::done;
          late += standing.verdict.state == State::late;
        }
      }
      if (leads + helps == 0) continue;
      auto done = writer.add_row({{.value = unit.name.in(facts_.language)}, {.value = leads}, {.value = helps},
                                  {.value = done_count}, {.value = late, .tone = late > 0 ? Tone::bad : Tone::plain}});
      if (!done) return done;
    }
    return {};
  }

  const WorkbookFacts& facts_;
  std::vector<TaskStanding> standings_;
};

}  // namespace

base::Result<std::string> responsibility_workbook(const WorkbookFacts& facts) { return Sheets(facts).all(); }

base::Result<std::string> responsibility_workbook(const WorkbookFacts& facts, const area::Unit& unit) {
  return Sheets(facts).one(unit);
}

}  // namespace yihu::plan

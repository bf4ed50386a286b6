// From a document to its plan, in steps that each leave the one before untouched:
//
//   text ─ characters ─ lines ─┬─ flow ─ owner blocks ─ places ─ headings ─ tasks (items, demands)
//                              └─ grids ─ overview ─ differences
//
// Every step walks its input once; places in the document are kept all the way, so that each result has its span.

#include "plan/reading/defect.h"
#include "plan/reading/difference.h"
#include "plan/reading/deadline.h"
#include "plan/reading/demand.h"
#include "plan/reading/heading.h"
#include "plan/reading/overview.h"
#include "plan/reading/preamble.h"
#include "plan/reading/task.h"

#include <algorithm>

namespace yihu::plan {
namespace {

/// A document of thousands of warnings is no plan; the first ones are enough to see that.
constexpr std::size_t warnings_max = 2'000;

/// Index in Characters of the first one at or behind a place of the document.
std::size_t index_of(const Characters& characters, std::size_t place) {
  return static_cast<std::size_t>(std::ranges::lower_bound(characters.at, static_cast<std::uint32_t>(place)) - characters.at.begin());
}

struct Tables {
  Overview overview;
  bool found = false;
};

Tables read_tables(const Characters& characters, std::span<const Line> lines, const sheet::Document& document, LeadRule rule) {
  auto grids = grids_from_tables(characters, document.tables);
  for (auto& grid : grids_from_lines(characters, lines)) grids.push_back(std::move(grid));
  Tables tables;
  for (const auto& grid : grids) {
    const auto columns = columns_of(characters, grid);
    if (!columns.whole()) continue;
    auto overview = overview_from_grid(characters, grid, columns, rule);
    tables.found = true;
    // One overview may be cut into several tables.
    auto& all = tables.overview;
    for (auto& task : overview.tasks) {
      const bool goes_on = !all.tasks.empty() && all.tasks.back().no == task.no && all.tasks.back().title == task.title;
      if (!goes_on) {
        all.tasks.push_back(std::move(task));
        continue;
      }
      for (auto& measure : task.measures) {
        measure.position = static_cast<int>(all.tasks.back().measures.size()) + 1;
        all.tasks.back().measures.push_back(std::move(measure));
      }
    }
    all.deadlines.insert(all.deadlines.end(), overview.deadlines.begin(), overview.deadlines.end());
    all.parts.insert(all.parts.end(), overview.parts.begin(), overview.parts.end());
    all.warnings.insert(all.warnings.end(), overview.warnings.begin(), overview.warnings.end());
  }
  return tables;
}

/// A document that is only a table: its rows are the plan.
void take_body_from_table(const Characters& characters, const Overview& overview, PlanDocument& plan) {
  std::size_t deadline = 0;
  for (const auto& row : overview.tasks) {
    Task task;
    task.no = row.no;
    task.position = static_cast<int>(plan.tasks.size()) + 1;
    task.title = row.title;
    task.text = row.text;
    task.span = row.span;
    for (const auto& said : row.measures) {
      Measure measure;
      measure.no = said.no;
      measure.position = said.position;
      measure.text = said.text;
      measure.span = said.span;
      measure.lead = said.lead;
      measure.responsible = said.responsible;
      auto demands = demands_from_sentence(sentence(characters, index_of(characters, said.span.begin), index_of(characters, said.span.end)), plan.year);
      measure.deadlines = std::move(demands.deadlines);
      measure.recurrences = std::move(demands.recurrences);
      measure.targets = std::move(demands.targets);
      measure.allocations = std::move(demands.allocations);
      if (const auto cell = overview.deadlines[deadline++]; cell.begin < cell.end) {
        for (auto& by : deadlines_in(sentence(characters, cell.begin, cell.end), plan.year.value_or(0), {}, true)) measure.deadlines.push_back(std::move(by));
      }
      task.measures.push_back(std::move(measure));
    }
    plan.tasks.push_back(std::move(task));
  }
  for (std::size_t i = 0; i < overview.parts.size(); ++i) plan.parts.push_back({static_cast<int>(i) + 1, overview.parts[i].title, overview.parts[i].span});
}

/// A notice may number its own paragraphs before the plan that it sends out: where the plan's title stands alone
/// behind the first heading, the plan begins there. 0 if it does not.
std::size_t plan_behind_notice(const Flow& flow, std::span<const Heading> headings, const std::string& title) {
  const auto wanted = sentence(characters_from_text(base::code_points(title)), 0, base::count_code_points(title)).folded;
  if (wanted.empty() || headings.empty()) return 0;
  for (auto from = headings.front().begin; from < headings.back().begin;) {
    auto to = from;
    while (to < flow.size() && (flow.folded[to] != paragraph_end && flow.folded[to] != doubtful_end && flow.folded[to] != text_end)) ++to;
    const bool near = to - from < 2 * wanted.size() + 2;
    if (near && sentence(flow, from, to).folded == wanted) return to;
    from = to + 1;
  }
  return 0;
}

void sort_warnings(PlanDocument& plan) {
  const auto place = [](const Warning& warning) { return warning.span ? warning.span->begin : 0; };
  std::ranges::stable_sort(plan.warnings, {}, [&](const Warning& warning) {
    return std::tuple(warning.position.value_or(0), warning.measure.value_or(0), warning.position ? 0 : place(warning));
  });
  if (plan.warnings.size() > warnings_max) plan.warnings.resize(warnings_max);
}

}  // namespace

base::Result<PlanDocument> read_plan(const sheet::Document& document) {
  const auto points = base::code_points(document.text);
  if (points.size() > plan_code_points_max) {
    return base::fail(base::ErrorKind::too_large, "plan_too_long",
                      base::text("文件有{}个字，工作计划不会超过{}个字。", "The document has {} characters; a work plan has no more than {}.", points.size(), plan_code_points_max),
                      base::text("请只留下计划本身再读。", "Keep only the plan itself."));
  }
  const auto characters = characters_from_text(points);
  const auto lines = lines_from_characters(characters, document.tables);
  const auto flow = flow_from_lines(characters, lines);
  const auto rule = lead_rule_from_text(flow.folded);
  const auto blocks = owner_blocks_from_flow(flow, rule);
  const auto places = places_from_flow(flow, blocks);
  auto headings = headings_from_flow(flow, places, blocks);
  auto tables = read_tables(characters, lines, document, rule);

  const bool has_tasks = std::ranges::any_of(headings, [](const Heading& heading) { return heading.level == HeadingLevel::task; });
  if (!has_tasks && !tables.found) {
    return base::fail(base::ErrorKind::input, "plan_not_found",
                      base::text("文件里没有找到带序号的任务，不像一份工作计划。", "The document has no numbered task; it does not look like a work plan."),
                      base::text("请确认选对了文件；任务应以（一）、一、或第一条开头。", "Check that this is the right file; tasks begin with （一）, 一、 or 第一条."));
  }
  const auto begin = headings.empty() ? characters.size() : index_of(characters, flow.at[headings.front().begin]);
  auto preamble = preamble_from_lines(characters, lines, begin);
  if (const auto behind = plan_behind_notice(flow, headings, preamble.title); behind > 0) {
    headings = headings_from_flow(flow, places_in(places, behind, flow.size()), blocks);
  }
  PlanDocument plan;
  plan.title = std::move(preamble.title);
  plan.number = std::move(preamble.number);
  plan.issuer = std::move(preamble.issuer);
  plan.date = std::move(preamble.date);
  plan.year = preamble.year;
  plan.warnings = std::move(tables.overview.warnings);
  if (has_tasks) {
    add_tasks({flow, places, blocks, headings, plan.year}, plan);
    plan.table = std::move(tables.overview.tasks);
    compare_table(plan, tables.overview.parts);
  } else {
    take_body_from_table(characters, tables.overview, plan);
    plan.table = std::move(tables.overview.tasks);
  }
  add_defects(flow, characters, plan);
  sort_warnings(plan);
  return plan;
}

}  // namespace yihu::plan

#include "plan/tracking/import_page.h"

#include "plan/tracking/record.h"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace yihu::plan {
namespace {

using base::text;
using store::Sql;

constexpr Sql imports_sql =
    "SELECT id, status, file_name, title, year, at, author, warnings FROM plan_import WHERE at < :before"
    " ORDER BY at DESC, id DESC LIMIT :limit";

ImportUnit unit_named(const std::string& name, const area::Directory& units, const UnitChoices& choices) {
  ImportUnit out;
  out.name = name;
  if (const auto choice = choices.find(name); choice != choices.end()) {
    if (const area::Unit* unit = units.unit(choice->second)) out.unit = unit_name(*unit);
    return out;
  }
  const area::Match match = units.resolve(name);
  if (match.unit != nullptr) out.unit = unit_name(*match.unit);
  if (match.group != nullptr) {
    out.group = match.group->name.zh;
    for (const base::UnitId& member : match.group->members) {
      if (const area::Unit* unit = units.unit(member)) out.members.push_back(unit_name(*unit));
    }
  }
  for (const area::Unit* near : match.suggestions) out.suggestions.push_back(unit_name(*near));
  return out;
}

base::Text field_name(const std::string& field) {
  if (field == "lead") return {"牵头单位", "lead units"};
  if (field == "responsible") return {"责任单位", "responsible units"};
  if (field == "text") return {"内容", "text"};
  if (field == "title") return {"名称", "title"};
  if (field == "deadlines") return {"时限", "deadlines"};
  if (field == "recurrences") return {"频次", "recurrences"};
  return {"目标值", "targets"};
}

ImportWarning unfit(const ImportCorrection& correction) {
  ImportWarning warning{"correction:" + correction.id, "correction_unfit", {}, {}, {}, {}, false};
  const base::Text field = field_name(correction.field);
  if (correction.task == 0) {
    warning.text = text("以前对{0}的一处更正没有沿用：新文件中找不到这项措施。",
                        "An earlier correction of {1} was not carried over: this document has no such measure.", field.zh, field.en);
    return warning;
  }
  warning.task = correction.task;
  warning.measure = correction.measure;
  warning.text = text("以前更正过的{0}没有沿用：新文件此处写法已变，请核对。",
                      "An earlier correction of {1} was not carried over: the document now says something else here. Check it.",
                      field.zh, field.en);
  return warning;
}

bool about_owners(const std::string& code) { return code == "owner_missing" || code == "owner_unreadable"; }

bool owners_corrected(const Draft& draft, const Warning& warning) {
  return std::ranges::any_of(draft.corrections, [&](const ImportCorrection& c) {
    return c.fits && c.task == warning.task && (!warning.measure || c.measure == warning.measure) &&
           (c.field == "lead" || c.field == "responsible");
  });
}

}  // namespace

std::vector<ImportUnit> units_named(const PlanDocument& plan, const area::Directory& units, const UnitChoices& choices) {
  std::vector<ImportUnit> named;
  std::map<std::string, std::size_t> places;
  for (const Task& task : plan.tasks) {
    for (const Measure& measure : task.measures) {
      std::set<std::string> names(measure.lead.begin(), measure.lead.end());
      names.insert(measure.responsible.begin(), measure.responsible.end());
      for (const std::string& name : names) {
        const auto [place, first] = places.emplace(name, named.size());
        if (first) named.push_back(unit_named(name, units, choices));
        ++named[place->second].count;
      }
    }
  }
  const auto known = [](const ImportUnit& unit) { return unit.unit || unit.group ? 1 : 0; };
  std::ranges::stable_sort(named, [&](const ImportUnit& a, const ImportUnit& b) {
    return known(a) != known(b) ? known(a) < known(b) : a.count > b.count;
  });
  return named;
}

std::vector<ImportWarning> warnings_of(const Draft& draft, const std::vector<ImportUnit>& units) {
  std::vector<ImportWarning> warnings;
  for (const ImportCorrection& correction : draft.corrections) {
    if (!correction.fits) warnings.push_back(unfit(correction));
  }
  for (const ImportUnit& unit : units) {
    if (unit.unit) continue;
    if (!unit.group) {
      warnings.push_back({"unit:" + unit.name, "unit_unknown", {}, {},
                          text("“{}”不在单位表中，涉及 {} 项措施。", "“{}” is not in the list of units; {} measures name it.", unit.name, unit.count),
                          {}, false});
    } else if (unit.members.empty()) {
      warnings.push_back({"group:" + unit.name, "group_empty", {}, {},
                          text("“{}”包括哪些单位尚未确定，涉及 {} 项措施。", "Which units “{}” stands for is not settled; {} measures name it.", unit.name, unit.count),
                          {}, false});
    }
  }
  for (std::size_t i = 0; i < draft.document.warnings.size(); ++i) {
    const Warning& warning = draft.document.warnings[i];
    const bool mended = about_owners(warning.code) && owners_corrected(draft, warning);
    warnings.push_back({fmt::format("document:{}", i), warning.code, warning.task, warning.measure, warning.text, warning.span, mended});
  }
  for (ImportWarning& warning : warnings) warning.settled = warning.settled || draft.settled.contains(warning.id);
  std::ranges::stable_sort(warnings, [](const ImportWarning& a, const ImportWarning& b) { return a.settled < b.settled; });
  return warnings;
}

base::Result<ImportPage> import_page(store::Session& session, const Draft& draft, const area::Directory& units,
                                     base::Language language, const NameOf& name_of) {
  ImportPage page;
  page.id = draft.id;
  page.status = draft.status;
  page.file_name = draft.file_name;
  page.format = draft.format;
  page.version = draft.version;
  page.text = draft.text;
  const PlanDocument plan = draft.corrected_plan();
  page.plan = TRY(json_from_column(json_from_plan(plan, language)));
  page.units = units_named(plan, units, draft.choices);
  page.warnings = warnings_of(draft, page.units);
  for (const ImportCorrection& c : draft.corrections) {
    if (c.task == 0) continue;  // its warning says all there is to say
    page.corrections.push_back({c.id, c.task, c.measure, c.field, c.before, c.after, c.at, name_of(c.author), c.fits});
  }
  for (const PlanHead& head : TRY(plan_heads(session))) {
    if (head.year == draft.year && head.status == "current" && draft.status == "draft") page.replaces = ReplacedPlan{head.id, head.title};
  }
  page.plan_id = draft.plan;
  return page;
}

base::Result<std::vector<ImportLine>> list_imports(store::Session& session, const access::Viewer& viewer,
                                                   const NameOf& name_of, std::optional<base::Instant> before, int limit) {
  std::vector<ImportLine> lines;
  if (!viewer.may(access::Permission::plan_import)) return lines;
  constexpr base::Instant end_of_time{INT64_MAX};
  for (const auto& row : TRY(session.query(imports_sql, {{"before", before.value_or(end_of_time)}, {"limit", limit}}))) {
    lines.push_back({row.text(0), row.text(1), row.text(2), row.text(3), static_cast<int>(row.integer(4)), row.instant(5),
                     name_of(row.text(6)), static_cast<int>(row.integer(7))});
  }
  return lines;
}

}  // namespace yihu::plan

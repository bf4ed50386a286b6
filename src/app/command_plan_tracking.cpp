// yihu plan import FILE: a document into the store. yihu plan diff A B: what the second says that the first does not.

#include "app/command.h"
#include "app/office.h"
#include "plan/tracking/difference.h"
#include "plan/tracking/import_page.h"
#include "sheet/document.h"
#include "store/file_store.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <memory>

namespace yihu::app {
namespace {

namespace json = boost::json;

base::Error at_file(base::Error error, const std::string& file) {
  if (error.place.file.empty()) error.place.file = file;
  return error;
}

// ---- import

struct ImportOptions {
  std::string file;
  bool accept = false;
};

struct Imported {
  std::string id;
  std::vector<plan::ImportWarning> warnings;
  std::vector<plan::ImportUnit> units;
  int tasks = 0;
  int measures = 0;
  std::optional<plan::Acceptance> acceptance;
};

/// Whoever may open the data folder may import; the journal says that it was the command line.
access::Viewer command_line_viewer() {
  access::Viewer viewer = access::Viewer::system("command_line");
  viewer.scope.district = true;
  viewer.permissions = {access::Permission::plan_read, access::Permission::plan_import, access::Permission::unit_manage};
  return viewer;
}

base::Result<plan::ReadDocument> read_for_import(Office& office, const std::string& file, const base::Cancel& cancel) {
  auto document = TRY(sheet::read_document(std::filesystem::path(file), cancel));
  auto plan = plan::read_plan(document);
  if (!plan) return base::fail(at_file(std::move(plan).error(), file));
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const auto kept = TRY(office.store->files().keep(bytes, sheet::document_bytes_max));
  return plan::ReadDocument{std::filesystem::path(file).filename().string(), document.format, kept.hash,
                            std::move(document.text), *std::move(plan)};
}

base::Result<Imported> import(const ImportOptions& options, const Common& common) {
  Office office = TRY(open_office(common.data, OpenFor::writing));
  const auto document = TRY(read_for_import(office, options.file, common.cancel));
  const access::Viewer viewer = command_line_viewer();
  const store::Act act{viewer.actor(), base::RequestId::make(), ""};
  Imported out;
  const auto written = office.store->write(act, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
    out.id = TRY(plan::start_import(transaction, viewer, document));
    const plan::Draft draft = TRY(plan::load_draft(transaction, viewer, out.id));
    const area::Directory units = TRY(area::read_directory(transaction));
    const plan::PlanDocument corrected = draft.corrected_plan();
    out.units = plan::units_named(corrected, units, draft.choices);
    out.warnings = plan::warnings_of(draft, out.units);
    out.tasks = static_cast<int>(corrected.tasks.size());
    for (const plan::Task& task : corrected.tasks) out.measures += static_cast<int>(task.measures.size());
    if (options.accept) out.acceptance = TRY(plan::accept_import(transaction, viewer, out.id));
    return store::Answer{};
  });
  if (!written) return base::fail(written.error());
  return out;
}

std::string text_of(const Imported& imported, const ImportOptions& options, base::Language language) {
  int unknown = 0;
  for (const plan::ImportUnit& unit : imported.units) unknown += !unit.unit && !unit.group;
  std::string out = base::text("读入 {}：{} 项任务，{} 项措施，{} 个单位名称（{} 个不在单位表中），{} 处提示。\n",
                               "Read {}: {} tasks, {} measures, {} names of units ({} not in the list), {} warnings.\n",
                               options.file, imported.tasks, imported.measures, imported.units.size(), unknown,
                               imported.warnings.size())
                        .in(language);
  for (const plan::ImportWarning& warning : imported.warnings) {
    std::string place;
    if (warning.task) place = warning.measure ? fmt::format("{}.{} ", *warning.task, *warning.measure) : fmt::format("{} ", *warning.task);
    out += fmt::format("  {}{}\n", place, warning.text.in(language));
  }
  if (imported.acceptance) {
    out += base::text("已采用：新增 {} 项，更新 {} 项，停用 {} 项措施。\n", "Accepted: {} measures made, {} changed, {} retired.\n",
                      imported.acceptance->measures_made, imported.acceptance->measures_changed,
                      imported.acceptance->measures_retired)
               .in(language);
  } else {
    out += base::text("已存为草稿，请在网页“导入核对”中核对后采用。\n", "Kept as a draft; check it in the browser, then accept it.\n").in(language);
  }
  return out;
}

std::string json_of(const Imported& imported, base::Language language) {
  json::array warnings, unknown;
  for (const plan::ImportWarning& w : imported.warnings) {
    warnings.push_back(json::object{{"code", w.code},
                                    {"task", w.task ? json::value(*w.task) : json::value(nullptr)},
                                    {"measure", w.measure ? json::value(*w.measure) : json::value(nullptr)},
                                    {"text", w.text.in(language)}});
  }
  for (const plan::ImportUnit& unit : imported.units) {
    if (!unit.unit && !unit.group) unknown.push_back(json::value(unit.name));
  }
  json::object out{{"import", imported.id}, {"status", imported.acceptance ? "accepted" : "draft"},
                   {"tasks", imported.tasks}, {"measures", imported.measures},
                   {"units_unknown", std::move(unknown)}, {"warnings", std::move(warnings)}};
  if (imported.acceptance) {
    out["plan"] = imported.acceptance->plan.value;
    out["made"] = imported.acceptance->measures_made;
    out["changed"] = imported.acceptance->measures_changed;
    out["retired"] = imported.acceptance->measures_retired;
  }
  return json::serialize(out) + "\n";
}

// ---- diff

struct DiffOptions {
  std::string before;
  std::string after;
};

base::Result<plan::PlanDocument> read_one(const std::string& file, const base::Cancel& cancel) {
  const auto document = TRY(sheet::read_document(std::filesystem::path(file), cancel));
  auto plan = plan::read_plan(document);
  if (!plan) return base::fail(at_file(std::move(plan).error(), file));
  return plan;
}

base::Result<std::vector<plan::Difference>> diff(const DiffOptions& options, const Common& common) {
  auto before = read_one(options.before, common.cancel);
  auto after = read_one(options.after, common.cancel);
  std::vector<base::Error> mistakes;
  for (auto* plan : {&before, &after}) {
    if (!*plan) mistakes.push_back(std::move(*plan).error());
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  return plan::difference(*before, *after);
}

base::Text field_word(const std::string& field) {
  if (field == "text") return {"内容", "text"};
  if (field == "task") return {"所属任务", "task"};
  if (field == "lead") return {"牵头单位", "lead"};
  if (field == "responsible") return {"责任单位", "responsible"};
  if (field == "deadlines") return {"时限", "deadlines"};
  if (field == "recurrences") return {"频次", "recurrences"};
  return {"目标值", "targets"};
}

std::string field_words(const std::vector<std::string>& fields, base::Language language) {
  std::string list;
  for (const std::string& field : fields) {
    if (!list.empty()) list += language == base::Language::zh ? "、" : ", ";
    list += field_word(field).in(language);
  }
  return list;
}

std::string text_of(const std::vector<plan::Difference>& differences, base::Language language) {
  int added = 0, removed = 0, changed = 0, same = 0;
  std::string lines, heading;
  for (const plan::Difference& one : differences) {
    switch (one.kind) {
      case plan::DifferenceKind::added: ++added; break;
      case plan::DifferenceKind::removed: ++removed; break;
      case plan::DifferenceKind::changed: ++changed; break;
      case plan::DifferenceKind::same: ++same; continue;
    }
    const std::string title = fmt::format("{} {}", one.task_after > 0 ? one.task_after : one.task_before, one.task_title);
    if (title != heading) lines += "\n" + (heading = title) + "\n";
    if (one.kind == plan::DifferenceKind::added) {
      lines += "  + " + one.after + "\n";
    } else if (one.kind == plan::DifferenceKind::removed) {
      lines += "  - " + one.before + "\n";
    } else {
      lines += fmt::format("  ~ [{}] {}\n", field_words(one.fields, language), one.after);
      if (one.before != one.after) lines += base::text("    原：{}\n", "    was: {}\n", one.before).in(language);
    }
  }
  return base::text("新增 {} 项，减少 {} 项，修改 {} 项，未变 {} 项。\n", "{} added, {} removed, {} changed, {} the same.\n", added,
                    removed, changed, same)
             .in(language) +
         lines;
}

std::string json_of(const std::vector<plan::Difference>& differences) {
  static constexpr const char* kinds[] = {"added", "removed", "changed", "same"};
  json::array items;
  for (const plan::Difference& one : differences) {
    items.push_back(json::object{{"kind", kinds[static_cast<int>(one.kind)]},
                                 {"task_title", one.task_title},
                                 {"before", one.before},
                                 {"after", one.after},
                                 {"fields", json::array(one.fields.begin(), one.fields.end())}});
  }
  return json::serialize(json::object{{"items", std::move(items)}}) + "\n";
}

}  // namespace

void add_plan_import(CLI::App& plan, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  auto options = std::make_shared<ImportOptions>();
  CLI::App* command = plan.add_subcommand("import", english ? "bring a plan document into the store" : "把工作计划导入数据文件夹");
  command->add_option("file", options->file, english ? "txt, md, docx, odt, html or pdf" : "txt、md、docx、odt、html 或 pdf 文件")
      ->required()
      ->type_name(english ? "FILE" : "文件");
  command->add_flag("--accept", options->accept, english ? "make it the plan of its year at once" : "不经核对，直接采用为当年要点");
  command->callback([options, &common, &chosen] {
    chosen.run = [options, &common] {
      const auto imported = import(*options, common);
      if (!imported) return report(imported.error(), common);
      fmt::print("{}", common.json ? json_of(*imported, common.language) : text_of(*imported, *options, common.language));
      return Exit::done;
    };
  });
}

void add_plan_diff(CLI::App& plan, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  auto options = std::make_shared<DiffOptions>();
  CLI::App* command = plan.add_subcommand("diff", english ? "compare two plan documents, such as two years" : "比较两份工作计划（如两个年度）");
  const char* file = english ? "FILE" : "文件";
  command->add_option("before", options->before, english ? "the older one" : "旧的一份")->required()->type_name(file);
  command->add_option("after", options->after, english ? "the newer one" : "新的一份")->required()->type_name(file);
  command->callback([options, &common, &chosen] {
    chosen.run = [options, &common] {
      const auto differences = diff(*options, common);
      if (!differences) return report(differences.error(), common);
      fmt::print("{}", common.json ? json_of(*differences) : text_of(*differences, common.language));
      return Exit::done;
    };
  });
}

}  // namespace yihu::app

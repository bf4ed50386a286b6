// yihu register import | export | imports | undo | snapshot: the national system's workbook, and frozen states.

#include "app/command.h"
#include "app/office.h"
#include "registry/national_workbook.h"
#include "registry/snapshot.h"
#include "store/file_text.h"

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

constexpr std::size_t rows_shown_max = 30;

struct RegisterOptions {
  std::string file;
  std::string reason;
  std::string id;
  std::string period;
  std::string marked;
  bool dry_run = false;
  bool private_values = false;
  registry::MatchPolicy policy;
  int year = 0;
  registry::HouseholdFilter filter;
};

/// Whoever may open the data folder may do this; the journal says that it was the command line.
access::Viewer command_line_viewer() { return access::Viewer::system("command_line"); }

base::Result<std::string> bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    return base::fail(base::ErrorKind::input, "file_unreadable", base::text("文件 {} 读不出来。", "{} cannot be read.", file));
  }
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

base::Result<area::Divisions> divisions_of(Office& office) {
  std::optional<area::Divisions> out;
  TRY(office.store->read([&](store::Session& session) -> base::Done {
    out = TRY(area::read_divisions(session));
    return {};
  }));
  return *std::move(out);
}

base::Text word_of(registry::Outcome outcome) {
  switch (outcome) {
    case registry::Outcome::created: return {"新增", "new"};
    case registry::Outcome::changed: return {"变更", "changed"};
    case registry::Outcome::same: return {"相同", "same"};
    case registry::Outcome::wrong: return {"有误", "wrong"};
    case registry::Outcome::not_found: return {"未找到", "not found"};
  }
  return {};
}

std::string text_of(const registry::Cell& cell) { return registry::text_from(cell).value_or("—"); }

void print(const registry::ImportReport& report, const std::string& id, const Common& common) {
  if (common.json) {
    json::array rows;
    for (const registry::RowReport& row : report.rows) {
      json::array differences, mistakes;
      for (const auto& one : row.differences) differences.push_back({{"field", one.field}, {"before", registry::json_from(one.before)}, {"after", registry::json_from(one.after)}});
      for (const auto& one : row.mistakes) mistakes.push_back({{"cell", one.place.cell}, {"code", one.code}, {"text", one.text.in(common.language)}});
      rows.push_back(json::object{{"row", row.row}, {"outcome", word_of(row.outcome).en}, {"household", row.household},
                                  {"differences", std::move(differences)}, {"mistakes", std::move(mistakes)}});
    }
    json::object out{{"created", report.created}, {"changed", report.changed}, {"same", report.same}, {"wrong", report.wrong},
                     {"not_found", report.not_found}, {"absent", report.absent}, {"rows", std::move(rows)}};
    if (!id.empty()) out["import"] = id;
    fmt::print("{}\n", json::serialize(out));
    return;
  }
  const base::Text counts = base::text("新增 {}，变更 {}，相同 {}，有误 {}，未找到 {} 行；表中没有的成员 {} 人\n",
                                       "{} new, {} changed, {} same, {} wrong, {} not found; {} members are not in the workbook\n",
                                       report.created, report.changed, report.same, report.wrong, report.not_found, report.absent);
  fmt::print("{}", counts.in(common.language));
  std::size_t shown = 0;
  for (const registry::RowReport& row : report.rows) {
    if (++shown > rows_shown_max) break;
    fmt::print("  {} {} {} {}\n", row.row, word_of(row.outcome).in(common.language), row.household, row.name);
    for (const auto& one : row.differences) fmt::print("      {}: {} → {}\n", one.field, text_of(one.before), text_of(one.after));
    for (const auto& one : row.mistakes) fmt::print("      {} {}\n", one.place.cell, one.text.in(common.language));
  }
  if (!id.empty()) {
    fmt::print("{}", base::text("导入编号 {}，可用 yihu register undo 撤销\n", "Import {}; yihu register undo takes it back\n", id).in(common.language));
  }
}

base::Result<Exit> import(const RegisterOptions& options, const Common& common) {
  Office office = TRY(open_office(common.data, options.dry_run ? OpenFor::looking : OpenFor::writing));
  const std::string bytes = TRY(bytes_of(options.file));
  const auto divisions = TRY(divisions_of(office));
  const std::string name = std::filesystem::path(options.file).filename().string();
  const auto workbook = TRY(registry::read_national_workbook(bytes, name, office.codes, divisions, common.cancel));
  registry::MatchPolicy policy = options.policy;
  if (options.year != 0) policy.year = options.year;
  const registry::Rooms rooms{office.store->secrets()};
  const access::Viewer viewer = command_line_viewer();
  registry::ImportReport report;
  std::string id;
  if (options.dry_run) {
    TRY(office.store->read([&](store::Session& session) -> base::Done {
      report = TRY(registry::compare_national(session, rooms, viewer, workbook, policy));
      return {};
    }));
  } else {
    auto done = TRY(registry::import_national(*office.store, rooms, viewer, workbook, policy, name, options.reason, {}, common.cancel));
    report = std::move(done.report);
    id = done.import.id;
  }
  if (!options.marked.empty() && report.wrong + report.not_found > 0) {
    const auto marked = TRY(registry::marked_national(bytes, name, workbook, report, office.clock->now(), common.language, common.cancel));
    TRY(store::write_durably(options.marked, marked, 0600));
  }
  print(report, id, common);
  return report.wrong > 0 ? Exit::input_wrong : Exit::done;
}

base::Result<Exit> export_to(const RegisterOptions& options, const Common& common) {
  Office office = TRY(open_office(common.data, OpenFor::writing));
  const auto divisions = TRY(divisions_of(office));
  const access::Viewer viewer = command_line_viewer();
  const registry::ExportOptions wanted{options.filter, options.private_values, options.reason};
  registry::Export made;
  TRY(office.store->read([&](store::Session& session) -> base::Done {
    made = TRY(registry::export_national(session, {office.store->secrets()}, viewer, office.codes, divisions, wanted, office.clock->now(), {}, common.cancel));
    return {};
  }));
  const auto told = office.store->write({viewer.actor(), base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
    TRY(registry::record_export(transaction, viewer, made, wanted));
    return store::Answer();
  });
  if (!told) return base::fail(told.error());
  TRY(store::write_durably(options.file, made.workbook, 0600));
  fmt::print("{}", base::text("{}：{} 户 {} 人\n", "{}: {} households, {} people\n", options.file, made.households, made.people).in(common.language));
  return Exit::done;
}

base::Result<Exit> imports(const Common& common) {
  Office office = TRY(open_office(common.data, OpenFor::looking));
  TRY(office.store->read([&](store::Session& session) -> base::Done {
    for (const auto& one : TRY(registry::list_imports(session, command_line_viewer()))) {
      fmt::print("{}  {}  {}  +{} ~{}  {}{}\n", one.id, base::to_string(one.at), one.file, one.created, one.changed, one.reason,
                 one.undone ? base::text("（已撤销）", " (undone)").in(common.language) : "");
    }
    return {};
  }));
  return Exit::done;
}

base::Result<Exit> undo(const RegisterOptions& options, const Common& common) {
  Office office = TRY(open_office(common.data, OpenFor::writing));
  TRY(registry::undo_import(*office.store, command_line_viewer(), options.id, options.reason));
  fmt::print("{}", base::text("已撤销\n", "Undone\n").in(common.language));
  return Exit::done;
}

base::Result<Exit> snapshot(const RegisterOptions& options, const Common& common) {
  Office office = TRY(open_office(common.data, OpenFor::writing));
  const auto made = TRY(registry::freeze(*office.store, {office.store->secrets()}, command_line_viewer(), options.period, {}, {}, common.cancel));
  fmt::print("{}", base::text("{}（{}）：{} 户 {} 人，{}\n", "{} ({}): {} households, {} people, {}\n", made.period, base::to_string(made.day),
                              made.households, made.people, made.hash).in(common.language));
  return Exit::done;
}

using Work = std::function<base::Result<Exit>()>;

void run_with(CLI::App* command, Common& common, Chosen& chosen, Work work) {
  command->callback([&common, &chosen, work = std::move(work)] {
    chosen.run = [&common, work] {
      const auto done = work();
      return done ? *done : report(done.error(), common);
    };
  });
}

}  // namespace

void add_register_command(CLI::App& program, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  const auto say = [english](const char* zh, const char* en) { return english ? en : zh; };
  CLI::App* command = program.add_subcommand("register", say("建档立卡工作簿与快照", "the national workbook, and snapshots"));
  command->require_subcommand(1);
  const auto options = std::make_shared<RegisterOptions>();
  CLI::App* in = command->add_subcommand("import", say("导入系统工作簿", "import the national workbook"));
  in->add_option("file", options->file, say("工作簿或 csv", "workbook or csv"))->required()->check(CLI::ExistingFile);
  in->add_flag("--dry-run", options->dry_run, say("只比对，不写入", "compare only, write nothing"));
  in->add_option("--marked", options->marked, say("把标出错误的工作簿写到这个文件", "write the workbook here with its wrong cells marked"));
  in->add_option("--reason", options->reason, say("原因", "why"));
  in->add_flag("--by-name", options->policy.by_name, say("没有证件号码时按户内姓名匹配", "without a number, match by name within the household"));
  in->add_flag("--create-households", options->policy.create_households, say("新增表中的新户", "make households that are not there"));
  in->add_flag("--create-people", options->policy.create_people, say("新增表中的新成员", "make members who are not there"));
  in->add_flag("--clear", options->policy.clear, say("空单元格清除原值", "an empty cell clears the stored value"));
  in->add_option("--year", options->year, say("收入的年度", "year of the incomes"));
  run_with(in, common, chosen, [options, &common] { return import(*options, common); });
  CLI::App* out = command->add_subcommand("export", say("导出系统工作簿", "write the national workbook"));
  out->add_option("file", options->file, say("输出的 xlsx", "the xlsx to write"))->required();
  out->add_option("--area", options->filter.area, say("镇或村的代码", "code of a town or village"));
  out->add_flag("--listed", options->filter.listed, say("只要帮扶对象", "only households under help"));
  out->add_flag("--private", options->private_values, say("含证件号码等密文，须写原因", "with document numbers and the like; say why"));
  out->add_option("--reason", options->reason, say("原因", "why"));
  run_with(out, common, chosen, [options, &common] { return export_to(*options, common); });
  run_with(command->add_subcommand("imports", say("导入记录", "past imports")), common, chosen, [&common] { return imports(common); });
  CLI::App* back = command->add_subcommand("undo", say("整批撤销一次导入", "take an import back"));
  back->add_option("import", options->id, say("导入编号", "the import's id"))->required();
  back->add_option("--reason", options->reason, say("原因", "why"))->required();
  run_with(back, common, chosen, [options, &common] { return undo(*options, common); });
  CLI::App* freeze = command->add_subcommand("snapshot", say("固定半年快照", "freeze a half-yearly snapshot"));
  freeze->add_option("period", options->period, say("如 2019-H1", "such as 2019-H1"))->required();
  run_with(freeze, common, chosen, [options, &common] { return snapshot(*options, common); });
}

}  // namespace yihu::app

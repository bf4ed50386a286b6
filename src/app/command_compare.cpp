// yihu compare ROSTER FILE: a department's roster against the register. yihu roster list | ask | corrections.

#include "app/command.h"
#include "app/link_tables.h"
#include "app/office.h"
#include "compare/roster_sheet.h"
#include "compare/intake.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <memory>

namespace yihu::app {
namespace {

namespace json = boost::json;
namespace files = std::filesystem;

struct CompareOptions {
  std::string roster, file, period, out, reason;
  std::vector<std::string> areas;
};

/// The office with what comparing needs beside it.
struct Opened {
  Office office;
  std::unique_ptr<ledger::Ledgers> ledgers;
  std::unique_ptr<compare::Rosters> rosters;
};

base::Result<std::unique_ptr<Opened>> opened(const Common& common, OpenFor purpose) {
  auto out = std::make_unique<Opened>();
  out->office = TRY(open_office(common.data, purpose));
  out->ledgers = std::make_unique<ledger::Ledgers>(out->office.pack);
  out->rosters = std::make_unique<compare::Rosters>(out->office.pack, out->office.rosters, *out->ledgers, out->office.rules->compiler(), out->office.rules->live());
  return out;
}

base::Result<std::string> bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (in.is_open() && !in.bad()) return bytes;
  return base::fail(base::ErrorKind::input, "file_unreadable", base::text("读不了文件“{}”。", "The file \"{}\" cannot be read.", file),
                    base::text("请检查文件名。", "Check its name."));
}

json::object object_from(const compare::DiscrepancyGroup& group, base::Language language) {
  return {{"kind", group.kind}, {"cause", group.cause}, {"label", group.cause_label.in(language)}, {"owner", group.owner}, {"open", group.open},
          {"kept", group.kept}, {"accepted", group.accepted}, {"above", group.above}, {"due", group.due}};
}

std::string kind_words(const compare::DiscrepancyGroup& group, base::Language language) {
  const auto kind = pack::discrepancy_kind_from(group.kind);
  return kind ? compare::label_of(*kind).in(language) : group.kind;
}

std::string text_from(const compare::Run& run, const std::vector<compare::DiscrepancyGroup>& groups, base::Language language) {
  const compare::RunSummary& sum = run.summary;
  std::string out = base::text("{} 行：对上 {} 行，待人工判断 {} 行，与登记簿无关而删除 {} 行。\n", "{} rows: {} about people of the register, {} for a person to judge, {} deleted as about nobody.\n",
                               sum.rows, sum.matched, sum.doubtful, run.deleted).in(language);
  if (sum.unauthorised > 0) out += base::text("未授权、未比对 {} 人。\n", "{} people were not compared: no authorisation.\n", sum.unauthorised).in(language);
  if (sum.not_yet_known > 0) out += base::text("名册未覆盖或待判断，暂不能断定 {} 人。\n", "{} people cannot be judged yet.\n", sum.not_yet_known).in(language);
  out += base::text("差异：新增 {} 条，变化 {} 条，消除 {} 条，未变 {} 条。\n", "Discrepancies: {} new, {} changed, {} gone, {} as before.\n", sum.discrepancies.added,
                    sum.discrepancies.changed, sum.discrepancies.gone, sum.discrepancies.same).in(language);
  for (const compare::DiscrepancyGroup& group : groups) {
    out += fmt::format("{:>6}  {}  {}{}\n", group.open, kind_words(group, language), group.cause_label.in(language),
                       group.due ? base::text("  → {}", "  → {}", group.owner).in(language) : "");
  }
  for (const std::string& mistake : sum.mistakes) out += "  " + mistake + "\n";
  return out;
}

base::Done bring(const CompareOptions& options, const Common& common) {
  const auto at = TRY(opened(common, OpenFor::writing));
  store::Store& store = *at->office.store;
  const access::Viewer viewer = access::Viewer::system("command");
  const std::string bytes = TRY(bytes_of(options.file));
  compare::Work work{.store = store, .rosters = *at->rosters, .language = common.language, .cancel = common.cancel};
  if (isatty(STDERR_FILENO) != 0) {
    work.progress = [](std::string_view step, std::int64_t done, std::int64_t total) { fmt::print(stderr, "\r{} {:3} % ", step, total == 0 ? 0 : 100 * done / total); };
  }
  const store::Act act{viewer.actor(), base::RequestId::make(), ""};
  const auto started = TRY(compare::start_run(work, viewer, act, {.roster = options.roster, .file_name = files::path(options.file).filename().string(),
                                                                  .period = options.period, .areas = options.areas}, bytes));
  const compare::Run run = TRY(compare::carry_out(work, started.id, bytes));
  std::vector<compare::DiscrepancyGroup> groups;
  TRY(store.read([&](store::Session& session) -> base::Done {
    groups = TRY(compare::discrepancy_groups(session, *at->rosters, viewer, run.roster));
    return {};
  }));
  std::erase_if(groups, [](const auto& group) { return group.open == 0; });
  if (!common.json) {
    fmt::print("{}", text_from(run, groups, common.language));
    return {};
  }
  json::array causes;
  for (const auto& group : groups) causes.push_back(object_from(group, common.language));
  fmt::print("{}\n", json::serialize(json::object{{"run", run.id}, {"rows", run.summary.rows}, {"matched", run.summary.matched}, {"doubtful", run.summary.doubtful},
                                                  {"deleted", run.deleted}, {"certificate", run.certificate}, {"wrong_cells", run.summary.wrong_cells},
                                                  {"groups", std::move(causes)}}));
  return {};
}

base::Done list(const Common& common) {
  const auto at = TRY(opened(common, OpenFor::looking));
  json::array out;
  for (const pack::Roster& roster : at->office.rosters.all) {
    if (common.json) out.push_back(json::object{{"id", roster.id}, {"label", roster.label.in(common.language)}, {"owner", roster.sheet.owner}, {"period", pack::name_of(roster.sheet.period)},
                                                {"authorisation", !roster.authorisation.empty()}});
    else fmt::print("{:<20} {}\n", roster.id, roster.label.in(common.language));
  }
  if (common.json) fmt::print("{}\n", json::serialize(out));
  return {};
}

/// A list for the department, or the corrections of what it sent.
base::Done write_sheet(const CompareOptions& options, const Common& common, bool corrections) {
  const auto at = TRY(opened(common, corrections ? OpenFor::looking : OpenFor::writing));
  store::Store& store = *at->office.store;
  const access::Viewer viewer = access::Viewer::system("command");
  const pack::Roster& roster = *TRY(at->rosters->find(options.roster));
  const compare::SheetFor sheet{*at->rosters, store.secrets(), roster, viewer, options.period, options.areas.empty() ? "" : options.areas.front(), common.language};
  std::string bytes;
  if (corrections) {
    TRY(store.read([&](store::Session& session) -> base::Done {
      bytes = TRY(compare::corrections(session, sheet, store.clock().now()));
      return {};
    }));
  } else {
    const store::Act act{viewer.actor(), base::RequestId::make(), ""};
    compare::ListOut list;
    TRY(store.read([&](store::Session& session) -> base::Done {
      list = TRY(compare::list_out(session, sheet, options.reason, store.clock().now()));
      return {};
    }));
    TRY(store.write(act, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      TRY(compare::journal_list_out(transaction, sheet, options.reason, list.people));
      return store::Answer();
    }));
    bytes = std::move(list.bytes);
  }
  TRY(write_whole(options.out, bytes));
  fmt::print("{}\n", base::text("已写入 {}。", "Written to {}.", options.out).in(common.language));
  return {};
}

Exit ended(const base::Done& done, const Common& common) { return done ? Exit::done : report(done.error(), common); }

}  // namespace

void add_compare_command(CLI::App& program, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  const auto say = [&](const char* zh, const char* en) { return std::string(english ? en : zh); };
  CLI::App* command = program.add_subcommand("compare", say("部门名册与登记簿比对", "a department's roster against the register"));
  const auto options = std::make_shared<CompareOptions>();
  command->add_option("ROSTER", options->roster, say("名册编号", "the roster's id"))->required();
  command->add_option("FILE", options->file, say("工作簿或 csv", "workbook or csv"))->required();
  command->add_option("--period", options->period, say("期间（默认当前）", "period (default: the current one)"))->type_name(say("期间", "PERIOD"));
  command->add_option("--area", options->areas, say("名册完整覆盖的区划（默认全区）", "areas for which the roster is complete (default: the district)"))->type_name(say("代码", "CODE"));
  command->callback([&common, &chosen, options] { chosen.run = [&common, options] { return ended(bring(*options, common), common); }; });
}

void add_roster_command(CLI::App& program, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  const auto say = [&](const char* zh, const char* en) { return std::string(english ? en : zh); };
  CLI::App* command = program.add_subcommand("roster", say("部门名册", "rosters of departments"));
  command->require_subcommand(1);
  CLI::App* lists = command->add_subcommand("list", say("政策包里的名册", "the rosters of the packs"));
  lists->callback([&common, &chosen] { chosen.run = [&common] { return ended(list(common), common); }; });
  const auto options = std::make_shared<CompareOptions>();
  CLI::App* ask = command->add_subcommand("ask", say("发给部门填的名单", "a list for the department to answer"));
  CLI::App* corrections = command->add_subcommand("corrections", say("请部门更正的内容", "what the department should correct"));
  for (CLI::App* one : {ask, corrections}) {
    one->add_option("ROSTER", options->roster, say("名册编号", "the roster's id"))->required();
    one->add_option("-o,--out", options->out, say("写入的工作簿", "workbook to write"))->required()->type_name(say("文件", "FILE"));
    one->add_option("--area", options->areas, say("只要这个镇或村", "only this town or village"))->expected(1)->type_name(say("代码", "CODE"));
  }
  ask->add_option("--reason", options->reason, say("用途，记入日志", "what it is for; kept in the journal"))->required()->type_name(say("文字", "TEXT"));
  ask->callback([&common, &chosen, options] { chosen.run = [&common, options] { return ended(write_sheet(*options, common, false), common); }; });
  corrections->callback([&common, &chosen, options] { chosen.run = [&common, options] { return ended(write_sheet(*options, common, true), common); }; });
}

}  // namespace yihu::app

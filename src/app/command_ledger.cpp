// yihu import LEDGER FILE: a workbook or csv into a ledger. yihu ledger template | export: a ledger as a workbook.

#include "app/command.h"
#include "app/office.h"
#include "ledger/import.h"
#include "ledger/ledger_sheet.h"

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
namespace files = std::filesystem;

struct ImportOptions {
  std::string ledger;
  std::string file;
  bool dry_run = false;
  std::string marked;
  std::string match;
  std::string period;
  std::string undo;
  int sheet = 0;
  bool no_create = false;
  bool clear_empty = false;
  std::vector<std::string> columns;
};

base::Result<std::string> bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) {
    return base::fail(base::ErrorKind::input, "file_unreadable", base::text("读不了文件“{}”。", "The file \"{}\" cannot be read.", file),
                      base::text("请检查文件名。", "Check its name."));
  }
  return bytes;
}

base::Done write_file(const std::string& file, const std::string& bytes) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << bytes;
  out.close();
  if (out) return {};
  return base::fail(base::ErrorKind::unavailable, "file_not_written", base::text("写不了文件“{}”。", "The file \"{}\" cannot be written.", file));
}

base::Result<ledger::ImportChoices> choices_of(const ImportOptions& options) {
  ledger::ImportChoices choices;
  if (options.sheet > 0) choices.sheet = options.sheet;
  choices.create = !options.no_create;
  choices.clear_empty = options.clear_empty;
  choices.period = options.period;
  if (!options.match.empty()) {
    choices.match = ledger::match_from(options.match);
    if (!choices.match) {
      return base::fail(base::ErrorKind::input, "match_unknown", base::text("没有“{}”这种匹配方式。", "There is no way to match called \"{}\".", options.match),
                        base::text("可用：id_number、code、name_birth_village、village、none。", "Use id_number, code, name_birth_village, village or none."));
    }
  }
  for (const std::string& column : options.columns) {
    const auto equals = column.rfind('=');
    if (equals == column.npos) {
      return base::fail(base::ErrorKind::input, "column_unclear", base::text("“{}”应写成 标题=列编号 的样子。", "\"{}\" should be like heading=column.", column));
    }
    choices.targets[column.substr(0, equals)] = column.substr(equals + 1);
  }
  return choices;
}

struct Imported {
  ledger::ImportSummary summary;
  std::vector<base::Error> mistakes;
  std::vector<ledger::LayoutColumn> columns;
  std::string id;
  bool applied = false;
};

base::Result<Imported> import(const ImportOptions& options, const Common& common) {
  Office office = TRY(open_office(common.data, OpenFor::writing));
  const ledger::Ledgers ledgers(office.pack);
  const access::Viewer viewer = access::Viewer::system("command_line");
  const ledger::ImportWork work{*office.store, ledgers, viewer, common.language, common.cancel};
  auto file = TRY(ledger::incoming(work, options.ledger, TRY(bytes_of(options.file)), files::path(options.file).filename().string(),
                                   TRY(choices_of(options))));
  auto run = TRY(ledger::dry_run(work, file));
  Imported out{run.summary, std::move(run.mistakes), file.layout.columns, {}, false};
  if (!options.marked.empty() && !out.mistakes.empty()) TRY(write_file(options.marked, TRY(ledger::marked(work, file))));
  if (options.dry_run) return out;
  const auto kept = TRY(ledger::keep_import(work, file, run));
  const auto applied = TRY(ledger::apply_import(work, kept.id));
  out.summary = applied.summary;
  out.id = applied.id;
  out.applied = true;
  return out;
}

std::string text_of(const Imported& imported, const ImportOptions& options, base::Language language) {
  using ledger::Outcome;
  const auto& summary = imported.summary;
  std::string out;
  for (const auto& column : imported.columns) {
    if (!column.target.empty()) continue;
    out += base::text("  “{}”列没有读入{}\n", "  The column \"{}\" is not read{}\n", column.heading,
                      column.suggestion.empty() ? std::string() : (language == base::Language::zh ? "，是不是 " : "; did you mean ") + column.suggestion +
                                                                      (language == base::Language::zh ? "？" : "?"))
               .in(language);
  }
  out += base::text("{}：新增 {} 行，更改 {} 行（{} 格），相同 {} 行，有错 {} 行，未找到 {} 行。\n",
                    "{}: {} rows new, {} changed ({} cells), {} the same, {} wrong, {} not found.\n", options.file, summary.of(Outcome::added),
                    summary.of(Outcome::changed), summary.cells_changed, summary.of(Outcome::same), summary.of(Outcome::wrong),
                    summary.of(Outcome::not_found))
             .in(language);
  if (summary.untouched > 0) out += base::text("其中 {} 行没有填写。\n", "{} of the same were not filled in.\n", summary.untouched).in(language);
  for (const base::Error& mistake : imported.mistakes) out += "  " + base::describe(mistake, language) + "\n";
  if (imported.applied) {
    out += base::text("已写入。\n", "Written.\n").in(language);
  } else {
    out += base::text("这是试算，没有写入。\n", "This was a dry run; nothing was written.\n").in(language);
  }
  return out;
}

std::string json_of(const Imported& imported, base::Language language) {
  json::object rows;
  for (std::size_t i = 0; i < ledger::outcomes; ++i) {
    const auto outcome = static_cast<ledger::Outcome>(i);
    rows[ledger::name_of(outcome)] = imported.summary.of(outcome);
  }
  json::array mistakes;
  for (const base::Error& mistake : imported.mistakes) {
    mistakes.push_back(json::object{{"cell", mistake.place.cell}, {"code", mistake.code}, {"text", mistake.text.in(language)}, {"mend", mistake.mend.in(language)}});
  }
  json::array columns;
  for (const auto& column : imported.columns) {
    columns.push_back(json::object{{"heading", column.heading}, {"target", column.target}, {"suggestion", column.suggestion}});
  }
  return json::serialize(json::object{{"import", imported.id}, {"written", imported.applied}, {"rows", std::move(rows)},
                                      {"cells_changed", imported.summary.cells_changed}, {"untouched", imported.summary.untouched}, {"columns", std::move(columns)},
                                      {"mistakes", std::move(mistakes)}}) +
         "\n";
}

Exit run_import(const ImportOptions& options, const Common& common) {
  const auto imported = import(options, common);
  if (!imported) return report(imported.error(), common);
  fmt::print("{}", common.json ? json_of(*imported, common.language) : text_of(*imported, options, common.language));
  // What is wrong in the file stayed out; whoever called wants to know by the status too.
  return imported->mistakes.empty() ? Exit::done : Exit::input_wrong;
}

base::Done undo(const std::string& id, const Common& common) {
  Office office = TRY(open_office(common.data, OpenFor::writing));
  const ledger::Ledgers ledgers(office.pack);
  const store::Act act{access::Viewer::system("command_line").actor(), base::RequestId::make(), ""};
  TRY(office.store->write(act, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
    TRY(ledger::undo_import(transaction, ledgers, id));
    return store::Answer{};
  }));
  fmt::print("{}\n", base::text("已撤销。", "Undone.").in(common.language));
  return {};
}

struct SheetOptions {
  std::string ledger;
  std::string area;
  std::string period;
  std::string out;
  bool blank = true;
};

base::Done write_sheet(const SheetOptions& options, const Common& common) {
  Office office = TRY(open_office(common.data, OpenFor::looking));
  const ledger::Ledgers ledgers(office.pack);
  const ledger::LedgerTable* table = TRY(ledgers.find(options.ledger));
  const ledger::Reach reach{.all = true, .areas = {}, .helper = {}};
  const ledger::SheetOut out{office.pack, *table, reach, common.language, office.clock->now(), options.area, options.period, common.cancel};
  std::string bytes;
  if (options.blank && options.area.empty()) {
    bytes = TRY(ledger::blank_template(out));
  } else {
    TRY(office.store->read([&](store::Session& session) -> base::Done {
      bytes = options.blank                        ? TRY(ledger::filled_template(session, out))
              : options.out.ends_with(".csv") ? TRY(ledger::export_csv(session, out))
                                                   : TRY(ledger::export_xlsx(session, out));
      return {};
    }));
  }
  return write_file(options.out, bytes);
}

void add_sheet_command(CLI::App& group, const char* name, const char* says, bool blank, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  auto options = std::make_shared<SheetOptions>();
  options->blank = blank;
  CLI::App* command = group.add_subcommand(name, says);
  command->add_option("ledger", options->ledger, english ? "the ledger's id" : "台账编号")->required()->type_name(english ? "LEDGER" : "台账");
  command->add_option("--area", options->area, english ? "code of a village, town or district" : "村、镇或区的代码")->type_name(english ? "CODE" : "代码");
  command->add_option("--period", options->period, english ? "such as 2019" : "期间，例如 2019")->type_name(english ? "PERIOD" : "期间");
  command->add_option("-o,--out", options->out, english ? "file to write (xlsx; an export also csv)" : "写入的文件（xlsx；导出也可用 csv）")
      ->required()
      ->type_name(english ? "FILE" : "文件");
  command->callback([options, &common, &chosen] {
    chosen.run = [options, &common] {
      const auto done = write_sheet(*options, common);
      return done ? Exit::done : report(done.error(), common);
    };
  });
}

}  // namespace

void add_import_command(CLI::App& program, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  auto options = std::make_shared<ImportOptions>();
  CLI::App* command = program.add_subcommand("import", english ? "a workbook or csv into a ledger" : "把工作簿或 csv 导入台账");
  command->add_option("ledger", options->ledger, english ? "the ledger's id" : "台账编号")->type_name(english ? "LEDGER" : "台账");
  command->add_option("file", options->file, english ? "xlsx, xls, ods or csv" : "xlsx、xls、ods 或 csv 文件")->type_name(english ? "FILE" : "文件");
  command->add_flag("--dry-run", options->dry_run, english ? "only say what would happen" : "只试算，不写入");
  command->add_option("--marked", options->marked, english ? "write the workbook here with its wrong cells marked" : "把标出错误的工作簿写到这个文件")
      ->type_name(english ? "FILE" : "文件");
  command->add_option("--match", options->match, "id_number, code, name_birth_village, village, none")->type_name(english ? "HOW" : "方式");
  command->add_option("--period", options->period, english ? "period of rows that do not say" : "未写期间的行属于哪个期间")->type_name(english ? "PERIOD" : "期间");
  command->add_option("--sheet", options->sheet, english ? "number of the sheet, from 1" : "第几张工作表")->type_name("N");
  command->add_option("--column", options->columns, english ? "heading=column, where headings differ" : "标题=列编号，标题不同时使用")->type_name("A=B");
  command->add_flag("--no-create", options->no_create, english ? "only change rows that are there" : "只更改已有的行，不新增");
  command->add_flag("--clear-empty", options->clear_empty, english ? "an empty cell takes the stored value away" : "空格清除已存的值");
  command->add_option("--undo", options->undo, english ? "take an import back, by its id" : "撤销一次导入（给出导入编号）")->type_name(english ? "ID" : "编号");
  command->callback([options, &common, &chosen] {
    if (options->undo.empty() && (options->ledger.empty() || options->file.empty())) throw CLI::RequiredError("LEDGER FILE");
    chosen.run = [options, &common] {
      if (options->undo.empty()) return run_import(*options, common);
      const auto done = undo(options->undo, common);
      return done ? Exit::done : report(done.error(), common);
    };
  });
}

void add_ledger_command(CLI::App& program, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  CLI::App* group = program.add_subcommand("ledger", english ? "ledgers as workbooks" : "台账的模板与导出");
  group->require_subcommand(1);
  add_sheet_command(*group, "template", english ? "a workbook to fill in; with --area filled for it" : "填报模板；给出 --area 时预填该地", true, common, chosen);
  add_sheet_command(*group, "export", english ? "all of a ledger" : "导出台账", false, common, chosen);
}

}  // namespace yihu::app

// yihu sample: a register and a roster of made-up people with the truth about them, for trials and measurements.

#include "app/command.h"
#include "sample/registers.h"

#include <fmt/format.h>

#include <fstream>
#include <memory>

namespace yihu::app {
namespace {

struct SampleOptions {
  std::string folder;
  std::string areas;
  double errors = 1;
  sample::RegisterSetting setting;
};

/// Lines "code,name"; the codes of villages have twelve digits.
base::Result<std::vector<sample::Village>> villages_from(const std::string& path) {
  std::ifstream stream(path);
  std::vector<sample::Village> villages;
  for (std::string line; std::getline(stream, line);) {
    const std::size_t comma = line.find(',');
    if (comma == 12 && line.find_first_not_of("0123456789") == 12) villages.push_back({line.substr(0, 12), line.substr(13)});
  }
  if (!villages.empty()) return villages;
  return base::fail(base::ErrorKind::input, "villages_missing",
                    base::text("文件 {} 里没有“十二位区划代码,名称”这样的行。", "The file {} has no line of the form “twelve-digit code,name”.", path));
}

base::Result<std::size_t> write(SampleOptions& options, const Common& common) {
  if (!options.areas.empty()) options.setting.villages = TRY(villages_from(options.areas));
  options.setting.errors = sample::ErrorRates{}.times(options.errors);
  std::error_code failed;
  std::filesystem::create_directories(options.folder, failed);
  return sample::write_registers(options.setting, options.folder, common.cancel);
}

}  // namespace

void add_sample_command(CLI::App& program, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  auto options = std::make_shared<SampleOptions>();
  CLI::App* command = program.add_subcommand(
      "sample", english ? "write a register and a roster of made-up people, with the truth" : "生成虚构人口的台账和名册，附真值，用于试用和测量");
  command->add_option("folder", options->folder, english ? "where register.csv, roster.csv and truth.csv go" : "register.csv、roster.csv、truth.csv 存放的文件夹")
      ->required()
      ->type_name(english ? "FOLDER" : "文件夹");
  command->add_option("--people", options->setting.people, english ? "rows of each table (default 1000000)" : "每张表的人数（默认 1000000）")
      ->check(CLI::Range(1, 100'000'000))->type_name(english ? "N" : "人数");
  command->add_option("--strangers", options->setting.strangers, english ? "share of rows without a partner (default 0.3)" : "另一张表中没有的人所占比例（默认 0.3）")
      ->check(CLI::Range(0.0, 1.0))->type_name(english ? "SHARE" : "比例");
  command->add_option("--errors", options->errors, english ? "all error rates times this (default 1)" : "各类差错率同乘的倍数（默认 1）")
      ->check(CLI::Range(0.0, 20.0))->type_name(english ? "FACTOR" : "倍数");
  command->add_option("--seed", options->setting.seed, english ? "another number makes other people (default 1)" : "换一个数就换一批人（默认 1）")
      ->type_name(english ? "N" : "数");
  command->add_option("--areas", options->areas, english ? "villages to use: lines code,name" : "所用行政村：每行“代码,名称”")
      ->type_name(english ? "FILE" : "文件");
  command->callback([options, &common, &chosen] {
    chosen.run = [options, &common] {
      const auto pairs = write(*options, common);
      if (!pairs) return report(pairs.error(), common);
      if (common.json) {
        fmt::print("{{\"people\":{},\"pairs\":{}}}\n", options->setting.people, *pairs);
      } else if (common.language == base::Language::en) {
        fmt::print("{} rows in each table, {} pairs of the same person.\n", options->setting.people, *pairs);
      } else {
        fmt::print("两张表各 {} 行，其中 {} 对是同一个人。\n", options->setting.people, *pairs);
      }
      return Exit::done;
    };
  });
}

}  // namespace yihu::app

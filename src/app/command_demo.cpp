#include "app/command.h"
#include "app/demo.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

namespace yihu::app {
namespace {

struct DemoOptions {
  int other_people = DemoWish{}.other_people;
  std::string day;  ///< empty: the usual one
};

Exit make(const Common& common, const DemoOptions& options) {
  std::optional<base::Date> day;
  if (!options.day.empty()) {
    const auto read = base::parse_date(options.day);
    if (!read) return report(read.error(), common);
    day = *read;
  }
  const bool terminal = isatty(STDERR_FILENO) != 0;
  const DemoProgress progress = [&](const base::Text& what, std::int64_t done, std::int64_t total) {
    if (!terminal || (done % 25 != 0 && done != total)) return;
    std::fprintf(stderr, "\r\033[K%s %lld / %lld%s", what.in(common.language).c_str(), static_cast<long long>(done),
                 static_cast<long long>(total), done == total ? "\n" : "");
  };
  const auto demo = make_demo({.folder = common.data, .language = common.language, .other_people = options.other_people, .day = day}, progress, common.cancel);
  if (!demo) return report(demo.error(), common);
  if (common.json) {
    fmt::print("{{\"day\":\"{}\",\"accounts\":{},\"measures\":{},\"reports\":{},\"listed_people\":{},\"other_people\":{},\"ledger_rows\":{},\"planted\":{}}}\n",
               base::to_string(demo->day), demo->accounts.size(), demo->measures, demo->reports, demo->listed_people,
               demo->other_people, demo->ledger_rows, demo->planted);
    return Exit::done;
  }
  fmt::print("{}\n", base::text("演示数据已建好：{} 项措施，{} 份报送，{} 名建档立卡人口和 {} 名一般农户人口，演示日期 {}。账号见 {}。",
                                "The demo store is made: {} measures, {} reports, {} listed people and {} others; its day is {}. Accounts: {}.",
                                demo->measures, demo->reports, demo->listed_people, demo->other_people, base::to_string(demo->day),
                                (common.data / demo_accounts_file).string())
                         .in(common.language));
  return Exit::done;
}

}  // namespace

void add_demo_command(CLI::App& program, Common& common, Chosen& chosen) {
  CLI::App* command = program.add_subcommand(
      "demo", common.language == base::Language::en ? "make a made-up district to look at" : "建一份虚构的演示数据");
  const bool english = common.language == base::Language::en;
  auto options = std::make_shared<DemoOptions>();
  command->add_option("--people", options->other_people, english ? "about so many people beside the listed ones" : "建档立卡以外的人口，约数")
      ->check(CLI::Range(0, 2'000'000));
  command->add_option("--day", options->day, english ? "the day at which it stands, in the plan's year from 24 June on" : "演示停在哪一天，计划年度 6 月 24 日以后");
  command->callback([&common, &chosen, options] { chosen.run = [&common, options] { return make(common, *options); }; });
}

}  // namespace yihu::app

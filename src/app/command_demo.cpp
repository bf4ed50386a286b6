#include "app/command.h"
#include "app/demo.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace yihu::app {
namespace {

Exit make(const Common& common) {
  const bool terminal = isatty(STDERR_FILENO) != 0;
  const base::Progress progress = [&](std::int64_t done, std::int64_t total) {
    if (!terminal || (done % 25 != 0 && done != total)) return;
    std::fprintf(stderr, "\r%s %lld / %lld%s", common.language == base::Language::en ? "reports" : "报送", static_cast<long long>(done),
                 static_cast<long long>(total), done == total ? "\n" : "");
  };
  const auto demo = make_demo(common.data, common.language, progress, common.cancel);
  if (!demo) return report(demo.error(), common);
  if (common.json) {
    fmt::print("{{\"day\":\"{}\",\"accounts\":{},\"measures\":{},\"reports\":{}}}\n", base::to_string(demo->day),
               demo->accounts.size(), demo->measures, demo->reports);
    return Exit::done;
  }
  fmt::print("{}\n", base::text("演示数据已建好：{} 项措施，{} 份报送，演示日期 {}。账号见 {}。",
                                "The demo store is made: {} measures, {} reports; its day is {}. Accounts: {}.",
                                demo->measures, demo->reports, base::to_string(demo->day),
                                (common.data / demo_accounts_file).string())
                         .in(common.language));
  return Exit::done;
}

}  // namespace

void add_demo_command(CLI::App& program, Common& common, Chosen& chosen) {
  CLI::App* command = program.add_subcommand(
      "demo", common.language == base::Language::en ? "make a made-up district to look at" : "建一份虚构的演示数据");
  command->callback([&common, &chosen] { chosen.run = [&common] { return make(common); }; });
}

}  // namespace yihu::app

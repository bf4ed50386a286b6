#include "app/command.h"

#include <fmt/format.h>

namespace yihu::app {

void add_version_command(CLI::App& program, Common& common, Chosen& chosen) {
  CLI::App* command = program.add_subcommand("version", common.language == base::Language::en ? "print the version" : "显示版本");
  command->callback([&common, &chosen] {
    chosen.run = [&common] {
      if (common.json) {
        fmt::print("{{\"version\":\"{}\"}}\n", YIHU_VERSION);
      } else {
        fmt::print("yihu {}\n", YIHU_VERSION);
      }
      return Exit::done;
    };
  });
}

}  // namespace yihu::app

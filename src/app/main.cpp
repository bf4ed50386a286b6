// The one program. Commands stand in command_<noun>.cpp; this file chooses one and turns its end into an exit status.

#include "app/command.h"
#include "app/command_line.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace yihu::app {
namespace {

// A signal handler can reach nothing but a global; the switch it holds is the one every command is handed.
base::Cancel& interrupted() {
  static base::Cancel cancel;
  return cancel;
}

void ask_to_stop(int signal) {
  interrupted().ask();
  // A second Ctrl-C ends a command that does not listen.
  std::signal(signal, SIG_DFL);
}

/// YIHU_LANG wins over the terminal's language; the office's language is Chinese.
base::Language language_of_terminal() {
  const char* tag = std::getenv("YIHU_LANG");
  return tag == nullptr ? base::Language::zh : base::language_from(tag);
}

int run(int argc, char** argv) {
  Common common;
  common.language = language_of_terminal();
  common.cancel = interrupted();
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);
  std::signal(SIGPIPE, SIG_IGN);

  const bool english = common.language == base::Language::en;
  CLI::App program(english ? "Yihu: one household, one plan" : "一户：一户一策，一年到底", "yihu");
  speak(program, common.language);
  program.require_subcommand(1);
  program.fallthrough();
  program.add_option("--data", common.data, english ? "folder of the store (default ./data)" : "数据所在文件夹（默认 ./data）")
      ->type_name(english ? "FOLDER" : "文件夹");
  program.add_flag("--json", common.json, english ? "print results as JSON" : "以 JSON 输出结果");

  Chosen chosen;
  for (const AddCommand add : commands()) add(program, common, chosen);

  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = program.exit(error);
    return status == 0 ? static_cast<int>(Exit::done) : static_cast<int>(Exit::usage_wrong);
  }
  return static_cast<int>(chosen.run());
}

}  // namespace
}  // namespace yihu::app

int main(int argc, char** argv) {
  try {
    return yihu::app::run(argc, argv);
  } catch (const std::exception& error) {
    // The last backstop: whatever arrives here is our mistake.
    std::fprintf(stderr, "yihu: %s\n", error.what());
    return static_cast<int>(yihu::app::Exit::our_fault);
  }
}

#include "app/command_line.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihu::app {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 7> labels{{
    {"Usage", "用法"},
    {"OPTIONS", "选项"},
    {"SUBCOMMAND", "命令"},
    {"SUBCOMMANDS", "命令"},
    {"Positionals", "参数"},
    {"REQUIRED", "（必填）"},
    {"TEXT", "文字"},
}};

std::string chinese_usage_mistake(const CLI::App* program, const CLI::Error& error) {
  const std::string kind = error.get_name();
  // CLI11 names the option or word concerned at the head of its sentence, up to the first colon or blank.
  const std::string_view message = error.what();
  std::string sentence;
  if (kind == "RequiredError") {
    const bool command_missing = message.starts_with("A subcommand");
    const std::vector<std::string> unknown = program->remaining();
    sentence = command_missing && !unknown.empty() ? fmt::format("没有这个命令：{}。", unknown.front())
               : command_missing                   ? "没有写明要做什么。"
                                                   : fmt::format("缺少必填的参数：{}。", message.substr(0, message.find(' ')));
  } else if (kind == "ExtrasError") {
    const auto colon = message.find(": ");
    sentence = fmt::format("有不认识的参数：{}。", colon == message.npos ? message : message.substr(colon + 2));
  } else if (kind == "ConversionError" || kind == "ValidationError" || kind == "ArgumentMismatch") {
    sentence = fmt::format("参数 {} 的值不对。", message.substr(0, message.find_first_of(": ")));
  } else {
    sentence = fmt::format("命令写得不对：{}。", message);
  }
  std::string name = program->get_name();
  for (const CLI::App* chosen : program->get_subcommands()) name += ' ' + chosen->get_name();
  return fmt::format("{}请用 {} --help 查看用法。\n", sentence, name);
}

}  // namespace

void speak(CLI::App& program, base::Language language) {
  if (language == base::Language::en) return;
  for (const auto& [english, chinese] : labels) program.get_formatter()->label(english, chinese);
  // Options and subcommands take over the group's name from their parent.
  program.option_defaults()->group("选项");
  program.group("命令");
  program.set_help_flag("-h,--help", "显示用法")->group("选项");
  program.failure_message(chinese_usage_mistake);
}

}  // namespace yihu::app

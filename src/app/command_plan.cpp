// yihu plan read FILE: what a plan document says. Needs no store. Its siblings: command_plan_tracking.cpp.

#include "app/command.h"
#include "plan/reading/plan_document.h"
#include "sheet/document.h"

#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <string>

namespace yihu::app {
namespace {

struct ReadOptions {
  std::string file;
  std::string text_out;  ///< where the text that spans count in is written; empty for nowhere
};

base::Done write_text(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) {
    return base::fail(base::ErrorKind::input, "file_not_written", base::text("写不了文件 {}。", "Cannot write the file {}.", path),
                      base::text("请检查文件夹是否存在、是否可写、磁盘是否已满。", "Check that the folder exists and can be written, and that the disk is not full."));
  }
  return {};
}

base::Result<std::string> read(const ReadOptions& options, const Common& common) {
  const auto document = TRY(sheet::read_document(std::filesystem::path(options.file), common.cancel));
  if (!options.text_out.empty()) TRY(write_text(options.text_out, document.text));
  auto plan = plan::read_plan(document);
  if (!plan) {
    auto error = std::move(plan).error();
    error.place.file = options.file;
    return base::fail(std::move(error));
  }
  return common.json ? plan::json_from_plan(*plan, common.language) + "\n" : plan::outline_from_plan(*plan, common.language);
}

void add_read(CLI::App& plan, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  auto options = std::make_shared<ReadOptions>();
  CLI::App* command = plan.add_subcommand("read", english ? "show what a plan document says, with warnings" : "读出工作计划的内容和疑点");
  command->add_option("file", options->file, english ? "txt, md, docx, odt, html or pdf" : "txt、md、docx、odt、html 或 pdf 文件")
      ->required()
      ->type_name(english ? "FILE" : "文件");
  command->add_option("--text", options->text_out, english ? "also write the text that was read, in which spans count" : "另存读到的文字（各处位置按它计算）")
      ->type_name(english ? "FILE" : "文件");
  command->callback([options, &common, &chosen] {
    chosen.run = [options, &common] {
      const auto output = read(*options, common);
      if (!output) return report(output.error(), common);
      fmt::print("{}", *output);
      return Exit::done;
    };
  });
}

}  // namespace

void add_plan_command(CLI::App& program, Common& common, Chosen& chosen) {
  CLI::App* plan = program.add_subcommand("plan", common.language == base::Language::en ? "work plans" : "工作计划");
  plan->require_subcommand(1);
  add_read(*plan, common, chosen);
  add_plan_import(*plan, common, chosen);
  add_plan_diff(*plan, common, chosen);
}

}  // namespace yihu::app

#include "app/command.h"
#include "app/office.h"

#include <fmt/format.h>

#include <memory>

namespace yihu::app {
namespace {

struct Wanted {
  std::string pack = "meilan-2019";
  std::string store_url;
  std::string algorithms = "international";
};

Exit make(const Wanted& wanted, const Common& common) {
  const auto office = make_office({.folder = common.data,
                                   .settings = {.pack = wanted.pack, .store_url = wanted.store_url},
                                   .algorithms = wanted.algorithms == "national" ? store::Algorithms::national
                                                                                 : store::Algorithms::international});
  if (!office) return report(office.error(), common);
  fmt::print("{}\n", base::text("已建好：{}。下一步用 yihu user add 建第一个管理员。",
                                "Made: {}. Next, make the first administrator with yihu user add.", common.data.string())
                         .in(common.language));
  return Exit::done;
}

}  // namespace

void add_init_command(CLI::App& program, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  CLI::App* command = program.add_subcommand("init", english ? "make an office's data folder" : "建一个办公室的数据文件夹");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("--pack", wanted->pack, english ? "uppermost pack (default meilan-2019)" : "最上层政策包（默认 meilan-2019）")
      ->type_name(english ? "ID" : "编号");
  command->add_option("--store", wanted->store_url, english ? "postgresql://… instead of SQLite in the folder" : "改用 PostgreSQL：postgresql://…")
      ->type_name(english ? "ADDRESS" : "地址");
  command->add_option("--algorithms", wanted->algorithms, english ? "international, or national (SM3, SM4)" : "international，或 national（国密 SM3、SM4）")
      ->check(CLI::IsMember({"international", "national"}))
      ->type_name(english ? "KIND" : "种类");
  command->callback([&common, &chosen, wanted] { chosen.run = [&common, wanted] { return make(*wanted, common); }; });
}

}  // namespace yihu::app

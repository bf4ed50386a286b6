#include "app/command.h"
#include "ledger/vocabulary.h"
#include "pack/pack.h"
#include "registry/outside_codes.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace yihu::app {
namespace {

struct Count {
  const char* key;
  base::Text what;
  std::size_t number;
};

std::vector<Count> counts_of(const pack::Pack& pack) {
  const auto unverified = static_cast<std::size_t>(
      std::ranges::count_if(pack.groups, [](const pack::Group& group) { return group.unverified; }));
  const auto rules_unverified = static_cast<std::size_t>(
      std::ranges::count_if(pack.rules, [](const pack::Rule& rule) { return rule.source.unverified; }));
  const auto parameters_unverified = static_cast<std::size_t>(
      std::ranges::count_if(pack.parameters, [](const pack::Parameter& parameter) { return !parameter.verified(); }));
  std::size_t measures = 0;
  for (const pack::PlanFacts& plan : pack.plans) {
    for (const pack::PartFact& part : plan.parts) {
      for (const pack::TaskFact& task : part.tasks) measures += task.measures.size();
    }
  }
  return {{"roles", {"角色", "roles"}, pack.roles.size()},
          {"units", {"单位", "units"}, pack.units.size()},
          {"groups", {"单位组", "groups of units"}, pack.groups.size()},
          {"groups_unverified", {"其中成员未核实", "of them with unverified members"}, unverified},
          {"plans", {"工作要点", "plans"}, pack.plans.size()},
          {"measures", {"措施", "measures"}, measures},
          {"codes", {"取值表", "lists of codes"}, pack.codes.size()},
          {"ledgers", {"台账", "ledgers"}, pack.ledgers.size()},
          {"facts", {"事实", "facts"}, pack.facts.size()},
          {"rules", {"规则", "rules"}, pack.rules.size()},
          {"rules_unverified", {"其中出处未核实", "of them with an unverified source"}, rules_unverified},
          {"lights", {"保障灯", "lights"}, pack.lights.size()},
          {"indicators", {"指标", "indicators"}, pack.indicators.size()},
          {"goals", {"目标", "goals"}, pack.goals.size()},
          {"parameters", {"参数", "parameters"}, pack.parameters.size()},
          {"parameters_unverified", {"其中数值未核实", "of them with an unverified value"}, parameters_unverified}};
}

void print(const pack::Pack& pack, const Common& common) {
  if (common.json) {
    boost::json::array layers;
    for (const pack::Layer& layer : pack.layers) {
      layers.push_back(boost::json::object{{"id", layer.id}, {"title", layer.title.in(common.language)}, {"version", layer.version}});
    }
    boost::json::object out{{"layers", std::move(layers)}};
    for (const Count& count : counts_of(pack)) out[count.key] = count.number;
    boost::json::array warnings;
    for (const base::Error& warning : pack.warnings) warnings.push_back(boost::json::value(base::describe(warning, common.language)));
    out["warnings"] = std::move(warnings);
    fmt::print("{}\n", boost::json::serialize(out));
    return;
  }
  std::string layers;
  for (const pack::Layer& layer : pack.layers) layers += (layers.empty() ? "" : " < ") + layer.id;
  for (const base::Error& warning : pack.warnings) {
    fmt::print("{}", base::text("提示 {}\n", "Note: {}\n", base::describe(warning, common.language)).in(common.language));
  }
  const base::Text whole = base::text("政策包没有错误：{}", "The pack is in order: {}", layers);
  fmt::print("{}\n", whole.in(common.language));
  for (const Count& count : counts_of(pack)) fmt::print("{:>6}  {}\n", count.number, count.what.in(common.language));
}

}  // namespace

void add_pack_command(CLI::App& program, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  CLI::App* command = program.add_subcommand("pack", english ? "packs: policy as text" : "政策包");
  command->require_subcommand(1);
  CLI::App* check = command->add_subcommand("check", english ? "report every mistake in a pack" : "检查政策包，列出全部错误");
  const auto folder = std::make_shared<std::filesystem::path>();
  check->add_option("dir", *folder, english ? "the pack's folder" : "政策包所在文件夹")
      ->required()
      ->type_name(english ? "FOLDER" : "文件夹");
  check->callback([&common, &chosen, folder] {
    chosen.run = [&common, folder] {
      const auto pack = pack::load(*folder, ledger::vocabulary());
      if (!pack) return report(pack.error(), common);
      if (const auto known = registry::check_code_maps(*pack); !known) return report(known.error(), common);
      print(*pack, common);
      return Exit::done;
    };
  });
}

}  // namespace yihu::app

// yihu screen, explain, whatif: the rules over everybody, one answer in full, and what would follow from a change.

#include "app/command.h"
#include "app/office.h"
#include "app/screening.h"
#include "http/json_from.h"
#include "screen/explanation.h"
#include "screen/finding_list.h"
#include "screen/what_if.h"
#include "screen/wording.h"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace yihu::app {
namespace {

struct ScreenOptions {
  std::string engine;
  std::string as_of;
};

struct RuleLine {
  std::string rule;
  base::Text label;
  std::int64_t well = 0;
  std::int64_t found = 0;
  std::int64_t unknown = 0;
};
BOOST_DESCRIBE_STRUCT(RuleLine, (), (rule, label, well, found, unknown))

struct ScreenAnswer {
  base::Date as_of;
  std::string engine;
  std::int64_t households = 0;
  std::int64_t people = 0;
  std::int64_t villages = 0;
  bool written = false;
  int opened = 0;
  int closed = 0;
  int unknown = 0;
  std::vector<RuleLine> rules;
};
BOOST_DESCRIBE_STRUCT(ScreenAnswer, (), (as_of, engine, households, people, villages, written, opened, closed, unknown, rules))

access::Viewer everything() {
  access::Viewer viewer = access::Viewer::system("command");
  viewer.scope.district = true;
  return viewer;
}

base::Result<screen::SweepOptions> sweep_options(const ScreenOptions& wanted, base::Date today, const Common& common) {
  screen::SweepOptions out;
  out.today = today;
  if (!wanted.as_of.empty()) out.today = TRY(base::parse_date(wanted.as_of));
  out.engine = wanted.engine == "live" ? screen::SweepEngine::live
               : wanted.engine == "duckdb" ? screen::SweepEngine::duckdb : sweep_engine();
  out.watch.cancel = common.cancel;
  if (isatty(STDERR_FILENO) != 0) {
    out.watch.progress = [](std::int64_t done, std::int64_t total) { fmt::print(stderr, "\r{:3} % ", 100 * done / total); };
  }
  return out;
}

std::vector<RuleLine> rule_lines(const screen::RuleBook& book, const screen::SweepResult& result) {
  std::vector<RuleLine> out;
  for (std::size_t rule = 0; rule < book.rules().size(); ++rule) {
    const auto counts = result.total(rule);
    RuleLine line{book.at(rule).id(), book.at(rule).rule->label};
    for (int at = 0; at < screen::outcomes; ++at) {
      const auto outcome = static_cast<screen::Outcome>(at);
      const std::int64_t subjects = counts[static_cast<std::size_t>(at)];
      if (screen::is_finding(outcome)) line.found += subjects;
      else if (outcome == screen::Outcome::unknown) line.unknown += subjects;
      else if (outcome != screen::Outcome::not_applicable && outcome != screen::Outcome::not_entitled) line.well += subjects;
    }
    out.push_back(std::move(line));
  }
  return out;
}

std::string text_from(const ScreenAnswer& answer, base::Language language) {
  std::string out = base::text("截至 {}：{} 户、{} 人、{} 个村，{} 条规则。\n", "As of {}: {} households, {} people, {} villages, {} rules.\n",
                               base::to_string(answer.as_of), answer.households, answer.people, answer.villages, answer.rules.size()).in(language);
  for (const RuleLine& line : answer.rules) {
    out += fmt::format("{:>8} {:>8} {:>8}  {}  {}\n", line.found, line.unknown, line.well, line.rule, line.label.in(language));
  }
  out += base::text("各列依次为：发现问题、情况不明、正常。\n", "Columns: found, not yet known, well.\n").in(language);
  if (answer.written) {
    out += base::text("新开线索 {} 条，消除 {} 条，转为不明 {} 条。\n", "Findings opened {}, closed {}, gone unknown {}.\n", answer.opened,
                      answer.closed, answer.unknown).in(language);
  }
  return out;
}

/// Today's findings are written; those of another day are only shown.
base::Result<std::string> screen_everybody(const ScreenOptions& wanted, const Common& common) {
  Office office = TRY(open_office(common.data, wanted.as_of.empty() ? OpenFor::writing : OpenFor::looking));
  const screen::RuleBook& book = *office.rules;
  const auto options = TRY(sweep_options(wanted, office.clock->today(), common));
  ScreenAnswer out;
  out.as_of = options.today;
  out.engine = options.engine == screen::SweepEngine::duckdb ? "duckdb" : "live";
  screen::SweepReport report;
  if (wanted.as_of.empty()) {
    report = TRY(screen::sweep_and_apply(*office.store, book, screen::all_rules(book), options));
    out.written = true;
  } else {
    TRY(office.store->read([&](store::Session& session) -> base::Done {
      report.result = TRY(screen::sweep(session, book, screen::all_rules(book), options));
      return {};
    }));
  }
  std::tie(out.households, out.people, out.villages) = std::tuple(report.result.subjects[0], report.result.subjects[1], report.result.subjects[2]);
  std::tie(out.opened, out.closed, out.unknown) = std::tuple(report.changes.opened, report.changes.closed, report.changes.unknown);
  out.rules = rule_lines(book, report.result);
  if (options.watch.progress) fmt::print(stderr, "\r");
  return common.json ? boost::json::serialize(http::json_from(out, common.language)) + "\n" : text_from(out, common.language);
}

base::Result<std::string> explain(const std::string& rule, const std::string& subject, const Common& common) {
  Office office = TRY(open_office(common.data, OpenFor::looking));
  std::string out;
  TRY(office.store->read([&](store::Session& session) -> base::Done {
    const auto explanation = TRY(screen::explain(session, *office.rules, office.store->secrets(), everything(), rule, subject, office.clock->today()));
    out = common.json ? boost::json::serialize(http::json_from(explanation, common.language)) + "\n"
                      : screen::text_from_explanation(explanation, common.language);
    return {};
  }));
  return out;
}

struct WhatIfOptions {
  std::vector<std::string> figures;     ///< NAME=VALUE
  std::vector<std::string> conditions;  ///< RULE:CONDITION=TEXT
};

base::Result<screen::Draft> draft_from(const WhatIfOptions& wanted) {
  screen::Draft out;
  const auto wrong = [](const std::string& text) {
    return base::fail(base::ErrorKind::input, "draft_unreadable", base::text("看不懂“{}”。", "\"{}\" cannot be read.", text),
                      base::text("写成 参数=值，或 规则:条件=表达式。", "Write PARAMETER=VALUE, or RULE:CONDITION=EXPRESSION."));
  };
  for (const std::string& text : wanted.figures) {
    const auto equals = text.find('=');
    if (equals == text.npos) return wrong(text);
    out.figures.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  for (const std::string& text : wanted.conditions) {
    const auto colon = text.find(':');
    const auto equals = colon == text.npos ? colon : text.find('=', colon);
    if (equals == text.npos) return wrong(text);
    out.conditions.push_back({text.substr(0, colon), text.substr(colon + 1, equals - colon - 1), text.substr(equals + 1)});
  }
  return out;
}

std::string text_from(const screen::WhatIf& what_if, base::Language language) {
  if (what_if.rules.empty()) return base::text("没有规则因此变化。\n", "No rule changes.\n").in(language);
  std::string out;
  const auto line = [&](const screen::Movement& movement, const std::string& name) {
    out += base::text("  {}：{} → {}（进 {}，出 {}；进 {} 户，出 {} 户）", "  {}: {} -> {} (joining {}, leaving {}; households {} in, {} out)", name,
                      movement.before, movement.after, movement.joining, movement.leaving, movement.households_joining,
                      movement.households_leaving).in(language);
    if (movement.cost_before_fen != 0 || movement.cost_after_fen != 0) {
      const std::string before = screen::yuan_text(movement.cost_before_fen);
      const std::string after = screen::yuan_text(movement.cost_after_fen);
      out += base::text("，每年 {} → {} 元", ", yearly {} -> {} yuan", before, after).in(language);
    }
    out += "\n";
  };
  for (const screen::RuleMovement& rule : what_if.rules) {
    out += fmt::format("{}  {}\n", rule.rule.id, rule.rule.label.in(language));
    line(rule.total, base::text("合计", "altogether").in(language));
    for (const screen::Movement& town : rule.towns) line(town, town.town_name.in(language));
  }
  return out;
}

base::Result<std::string> what_if(const WhatIfOptions& wanted, const Common& common) {
  const screen::Draft draft = TRY(draft_from(wanted));
  Office office = TRY(open_office(common.data, OpenFor::looking));
  const auto options = TRY(sweep_options({"duckdb", ""}, office.clock->today(), common));
  std::string out;
  TRY(office.store->read([&](store::Session& session) -> base::Done {
    const auto answer = TRY(screen::what_if(session, *office.rules, everything(), draft, options));
    out = common.json ? boost::json::serialize(http::json_from(answer, common.language)) + "\n" : text_from(answer, common.language);
    return {};
  }));
  return out;
}

template <class Work>
void runs(CLI::App* command, Common& common, Chosen& chosen, Work work) {
  command->callback([work, &common, &chosen] {
    chosen.run = [work, &common] {
      const base::Result<std::string> output = work();
      if (!output) return report(output.error(), common);
      fmt::print("{}", *output);
      return Exit::done;
    };
  });
}

void add_screen(CLI::App& program, Common& common, Chosen& chosen, bool english) {
  CLI::App* screen = program.add_subcommand("screen", english ? "all rules for everybody" : "用全部规则筛查所有人");
  const auto options = std::make_shared<ScreenOptions>();
  screen->add_option("--engine", options->engine, english ? "duckdb (default) or live: the store itself" : "duckdb（默认）或 live（数据库本身）")
      ->check(CLI::IsMember({"duckdb", "live"}))
      ->type_name(english ? "ENGINE" : "引擎");
  screen->add_option("--as-of", options->as_of, english ? "the day that counts as today; nothing is written" : "以这一天为今天，只看不写")
      ->type_name(english ? "DAY" : "日期");
  runs(screen, common, chosen, [options, &common] { return screen_everybody(*options, common); });
}

}  // namespace

void add_screen_commands(CLI::App& program, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  add_screen(program, common, chosen, english);

  CLI::App* explained = program.add_subcommand("explain", english ? "why a rule says what it says of somebody" : "说明一条规则对某户、某人的判定依据");
  const auto rule = std::make_shared<std::string>();
  const auto subject = std::make_shared<std::string>();
  explained->add_option("rule", *rule, english ? "id of the rule" : "规则编号")->required()->type_name(english ? "RULE" : "规则");
  explained->add_option("subject", *subject, english ? "id of a household, person or village" : "户、人或村的编号")->required()->type_name(english ? "SUBJECT" : "对象");
  runs(explained, common, chosen, [rule, subject, &common] { return explain(*rule, *subject, common); });

  CLI::App* tried = program.add_subcommand("whatif", english ? "who would join and leave each list, and at what cost" : "政策试算：谁进谁出、每年花多少钱");
  const auto draft = std::make_shared<WhatIfOptions>();
  tried->add_option("--set", draft->figures, english ? "PARAMETER=VALUE, as the pack writes it" : "参数=值，写法同政策包")->type_name(english ? "FIGURE" : "标准");
  tried->add_option("--rule", draft->conditions, english ? "RULE:CONDITION=EXPRESSION" : "规则:条件=表达式")->type_name(english ? "CONDITION" : "条件");
  runs(tried, common, chosen, [draft, &common] { return what_if(*draft, common); });
}

}  // namespace yihu::app

// The policy of the program's own packs: that it is whole, that it keeps to its own rules, and that docs/pack-rules.md
// tells it as it is.

#include "base/utf8.h"
#include "pack_vocabulary.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace yihu {
namespace {

const pack::Pack& district() {
  static const auto loaded = pack::load("packs/meilan-2019", vocabulary);
  EXPECT_TRUE(loaded) << base::describe(loaded.error(), base::Language::en);
  return *loaded;
}

/// The articles whose ledgers and rules are there; the others follow.
const std::map<int, std::string> rows = {{8, "S08"},  {9, "S09"},  {10, "S10"}, {11, "S11"}, {12, "S12"}, {13, "S13"},
                                         {16, "S16"}, {17, "S17"}, {18, "S18"}, {19, "S19"}, {33, "S33"}};

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

TEST(Policy, EveryArticleHasLedgersRulesAndIndicators) {
  for (const auto& [article, row] : rows) {
    const auto of_article = [&](const auto& one) { return one.article == article; };
    EXPECT_GE(std::ranges::count_if(district().ledgers, of_article), 1) << row;
    EXPECT_GE(std::ranges::count_if(district().rules, of_article), 3) << row;
    EXPECT_GE(std::ranges::count_if(district().indicators, of_article), 2) << row;
  }
  EXPECT_GE(std::ranges::count(district().rules, pack::RuleKind::consistency, &pack::Rule::kind), 60);
  std::set<std::string> lights;
  for (const pack::Light& light : district().lights) lights.insert(light.id);
  EXPECT_EQ(lights, (std::set<std::string>{"food", "clothing", "schooling", "health", "housing", "water"}));
  EXPECT_EQ(district().warnings.size(), 0U) << district().warnings.front().text.en;
}

TEST(Policy, EveryMeasureOfTheseArticlesIsComputed) {
  // Meetings and rounds are occurrences of the plan; money and funds come with the fund ledgers.
  const std::set<std::pair<int, int>> elsewhere = {{12, 1}, {12, 4}, {16, 8}, {18, 6}};
  std::set<std::pair<int, int>> fed;
  for (const pack::Indicator& one : district().indicators) {
    if (one.measure) fed.insert({one.measure->task, one.measure->measure});
  }
  std::vector<std::string> bare;
  for (const pack::PartFact& part : district().plans.at(0).parts) {
    for (const pack::TaskFact& task : part.tasks) {
      if (!rows.contains(task.no)) continue;
      for (const pack::MeasureFact& measure : task.measures) {
        const std::pair<int, int> name{task.no, measure.no};
        if (!fed.contains(name) && !elsewhere.contains(name)) bare.push_back(fmt::format("{}.{}", task.no, measure.no));
      }
    }
  }
  EXPECT_EQ(joined(bare), "");
}

TEST(Policy, NothingReadsARatingToDecideOnAid) {
  std::vector<std::string> offences;
  for (const pack::Rule& rule : district().rules) {
    for (const auto& [key, expression] : rule.expressions()) {
      if (expression->text.contains("rating")) offences.push_back(rule.id);
    }
  }
  for (const pack::Fact& fact : district().facts) {
    if (fact.expression.text.contains("rating")) offences.push_back(fact.id);
  }
  EXPECT_EQ(joined(offences), "");
}

TEST(Policy, EveryFigureAndRuleHasASource) {
  std::vector<std::string> bare;
  for (const pack::Parameter& parameter : district().parameters) {
    for (const pack::ParameterValue& value : parameter.values) {
      if (value.source.document.empty()) bare.push_back(parameter.id);
      if (value.verified == value.source.unverified) bare.push_back(parameter.id + " is neither verified nor marked");
    }
  }
  for (const pack::Rule& rule : district().rules) {
    if (rule.source.document.empty()) bare.push_back(rule.id);
    // Whoever is asked to act must be told what would do.
    if (rule.mend.empty()) bare.push_back(rule.id + " does not say what clears it");
  }
  EXPECT_EQ(joined(bare), "");
}

TEST(Policy, EachLanguageIsItsOwn) {
  std::vector<std::string> mixed;
  const auto look = [&](const std::string& id, const base::Text& text) {
    const auto chinese = [](char32_t c) { return c >= 0x3400 && c <= 0x9fff; };
    if (std::ranges::any_of(base::code_points(text.en), chinese)) mixed.push_back(id + ": " + text.en);
    if (!text.zh.empty() && std::ranges::none_of(base::code_points(text.zh), chinese)) mixed.push_back(id + ": " + text.zh);
    if (text.zh.contains(',') || text.zh.contains(';')) mixed.push_back(id + ": " + text.zh);
  };
  for (const pack::Rule& rule : district().rules) {
    for (const base::Text& text : {rule.label, rule.say, rule.plain, rule.mend}) look(rule.id, text);
  }
  for (const pack::Ledger& ledger : district().ledgers) {
    look(ledger.id, ledger.label);
    for (const pack::Column& column : ledger.columns) look(ledger.id + "." + column.id, column.label);
  }
  for (const pack::Indicator& one : district().indicators) look(one.id, one.label);
  EXPECT_EQ(joined(mixed), "");
}

std::string table_of(int article, const std::string& title) {
  std::string out = "\n## " + title + "\n| rule | kind | about | what | source |\n| --- | --- | --- | --- | --- |\n";
  for (const pack::Rule& rule : district().rules) {
    if (rule.article != article) continue;
    std::string source = rule.source.document;
    if (rule.source.article > 0) source += fmt::format(" {}", rule.source.article);
    if (!rule.source.item.empty()) source += "." + rule.source.item;
    if (rule.source.unverified) source += " (unverified)";
    out += fmt::format("| `{}` | {} | {} | {} {} | {} |\n", rule.id, pack::name_of(rule.kind), pack::name_of(rule.subject),
                       rule.label.zh, rule.label.en, source);
  }
  return out;
}

TEST(Policy, IsListedInTheDocuments) {
  std::string expected =
      "# Rules of the program's packs\n\n"
      "By article of the 2019 plan, with the row of the requirements; the last part has the contradictions in the record.\n";
  for (const auto& [article, row] : rows) {
    const auto title = std::ranges::find(district().articles, article, &pack::Article::number);
    ASSERT_NE(title, district().articles.end()) << row;
    expected += table_of(article, fmt::format("{} {} {}", row, title->title.zh, title->title.en));
  }
  expected += table_of(0, "记录矛盾 Contradictions");
  std::ifstream file("docs/pack-rules.md");
  std::stringstream there;
  there << file.rdbuf();
  if (there.str() != expected) std::ofstream("build/pack-rules.md") << expected;
  EXPECT_TRUE(there.str() == expected) << "what it should be stands in build/pack-rules.md";
}

}  // namespace
}  // namespace yihu

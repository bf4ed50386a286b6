// The demo district: its register is the plan's to the last person, and screening finds the problems that were planted
// in it, all of them and no others.

#include "app/demo.h"
#include "store/file_text.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace yihu::app {
namespace {

namespace json = boost::json;

using Broken = std::pair<std::string, std::string>;  ///< rule, subject

class DemoTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string pattern = (std::filesystem::temp_directory_path() / "yihu-demo-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    auto made = make_demo({.folder = folder / "data", .other_people = 300}, {}, {});
    if (!made) throw std::runtime_error(base::describe(made.error(), base::Language::en));
    demo = *made;
    office = *open_office(folder / "data", OpenFor::looking);
  }
  static void TearDownTestSuite() {
    office.reset();
    std::filesystem::remove_all(folder);
  }

  static std::vector<std::vector<std::string>> rows(store::Sql sql) {
    std::vector<std::vector<std::string>> out;
    const auto read = office->store->read([&](store::Session& session) -> base::Done {
      for (const store::Row& row : TRY(session.query(sql))) {
        std::vector<std::string> cells;
        for (std::size_t at = 0; at < row.size(); ++at) cells.push_back(row.text(at));
        out.push_back(std::move(cells));
      }
      return {};
    });
    EXPECT_TRUE(read);
    return out;
  }

  static inline std::filesystem::path folder;
  static inline Demo demo;
  static inline std::optional<Office> office;
};

TEST_F(DemoTest, TheTwoCohortsAreThePlansToTheLastPerson) {
  const auto found = rows(
      "SELECT h.status, CAST(count(DISTINCT h.id) AS text), CAST(count(p.id) AS text) FROM household h "
      "JOIN person p ON p.household = h.id AND p.present = 1 WHERE h.status <> 'general' GROUP BY h.status ORDER BY h.status");
  const std::vector<std::vector<std::string>> planned = {{"exited_supported", "320", "1206"}, {"poor", "40", "131"}};
  EXPECT_EQ(found, planned);
  EXPECT_EQ(demo.listed_people, 1337);
}

TEST_F(DemoTest, ScreeningFindsWhatWasPlantedAndNothingElse) {
  const auto text = store::read_whole(folder / "data" / demo_truth_file);
  ASSERT_TRUE(text);
  std::set<Broken> planted;
  std::set<Broken> allowed;  ///< rule and household
  const json::value truth = json::parse(*text);
  for (const json::value& one : truth.as_array()) {
    const auto word = [&](const char* name) { return std::string(one.at(name).as_string()); };
    planted.insert({word("rule"), word("subject")});
    for (const json::value& rule : one.at("also").as_array()) allowed.insert({std::string(rule.as_string()), word("household")});
  }
  EXPECT_GE(planted.size(), 250U);

  std::set<Broken> found;
  std::set<Broken> unplanted;
  for (const auto& row : rows("SELECT rule, subject, household FROM finding WHERE closed_at IS NULL")) {
    const Broken broken{row[0], row[1]};
    found.insert(broken);
    if (!planted.contains(broken) && !allowed.contains({row[0], row[2]})) unplanted.insert(broken);
  }
  EXPECT_EQ(unplanted, std::set<Broken>{});
  std::set<Broken> missed;
  std::ranges::set_difference(planted, found, std::inserter(missed, missed.end()));
  EXPECT_EQ(missed, std::set<Broken>{});
}

TEST_F(DemoTest, EveryProblemFoundSomebodyToBePlantedOn) { EXPECT_EQ(demo.unplanted, std::vector<std::string>{}); }

TEST_F(DemoTest, TheTruthIsForTheOwnerOfTheFolderAlone) {
  struct stat about {};
  ASSERT_EQ(::stat((folder / "data" / demo_truth_file).c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

}  // namespace
}  // namespace yihu::app

#include "link/csv.h"
#include "link/explanation.h"
#include "link/link.h"
#include "link/output.h"
#include "link/truth.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <regex>
#include <sstream>

namespace yihu {
namespace {

namespace fs = std::filesystem;
using link::Level;

std::unique_ptr<link::CsvSource> csv(const std::string& name, const std::string& text) {
  auto source = link::CsvSource::from_text(name, text, 2);
  EXPECT_TRUE(source) << (source ? "" : source.error().text.en);
  return source ? std::move(*source) : nullptr;
}

std::unique_ptr<link::Linkage> linked(const link::Source& left, const link::Source* right, link::Settings settings) {
  auto linkage = link::Linkage::prepare(left, right, std::move(settings));
  EXPECT_TRUE(linkage) << (linkage ? "" : base::describe(linkage.error(), base::Language::en));
  if (!linkage) return nullptr;
  const auto run = (*linkage)->run();
  EXPECT_TRUE(run);
  return std::move(*linkage);
}

// ---- the slow reference: plain tables for distances, weights added one by one, nothing packed or remembered

int slow_edits(const std::u32string& a, const std::u32string& b) {
  std::vector<std::vector<int>> table(a.size() + 1, std::vector<int>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        table[i][j] = static_cast<int>(i + j);
        continue;
      }
      table[i][j] = std::min({table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
    }
  }
  return table[a.size()][b.size()];
}

TEST(LinkEdits, AreThoseOfTheSlowTable) {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    const auto text = [&] {
      std::u32string made;
      for (auto left = random() % 64; left > 0; left -= std::min<unsigned long>(left, 1 + random() % 9)) made += U"ab张c伟章de明"[random() % 9];
      return made;
    };
    const std::u32string a = text();
    std::u32string b = random() % 3 == 0 ? text() : a;
    for (auto slips = random() % 4; slips > 0 && b.size() > 1; --slips) std::swap(b[random() % (b.size() - 1)], b[random() % b.size()]);
    ASSERT_EQ(link::edits(a, b), slow_edits(a, b));
  }
}

/// A cell's level, from the cells themselves.
Level slow_level(const link::Field& field, const std::string& a, const std::string& b) {
  std::string scratch_a, scratch_b;
  const std::string one(*link::cleaned(field.kind, a, scratch_a)), other(*link::cleaned(field.kind, b, scratch_b));
  if (one.empty() || other.empty()) return Level::missing;
  if (one == other) return Level::equal;
  if (field.kind == link::Kind::id_number) {
    const link::Code x = link::id_code(a), y = link::id_code(b);
    if (x != 0 && y != 0) return x == y ? Level::equal : link::level_of_ids(x, y);
  }
  if (field.kind == link::Kind::date) {
    const std::uint32_t x = link::date_code(a, false), y = link::date_code(b, false);
    if (x != 0 && y != 0) return x == y ? Level::equal : link::level_of_dates(x, y);
  }
  if (field.kind == link::Kind::sex || field.kind == link::Kind::category) return Level::differs;
  return link::level_of_texts(field.kind, one, other);
}

using Rows = std::vector<std::vector<std::string>>;

Rows random_people(std::size_t count, unsigned seed, const Rows* known) {
  std::mt19937 random(seed);
  Rows rows = {{"key", "name", "sex", "id", "birth", "village"}};
  static const char* names[] = {"张伟", "章伟", "张维", "李秀英", "李秀瑛", "李英秀", "欧阳娜", "王芳", "Zhang Wei", "王 芳", "买买提·艾力", "买买提艾力"};
  for (std::size_t i = 0; i < count; ++i) {
    if (known != nullptr && random() % 3 != 0) {
      std::vector<std::string> row = (*known)[1 + random() % (known->size() - 1)];
      row[0] = "b" + std::to_string(i);
      if (random() % 4 == 0) row[1] = names[random() % std::size(names)];
      if (random() % 6 == 0 && !row[3].empty()) row[3][random() % row[3].size()] = static_cast<char>('0' + random() % 10);
      if (random() % 6 == 0) row[4].clear();
      rows.push_back(row);
      continue;
    }
    const int year = 1950 + static_cast<int>(random() % 60), month = 1 + static_cast<int>(random() % 12), day = 1 + static_cast<int>(random() % 28);
    std::string birth = fmt::format("{}-{:02}-{:02}", year, month, day);
    const std::string id = random() % 8 == 0 ? "" : fmt::format("460000{}{:02}{:02}{:03}X", year, month, day, random() % 1000);
    rows.push_back({(known == nullptr ? "a" : "b") + std::to_string(i), names[random() % std::size(names)], random() % 2 == 0 ? "男" : "女", id, birth, "4601081002" + std::to_string(10 + random() % 40)});
  }
  return rows;
}

class LinkScores : public testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(Seeds, LinkScores, testing::Values(1U, 21U, 31U, 41U, 51U));

TEST_P(LinkScores, AreThoseOfTheSlowReferenceToTheLastBit) {
  const Rows left_rows = random_people(700, GetParam(), nullptr), right_rows = random_people(700, GetParam() + 1, &left_rows);
  const auto left = link::TableSource::from("a", left_rows), right = link::TableSource::from("b", right_rows);
  ASSERT_TRUE(left && right);
  const auto linkage = linked(*left, &*right, {.key_left = "key", .key_right = "key"});
  ASSERT_TRUE(linkage);
  ASSERT_GT(linkage->candidates().size(), 300U);
  const link::Spec& spec = linkage->spec();
  for (const link::Candidate& pair : linkage->candidates()) {
    std::int64_t score = 0;
    for (std::size_t field = 0; field < spec.fields.size(); ++field) {
      const auto column = static_cast<std::size_t>(std::find(left_rows[0].begin(), left_rows[0].end(), spec.fields[field].left) - left_rows[0].begin());
      std::string a = left_rows[pair.left + 1][column], b = right_rows[pair.right + 1][column];
      if (!spec.fields[field].left_else.empty()) {
        // A missing birth date is read from the ID number.
        const auto birth = [](const std::string& id) { return link::birth_of_id(link::id_code(id)); };
        if (spec.fields[field].kind == link::Kind::date && a.empty() && birth(left_rows[pair.left + 1][3]) != 0) a = std::to_string(birth(left_rows[pair.left + 1][3]));
        if (spec.fields[field].kind == link::Kind::date && b.empty() && birth(right_rows[pair.right + 1][3]) != 0) b = std::to_string(birth(right_rows[pair.right + 1][3]));
      }
      const Level level = slow_level(spec.fields[field], a, b);
      ASSERT_EQ(level, link::level_in(pair.pattern, field)) << spec.fields[field].name << ": " << a << " / " << b;
      if (level == Level::missing) continue;
      const link::FieldModel& trained = linkage->model().fields[field];
      const auto bits = [](double m, double u) { return std::lround(10'000 * std::log2(std::max(m, 1e-9) / std::max(u, 1e-12))); };
      const auto at = static_cast<std::size_t>(level);
      if (level == Level::equal && spec.fields[field].frequency) {
        const link::Code code = link::code_in(linkage->layout().slots[field], linkage->left().row(pair.left));
        const double count = linkage->frequencies().count(field, code);
        score += bits(trained.m[at], std::max(1.0, count - 1) / static_cast<double>(linkage->frequencies().known(field)));
      } else {
        score += bits(trained.m[at], trained.u[at]);
      }
    }
    ASSERT_EQ(score, pair.score);
  }
}

TEST(LinkResults, AreTheSameInEveryRun) {
  const Rows left_rows = random_people(900, 3, nullptr), right_rows = random_people(900, 4, &left_rows);
  const auto left = link::TableSource::from("a", left_rows), right = link::TableSource::from("b", right_rows);
  std::vector<std::int64_t> before;
  for (const unsigned threads : {1U, 2U, 5U}) {
    const auto linkage = linked(*left, &*right, {.key_left = "key", .key_right = "key", .threads = threads, .memory_max = threads == 5 ? 1U : 1U << 30});
    ASSERT_TRUE(linkage);
    std::vector<std::int64_t> now;
    for (const link::Candidate& pair : linkage->links()) now.insert(now.end(), {pair.left, pair.right, pair.score});
    EXPECT_TRUE(before.empty() || before == now) << threads;
    before = now;
  }
}

// ---- data with truth

std::string truth_number(const std::string& key) {
  std::smatch match;
  return std::regex_search(key, match, std::regex("rec-(\\d+)")) ? match[1].str() : key;
}

link::KeyPairs febrl_truth(const link::Linkage& linkage) {
  std::multimap<std::string, std::string> right;
  link::KeyPairs pairs;
  for (std::size_t row = 0; row < linkage.right().size; ++row) right.emplace(truth_number(std::string(linkage.right().key(row))), linkage.right().key(row));
  for (std::size_t row = 0; row < linkage.left().size; ++row) {
    const std::string key(linkage.left().key(row));
    const auto [begin, end] = right.equal_range(truth_number(key));
    for (auto at = begin; at != end; ++at) {
      if (!linkage.within() || key < at->second) pairs.emplace_back(key, at->second);
    }
  }
  return pairs;
}

class LinkFebrl : public testing::TestWithParam<std::tuple<const char*, const char*, double>> {};

TEST_P(LinkFebrl, IsLinkedWithoutASpec) {
  const auto& [left_name, right_name, f1_least] = GetParam();
  const fs::path folder = "../shared/linkdata/febrl";
  if (!fs::exists(folder / left_name)) GTEST_SKIP() << "skipped: " << folder << " is not there";
  const auto left = link::CsvSource::open(folder / left_name, 2);
  std::unique_ptr<link::CsvSource> right;
  if (*right_name != 0) right = std::move(*link::CsvSource::open(folder / right_name, 2));
  ASSERT_TRUE(left);
  const auto linkage = linked(**left, right.get(), {.key_left = "rec_id", .key_right = "rec_id"});
  ASSERT_TRUE(linkage);
  const link::Metrics metrics = link::metrics_of(*linkage, febrl_truth(*linkage));
  EXPECT_GE(metrics.f1, f1_least) << metrics.precision.value << " " << metrics.recall.value;
}

INSTANTIATE_TEST_SUITE_P(Sets, LinkFebrl, testing::Values(std::tuple("dataset1.csv", "", 0.995), std::tuple("dataset2.csv", "", 0.995),
                                                          std::tuple("dataset3.csv", "", 0.99), std::tuple("dataset4a.csv", "dataset4b.csv", 0.995)));

TEST(LinkFake1000, IsLinkedBetterThanPublishedToolsDoUnsupervised) {
  const fs::path file = "../shared/linkdata/splink_fake_1000/fake_1000.csv";
  if (!fs::exists(file)) GTEST_SKIP() << "skipped: " << file << " is not there";
  const auto source = link::CsvSource::open(file, 2);
  ASSERT_TRUE(source);
  const auto linkage = linked(**source, nullptr, {.key_left = "unique_id", .ignored = {"cluster"}});
  const auto truth = link::truth_from_column(**source, nullptr, "unique_id", "", "cluster");
  ASSERT_TRUE(linkage && truth);
  EXPECT_GE(link::metrics_of(*linkage, *truth).f1, 0.94);
}

// ---- decisions, explanations, input that is wrong

TEST(LinkGroups, RefuseTwoValidIdNumbers) {
  const auto source = csv("a", "key,姓名,身份证号,出生日期,村编码\n1,张伟,460000199001010011,1990-01-01,460108100200\n2,张伟,,1990-01-01,460108100200\n"
                               "3,张伟,460000199001010038,1990-01-01,460108100200\n4,李娜,460000198502020024,1985-02-02,460108100201\n5,王芳,460000197503030048,1975-03-03,460108100202\n");
  const auto linkage = linked(*source, nullptr, {.key_left = "key"});
  ASSERT_TRUE(linkage);
  for (const auto& members : linkage->groups().members) {
    EXPECT_FALSE(std::count(members.begin(), members.end(), 0U) == 1 && std::count(members.begin(), members.end(), 2U) == 1);
  }
}

TEST(LinkIds, AreRepairedFifteenOrEighteenDigits) {
  EXPECT_EQ(link::id_code("460000900101001"), link::id_code(link::id_text(link::id_code("460000900101001"))));
  const link::Code valid = link::id_code("460000196911070011");
  EXPECT_NE(valid & link::id_valid, 0U);
  for (std::size_t i = 0; i < 17; ++i) {
    std::string slip = link::id_text(valid);
    slip[i] = slip[i] == '9' ? '8' : static_cast<char>(slip[i] + 1);
    const link::Code wrong = link::id_code(slip);
    EXPECT_EQ(wrong & link::id_valid, 0U);
    const auto repairs = link::repaired_ids(wrong);
    EXPECT_NE(std::find(repairs.begin(), repairs.end(), valid), repairs.end()) << slip;
    EXPECT_EQ(link::level_of_ids(valid, wrong), Level::near);
  }
}

TEST(LinkIds, RepairsAreAllValidNumbersOneSlipAway) {
  // The slow way: every change is made and read.
  const auto all = [](link::Code code) {
    std::vector<link::Code> found;
    const std::string text = link::id_text(code);
    const auto consider = [&](const std::string& changed) {
      const link::Code other = link::id_code(changed);
      if (changed != text && (other & link::id_valid) != 0) found.push_back(other);
    };
    for (std::size_t i = 0; i < 18; ++i) {
      for (const char digit : std::string_view(i == 17 ? "0123456789X" : "0123456789")) {
        std::string changed = text;
        changed[i] = digit;
        consider(changed);
      }
      if (i >= 16) continue;
      std::string changed = text;
      std::swap(changed[i], changed[i + 1]);
      consider(changed);
    }
    return found;
  };
  std::mt19937_64 random(7);
  for (int round = 0; round < 2'000; ++round) {
    std::string text = fmt::format("46{:04}{:04}{:02}{:02}{:03}", random() % 10'000, 1930 + random() % 90, 1 + random() % 12, 1 + random() % 31, random() % 1'000);
    text += "0123456789X"[random() % 11];
    const link::Code code = link::id_code(text);
    if (code == 0) continue;
    EXPECT_EQ(link::repaired_ids(code), all(code)) << round;
  }
}

TEST(LinkNames, AreComparedOnCharactersAndSounds) {
  const auto level = [](const char* one, const char* other) {
    std::string a, b;
    return link::level_of_texts(link::Kind::name, *link::cleaned(link::Kind::name, one, a), *link::cleaned(link::Kind::name, other, b));
  };
  EXPECT_EQ(level("张伟", "章伟"), Level::sound);
  EXPECT_EQ(level("张小明", "张晓明"), Level::sound);
  EXPECT_EQ(level("李秀英", "李英秀"), Level::near);
  EXPECT_EQ(level("欧阳娜娜", "欧阳娜"), Level::near);
  EXPECT_EQ(level("张伟", "ZHANG WEI"), Level::sound);
  EXPECT_EQ(level("单雄信", "shan xiongxin"), Level::sound);
  EXPECT_EQ(level("张伟", "Wei Zhang"), Level::sound);
  EXPECT_EQ(level("买买提·艾力", "买买提艾力"), Level::sound);
  EXPECT_EQ(level("张伟", "李娜"), Level::differs);
  std::string a, b;
  EXPECT_EQ(*link::cleaned(link::Kind::name, "買買提・艾力", a), *link::cleaned(link::Kind::name, "买买提•艾力", b));
  EXPECT_EQ(*link::cleaned(link::Kind::name, "　張 偉 ", a), "张伟");
}

TEST(LinkExplanation, AddsUpToTheScore) {
  const Rows left_rows = random_people(400, 5, nullptr), right_rows = random_people(400, 6, &left_rows);
  const auto left = link::TableSource::from("a", left_rows), right = link::TableSource::from("b", right_rows);
  const auto linkage = linked(*left, &*right, {.key_left = "key", .key_right = "key"});
  ASSERT_TRUE(linkage);
  ASSERT_FALSE(linkage->links().empty());
  for (const link::Candidate& pair : linkage->links()) {
    const auto explanation = link::explain(*linkage, linkage->left().key(pair.left), linkage->right().key(pair.right));
    ASSERT_TRUE(explanation);
    std::int64_t sum = explanation->household_weight;
    for (const auto& field : explanation->fields) sum += field.level_weight + field.frequency_weight;
    EXPECT_EQ(sum, pair.score);
    EXPECT_TRUE(explanation->linked);
    EXPECT_FALSE(explanation->keys_shared.empty());
  }
  EXPECT_NE(link::svg_from_explanation(*link::explain(*linkage, "a0", "b0"), base::Language::zh).find("<svg"), std::string::npos);
}

TEST(LinkModel, ReadsBackAsItWasWritten) {
  const Rows rows = random_people(300, 8, nullptr);
  const auto source = link::TableSource::from("a", rows);
  const auto linkage = linked(*source, nullptr, {.key_left = "key"});
  const auto read = link::model_from_text(link::text_from_model(linkage->model(), base::Language::zh), "m");
  ASSERT_TRUE(read) << read.error().text.en;
  for (std::size_t field = 0; field < read->fields.size(); ++field) {
    EXPECT_EQ(read->fields[field].m, linkage->model().fields[field].m);
    EXPECT_EQ(read->fields[field].u, linkage->model().fields[field].u);
  }
  EXPECT_FALSE(link::model_from_text("yihu link model 99\n", "m"));
  EXPECT_FALSE(link::model_from_text("something else\n", "m"));
}

std::string complaint(const std::string& left, const std::string& key, const std::string& right = "") {
  const auto a = link::CsvSource::from_text("a.csv", left, 2);
  if (!a) return a.error().code;
  std::unique_ptr<link::CsvSource> b;
  if (!right.empty()) b = csv("b.csv", right);
  auto linkage = link::Linkage::prepare(**a, b.get(), {.key_left = key, .key_right = key});
  if (!linkage) return linkage.error().code;
  const auto run = (*linkage)->run();
  return run ? "" : run.error().code;
}

TEST(LinkInput, ThatIsWrongIsSaidInOneSentence) {
  EXPECT_EQ(complaint("", "k"), "table_empty");
  EXPECT_EQ(complaint("k,a\n", "k"), "table_without_rows");
  EXPECT_EQ(complaint("k,a\n1,x\n", "k"), "one_row");
  EXPECT_EQ(complaint("k,a\n1,\n2,\n3,\n", "k"), "nothing_comparable");
  EXPECT_EQ(complaint("k,a\n1,x\n2,x\n3,x\n", "k"), "nothing_comparable");
  EXPECT_EQ(complaint("k,a,a\n1,x,y\n", "k"), "heading_twice");
  EXPECT_EQ(complaint("k,a\n1,x\n2,y,z\n", "k"), "row_too_long");
  EXPECT_EQ(complaint("k,a\n1,x\n2,y\n", "missing"), "column_missing");
  EXPECT_EQ(complaint("k,a\n1,张伟\n2,\xd5\xc5\xce\xb0\n3,李娜\n4,李娜\n", "k"), "encoding_mixed");
  std::string wide = "k";
  for (int i = 0; i < 10'000; ++i) wide += ",c" + std::to_string(i);
  EXPECT_EQ(complaint(wide + "\n", "k"), "columns_too_many");
  EXPECT_EQ(complaint("k,a\n1,x\n2,y\n", "k", "k,b\n1,1999-01-01\n2,2001-02-03\n"), "nothing_comparable");
}

TEST(LinkInput, QuotedCellsAndStrayBlanksAreRead) {
  const auto source = csv("a.csv", "\xEF\xBB\xBF k , \"a, b\" \r\n 1 , \"x \"\"y\"\"\nz\" \r\n\r\n2,w\r\n");
  ASSERT_TRUE(source);
  EXPECT_EQ(source->headings()[0], "k");
  std::vector<std::string> cells;
  for (std::size_t part = 0; part < source->parts(); ++part) {
    ASSERT_TRUE(source->visit(part, [&](std::size_t, link::Cells row) { cells.insert(cells.end(), row.begin(), row.end()); }));
  }
  EXPECT_EQ(source->rows(), 2U);
  EXPECT_EQ(cells.front(), "1");
}

TEST(LinkRun, StopsAtEachStepWhenCancelled) {
  const Rows left_rows = random_people(900, 11, nullptr), right_rows = random_people(900, 12, &left_rows);
  const auto left = link::TableSource::from("a", left_rows), right = link::TableSource::from("b", right_rows);
  for (const std::string_view step : {"read", "block", "compare", "train", "score"}) {
    base::Cancel cancel;
    const auto progress = [&](std::string_view at, std::int64_t, std::int64_t) {
      if (at == step) cancel.ask();
    };
    const auto linkage = link::Linkage::prepare(*left, &*right, {.key_left = "key", .key_right = "key", .threads = 2, .cancel = cancel, .progress = progress});
    const auto run = linkage ? (*linkage)->run() : base::Done(base::fail(base::Error(linkage.error())));
    ASSERT_FALSE(run) << step;
    EXPECT_EQ(run.error().kind, base::ErrorKind::cancelled) << step;
  }
}

TEST(LinkTables, OfAFewRowsAreLinkedToo) {
  const auto left = csv("a", "k,姓名,生日\n1,张伟,1990-01-01\n2,李娜,1985-05-05\n3,王芳,1977-07-07\n");
  const auto right = csv("b", "k,姓名,生日\nx,王芳,1977-07-07\ny,章伟,1990-01-01\n");
  const auto linkage = linked(*left, right.get(), {.key_left = "k", .key_right = "k"});
  ASSERT_TRUE(linkage);
  ASSERT_FALSE(linkage->links().empty());
  EXPECT_EQ(linkage->left().key(linkage->links().back().left), "3");
  EXPECT_EQ(linkage->right().key(linkage->links().back().right), "x");
}

TEST(LinkOutput, LeavesNothingWhenCancelled) {
  const Rows rows = random_people(300, 9, nullptr);
  const auto source = link::TableSource::from("a", rows);
  const auto linkage = linked(*source, nullptr, {.key_left = "key"});
  const fs::path folder = fs::temp_directory_path() / "yihu-link-test";
  fs::remove_all(folder);
  fs::create_directories(folder);
  base::Cancel cancel;
  cancel.ask();
  EXPECT_FALSE(link::write_links(*linkage, folder / "out.csv", 2, cancel));
  EXPECT_TRUE(fs::is_empty(folder));
  EXPECT_TRUE(link::write_links(*linkage, folder / "out.csv", 2, {}));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 1);
  EXPECT_FALSE(link::write_links(*linkage, "/nowhere/out.csv", 2, {}));
  auto stopped = link::Linkage::prepare(*source, nullptr, {.key_left = "key", .cancel = cancel});
  EXPECT_FALSE(stopped);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace yihu

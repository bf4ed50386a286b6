#include "link/pinyin.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <vector>

namespace yihu::link {
namespace {

constexpr char32_t han_first = 0x4e00;
constexpr char32_t han_last = 0x9fff;
constexpr std::size_t han_count = han_last - han_first + 1;

struct Tables {
  std::array<Readings, han_count> readings = {};
  std::array<char16_t, han_count> simple = {};
  std::vector<std::uint16_t> fold;   ///< by syllable number; 0 unused
  std::array<std::uint8_t, han_count> shape = {};  ///< number of its group of lookalikes; 0 none
};

/// Mergers that southern speakers and tired ears make.
std::string folded_spelling(std::string syllable) {
  const auto replace_front = [&](std::string_view from, std::string_view with) {
    if (syllable.starts_with(from)) syllable = std::string(with) + syllable.substr(from.size());
  };
  replace_front("zh", "z");
  replace_front("ch", "c");
  replace_front("sh", "s");
  replace_front("n", "l");
  replace_front("hu", "fu");
  replace_front("r", "l");
  if (syllable.ends_with("ng")) syllable.pop_back();
  return syllable;
}

constexpr std::u32string_view lookalikes[] = {
    U"己已巳", U"未末", U"土士", U"大太犬", U"王玉壬", U"天夭", U"林材村", U"侯候", U"华毕", U"莉荔", U"晴睛", U"清请", U"治冶", U"晓骁",
    U"洋样", U"杨扬", U"燕蒸", U"荣荥", U"宇字", U"亮壳", U"辛幸", U"水永冰", U"贝见", U"鸟乌", U"田由甲申", U"刚钢", U"芳劳", U"美羊",
    U"俊浚峻", U"海悔", U"婷停", U"娟捐", U"玲铃", U"珍诊", U"琴瑟", U"斌赋", U"桂挂", U"枝技", U"敏繁", U"涛祷", U"波泼", U"柏伯",
    U"祥详", U"志忘", U"思恩", U"国囯", U"小少", U"文丈", U"昊吴", U"旭旮", U"戊戌戍成", U"干千于", U"刀力", U"今令", U"免兔", U"日曰",
    U"人入八", U"木本术", U"折拆", U"沈沉", U"微徽", U"赢羸", U"茶荼", U"肖尚", U"冯马", U"汪江", U"胡湖", U"谢射", U"邓郑", U"陈阵",
    U"朱未", U"白自百", U"石右", U"史吏", U"付什", U"代伐", U"苏办", U"董重", U"袁哀", U"余佘", U"卢芦", U"钟种", U"崔催", U"谭潭"};

const Tables& tables() {
  static const std::unique_ptr<const Tables> made = [] {
    auto tables = std::make_unique<Tables>();
    std::map<std::string, std::uint16_t> numbers;
    tables->fold.push_back(0);
    std::uint16_t number = 0;
    for (const SyllableRow& row : syllable_rows()) {
      ++number;
      tables->fold.push_back(numbers.try_emplace(folded_spelling(std::string(row.syllable)), number).first->second);
      for (const char32_t character : row.characters) {
        auto& readings = tables->readings[character - han_first].at;
        const auto free = std::find(std::begin(readings), std::end(readings), 0);
        if (free != std::end(readings)) *free = number;
      }
    }
    for (std::size_t i = 0; i < han_count; ++i) tables->simple[i] = static_cast<char16_t>(han_first + i);
    const std::u32string_view pairs = variant_pairs();
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) tables->simple[pairs[i] - han_first] = static_cast<char16_t>(pairs[i + 1]);
    std::uint8_t group = 0;
    for (const std::u32string_view characters : lookalikes) {
      ++group;
      for (const char32_t character : characters) tables->shape[character - han_first] = group;
    }
    return tables;
  }();
  return *made;
}

/// Whether `letters` can be read off the characters one after the other; what is left must be empty.
bool spells_in_order(std::string_view letters, std::u32string_view name) {
  if (name.empty()) return letters.empty();
  if (!is_han(name.front())) return false;
  for (const std::uint16_t syllable : readings_of(name.front()).at) {
    if (syllable == 0) break;
    std::string_view spelling = syllable_rows()[syllable - 1U].syllable;
    if (letters.starts_with(spelling) && spells_in_order(letters.substr(spelling.size()), name.substr(1))) return true;
    // ü is written v, u or yu.
    if (const std::size_t v = spelling.find('v'); v != spelling.npos) {
      for (const std::string_view other : {"u", "yu"}) {
        const std::string written = std::string(spelling.substr(0, v)) + std::string(other) + std::string(spelling.substr(v + 1));
        if (letters.starts_with(written) && spells_in_order(letters.substr(written.size()), name.substr(1))) return true;
      }
    }
  }
  return false;
}

}  // namespace

bool is_han(char32_t character) {
  return (character >= han_first && character <= han_last) || (character >= 0x3400 && character <= 0x4dbf) ||
         (character >= 0x20000 && character <= 0x323af) || (character >= 0xf900 && character <= 0xfaff);
}

Readings readings_of(char32_t character) {
  return character >= han_first && character <= han_last ? tables().readings[character - han_first] : Readings{};
}

std::uint16_t folded(std::uint16_t syllable) { return tables().fold[syllable]; }

char32_t simplified(char32_t character) {
  return character >= han_first && character <= han_last ? tables().simple[character - han_first] : character;
}

bool sound_alike(char32_t one, char32_t other) {
  if (one == other) return true;
  const Readings left = readings_of(one), right = readings_of(other);
  for (const std::uint16_t a : left.at) {
    if (a == 0) break;
    for (const std::uint16_t b : right.at) {
      if (b == 0) break;
      if (a == b || folded(a) == folded(b)) return true;
    }
  }
  return false;
}

bool look_alike(char32_t one, char32_t other) {
  if (one < han_first || one > han_last || other < han_first || other > han_last) return false;
  const std::uint8_t group = tables().shape[one - han_first];
  return group != 0 && group == tables().shape[other - han_first];
}

std::size_t surname_length(std::u32string_view name) {
  if (name.size() < 2 || name.size() > 4 || !is_han(name.front())) return 0;
  static constexpr std::u32string_view compound =
      U"欧阳上官司徒司马诸葛夏侯皇甫尉迟令狐东方公孙慕容宇文长孙轩辕端木百里呼延南宫独孤太史澹台公冶宗政濮阳淳于单于申屠公羊钟离闻人东郭南门羊舌微生";
  // Most surnames begin none of these.
  static const auto may_begin = [] {
    std::array<bool, 256> bytes = {};
    for (std::size_t i = 0; i < compound.size(); i += 2) bytes[compound[i] & 0xff] = true;
    return bytes;
  }();
  if (!may_begin[name.front() & 0xff]) return 1;
  for (std::size_t i = 0; name.size() > 2 && i + 1 < compound.size(); i += 2) {
    if (name.substr(0, 2) == compound.substr(i, 2)) return 2;
  }
  return 1;
}

bool spells(std::string_view letters, std::u32string_view name) {
  const std::size_t surname = surname_length(name);
  if (surname == 0) return false;
  const std::u32string turned = std::u32string(name.substr(surname)) + std::u32string(name.substr(0, surname));
  return spells_in_order(letters, name) || spells_in_order(letters, turned);
}

}  // namespace yihu::link

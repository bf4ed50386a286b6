#include "plan/reading/unit_name.h"

#include "plan/reading/characters.h"

#include <algorithm>

namespace yihu::plan {
namespace {

constexpr std::size_t shorter_length_min = 4;
constexpr std::size_t words_length_max = 8;

/// Characters of bodies: a name that has one more of them names another body.
bool names_a_body(std::u32string word) {
  if (word == U"员会" || word == U"公室" || word == U"员会办公室") return false;  // 委 for 委员会, 办 for 办公室
  for (const std::u32string_view field : {U"农村", U"乡村"}) {  // 农业局 for 农业农村局
    if (const auto at = word.find(field); at != word.npos) word.erase(at, field.size());
  }
  return word.find_first_of(U"委党政局部办院队司站所镇乡村街区县市省") != word.npos;
}

}  // namespace

std::u32string plain_name(std::string_view name) {
  const auto all = characters_from_text(base::code_points(name));
  std::u32string plain;
  for (const char32_t point : all.folded) {
    if (point != U'、' && !is_space(point)) plain += point;
  }
  return plain;
}

bool differ_by_a_word(std::string_view left, std::string_view right) {
  auto shorter = plain_name(left);
  auto longer = plain_name(right);
  if (shorter.size() > longer.size()) std::swap(shorter, longer);
  if (shorter.size() == longer.size()) return shorter == longer && left != right;
  if (shorter.size() < shorter_length_min || longer.size() - shorter.size() > words_length_max) return false;
  // The words left out: what the longer has between the places of the shorter's characters.
  std::u32string word;
  std::size_t k = 0;
  int words = 0;
  for (const char32_t point : longer) {
    if (k < shorter.size() && point == shorter[k]) {
      if (!word.empty() && names_a_body(word)) return false;
      word.clear();
      ++k;
    } else {
      if (word.empty()) ++words;
      word += point;
    }
  }
  return k == shorter.size() && words <= 3 && (word.empty() || !names_a_body(word));
}

}  // namespace yihu::plan

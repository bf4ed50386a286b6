#pragma once
// Why two rows were linked, or were not: every weight, or the key that never brought them together.

#include "link/link.h"

#include <optional>
#include <string>
#include <vector>

namespace yihu::link {

struct FieldWeight {
  std::string field;
  std::string left, right;      ///< as compared
  Level level = Level::missing;
  base::Text words;             ///< the level's name
  Weight level_weight = 0;
  Weight frequency_weight = 0;  ///< of the value's rarity
  std::uint32_t rows_with_value = 0;  ///< of both tables, where the values are equal
};

/// prior + Σ (level_weight + frequency_weight) + household_weight gives the probability; without the prior it is the score.
struct Explanation {
  std::string left_key, right_key;
  std::vector<FieldWeight> fields;
  Weight household_weight = 0;
  std::int64_t score = 0;
  Weight prior = 0;
  double probability = 0;
  bool linked = false;
  std::vector<std::string> keys_shared;   ///< "姓名 + 出生日期"
  std::vector<base::Text> keys_missed;    ///< each key and the part in which the rows differ
  base::Text verdict;                     ///< one sentence
};

/// Both keys must name rows; the linkage must have run.
base::Result<Explanation> explain(const Linkage& linkage, std::string_view left_key, std::string_view right_key);

/// The waterfall for a terminal, bars included.
std::string text_from_explanation(const Explanation& explanation, base::Language language);
/// The same as an SVG drawing.
std::string svg_from_explanation(const Explanation& explanation, base::Language language);

}  // namespace yihu::link

#pragma once
// Chinese numerals as official documents write them.

#include <optional>
#include <string>
#include <string_view>

namespace yihu::base {

/// 一 → 1, 十九 → 19, 二十一 → 21, 一百零三 → 103, 两 → 2, 〇 → 0. Nothing for any other text, or above 9999.
std::optional<int> number_from_chinese(std::u32string_view text);

/// 1 → 一, 34 → 三十四. For 0 < number < 10000.
std::string chinese_from_number(int number);

}  // namespace yihu::base

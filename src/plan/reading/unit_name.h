#pragma once
// When two names mean one unit.

#include <string>
#include <string_view>

namespace yihu::plan {

/// True if one name is the other with a word left out that does not name another body:
/// 区…攻坚指挥部 and 区…攻坚战指挥部, 区卫生健康委 and 区卫生健康委员会. Not 区民政局 and 区财政局,
/// not 镇政府 and 镇党委政府 (the one is a body of the other two).
bool differ_by_a_word(std::string_view left, std::string_view right);

/// The name without what only varies in writing: 、 inside it, brackets' width.
std::u32string plain_name(std::string_view name);

}  // namespace yihu::plan

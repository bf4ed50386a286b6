#pragma once
// The plan's sentences as one stream: page breaks inside sentences are healed, tables and page numbers are out.

#include "plan/reading/lines.h"

namespace yihu::plan {

// How lines end in Flow, all of them is_space().
inline constexpr char32_t paragraph_end = U'\n';
inline constexpr char32_t doubtful_end = U'\v';  ///< a new line that looks like a heading, behind an unfinished sentence
inline constexpr char32_t soft_end = U'\r';      ///< a line or page ended inside a sentence
inline constexpr char32_t text_end = U'\f';      ///< the plan's text ends here, at least for a while

using Flow = Characters;

Flow flow_from_lines(const Characters& characters, std::span<const Line> lines);

}  // namespace yihu::plan

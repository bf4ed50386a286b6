#pragma once
// What stands before and around the plan: title, number, issuing body, day.

#include "plan/reading/lines.h"

#include <optional>
#include <span>
#include <string>

namespace yihu::plan {

struct Preamble {
  std::string title;
  std::string number;
  std::string issuer;
  std::optional<std::string> date;
  std::optional<int> year;  ///< of the plan: that of its title, else of its number, else of its day
};

/// `plan_begin` is where the first heading stands in Characters.
Preamble preamble_from_lines(const Characters& characters, std::span<const Line> lines, std::size_t plan_begin);

}  // namespace yihu::plan

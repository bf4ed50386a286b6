#pragma once
// Made-up ID numbers that pass every check and belong to nobody: the first six digits are those of a province with
// 0000 behind (after 999 people of one birthday and sex: 9900, 9800, …). A real number names the county that issued it,
// so no living person's number begins that way. Phone numbers begin with 12, which no operator gives out.

#include "base/date.h"
#include "sample/name.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace yihu::sample {

/// The eighteenth character of an ID number whose first seventeen are digits (GB 11643).
char id_check_character(std::string_view first_seventeen);

/// Gives every number once. Odd sequence numbers are men's, even ones women's.
class IdNumbers {
 public:
  /// `province`: its two digits, such as "46".
  explicit IdNumbers(std::string province) : province_(std::move(province)) {}
  std::string draw(base::Date birth, Sex sex);

 private:
  std::string province_;
  std::vector<std::uint16_t> given_;  ///< by day since 1880-01-01 and sex
};

/// A number of eleven digits that nobody is called by.
std::string phone_number(Random& random);

}  // namespace yihu::sample

#include "sample/id_number.h"

#include <algorithm>
#include <cstdio>

namespace yihu::sample {

char id_check_character(std::string_view first_seventeen) {
  static constexpr int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += (first_seventeen[i] - '0') * weights[i];
  return "10X98765432"[sum % 11];
}

std::string IdNumbers::draw(base::Date birth, Sex sex) {
  static const base::Date first = base::make_date(1880, 1, 1);
  const auto slot = static_cast<std::size_t>(std::max(0, base::days_between(first, birth))) * 2 + (sex == Sex::male ? 1 : 0);
  if (given_.size() <= slot) given_.resize(slot + 20'000);
  const unsigned count = given_[slot]++;
  const unsigned sequence = count % 499 * 2 + (sex == Sex::male ? 1 : 2);
  const unsigned region = count / 499 == 0 ? 0 : 10'000 - 100 * (count / 499);
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.2s%04u%04d%02u%02u%03u", province_.c_str(), region, static_cast<int>(birth.year()),
                static_cast<unsigned>(birth.month()), static_cast<unsigned>(birth.day()), sequence);
  return std::string(digits) + id_check_character(digits);
}

std::string phone_number(Random& random) {
  char digits[16];
  std::snprintf(digits, sizeof digits, "12%09u", random.below(1'000'000'000));
  return digits;
}

}  // namespace yihu::sample

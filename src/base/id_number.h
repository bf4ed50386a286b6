#pragma once
// National identity numbers: what kind a number is, whether its check digit holds, and what it says of birth and sex.

#include "base/date.h"

#include <optional>
#include <string>
#include <string_view>

namespace yihu::base {

enum class IdSex { male, female };

struct IdNumber {
  enum class Kind {
    resident,     ///< 18 digits, or 15 before 1999 (no check digit, born in the 1900s)
    disability,   ///< the 18 digits and a kind and grade of disability: 20; reissued ones append two more
    other,        ///< whatever else was given: a passport, or a slip of the pen
  };
  Kind kind = Kind::other;
  /// A resident's number whose day exists and whose check digit holds. What begins with letters is not judged.
  bool valid = false;
  std::optional<Date> birth;
  std::optional<IdSex> sex;
};

/// Upper case, full-width digits made narrow, spaces and dashes gone: how a number is compared and kept.
std::string id_number_key(std::string_view written);

/// @param key as id_number_key gives it
/// @source GB 11643-1999: weights 7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2, modulus 11, check digits 10X98765432
IdNumber read_id_number(std::string_view key);

/// A number of 15 digits as it was written out anew in 18; nothing for any other number.
std::optional<std::string> number_of_18(std::string_view key);

/// The check digit that belongs after 17 digits; nothing when they are not 17 digits.
std::optional<char> id_check_digit(std::string_view first_17);

/// "460108********123X": the place and the last four stay, the rest is hidden. Shorter than 12: all but the last two.
std::string masked_id_number(std::string_view key);
/// "138****5678"; shorter than seven: all but the last two.
std::string masked_phone(std::string_view phone);

}  // namespace yihu::base

#pragma once
// Made-up personal names as they are spread in a Chinese county: surnames by frequency, given names by sex and age.

#include "sample/random.h"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::sample {

enum class Sex { male, female };

/// Surnames drawn by their frequency in the country; about one in two hundred is a compound surname.
class Surnames {
 public:
  Surnames();
  const std::u32string& draw(Random& random) const;

 private:
  std::vector<std::u32string> names_;
  // Walker's alias table: one draw costs two random numbers, however many names there are.
  std::vector<double> keep_;
  std::vector<std::size_t> other_;
};

/// One or two characters. Older people's come from an older list; two characters are the rule (four in five).
std::u32string given_name(Random& random, Sex sex, int birth_year);

/// A given name that shares the first character, as brothers and sisters of one generation often do.
std::u32string sibling_name(Random& random, Sex sex, int birth_year, const std::u32string& given);

/// The name of a village: two characters and 村.
std::string village_name(Random& random);

/// Characters that are taken for `character` by ear, and those taken for it by eye; empty where we know of none.
std::u32string_view heard_as(char32_t character);
std::u32string_view seen_as(char32_t character);
/// The traditional form, or the character itself.
char32_t traditional(char32_t character);

}  // namespace yihu::sample

#pragma once
// Cells as the engine compares them: cleaned text, and packed numbers for ID numbers, dates and phones.

#include "link/spec.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace yihu::link {

/// A value as it is stored: 0 when missing. Dates, ID numbers and phones that read as such are packed and comparable as
/// numbers; everything else is text, kept in a dictionary.
using Code = std::uint64_t;

inline constexpr std::size_t characters_max = 64;  ///< what lies beyond is not compared
/// Code points of a value.
struct Characters {
  char32_t at[characters_max];
  std::size_t size = 0;
  std::u32string_view view() const { return {at, size}; }
};
Characters characters_of(std::string_view utf8);

/// Cell as text to compare: one width, lower case, simplified characters, single blanks, one kind of middle dot; empty
/// when the cell says "nothing" (-, 无, null, …). Nothing when the bytes are not UTF-8.
/// @param scratch room of at least `cell.size() + 8` bytes that the result may lie in
std::optional<std::string_view> cleaned(Kind kind, std::string_view cell, std::string& scratch);

// ID numbers. Bits: 0–59 the seventeen digits times eleven plus the check character, 61 eighteen digits that fail the
// checksum, 62 eighteen digits that pass and hold a possible date. Fifteen digits become eighteen.
inline constexpr Code id_valid = 1ULL << 62;
inline constexpr Code id_invalid = 1ULL << 61;
inline constexpr Code digits_mask = (1ULL << 60) - 1;
/// 0 when the cell holds no such number (hidden digits, a passport): it is text then.
Code id_code(std::string_view cell);
/// The eighteen characters of a code.
std::string id_text(Code code);
/// The day and sex (1 male, 2 female) within, as a date code; 0 unless valid.
std::uint32_t birth_of_id(Code code);
int sex_of_id(Code code);

/// yyyymmdd as a number; parts that are not given are 0. Takes 1990-01-31, 1990/1/31, 19900131, 1990年1月31日, 1990.01,
/// 31/01/1990 and a day's eight digits even when no such day exists. 0 when it reads as none of these.
/// @param month_first 01/31/1990 rather than 31/01/1990
std::uint32_t date_code(std::string_view cell, bool month_first);

/// Digits of a phone number without the country's code and separators; 0 unless 5 to 15 digits.
Code phone_code(std::string_view cell);

/// What takes part in a key, as a hash; 0 for a value that has no such part.
std::uint64_t cut_of_text(Kind kind, Cut cut, std::string_view cleaned_text);
std::uint64_t cut_of_code(Kind kind, Cut cut, Code code);

inline std::uint64_t mixed(std::uint64_t x) {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ULL;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ULL;
  x ^= x >> 32;
  return x;
}
std::uint64_t hash_of(std::string_view bytes);
/// Up to eight bytes as a number, the first lowest.
inline std::uint64_t word_of(std::string_view bytes) {
  const char* at = bytes.data();
  const std::size_t size = bytes.size();
  if (size >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    return word;
  }
  if (size >= 4) {
    // Read from both ends; what lies in both is the same.
    std::uint32_t front = 0, back = 0;
    std::memcpy(&front, at, 4);
    std::memcpy(&back, at + size - 4, 4);
    return front | static_cast<std::uint64_t>(back) << (8 * (size - 4));
  }
  if (size == 0) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])) << (8 * i); };
  return byte(0) | byte(size / 2) | byte(size - 1);
}

}  // namespace yihu::link

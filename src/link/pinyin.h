#pragma once
// How characters sound and look: readings without tone, simplified forms, lookalikes, compound surnames.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace yihu::link {

struct SyllableRow {
  std::string_view syllable;
  std::u32string_view characters;
};

/// Every syllable with its characters.
std::span<const SyllableRow> syllable_rows();
/// Traditional or variant character, simplified character, and so on.
std::u32string_view variant_pairs();

inline constexpr std::size_t readings_max = 4;
/// Numbers of the syllables in syllable_rows(), plus one; 0 ends the list.
struct Readings {
  std::uint16_t at[readings_max] = {};
};

bool is_han(char32_t character);
/// No reading for a character that is not in the table.
Readings readings_of(char32_t character);
/// The same for syllables that are taken for one another: zh and z, n and l, ng and n, …
std::uint16_t folded(std::uint16_t syllable);
char32_t simplified(char32_t character);
bool sound_alike(char32_t one, char32_t other);
bool look_alike(char32_t one, char32_t other);
/// 1 or 2 characters at the front of a Chinese name; 0 for a name that has no surname and given name.
std::size_t surname_length(std::u32string_view name);
/// Whether `letters` (a–z only) spell the name, surname first or last, in any reading.
bool spells(std::string_view letters, std::u32string_view name);

}  // namespace yihu::link

#include "base/id_number.h"

#include "base/utf8.h"

#include <algorithm>
#include <array>

namespace yihu::base {
namespace {

constexpr std::size_t resident_size = 18;
constexpr std::size_t old_resident_size = 15;
constexpr std::size_t disability_size = 20;
constexpr std::size_t reissued_disability_size = 22;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }

int number_of(std::string_view digits) {
  int number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

std::optional<Date> day_of(int year, std::string_view month_and_day) {
  const Date date = make_date(year, number_of(month_and_day.substr(0, 2)), number_of(month_and_day.substr(2, 2)));
  if (!date.ok() || year < 1850) return std::nullopt;
  return date;
}

/// 18 digits of which the last may be X.
IdNumber resident_from(std::string_view key) {
  IdNumber out;
  const auto check = id_check_digit(key.substr(0, 17));
  if (!check) return out;
  out.kind = IdNumber::Kind::resident;
  out.birth = day_of(number_of(key.substr(6, 4)), key.substr(10, 4));
  out.sex = (key[16] - '0') % 2 == 1 ? IdSex::male : IdSex::female;
  out.valid = out.birth.has_value() && *check == key[17] && key[0] != '0';
  return out;
}

IdNumber old_resident_from(std::string_view key) {
  IdNumber out;
  if (!all_digits(key)) return out;
  out.kind = IdNumber::Kind::resident;
  out.birth = day_of(1900 + number_of(key.substr(6, 2)), key.substr(8, 4));
  out.sex = (key[14] - '0') % 2 == 1 ? IdSex::male : IdSex::female;
  out.valid = out.birth.has_value() && key[0] != '0';
  return out;
}

std::string masked(std::string_view text, std::size_t first, std::size_t last) {
  std::string out(text.substr(0, first));
  out.append(text.size() - first - last, '*');
  return out += text.substr(text.size() - last);
}

}  // namespace

std::string id_number_key(std::string_view written) {
  std::string out;
  for (char32_t point : code_points(written)) {
    if (point >= 0xFF01 && point <= 0xFF5E) point -= 0xFEE0;
    if (point == ' ' || point == 0x3000 || point == 0xA0 || point == '-' || point == 0xFEFF || point < 0x20) continue;
    if (point >= 'a' && point <= 'z') point -= 'a' - 'A';
    out += utf8(point);
  }
  return out;
}

IdNumber read_id_number(std::string_view key) {
  switch (key.size()) {
    case old_resident_size: return old_resident_from(key);
    case resident_size: return resident_from(key);
    case disability_size:
    case reissued_disability_size: {
      IdNumber out = resident_from(key.substr(0, resident_size));
      // The two that follow: kind of disability 1 … 7, grade 1 … 4.
      const bool kind_and_grade = key[18] >= '1' && key[18] <= '7' && key[19] >= '1' && key[19] <= '4';
      if (out.kind != IdNumber::Kind::other) out.kind = IdNumber::Kind::disability;
      // Reissued ones append B and a count.
      out.valid = out.valid && kind_and_grade && (key.size() == disability_size || (key[20] == 'B' && is_digit(key[21])));
      return out;
    }
    default: return {};
  }
}

std::optional<std::string> number_of_18(std::string_view key) {
  if (key.size() != old_resident_size || !old_resident_from(key).valid) return std::nullopt;
  std::string number = std::string(key.substr(0, 6)) + "19" + std::string(key.substr(6));
  number += *id_check_digit(number);
  return number;
}

std::optional<char> id_check_digit(std::string_view first_17) {
  static constexpr std::array<int, 17> weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  if (first_17.size() != weights.size() || !all_digits(first_17)) return std::nullopt;
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * (first_17[i] - '0');
  return "10X98765432"[sum % 11];
}

std::string masked_id_number(std::string_view key) {
  if (!all_digits(key.substr(0, key.empty() ? 0 : key.size() - 1))) return std::string(std::min<std::size_t>(key.size(), 8), '*');
  if (key.size() >= 12) return masked(key, 6, 4);
  return masked(key, 0, std::min<std::size_t>(key.size(), 2));
}

std::string masked_phone(std::string_view phone) {
  if (!is_utf8(phone) || count_code_points(phone) != phone.size()) return "********";
  if (phone.size() >= 7) return masked(phone, 3, 4);
  return masked(phone, 0, std::min<std::size_t>(phone.size(), 2));
}

}  // namespace yihu::base

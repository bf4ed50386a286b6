#include "sheet/number_format.h"

#include "base/date.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace yihu::sheet {
namespace {

constexpr std::size_t exact_digits_max = 15;  // what a double keeps of any decimal, and a spreadsheet program shows

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// The first section of a code, its literals apart from its signs.
struct Section {
  std::string signs;   ///< placeholders and letters, small
  std::string before;  ///< literals in front of the first placeholder
  std::string after;   ///< literals behind it
  bool elapsed = false;
};

bool is_placeholder(char c) { return c == '0' || c == '#' || c == '?'; }

Section section_of(std::string_view code) {
  Section section;
  bool seen = false;
  const auto literal = [&](std::string_view piece) { (seen ? section.after : section.before) += piece; };
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == ';') break;
    if (c == '"') {
      const std::size_t end = std::min(code.find('"', i + 1), code.size());
      literal(code.substr(i + 1, end - i - 1));
      i = end;
    } else if (c == '\\' || c == '!') {
      if (i + 1 < code.size()) literal(code.substr(i + 1, 1));
      ++i;
    } else if (c == '_' || c == '*') {
      ++i;
    } else if (c == '[') {
      const std::size_t end = std::min(code.find(']', i + 1), code.size());
      const std::string_view inner = code.substr(i + 1, end - i - 1);
      if (!inner.empty() && inner.find_first_not_of("hHmMsS") == std::string_view::npos) section.elapsed = true;
      // "[$¥-804]": a currency sign and a language.
      if (inner.starts_with('$')) literal(inner.substr(1, inner.find('-') == inner.npos ? inner.npos : inner.find('-') - 1));
      i = end;
    } else if (static_cast<unsigned char>(c) >= 0x80 || c == '$') {
      literal(code.substr(i, 1));
    } else {
      if (is_placeholder(c)) seen = true;
      section.signs += small(c);
    }
  }
  return section;
}

void describe_digits(const std::string& signs, NumberFormat& format) {
  const std::size_t point = signs.find('.');
  const std::string whole = signs.substr(0, point);
  const std::string fraction = point == std::string::npos ? "" : signs.substr(point);
  const std::size_t last = whole.find_last_of("0#?");
  const std::size_t comma = whole.find(',');
  format.thousands = comma != std::string::npos && last != std::string::npos && comma < last;
  // Commas behind the last digit show thousands of the number; that is left as it is.
  const bool scaled = signs.find_last_of(',') != std::string::npos && signs.find_last_of(',') > signs.find_last_of("0#?");
  const bool other = signs.find_first_of("e/") != std::string::npos;
  if (scaled || other || last == std::string::npos) {
    format.show = NumberFormat::Show::general;
    return;
  }
  format.zeros = static_cast<int>(std::min<std::ptrdiff_t>(std::ranges::count(whole, '0'), 30));
  format.decimals = static_cast<int>(std::min<std::ptrdiff_t>(std::ranges::count_if(fraction, is_placeholder), 30));
  format.show = signs.find('%') != std::string::npos ? NumberFormat::Show::percent : NumberFormat::Show::fixed;
  // "#.##" shows as many decimals as there are.
  if (fraction.find('#') != std::string::npos) format.show = format.show == NumberFormat::Show::percent ? format.show : NumberFormat::Show::general;
}

struct Digits {
  bool negative = false;
  std::string whole;
  std::string fraction;
};

Digits digits_of(std::string_view plain) {
  Digits digits;
  if (plain.starts_with('-')) {
    digits.negative = true;
    plain.remove_prefix(1);
  }
  const std::size_t point = plain.find('.');
  digits.whole = plain.substr(0, point);
  if (point != std::string_view::npos) digits.fraction = plain.substr(point + 1);
  return digits;
}

/// Rounds half away from zero, as a cell is shown.
void round_to(Digits& digits, std::size_t decimals) {
  const bool up = digits.fraction.size() > decimals && digits.fraction[decimals] >= '5';
  digits.fraction.resize(decimals, '0');
  if (!up) return;
  std::string all = digits.whole + digits.fraction;
  std::size_t i = all.size();
  while (i > 0 && all[i - 1] == '9') all[--i] = '0';
  if (i == 0) all.insert(all.begin(), '1');
  else ++all[i - 1];
  digits.whole = all.substr(0, all.size() - decimals);
  digits.fraction = all.substr(all.size() - decimals);
}

void append_fixed(std::string_view plain, const NumberFormat& format, std::string& out) {
  Digits digits = digits_of(plain);
  if (format.show == NumberFormat::Show::percent) {
    digits.fraction.resize(std::max<std::size_t>(digits.fraction.size(), 2), '0');
    digits.whole += digits.fraction.substr(0, 2);
    digits.fraction.erase(0, 2);
  }
  round_to(digits, static_cast<std::size_t>(format.decimals));
  digits.whole.erase(0, std::min(digits.whole.find_first_not_of('0'), digits.whole.size()));
  const auto least = static_cast<std::size_t>(std::max(format.zeros, 1));
  if (digits.whole.size() < least) digits.whole.insert(0, least - digits.whole.size(), '0');
  const bool zero = digits.whole.find_first_not_of('0') == std::string::npos &&
                    digits.fraction.find_first_not_of('0') == std::string::npos;
  if (digits.negative && !zero) out += '-';
  out += format.before;
  for (std::size_t i = 0; i < digits.whole.size(); ++i) {
    if (format.thousands && i > 0 && (digits.whole.size() - i) % 3 == 0) out += ',';
    out += digits.whole[i];
  }
  if (!digits.fraction.empty()) out += '.' + digits.fraction;
  if (format.show == NumberFormat::Show::percent) out += '%';
  out += format.after;
}

void append_general(std::string_view plain, std::string& out) {
  const bool integer = plain.find('.') == std::string_view::npos;
  if (integer && plain.size() > exact_digits_max + (plain.starts_with('-') ? 1 : 0)) {
    double value = 0;
    std::from_chars(plain.data(), plain.data() + plain.size(), value);
    fmt::format_to(std::back_inserter(out), "{:.5E}", value);
    return;
  }
  out += plain;
}

/// False when the number is no day of this calendar.
bool append_day(std::string_view plain, bool time_only, bool from_1904, std::string& out) {
  constexpr double last_serial = 2'958'465;  // 9999-12-31
  constexpr int seconds_per_day = 86'400;
  double serial = 0;
  std::from_chars(plain.data(), plain.data() + plain.size(), serial);
  if (!(serial >= 0) || serial > last_serial) return false;
  if (!from_1904 && !time_only && serial < 1) return false;
  int days = static_cast<int>(std::floor(serial));
  int seconds = static_cast<int>(std::lround((serial - days) * seconds_per_day));
  if (seconds == seconds_per_day) {
    ++days;
    seconds = 0;
  }
  if (!time_only) {
    // The 1900 calendar has a 29 February 1900 that never was; days before it count from one day later.
    const base::Date epoch = from_1904 ? base::make_date(1904, 1, 1)
                             : days < 60 ? base::make_date(1899, 12, 31)
                                         : base::make_date(1899, 12, 30);
    const base::Date day = base::plus_days(epoch, days);
    fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                   static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    if (seconds == 0) return true;
    out += ' ';
  }
  fmt::format_to(std::back_inserter(out), "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  return true;
}

}  // namespace

NumberFormat format_from_code(std::string_view code) {
  NumberFormat format;
  Section section = section_of(code);
  std::string& signs = section.signs;
  if (signs.find("general") != std::string::npos || signs == "@" || signs.empty()) {
    format.before = std::move(section.before);
    format.after = std::move(section.after);
    return format;
  }
  const bool clock = section.elapsed || signs.find_first_of("hs") != std::string::npos;
  if (const std::size_t mark = signs.find("am/pm"); mark != std::string::npos) signs.erase(mark, 5);
  const bool has_digits = signs.find_first_of("0#?") != std::string::npos && !clock;
  const bool day = !section.elapsed && (signs.find_first_of("yd") != std::string::npos ||
                                        signs.find("aaa") != std::string::npos ||
                                        (!clock && !has_digits && signs.find_first_of("me") != std::string::npos));
  if (day) format.show = NumberFormat::Show::day;
  else if (clock) format.show = NumberFormat::Show::time;
  else {
    format.before = std::move(section.before);
    format.after = std::move(section.after);
    describe_digits(signs, format);
  }
  return format;
}

NumberFormat format_from_number(int number) {
  const auto of = [](std::string_view code) { return format_from_code(code); };
  if ((number >= 14 && number <= 17) || number == 22) return of("yyyy-mm-dd");
  if ((number >= 18 && number <= 21) || (number >= 45 && number <= 47)) return of("hh:mm:ss");
  if ((number >= 27 && number <= 31) || number == 36 || (number >= 50 && number <= 54) || number == 57 || number == 58) {
    return of("yyyy-mm-dd");
  }
  if ((number >= 32 && number <= 35) || number == 55 || number == 56) return of("hh:mm:ss");
  switch (number) {
    case 1: return of("0");
    case 2: return of("0.00");
    case 3: return of("#,##0");
    case 4: return of("#,##0.00");
    case 5:
    case 6:
    case 37:
    case 38:
    case 41:
    case 42: return of("#,##0");
    case 7:
    case 8:
    case 39:
    case 40:
    case 43:
    case 44: return of("#,##0.00");
    case 9: return of("0%");
    case 10: return of("0.00%");
    default: return {};
  }
}

bool append_plain_number(double value, std::string& out) {
  if (!std::isfinite(value)) return false;
  // "d.ddddddddddddddE±xx": the digits a spreadsheet program keeps, then the point put where it belongs.
  const std::string scientific = fmt::format("{:.14e}", value);
  std::string_view rest = scientific;
  std::string plain;
  if (rest.starts_with('-')) rest.remove_prefix(1);
  const std::size_t mark = rest.find('e');
  std::string digits = std::string(rest.substr(0, 1)) + std::string(rest.substr(2, mark - 2));
  int exponent = 0;
  const std::string_view power = rest.substr(mark + 1 + (rest[mark + 1] == '+' ? 1 : 0));
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  if (digits == "0") {
    out += '0';
    return true;
  }
  if (exponent < 0) plain = "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  else if (digits.size() <= static_cast<std::size_t>(exponent) + 1) plain = digits + std::string(static_cast<std::size_t>(exponent) + 1 - digits.size(), '0');
  else plain = digits.substr(0, static_cast<std::size_t>(exponent) + 1) + "." + digits.substr(static_cast<std::size_t>(exponent) + 1);
  if (value < 0) out += '-';
  out += plain;
  return true;
}

bool append_plain_number(std::string_view raw, std::string& out) {
  while (!raw.empty() && (raw.front() == ' ' || raw.front() == '\n')) raw.remove_prefix(1);
  while (!raw.empty() && (raw.back() == ' ' || raw.back() == '\n')) raw.remove_suffix(1);
  const std::string_view unsigned_part = raw.starts_with('-') ? raw.substr(1) : raw;
  std::size_t points = 0;
  std::size_t digits = 0;
  bool plain = !unsigned_part.empty();
  for (const char c : unsigned_part) {
    if (c == '.') ++points;
    else if (is_digit(c)) ++digits;
    else plain = false;
  }
  plain = plain && points <= 1 && digits > 0 && is_digit(unsigned_part.front()) && is_digit(unsigned_part.back());
  const bool leading_zero = unsigned_part.size() > 1 && unsigned_part[0] == '0' && unsigned_part[1] != '.';
  // All digits of an integer are kept: how many there are tells whether it can be trusted.
  if (plain && !leading_zero && digits <= 400 && (points == 0 || digits <= exact_digits_max)) {
    out += raw;
    return true;
  }
  double value = 0;
  const char* begin = raw.data() + (raw.starts_with('+') ? 1 : 0);
  const auto [end, problem] = std::from_chars(begin, raw.data() + raw.size(), value);
  if (problem != std::errc() || end != raw.data() + raw.size() || begin == end) return false;
  return append_plain_number(value, out);
}

void append_shown(std::string_view plain, const NumberFormat& format, bool from_1904, std::string& out, bool& is_day) {
  is_day = false;
  switch (format.show) {
    case NumberFormat::Show::general:
      out += format.before;
      append_general(plain, out);
      out += format.after;
      return;
    case NumberFormat::Show::fixed:
    case NumberFormat::Show::percent: append_fixed(plain, format, out); return;
    case NumberFormat::Show::day:
    case NumberFormat::Show::time: {
      const bool time_only = format.show == NumberFormat::Show::time;
      if (append_day(plain, time_only, from_1904, out)) is_day = !time_only;
      else append_general(plain, out);
      return;
    }
  }
}

}  // namespace yihu::sheet

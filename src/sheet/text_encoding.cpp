#include "sheet/text_encoding.h"

#include "base/utf8.h"

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

// Enough to tell an encoding; statistics over more change nothing.
constexpr std::size_t sample_bytes = 256u << 10;

std::unexpected<base::Error> binary() {
  return fail(ErrorKind::input, "document_binary", text("这不是文字文件，无法读取。", "This is not a text document."),
              text("请上传 docx、odt、pdf、html、txt 或 md 文件。", "Give a docx, odt, pdf, html, txt or md file."));
}

/// Line and column of the code point that begins at `offset`, from 1.
base::Place place_at(std::string_view valid_before) {
  base::Place place;
  const std::size_t line_begin = valid_before.rfind('\n') + 1;  // npos + 1 is 0
  place.line = static_cast<int>(std::ranges::count(valid_before, '\n')) + 1;
  place.column = static_cast<int>(base::count_code_points(valid_before.substr(line_begin))) + 1;
  return place;
}

std::unexpected<base::Error> damaged_at(std::string_view valid_before, std::string_view encoding) {
  base::Place place = place_at(valid_before);
  base::Error error{ErrorKind::input,
                    "document_text_unreadable",
                    text("第 {} 行第 {} 个字处的文字编码已损坏（按 {} 读取）。",
                         "The text is damaged at line {}, character {} (read as {}).", place.line, place.column, encoding),
                    text("请用编辑软件打开，改正该处并以 UTF-8 另存后再上传。",
                         "Open it in an editor, mend that place, save it as UTF-8 and try again."),
                    std::move(place),
                    {}};
  return fail(std::move(error));
}

struct Utf8Scan {
  std::optional<std::size_t> first_bad;
  std::size_t sequences = 0;  ///< valid characters of two bytes or more
  std::size_t bad = 0;
};

Utf8Scan scan_utf8(std::string_view bytes) {
  Utf8Scan scan;
  const auto length = static_cast<std::int64_t>(bytes.size());
  for (std::int64_t i = 0; i < length;) {
    const std::int64_t begin = i;
    UChar32 point = 0;
    U8_NEXT(bytes.data(), i, length, point);
    if (point >= 0x80) ++scan.sequences;
    if (point >= 0) continue;
    if (!scan.first_bad) scan.first_bad = static_cast<std::size_t>(begin);
    ++scan.bad;
  }
  return scan;
}

/// Control characters that text never holds. A tab, line ends, form feed and the old end-of-file sign may stand.
bool holds_control_characters(std::string_view bytes) {
  return std::ranges::any_of(bytes, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte != 0x1a && byte != 0x1b);
  });
}

struct Gb18030Scan {
  std::optional<std::size_t> first_bad;
  std::size_t characters = 0;  ///< of two or four bytes
  std::size_t common = 0;      ///< those in everyday use: level 1 of GB 2312, its signs, and full-width forms
};

/// GB18030's own rules: one byte below 0x80; two bytes 81–FE and 40–7E or 80–FE; four bytes 81–FE 30–39 81–FE 30–39.
/// Everyday text keeps to the signs A1–A9 and to level 1 of GB 2312, rows B0–D7, which holds 3,755 characters.
Gb18030Scan scan_gb18030(std::string_view bytes) {
  Gb18030Scan scan;
  const auto byte = [&](std::size_t at) { return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0u; };
  for (std::size_t i = 0; i < bytes.size();) {
    const unsigned lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const unsigned trail = byte(i + 1);
    if (lead >= 0x81 && lead <= 0xfe && trail >= 0x40 && trail <= 0xfe && trail != 0x7f) {
      ++scan.characters;
      if (trail >= 0xa1 && ((lead >= 0xa1 && lead <= 0xa3) || (lead >= 0xb0 && lead <= 0xd7))) ++scan.common;
      i += 2;
    } else if (lead >= 0x81 && lead <= 0xfe && trail >= 0x30 && trail <= 0x39 && byte(i + 2) >= 0x81 &&
               byte(i + 2) <= 0xfe && byte(i + 3) >= 0x30 && byte(i + 3) <= 0x39) {
      ++scan.characters;
      i += 4;
    } else {
      if (!scan.first_bad) scan.first_bad = i;
      ++i;
    }
  }
  return scan;
}

/// What ICU thinks these bytes are, best first.
std::vector<std::string> guesses(std::string_view bytes) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, void (*)(UCharsetDetector*)> detector(ucsdet_open(&status), ucsdet_close);
  if (U_FAILURE(status)) return {};
  const std::string_view sample = bytes.substr(0, sample_bytes);
  ucsdet_setText(detector.get(), sample.data(), static_cast<std::int32_t>(sample.size()), &status);
  std::int32_t count = 0;
  const UCharsetMatch** matches = ucsdet_detectAll(detector.get(), &count, &status);
  std::vector<std::string> out;
  for (std::int32_t i = 0; U_SUCCESS(status) && i < count; ++i) {
    constexpr std::int32_t worth_a_try = 20;
    if (ucsdet_getConfidence(matches[i], &status) < worth_a_try) break;
    if (const char* name = ucsdet_getName(matches[i], &status)) out.emplace_back(name);
  }
  return out;
}

struct Conversion {
  std::string utf8;                   ///< up to the first bad place
  bool whole = false;
};

void append_utf16(std::string& out, const UChar* units, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    UChar32 point = units[i];
    // The converter never gives half a pair, but a pair may lie across two buffers; see convert().
    if (U16_IS_LEAD(point) && i + 1 < count) point = U16_GET_SUPPLEMENTARY(point, units[++i]);
    out += base::utf8(static_cast<char32_t>(point));
  }
}

std::optional<Conversion> convert(std::string_view bytes, const std::string& encoding) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, void (*)(UConverter*)> converter(ucnv_open(encoding.c_str(), &status), ucnv_close);
  if (U_FAILURE(status)) return std::nullopt;
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  Conversion out;
  const char* source = bytes.data();
  const char* const end = source + bytes.size();
  std::vector<UChar> units(1 << 15);
  std::size_t kept = 0;  // the first half of a pair that the last buffer ended with
  for (;;) {
    UChar* target = units.data() + kept;
    ucnv_toUnicode(converter.get(), &target, units.data() + units.size(), &source, end, nullptr, true, &status);
    const auto count = static_cast<std::size_t>(target - units.data());
    const bool half = count > 0 && U16_IS_LEAD(units[count - 1]) && status == U_BUFFER_OVERFLOW_ERROR;
    append_utf16(out.utf8, units.data(), half ? count - 1 : count);
    if (half) units[0] = units[count - 1];
    kept = half ? 1 : 0;
    if (status != U_BUFFER_OVERFLOW_ERROR) break;
    status = U_ZERO_ERROR;
  }
  out.whole = U_SUCCESS(status);
  return out;
}

/// Share of the characters that Chinese or English text is made of.
bool looks_like_text(std::string_view utf8) {
  std::size_t all = 0;
  std::size_t usual = 0;
  for (const char32_t c : base::code_points(base::first_code_points(utf8, sample_bytes / 4))) {
    ++all;
    if (c == 0 || (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f')) return false;
    usual += c < 0x7f || (c >= 0x2000 && c < 0x2700) || (c >= 0x3000 && c < 0x3130) || (c >= 0x4e00 && c < 0xa000) ||
             (c >= 0xff00 && c < 0xfff0) || (c >= 0xa0 && c < 0x100);
  }
  return all > 0 && usual * 10 >= all * 9;
}

/// UTF-16 without a byte order mark: it must be valid and read as text in exactly that byte order.
std::optional<DecodedText> utf16_without_mark(std::string_view bytes) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  for (const char* encoding : {"UTF-16LE", "UTF-16BE"}) {
    const auto sample = convert(bytes.substr(0, sample_bytes), encoding);
    if (!sample || !looks_like_text(sample->utf8)) continue;
    auto decoded = convert(bytes, encoding);
    if (decoded && decoded->whole) return DecodedText{std::move(decoded->utf8), encoding};
  }
  return std::nullopt;
}

base::Result<DecodedText> decode_marked(std::string_view bytes, const std::string& encoding) {
  auto decoded = convert(bytes, encoding);
  if (!decoded) return binary();
  if (!decoded->whole) return damaged_at(decoded->utf8, encoding);
  if (decoded->utf8.find('\0') != std::string::npos) return binary();
  return DecodedText{std::move(decoded->utf8), encoding};
}

std::optional<DecodedText> other_encoding(std::string_view bytes) {
  for (const std::string& name : guesses(bytes)) {
    // Western encodings accept any bytes, so a guess of one of them proves nothing.
    if (name != "Big5" && name != "EUC-KR" && name != "EUC-JP" && name != "Shift_JIS") continue;
    auto decoded = convert(bytes, name);
    if (decoded && decoded->whole && looks_like_text(decoded->utf8)) return DecodedText{std::move(decoded->utf8), name};
  }
  return std::nullopt;
}

/// Bytes that are neither marked nor valid UTF-8.
base::Result<DecodedText> decode_legacy(std::string_view bytes, const Utf8Scan& utf8) {
  const Gb18030Scan gb = scan_gb18030(bytes);
  // Two Chinese characters of UTF-8 are six bytes that also pass as three of GB18030, so validity alone cannot tell
  // a UTF-8 file with one bad byte from a GB18030 file; in the first nearly all sequences are good UTF-8.
  const bool broken_utf8 = utf8.sequences >= 2 * utf8.bad && utf8.sequences > 0;
  const bool reads_as_gb = gb.characters > 0 && gb.common * 10 >= gb.characters * 7;
  const std::string_view before_bad_utf8 = bytes.substr(0, utf8.first_bad.value_or(0));
  if (broken_utf8 && !(reads_as_gb && gb.common * 20 >= gb.characters * 19 && !gb.first_bad)) {
    return damaged_at(before_bad_utf8, "UTF-8");
  }
  if (reads_as_gb) {
    auto decoded = convert(bytes, "gb18030");
    if (!decoded) return binary();
    if (decoded->whole) return DecodedText{std::move(decoded->utf8), "GB18030"};
    return damaged_at(decoded->utf8, "GB18030");
  }
  if (auto other = other_encoding(bytes)) return std::move(*other);
  // A list of rare names keeps fewer everyday characters, but Western and other Asian text has hardly any.
  if (!gb.first_bad && gb.characters > 0 && gb.common * 2 >= gb.characters) {
    auto decoded = convert(bytes, "gb18030");
    if (decoded && decoded->whole && looks_like_text(decoded->utf8)) {
      return DecodedText{std::move(decoded->utf8), "GB18030"};
    }
  }
  return damaged_at(before_bad_utf8, "UTF-8");
}

}  // namespace

base::Result<DecodedText> decode_text(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xff\xfe\0\0"sv)) return decode_marked(bytes.substr(4), "UTF-32LE");
  if (bytes.starts_with("\0\0\xfe\xff"sv)) return decode_marked(bytes.substr(4), "UTF-32BE");
  if (bytes.starts_with("\xff\xfe"sv)) return decode_marked(bytes.substr(2), "UTF-16LE");
  if (bytes.starts_with("\xfe\xff"sv)) return decode_marked(bytes.substr(2), "UTF-16BE");
  const bool marked = bytes.starts_with("\xef\xbb\xbf"sv);
  if (marked) bytes.remove_prefix(3);
  if (holds_control_characters(bytes)) {
    if (auto decoded = utf16_without_mark(bytes)) return std::move(*decoded);
    return binary();
  }
  const Utf8Scan utf8 = scan_utf8(bytes);
  if (!utf8.first_bad) return DecodedText{std::string(bytes), "UTF-8"};
  if (marked) return damaged_at(bytes.substr(0, *utf8.first_bad), "UTF-8");
  return decode_legacy(bytes, utf8);
}

std::optional<DecodedText> decode_as(std::string_view bytes, const std::string& encoding) {
  auto decoded = convert(bytes, encoding);
  if (!decoded || !decoded->whole) return std::nullopt;
  return DecodedText{std::move(decoded->utf8), encoding};
}

}  // namespace yihu::sheet

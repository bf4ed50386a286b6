#pragma once
// The numbers a word processor or browser writes before a paragraph, in the styles Chinese documents use.

#include <optional>
#include <string>
#include <string_view>

namespace yihu::sheet {

enum class NumberStyle {
  none,              ///< no number at all
  decimal,           ///< 1 2 3
  decimal_zero,      ///< 01 02 03
  full_width,        ///< １ ２ ３
  upper_roman,       ///< I II III
  lower_roman,       ///< i ii iii
  upper_letter,      ///< A B … Z AA BB, as word processors count
  lower_letter,      ///< a b … z aa bb
  chinese,           ///< 一 二 … 十 十一
  chinese_digits,    ///< 一 二 … 一〇 一一
  chinese_legal,     ///< 壹 贰 … 壹拾 壹拾壹
  heavenly_stem,     ///< 甲 乙 丙
  earthly_branch,    ///< 子 丑 寅
  circled,           ///< ① ② ③
  parenthesised,     ///< ⑴ ⑵ ⑶
  full_stopped,      ///< ⒈ ⒉ ⒊
  chinese_circled,   ///< ㊀ ㊁ ㊂
  chinese_enclosed,  ///< ㈠ ㈡ ㈢
  dashed,            ///< - 1 -
};

/// Beyond what a style can write, the plain decimal number. Empty for `none`.
std::string written_number(NumberStyle style, int number);

/// w:numFmt of docx. A format we do not know is decimal, as in Word; a bullet is `none`.
NumberStyle number_style_from_word(std::string_view format);
/// style:num-format of odt: "1", "a", "一, 二, 三, ...".
NumberStyle number_style_from_opendocument(std::string_view format);
/// list-style-type of CSS, or the `type` of an HTML list. Nothing if it is neither a number nor a bullet we know.
std::optional<NumberStyle> number_style_from_css(std::string_view type);

/// The label as it stands before text: a blank follows what ends like a Western number, so "1. 甲" but "（一）甲".
std::string label_before_text(std::string label);

}  // namespace yihu::sheet

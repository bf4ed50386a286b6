#pragma once
// The document's characters, each with its place in the document and in a form that can be compared.

#include "base/utf8.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::plan {

/// Three rows of equal length. Bold marks, tags and invisible characters are gone.
struct Characters {
  std::u32string shown;           ///< as written
  std::u32string folded;          ///< full and half width, and all brackets, dashes and line ends, in one form
  std::vector<std::uint32_t> at;  ///< index in the document

  std::size_t size() const { return folded.size(); }
  void push(char32_t shown_as, char32_t folded_as, std::uint32_t index);
  void append(const Characters& other, std::size_t begin, std::size_t end);
  std::string text(std::size_t begin, std::size_t end) const;
  /// Where [begin, end) stands in the document; begin < end.
  base::Span span(std::size_t begin, std::size_t end) const;
  std::u32string_view view(std::size_t begin, std::size_t end) const;
};

/// In `folded`: every bracket but 《》 and quotes is ( or ); every dash is -; a line end is \n; \t stays a tab.
Characters characters_from_text(std::u32string_view text);

/// A part of `characters` as one sentence: line ends gone, spaces gone beside Chinese characters.
Characters sentence(const Characters& characters, std::size_t begin, std::size_t end);

bool is_space(char32_t folded);
bool is_digit(char32_t folded);
bool is_letter(char32_t folded);
bool is_han(char32_t folded);
/// 。；！？ and what may stand behind them: a sentence can end here.
bool ends_sentence(char32_t folded);

}  // namespace yihu::plan

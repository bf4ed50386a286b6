#pragma once
// Numbers in running text: 90, 1.2万, 3,218, 二十一, 两.

#include <cstddef>
#include <optional>
#include <string_view>

namespace yihu::plan {

struct Figure {
  double value = 0;
  std::size_t length = 0;
  bool chinese = false;  ///< written with Chinese numerals throughout
};

/// The number that begins at `at` in folded characters; none in the middle of one.
std::optional<Figure> figure_at(std::u32string_view folded, std::size_t at);

bool is_numeral(char32_t folded);

/// Reads words and numbers forward from a place. Every step is bounded; a copy is a place to come back to.
class Reader {
 public:
  Reader(std::u32string_view text, std::size_t at) : text_(text), at_(at) {}

  std::size_t at() const { return at_; }
  char32_t here() const { return at_ < text_.size() ? text_[at_] : U'\0'; }
  bool take(std::u32string_view word) {
    if (!text_.substr(at_ < text_.size() ? at_ : text_.size()).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  template <class... Words>
  bool take_any(const Words&... words) { return (take(std::u32string_view(words)) || ...); }
  void skip(std::size_t count) { at_ += count; }
  void take_spaces() { while (here() == U' ') ++at_; }
  /// A whole number within [low, high]; nothing is taken otherwise.
  std::optional<int> take_number(int low, int high);

 private:
  std::u32string_view text_;
  std::size_t at_;
};

/// Where a quotation or a book title that begins at `at` ends (behind its last mark); `at` if none begins there.
std::size_t quoted_end(std::u32string_view folded, std::size_t at);

}  // namespace yihu::plan

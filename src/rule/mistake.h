#pragma once
// The mistakes of one expression, each with its place in the text; all are collected before anything is reported.

#include "base/error.h"
#include "base/utf8.h"

#include <string>
#include <string_view>
#include <vector>

namespace yihu::rule {

/// A text under translation: turns places within it into lines and columns of the file it stands in.
class Source {
 public:
  Source(std::string_view text, base::Place place);
  const std::u32string& points() const { return points_; }
  base::Place place_of(std::size_t position) const;

 private:
  std::u32string points_;
  base::Place place_;
};

class Mistakes {
 public:
  /// Says the same thing about the same place only once, however often a text is looked at.
  void add(const Source& source, base::Span span, std::string code, base::Text text, base::Text mend = {});
  bool empty() const { return errors_.empty(); }
  std::size_t count() const { return errors_.size(); }
  std::vector<base::Error> take() { return std::move(errors_); }

 private:
  std::vector<base::Error> errors_;
};

}  // namespace yihu::rule

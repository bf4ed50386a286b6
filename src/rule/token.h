#pragma once
// The words of an expression.

#include "rule/mistake.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace yihu::rule {

enum class TokenKind {
  name,
  integer,   ///< without its sign; `number` holds it, up to 2^63
  real,
  text,
  symbol,    ///< one of ( ) [ ] { } . , ? : ! - + * / % < <= > >= == != && ||
  end,
};

struct Token {
  TokenKind kind = TokenKind::end;
  base::Span span;
  std::string text;          ///< a name, a symbol, or the content of a text
  std::uint64_t number = 0;
  double real = 0;
};

/// Nothing when the text holds something that is no word; `mistakes` says what.
std::optional<std::vector<Token>> tokens_from_text(const Source& source, Mistakes& mistakes);

}  // namespace yihu::rule

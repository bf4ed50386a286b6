#pragma once
// An expression as it is written, before anything is known about its names.

#include "rule/token.h"

#include <memory>
#include <string>
#include <vector>

namespace yihu::rule {

enum class SyntaxForm {
  truth,        ///< true, false
  integer,
  real,
  text,
  name,
  field,        ///< parts[0].name
  call,         ///< name(parts…)
  method,       ///< parts[0].name(rest…)
  index,        ///< parts[0][parts[1]]
  list,         ///< [parts…]
  conditional,  ///< parts[0] ? parts[1] : parts[2]
  both,         ///< parts[0] && parts[1] && …
  either,       ///< parts[0] || parts[1] || …
  unary,        ///< name is ! or -
  binary,       ///< name is the sign, or "in"
};

struct Syntax {
  SyntaxForm form = SyntaxForm::truth;
  base::Span span;           ///< of all of it
  base::Span name_span;      ///< of its name or sign
  std::string name;          ///< also the content of a text
  bool truth = false;
  std::int64_t integer = 0;
  double real = 0;
  std::vector<std::unique_ptr<Syntax>> parts;
};

using SyntaxPointer = std::unique_ptr<Syntax>;

/// Stops at the first mistake, because what follows one is guesswork. Nothing then; `mistakes` says what it is.
SyntaxPointer syntax_from_text(const Source& source, Mistakes& mistakes);

}  // namespace yihu::rule

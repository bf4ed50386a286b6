#pragma once
// What can fail returns Result<T>; dropping one does not compile.

#include "base/error.h"

#include <expected>
#include <utility>

namespace yihu::base {

template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};

using Done = Result<void>;

/// `return fail(ErrorKind::input, "date_unclear", text("…", "…"));`
inline std::unexpected<Error> fail(ErrorKind kind, std::string code, Text text, Text mend = {}) {
  return std::unexpected<Error>(Error{kind, std::move(code), std::move(text), std::move(mend), {}, {}});
}
inline std::unexpected<Error> fail(Error error) { return std::unexpected<Error>(std::move(error)); }

/// Several mistakes of one input become one error. `mistakes` must not be empty.
inline std::unexpected<Error> fail_all(std::vector<Error> mistakes) {
  Error first = std::move(mistakes.front());
  first.also.insert(first.also.end(), std::make_move_iterator(mistakes.begin() + 1),
                    std::make_move_iterator(mistakes.end()));
  return std::unexpected<Error>(std::move(first));
}

}  // namespace yihu::base

/// `auto plan = TRY(read(file));` takes the value, or returns the error from the enclosing function.
/// The only macro of the house: C++23 has no other way to leave a function from an expression.
#define TRY(...)                                                          \
  (__extension__({                                                        \
    auto try_result_ = (__VA_ARGS__);                                     \
    if (!try_result_) return ::yihu::base::fail(std::move(try_result_).error()); \
    *std::move(try_result_);                                              \
  }))

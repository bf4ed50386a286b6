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

/// `auto plan = TRY(read(file));` takes the value, or returns the error from the enclosing function. It may stand in
/// another TRY: each has a number of its own, so that the inner one shadows nothing.
/// The only macro of the house: C++23 has no other way to leave a function from an expression.
#define TRY(...) TRY_COUNTED_(__COUNTER__, __VA_ARGS__)
#define TRY_COUNTED_(number, ...) TRY_NUMBERED_(number, __VA_ARGS__)  // once more, so that the counter becomes a number
#define TRY_NUMBERED_(number, ...) TRY_NAMED_(try_result_##number##_, __VA_ARGS__)
#define TRY_NAMED_(name, ...)                                         \
  (__extension__({                                                    \
    auto name = (__VA_ARGS__);                                        \
    if (!name) return ::yihu::base::fail(std::move(name).error());    \
    *std::move(name);                                                 \
  }))

#pragma once
// What can be done with single values: one row per operation, one column per engine. This is the only place where the
// engines' dialects are told apart, because they disagree on exactly the cases that hurt.

#include "rule/query.h"

#include <string>
#include <string_view>

namespace yihu::rule {

/// Operations on integers also serve money.
enum class Operation {
  negation,
  both,
  either,
  one_of,            ///< the first is one of the others, of which there is at least one
  equal,
  less,
  less_or_equal,
  text_less,
  text_less_or_equal,
  add,
  subtract,
  multiply,
  divide,            ///< towards zero
  modulo,            ///< with the sign of the dividend
  minus,
  magnitude,
  divide_evenly,     ///< to the nearest, halves to the even one
  add_real,
  subtract_real,
  multiply_real,
  divide_real,
  minus_real,
  magnitude_real,
  greater_of,
  lesser_of,
  real_from_integer,
  integer_from_real,      ///< towards zero
  rounded_from_real,      ///< to the nearest, halves to the even one
  integer_from_truth,
  text_from_integer,
  count_up,               ///< adds small numbers that cannot overflow
  concatenate,
  length,
  contains,
  starts_with,
  ends_with,
  year,
  month,
  day_of_month,
  days_between,
  age,
  known,                  ///< never unknown itself
  if_known,               ///< the second where the first is known
  conditional,
};

/// SQL with $1, $2, $3 for the operands, $* for all from the second on, $| for whether the first
/// equals one of them. What stands before " => " is computed once and is $0 in what follows. An operand
/// may occur several times: whoever fills the template in sees to it that it is computed once.
const std::string& lowering(Operation operation, Engine engine);

/// Of one value under a name: SQL with $0 for the value, $1 for what is made of it, $n for the name.
std::string_view binding(Engine engine);

}  // namespace yihu::rule

#pragma once
// What a part of an expression stands for while it is checked: a single value, a row, or a list. Lists live only here:
// written-out ones are unrolled, those of rows become gatherings.

#include "base/text.h"
#include "rule/node.h"

#include <vector>

namespace yihu::rule {

struct Value {
  enum class Form {
    single,  ///< `node`
    row,     ///< `row`
    list,    ///< `items`
    rows,    ///< the rows `row` in turn, where `node` is what each was mapped to, if it was
  };
  Form form = Form::single;
  NodePointer node = {};
  RowPointer row = {};
  std::vector<Value> items = {};
  NodePointer present = {};  ///< of an item of a list: whether it belongs to it; nothing: it always does
  NodePointer known = {};   ///< of a list: true where all its items are known; nothing: they always are
  NodePointer filter = {};  ///< of rows: true for those that belong to it; nothing: all do
};

/// 金额 / an amount of money
base::Text words_of(Kind kind);
base::Text words_of(const Value& value);

}  // namespace yihu::rule

#include "rule/value.h"

namespace yihu::rule {

base::Text words_of(Kind kind) {
  switch (kind) {
    case Kind::truth: return base::text("是非", "a truth value");
    case Kind::integer: return base::text("整数", "a whole number");
    case Kind::real: return base::text("实数", "a real number");
    case Kind::money: return base::text("金额", "an amount of money");
    case Kind::text: return base::text("文字", "a text");
    case Kind::day: return base::text("日期", "a day");
  }
  return {};
}

base::Text words_of(const Value& value) {
  switch (value.form) {
    case Value::Form::single: return words_of(value.node->kind);
    case Value::Form::row: return base::text("一条“{0}”记录", "a row of {0}", value.row->rows->name);
    case Value::Form::list: return base::text("列表", "a list");
    case Value::Form::rows: return base::text("“{0}”的多条记录", "rows of {0}", value.row->rows->name);
  }
  return {};
}

}  // namespace yihu::rule

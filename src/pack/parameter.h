#pragma once
// Dated values that policy sets: a poverty line, an amount, a share. Expressions use them by name.

#include "base/date.h"
#include "base/text.h"
#include "pack/rule.h"

#include <optional>
#include <string>
#include <vector>

namespace yihu::pack {

/// From its first day until the next value's.
struct ParameterValue {
  base::Date from;
  std::string value;      ///< as expressions see it: fen for money, 85 for 85 %, "2019-04-30", 0 or 1, a code
  std::string written;    ///< as the pack writes it
  Source source;
  bool verified = false;  ///< somebody has compared it with its source
  base::Place place;
};

struct Parameter {
  std::string id;
  base::Text label;
  base::Text unit;                     ///< "yuan per person per year"
  ColumnType type = ColumnType::money;
  std::vector<ParameterValue> values;  ///< by day, rising
  int article = 0;
  std::string layer;
  base::Place place;

  /// The value in force on `day`, or nullptr before the first.
  const ParameterValue* on(base::Date day) const;
  bool verified() const;
};

}  // namespace yihu::pack

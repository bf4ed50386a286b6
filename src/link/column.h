#pragma once
// What a column holds, judged by its heading and a sample of its values.

#include "link/source.h"
#include "link/spec.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace yihu::link {

struct Column {
  std::string heading;
  std::string meaning;       ///< what the heading says, such as "given_name" or "birth"; empty when it says nothing known
  Kind kind = Kind::text;
  bool household = false;    ///< names the family within its table
  std::size_t rows = 0;      ///< looked at
  std::size_t filled = 0;
  std::size_t distinct = 0;  ///< among those looked at
  std::unordered_map<std::string, std::size_t> values;  ///< cleaned, with their counts
};

/// One per heading; looks at some ten thousand rows from several places of the table.
base::Result<std::vector<Column>> columns_of(const Source& source);

/// Letters and digits of a heading in lower case; 出生日期 and "Date of  birth" keep their words.
std::string folded_heading(std::string_view heading);

}  // namespace yihu::link

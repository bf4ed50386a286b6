#pragma once
// Towns and villages of the office's county: the official list, and what we know beyond it.

#include "base/date.h"
#include "base/error.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::pack {

/// One town (9 digits) or village (12 digits, which begin with its town's).
struct Division {
  std::string id;            ///< the code
  base::Text name;
  std::optional<bool> poor_village;
  std::optional<int> exited_year;      ///< in which it left the list of poor villages
  std::optional<base::Date> from;      ///< first day; missing: it always existed
  std::optional<base::Date> to;        ///< last day
  std::vector<std::string> hamlets;    ///< natural villages below it
  bool unverified = false;             ///< nobody has checked this against a source
  base::Place place;

  bool village() const { return id.size() == 12; }
  std::string_view town() const { return std::string_view(id).substr(0, 9); }
};

}  // namespace yihu::pack

#pragma once
// Divisions: the county, its towns and villages, with the days between which each exists, and the hamlets below.

#include "base/date.h"
#include "base/text.h"
#include "store/session.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::area {

struct Division {
  std::string code;    ///< 6, 9 or 12 digits
  std::string level;   ///< "county", "town" or "village"
  base::Text name;
  std::string parent;  ///< code; empty for the county
  std::optional<bool> poor_village;
  std::optional<int> exited_year;       ///< in which a village left the list of poor ones
  std::optional<base::Date> from;       ///< first day; missing: it always existed
  std::optional<base::Date> to;         ///< last day
  bool unverified = false;              ///< nobody has checked it against a source
  std::vector<std::string> hamlets = {};

  bool in_force(base::Date day) const { return (!from || *from <= day) && (!to || day <= *to); }
};

/// All divisions at one moment. Immutable.
class Divisions {
 public:
  explicit Divisions(std::vector<Division> all);
  /// The county, then each town followed by its villages, in order of code.
  const std::vector<Division>& all() const { return all_; }
  /// nullptr when there is none.
  const Division* find(std::string_view code) const;
  /// Villages whose name is `name`, with or without 村 or 村委会 at its end; of `town` alone when it is given.
  std::vector<const Division*> villages_named(std::string_view name, std::string_view town = {}) const;
  /// "灵山镇东头村"; the code itself when there is none.
  base::Text full_name(std::string_view code) const;

 private:
  std::vector<Division> all_;
  std::map<std::string, std::size_t, std::less<>> by_code_;
};

base::Result<Divisions> read_divisions(store::Session& session);

}  // namespace yihu::area

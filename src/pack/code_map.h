#pragma once
// What the numbers of an outside system mean in our words. Each system has its own map: the same number means
// different causes in different systems, so a bare number is never trusted.

#include "base/error.h"

#include <map>
#include <string>
#include <vector>

namespace yihu::pack {

struct CodeMap {
  std::string id;      ///< the outside system
  base::Text label;
  /// "household.main_cause" → outside code → our code. Several outside codes may mean one of ours; the first one
  /// written is what goes out.
  struct Entry {
    std::string outside;
    std::string ours;
    base::Place place;
  };
  std::map<std::string, std::vector<Entry>, std::less<>> fields;
  bool unverified = false;   ///< nobody has checked it against the system's own list
  base::Text note;
  base::Place place;
};

}  // namespace yihu::pack

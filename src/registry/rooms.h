#pragma once
// What the register's functions need beside the store, and the words they share.

#include "access/viewer.h"
#include "base/date.h"
#include "registry/ids.h"
#include "registry/record.h"
#include "store/secret.h"
#include "store/transaction.h"

#include <string>
#include <vector>

namespace yihu::registry {

struct Rooms {
  const store::Secrets& secrets;
};

/// Since when something holds, and why it is written down: both stand in the history.
struct Why {
  base::Date day;      ///< not before the household's first day, not in the future
  std::string reason;  ///< 1 to `reason_length_max` characters
};
inline constexpr std::size_t reason_length_max = 500;

/// How a written value relates to what stood there.
enum class Mode {
  changed,    ///< it was otherwise before that day, and is so from then on
  corrected,  ///< what stood there on that day was wrong all along
};

}  // namespace yihu::registry

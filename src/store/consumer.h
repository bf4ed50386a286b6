#pragma once
// Jobs that follow the journal. Each has a name and a position; what it does for an entry and the new position are
// committed together, so that after a crash no entry is missed and none is done twice.

#include "store/journal.h"
#include "store/store.h"

#include <functional>
#include <string>
#include <vector>

namespace yihu::store {

/// An entry that fails this often is set aside, so that it does not hold up what follows; an administrator sees it.
constexpr int consumer_attempts_max = 8;

struct Consumer {
  std::string name;                  ///< stands in the journal as "system:<name>"
  std::vector<std::string> actions;  ///< the entries it wants; empty: all
  /// Does what `entry` asks for, within the transaction. May be asked again for the same entry after an error.
  /// Effects outside the store must bear repetition.
  std::function<base::Done(Transaction&, const Entry& entry)> handle;
};

struct Advance {
  int handled = 0;          ///< entries wanted and done
  bool more = false;        ///< entries wait beyond this step
};

/// Takes the next entries, up to `entries_max`, each in one transaction with its mark. Waits for the writer: not from
/// the writer's thread.
/// Errors: that of the entry which failed; those before it are done, and calling again tries it again.
base::Result<Advance> advance(Store& store, const Consumer& consumer, int entries_max);

/// An entry that was set aside.
struct SetAside {
  std::string consumer;
  std::int64_t sequence = 0;
  std::string code;   ///< of the last error
  base::Instant at;
};
base::Result<std::vector<SetAside>> set_aside_entries(Session& session);
/// The consumer's mark: everything up to it is done or was not wanted; 0 before the first.
base::Result<std::int64_t> consumer_position(Session& session, std::string_view name);

}  // namespace yihu::store

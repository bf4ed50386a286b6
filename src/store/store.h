#pragma once
// The live store: many readers, one writer whose waiting transactions share a commit, and a journal that is
// audit log and job queue at once.

#include "store/digest.h"
#include "store/migration.h"
#include "store/transaction.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

namespace yihu::store {

struct Options {
  std::filesystem::path folder;      ///< holds the SQLite file, the key file (mode 600) and `files/`
  std::string url;                   ///< empty: SQLite in `folder`; else "postgresql://…"
  std::vector<Migration> migrations; ///< of every room
  const base::Clock* clock = nullptr;
  int readers_max = 4;
  Algorithms algorithms = Algorithms::international;  ///< of a store that is made; one that is there keeps its own
  /// Only look: no lock, no schema steps, and every write is refused. For a second process beside the running one.
  bool read_only = false;
};

class FileStore;
class Secrets;

/// What a write answers; kept with its operation id and given again when the operation is repeated.
using Answer = std::string;
using Write = std::function<base::Result<Answer>(Transaction&)>;

/// Entries of one commit, told after it, on the writer's thread: return at once.
struct Committed {
  std::int64_t sequence;      ///< of the last entry
  struct Touched { std::string action, subject_kind, subject; };
  std::vector<Touched> touched;
};

class Store {
 public:
  /// Opens or makes the store and runs missing migrations.
  /// Errors: a newer store than this program knows; another process writing; key file missing or readable by others;
  /// a database that sorts text otherwise than by code point.
  static base::Result<std::unique_ptr<Store>> open(Options options);
  virtual ~Store() = default;

  /// Lends a reading session from the pool to `read`; all its queries see one state of the store.
  /// A read within a read can wait for itself: hand the session on instead.
  virtual base::Done read(const std::function<base::Done(Session&)>& read) = 0;

  /// Queues `write`. It runs on the writer's thread in a savepoint of its own: an error undoes this write alone.
  /// `done` is called on the writer's thread after the commit (or with the error); it must return at once.
  virtual void write(Act act, Write write, std::function<void(base::Result<Answer>)> done) = 0;
  /// The same, waiting for the answer. Not from the writer's thread.
  base::Result<Answer> write(Act act, Write write);

  /// The answer of this actor's write that was committed under this operation, so that a repeat need not be prepared
  /// again (its preconditions may no longer hold). Nothing when there was none.
  base::Result<std::optional<Answer>> answered(std::string_view actor, std::string_view operation);

  /// What every write from now on is wrapped in, so that nobody who writes can forget what has to happen within every
  /// write. Set once, before several threads use the store.
  virtual void around_writes(std::function<Write(Write)> wrap) = 0;

  /// Told before the commit's `done` are called, so that who was answered never reads something older.
  virtual void on_commit(std::function<void(const Committed&)> tell) = 0;

  /// Seals and opens private values, with a key per person.
  virtual const Secrets& secrets() const = 0;
  /// Files by the hash of their content.
  virtual FileStore& files() = 0;
  virtual Algorithms algorithms() const = 0;

  virtual bool on_writers_thread() const = 0;
  virtual const base::Clock& clock() const = 0;
  virtual const std::filesystem::path& folder() const = 0;
};

}  // namespace yihu::store

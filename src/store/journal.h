#pragma once
// The journal: who changed what, when, in which request, each entry holding the hash of the one before it.
// Entries are only ever added. Whoever alters or removes one breaks the chain from there on.

#include "store/digest.h"
#include "store/transaction.h"

#include <cstdint>
#include <string>
#include <vector>

namespace yihu::store {

struct Entry {
  std::int64_t sequence = 0;  ///< 1, 2, 3 … without gaps
  base::Instant at;
  std::string actor;
  std::string request;
  std::string operation;
  std::string action;
  std::string subject_kind;
  std::string subject;
  std::string before;         ///< JSON object or empty
  std::string after;          ///< JSON object or empty
  std::string previous;       ///< hash of the entry before; of the store's id for the first
  std::string hash;           ///< over all of the above
};

/// The last entry. Sequence 0 with the hash of the store's id stands for an empty journal.
struct Head {
  std::int64_t sequence = 0;
  std::string hash;
  bool operator==(const Head&) const = default;
};

std::string hash_of(const Entry& entry, Algorithms algorithms);
/// What the first entry holds as its `previous`, so that two stores' chains cannot be exchanged.
std::string first_hash(std::string_view store_id, Algorithms algorithms);

/// What a page of the journal shows; empty fields ask for everything.
struct JournalFilter {
  std::string actor = {};
  std::string request = {};
  std::string action = {};
  std::string subject_kind = {};
  std::string subject = {};
  std::optional<base::Instant> from = {};   ///< inclusive
  std::optional<base::Instant> until = {};  ///< exclusive
  std::optional<std::int64_t> older_than = {};  ///< the last sequence of the page before; nothing for the first page
  int limit = 50;                       ///< 1 … 1000
};

/// @returns entries, newest first
base::Result<std::vector<Entry>> read_journal(Session& session, const JournalFilter& filter);
/// @returns up to `limit` entries after `sequence`, oldest first
base::Result<std::vector<Entry>> entries_after(Session& session, std::int64_t sequence, int limit);
/// @returns the head as the last commit recorded it
base::Result<Head> recorded_head(Session& session);

}  // namespace yihu::store

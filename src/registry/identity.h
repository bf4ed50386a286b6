#pragma once
// The wrong person was written down: name, sex, birth or document number were somebody else's.

#include "registry/rooms.h"

#include "base/clock.h"

namespace yihu::registry {

/// Puts the identity right, for all of the past: it was never otherwise. The wrong values are kept sealed for the undo.
/// @param values of name, sex, birth, id_number and id_kind; in clear
/// Errors: input, not_found, stale; conflict "person_known" when the number is another present person's.
base::Result<CorrectionId> correct_identity(store::Transaction& transaction, const Rooms& rooms, const access::Viewer& viewer,
                                            const PersonId& person, const Values& values, const Why& why,
                                            std::optional<int> version = {});

/// The correction was the mistake. Errors: not_found; conflict "correction_undone", or "correction_followed" when a
/// later one has been made since: that one is undone first.
base::Done undo_correction(store::Transaction& transaction, const Rooms& rooms, const access::Viewer& viewer,
                           const CorrectionId& correction, const Why& why);

struct Correction {
  CorrectionId id;
  std::vector<std::string> fields;
  std::string reason;
  base::Instant at;
  std::string actor;
  bool undone = false;
};
/// The latest first. Errors: not_found.
base::Result<std::vector<Correction>> corrections_of(store::Session& session, const access::Viewer& viewer, const PersonId& person);

}  // namespace yihu::registry

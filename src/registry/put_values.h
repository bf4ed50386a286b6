#pragma once
// Stored values into a row and its history. Inside the room only.

#include "registry/history.h"

namespace yihu::registry {

/// Puts every value in force, the row itself taking those that hold today. Does not write the row.
/// @returns whether anything differs
base::Result<bool> put_values(store::Transaction& transaction, const Moment& moment, const Values& stored, Record& row);

/// Of `values`, those that differ from what the row holds now or held on a past day are told: all of them are.
boost::json::object json_from(const Values& values);
/// What the row holds of the same fields.
boost::json::object before_of(const Record& row, const Values& values);

/// Errors: stale "register_stale", naming the fields of the household's last event; who it was stands in the timeline.
base::Done expect_version(store::Session& session, const HouseholdId& household, std::optional<int> wanted, int stored);

}  // namespace yihu::registry

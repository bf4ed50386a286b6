#pragma once
// How parts of a plan are kept in one column of the store: JSON, read back exactly.

#include "plan/reading/plan_document.h"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace yihu::plan {

boost::json::value json_of(const std::vector<Deadline>& deadlines);
boost::json::value json_of(const std::vector<Recurrence>& recurrences);
boost::json::value json_of(const std::vector<Target>& targets);
boost::json::value json_of(const std::vector<std::string>& names);

/// Errors: input, with the field below `pointer` that cannot be read.
base::Result<std::vector<Deadline>> deadlines_from(const boost::json::value& json, const std::string& pointer = {});
base::Result<std::vector<Recurrence>> recurrences_from(const boost::json::value& json, const std::string& pointer = {});
base::Result<std::vector<Target>> targets_from(const boost::json::value& json, const std::string& pointer = {});
base::Result<std::vector<std::string>> names_from(const boost::json::value& json, const std::string& pointer = {});

/// Text of the store's own columns, so damage is our bug or the disk's: errors are internal.
base::Result<boost::json::value> json_from_column(const std::string& column);

/// The whole document with its warnings in both languages, for a draft.
std::string column_from(const PlanDocument& plan);
base::Result<PlanDocument> plan_from_column(const std::string& column);

}  // namespace yihu::plan

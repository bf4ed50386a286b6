#pragma once
// The register's values in JSON: a field's own name, true and false for truths, fen for money, null for unknown.

#include "http/value_from_json.h"
#include "registry/household_page.h"
#include "registry/rooms.h"

namespace yihu::http {

/// Private values stand as they were read: masked.
boost::json::object json_from_record(const registry::Record& values);

/// Errors: input, every value that is neither text, number, truth nor null; "<pointer>/<field>".
base::Result<registry::Values> values_from_object(const boost::json::object& object, const std::string& pointer = "");

/// Bodies of everything that is done with a day and a reason.
struct DayAndReason {
  base::Date day;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(DayAndReason, (), (day, reason))

/// What a change answers.
struct ChangedVersion {
  int version = 0;
};
BOOST_DESCRIBE_STRUCT(ChangedVersion, (), (version))

inline const boost::json::value reason_limits{{"minLength", 1}, {"maxLength", registry::reason_length_max}};
inline const boost::json::value word_limits{{"minLength", 1}, {"maxLength", 60}};

}  // namespace yihu::http

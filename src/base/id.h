#pragma once
// Ids are types: a UnitId cannot be passed where a UserId is wanted. All are UUIDv7 in text form.

#include "base/result.h"

#include <compare>
#include <string>
#include <string_view>

namespace yihu::base {

/// A new UUIDv7 (RFC 9562), lower case with dashes. Ids made by one process increase, also within a millisecond.
std::string new_uuid();

/// True for 36 characters of lower-case hexadecimal in UUID form.
bool is_uuid(std::string_view text);

template <class Tag>
struct Id {
  std::string value;

  static Id make() { return {new_uuid()}; }
  static Result<Id> parse(std::string_view text) {
    if (!is_uuid(text)) {
      return fail(ErrorKind::not_found, "id_unreadable", base::text("没有这个编号。", "There is no such id."));
    }
    return Id{std::string(text)};
  }
  bool empty() const { return value.empty(); }
  auto operator<=>(const Id&) const = default;
};

using UserId = Id<struct UserTag>;
using UnitId = Id<struct UnitTag>;
using PostId = Id<struct PostTag>;
using PlanId = Id<struct PlanTag>;
using TaskId = Id<struct TaskTag>;
using MeasureId = Id<struct MeasureTag>;
using OccurrenceId = Id<struct OccurrenceTag>;
using ReportId = Id<struct ReportTag>;
using RequestId = Id<struct RequestTag>;

}  // namespace yihu::base

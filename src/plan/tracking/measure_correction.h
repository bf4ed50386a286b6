#pragma once
// A tracked measure put right by hand: owners, dates, words. Kept beside the measure, so that the next document of the
// same year does not undo it.

#include "access/viewer.h"
#include "plan/tracking/tracked_plan.h"
#include "store/transaction.h"

namespace yihu::plan {

/// Only what is given changes.
struct MeasureCorrection {
  std::optional<std::string> title = {};
  std::optional<std::string> text = {};
  std::optional<std::vector<base::UnitId>> lead = {};
  std::optional<std::vector<base::UnitId>> responsible = {};
  std::optional<std::vector<Deadline>> deadlines = {};
  std::optional<std::vector<Recurrence>> recurrences = {};
  std::string reason = {};   ///< why; required, and stands in the journal
};

inline constexpr std::size_t measure_title_max = 100;
inline constexpr std::size_t measure_text_max = 5000;
inline constexpr std::size_t correction_reason_max = 200;
inline constexpr std::size_t measure_owners_max = 300;

/// @param version the one it was made on
/// Errors: input, every field at once; not_found; stale; conflict when nothing differs.
base::Done correct_measure(store::Transaction& transaction, const access::Viewer& viewer, const base::MeasureId& measure,
                           const MeasureCorrection& correction, std::int64_t version);

}  // namespace yihu::plan

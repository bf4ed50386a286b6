#pragma once
// What a unit says about a measure it answers for, with evidence, and what the pages show of it.
//
// The text of a report stands in its row alone. The journal keeps a digest of it: the chain proves what was said, and
// a name that should not have been written there can still be erased.

#include "access/viewer.h"
#include "area/directory.h"
#include "plan/tracking/tracked_plan.h"
#include "plan/tracking/view.h"
#include "store/store.h"

#include <functional>

namespace yihu::plan {

inline constexpr std::size_t report_text_max = 4000;  ///< characters
inline constexpr std::size_t report_evidence_max = 20;

struct NewReport {
  std::optional<base::UnitId> unit = {};              ///< may be missing when the viewer can mean one only
  std::optional<base::OccurrenceId> occurrence = {};  ///< may be missing when the measure has one or none
  bool done = false;                             ///< closed, or partly done
  std::string text = {};
  std::optional<double> value = {};
  std::vector<std::string> evidence = {};             ///< ids of files this viewer brought in
};

/// Errors: input, every field at once; denied when no unit of the viewer answers for the measure; not_found.
base::Result<base::ReportId> file_report(store::Transaction& transaction, const access::Viewer& viewer,
                                         const base::MeasureId& measure, const NewReport& report,
                                         store::Algorithms algorithms);

/// Units of the measure that this viewer may report for: those it holds a post in first.
std::vector<base::UnitId> units_to_report(const access::Viewer& viewer, const std::vector<Owner>& lead,
                                          const std::vector<Owner>& responsible);

/// Texts and evidence are read by the units a measure is assigned to and by who sees the whole district.
bool may_read_reports(const access::Viewer& viewer, const TrackedMeasure& measure);

/// A person's name as shown, for the id that stands in a row or in the journal.
using NameOf = std::function<std::string(const std::string& actor)>;

/// Newest first.
base::Result<std::vector<ReportView>> reports_on(store::Session& session, const base::MeasureId& measure,
                                                 const area::Directory& units, const NameOf& name_of);
base::Result<ReportView> report_view(store::Session& session, const base::ReportId& report, const area::Directory& units,
                                     const NameOf& name_of);

}  // namespace yihu::plan

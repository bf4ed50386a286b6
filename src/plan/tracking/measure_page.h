#pragma once
// The page of one measure: sentence, owners, occurrences, indicator, reports, history.

#include "access/viewer.h"
#include "plan/tracking/report.h"
#include "plan/tracking/standing.h"

namespace yihu::plan {

/// `viewer` decides whether the reports are in it.
base::Result<MeasureDetail> measure_page(store::Session& session, const access::Viewer& viewer, const TrackedPlan& plan,
                                         const base::MeasureId& measure, const area::Directory& units,
                                         base::Date today, const NameOf& name_of);

/// The document with the place of every measure. Errors: not_found for a plan from a pack.
base::Result<DocumentView> document_page(store::Session& session, const TrackedPlan& plan);

/// The plan as it stands now, corrections made, in the shape a document is read into: for plan.json and differences.
PlanDocument document_of(const TrackedPlan& plan);

/// What journal entries about a measure mean, in words.
base::Text said_of(std::string_view action, std::string_view before, std::string_view after,
                   const area::Directory& units);

/// Everybody who acted on the measure, so that their names can be found at once.
base::Result<std::set<std::string>> actors_on(store::Session& session, const base::MeasureId& measure);

}  // namespace yihu::plan

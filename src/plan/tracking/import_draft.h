#pragma once
// A document on its way to becoming the plan: read, shown with its warnings, put right, then accepted in one
// transaction or discarded. The document itself is never changed; corrections lie beside it and are made again
// whenever it is looked at, so what was read and what was decided stay apart.

#include "access/viewer.h"
#include "plan/tracking/acceptance.h"
#include "plan/tracking/import_correction.h"
#include "plan/tracking/report.h"

namespace yihu::plan {

/// A document read, with its bytes already kept by hash.
struct ReadDocument {
  std::string file_name;
  std::string format;
  std::string hash;
  std::string text;
  PlanDocument plan;
};

/// More than any office can follow; a longer document is refused.
inline constexpr std::size_t import_tasks_max = 500;
inline constexpr std::size_t import_measures_max = 3000;

/// Makes the draft. Corrections of the plan in force that year, and what its names were said to stand for, are
/// carried over; those that no longer fit are kept to be looked at.
/// @returns the import's id. Errors: too_large.
base::Result<std::string> start_import(store::Transaction& transaction, const access::Viewer& viewer,
                                       ReadDocument document);

struct CorrectionRequest {
  int task = 0;
  int measure = 0;
  std::string field;
  boost::json::value value;
};

struct UnitRequest {
  std::string name;                       ///< as the document writes it
  std::optional<base::UnitId> unit_id;    ///< the unit it stands for
  std::string new_name;                   ///< or one to be made; needs the permission unit_manage
  std::string new_short_name;
};

struct DraftChange {
  std::vector<CorrectionRequest> corrections;
  std::vector<UnitRequest> units;
  std::vector<std::string> settle;        ///< ids of warnings
};

/// Errors: input, every mistake by its field; not_found; stale; conflict when it is no draft any more.
base::Done change_import(store::Transaction& transaction, const access::Viewer& viewer, const std::string& id,
                         const DraftChange& change, std::int64_t version);
base::Done discard_import(store::Transaction& transaction, const access::Viewer& viewer, const std::string& id);

/// The plan of that year is made, or joined. Names that stand for no unit stay names: their measures are unknown until
/// somebody says who is meant.
base::Result<Acceptance> accept_import(store::Transaction& transaction, const access::Viewer& viewer,
                                       const std::string& id);

struct Draft {
  std::string id;
  std::string status;                     ///< draft, accepted or discarded
  std::string file_name;
  std::string format;
  std::string hash;
  std::string title;
  int year = 0;
  std::string text;
  PlanDocument document;                  ///< as it was read
  std::vector<ImportCorrection> corrections;
  UnitChoices choices;
  std::set<std::string> settled;
  std::int64_t version = 0;
  std::string author;
  base::Instant at;
  std::optional<base::PlanId> plan;       ///< it became

  PlanDocument corrected_plan() const { return corrected(document, corrections); }
};

/// Errors: not_found, also for who may not import.
base::Result<Draft> load_draft(store::Session& session, const access::Viewer& viewer, const std::string& id);

}  // namespace yihu::plan

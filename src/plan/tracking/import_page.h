#pragma once
// The page on which an import is checked: document, matrix, warnings, units, corrections.

#include "plan/tracking/board.h"
#include "plan/tracking/import_draft.h"

#include <boost/json/value.hpp>

namespace yihu::plan {

/// A name of the document, how often it stands there, and what it was taken for.
struct ImportUnit {
  std::string name;
  int count = 0;                        ///< measures it answers for
  std::optional<UnitName> unit;
  std::optional<std::string> group;     ///< name of the group it is
  std::vector<UnitName> members;
  std::vector<UnitName> suggestions;    ///< nearest first, when nobody knows it
};
BOOST_DESCRIBE_STRUCT(ImportUnit, (), (name, count, unit, group, members, suggestions))

struct ImportCorrectionLine {
  std::string id;
  int task = 0;
  int measure = 0;
  std::string field;
  boost::json::value before;
  boost::json::value after;
  base::Instant at;
  std::string by;
  bool fits = true;
};
BOOST_DESCRIBE_STRUCT(ImportCorrectionLine, (), (id, task, measure, field, before, after, at, by, fits))

struct ImportWarning {
  std::string id;
  std::string code;
  std::optional<int> task;
  std::optional<int> measure;
  base::Text text;
  std::optional<base::Span> span;
  bool settled = false;
};
BOOST_DESCRIBE_STRUCT(ImportWarning, (), (id, code, task, measure, text, span, settled))

struct ReplacedPlan {
  base::PlanId id;
  base::Text title;
};
BOOST_DESCRIBE_STRUCT(ReplacedPlan, (), (id, title))

struct ImportPage {
  std::string id;
  std::string status;
  std::string file_name;
  std::string format;
  std::int64_t version = 0;
  std::string text;
  boost::json::value plan;                  ///< as `yihu plan read --json`, corrections made
  std::vector<ImportUnit> units;            ///< unknown ones first, then by count
  std::vector<ImportCorrectionLine> corrections;
  std::vector<ImportWarning> warnings;      ///< open ones first, each group by place
  std::optional<ReplacedPlan> replaces;     ///< the plan of that year, which it will join
  std::optional<base::PlanId> plan_id;      ///< once accepted
};
BOOST_DESCRIBE_STRUCT(ImportPage, (), (id, status, file_name, format, version, text, plan, units, corrections, warnings,
                                       replaces, plan_id))

struct ImportLine {
  std::string id;
  std::string status;
  std::string file_name;
  std::string title;
  int year = 0;
  base::Instant at;
  std::string by;
  int warnings = 0;
};
BOOST_DESCRIBE_STRUCT(ImportLine, (), (id, status, file_name, title, year, at, by, warnings))

base::Result<ImportPage> import_page(store::Session& session, const Draft& draft, const area::Directory& units,
                                     base::Language language, const NameOf& name_of);

/// Newest first. @param before only those made before this one's instant and id; empty for the first page
base::Result<std::vector<ImportLine>> list_imports(store::Session& session, const access::Viewer& viewer,
                                                   const NameOf& name_of, std::optional<base::Instant> before, int limit);

/// Names of units in a plan, as it stands.
std::vector<ImportUnit> units_named(const PlanDocument& plan, const area::Directory& units, const UnitChoices& choices);

/// What the reader found and what the import adds: names nobody knows, empty groups, corrections that no longer fit.
/// A missing owner that was put right counts as settled.
std::vector<ImportWarning> warnings_of(const Draft& draft, const std::vector<ImportUnit>& units);

}  // namespace yihu::plan

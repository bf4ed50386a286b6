#pragma once
// X01: the national system's workbook comes in and goes out. One row is a person, with what belongs to his household
// beside it, or a household; columns are known by their codes (AAB002) or headings (姓名).
//
// Coming in, everything is compared first: what is new, changed, the same, wrong or not found. Nothing is invented: no
// head nobody named, no member that might be another one; an empty cell keeps what is stored unless asked otherwise.

#include "area/division.h"
#include "registry/household_list.h"
#include "registry/outside_codes.h"
#include "registry/rooms.h"

#include "base/cancel.h"
#include "base/clock.h"
#include "store/store.h"

namespace yihu::registry {

/// How rows find their household and person. A household is known by its number alone; a person by his number, else by
/// his document number.
struct MatchPolicy {
  bool by_name = false;            ///< else also by name, and birth when the row gives it, among his household's members
  bool create_households = false;  ///< a number that is not in the register makes a household
  bool create_people = false;      ///< a person who is not found becomes a member
  bool clear = false;              ///< an empty cell makes the stored value unknown
  std::optional<int> year = {};    ///< of the incomes, where the workbook has no column for it
};

/// What a workbook's cells say, in our words.
struct WorkbookRow {
  int row = 0;                      ///< in the sheet
  std::string household;            ///< number; empty when the row names none
  Values household_values;
  Values person_values;             ///< empty in a workbook of households
  Values income_values;
  std::optional<std::string> village;   ///< code
  std::optional<std::string> status;
  std::vector<base::Error> mistakes;    ///< each at its cell
};
struct WorkbookColumnMatch {
  std::string heading;
  std::string address;
  std::string field;                ///< "person.name"; empty: not ours, and left alone
};
struct WorkbookRows {
  std::vector<WorkbookColumnMatch> columns;
  std::vector<WorkbookRow> rows;
  bool people = false;              ///< rows are persons
  std::size_t sheet = 0;            ///< its place in the workbook
};
inline constexpr std::size_t workbook_rows_limit = 300'000;

/// Errors: not a workbook; no column known by which a household can be found; too large; cancelled.
base::Result<WorkbookRows> read_national_workbook(std::string_view bytes, std::string_view name, const OutsideCodes& codes,
                                                  const area::Divisions& divisions, const base::Cancel& cancel = {});

enum class Outcome { created, changed, same, wrong, not_found };
struct Difference {
  std::string field;                ///< "household.arable_mu"
  Cell before;                      ///< private ones masked
  Cell after;
};
struct RowReport {
  int row = 0;
  Outcome outcome = Outcome::same;
  std::string household;            ///< number
  std::string name;
  std::vector<Difference> differences;
  std::vector<base::Error> mistakes;
};
struct ImportReport {
  std::int64_t created = 0, changed = 0, same = 0, wrong = 0, not_found = 0;
  std::int64_t absent = 0;          ///< members of households in the workbook who are not in it; nothing is done to them
  std::vector<RowReport> rows;      ///< in order; those that stay the same are left out
};

/// The dry run: writes nothing.
base::Result<ImportReport> compare_national(store::Session& session, const Rooms& rooms, const access::Viewer& viewer,
                                            const WorkbookRows& workbook, const MatchPolicy& policy);

/// The same workbook, its wrong cells coloured and the reason as a comment; what is wrong with a whole row stands at the
/// household's number. Errors: input "nothing_wrong" when there is nothing to mark.
base::Result<std::string> marked_national(std::string_view bytes, std::string_view name, const WorkbookRows& workbook, const ImportReport& report,
                                          base::Instant created, base::Language language, const base::Cancel& cancel = {});

struct Import {
  std::string id;
  std::string file;
  std::string reason;
  std::string actor;
  base::Instant at;
  std::int64_t created = 0, changed = 0;
  bool undone = false;
};

/// Writes everything that is not wrong, household by household, in transactions of some hundred rows.
/// @returns the report of what was done, and the import by which it can be undone
struct Imported {
  Import import;
  ImportReport report;
};
base::Result<Imported> import_national(store::Store& store, const Rooms& rooms, const access::Viewer& viewer,
                                       const WorkbookRows& workbook, const MatchPolicy& policy, const std::string& file,
                                       const std::string& reason, const base::Progress& progress = {}, const base::Cancel& cancel = {});

/// Takes the whole import back. Errors: not_found; conflict "import_undone", or "import_followed" when somebody changed
/// one of its households or people since.
base::Done undo_import(store::Store& store, const access::Viewer& viewer, const std::string& import, const std::string& reason);

base::Result<std::vector<Import>> list_imports(store::Session& session, const access::Viewer& viewer);

/// The other way: one row per person, headed by headings and codes. Private values stand there in clear only for whoever
/// may open them and says why.
struct ExportOptions {
  HouseholdFilter filter = {};
  bool private_values = false;
  std::string reason = {};          ///< needed with private values
};
struct Export {
  std::string workbook;             ///< bytes of an xlsx file
  std::int64_t households = 0;
  std::int64_t people = 0;
};
/// @param created written into the file
/// Errors: denied; input without a reason; cancelled.
base::Result<Export> export_national(store::Session& session, const Rooms& rooms, const access::Viewer& viewer, const OutsideCodes& codes,
                                     const area::Divisions& divisions, const ExportOptions& options, base::Instant created,
                                     const base::Progress& progress = {}, const base::Cancel& cancel = {});
/// That it went out, to whom and why, before anybody gets the bytes.
base::Done record_export(store::Transaction& transaction, const access::Viewer& viewer, const Export& made, const ExportOptions& options);

}  // namespace yihu::registry

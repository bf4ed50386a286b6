#pragma once
// Rows of a ledger, as a viewer may see them.

#include "access/viewer.h"
#include "area/directory.h"
#include "ledger/cell.h"
#include "ledger/ledger_table.h"

#include <optional>

namespace yihu::ledger {

struct LedgerRow {
  std::string id;
  std::string subject;   ///< household or person id, village code, or ''
  std::string period;
  std::string import_id; ///< the batch that wrote it, or ''
  std::int64_t version = 0;
  base::Instant updated_at;
  std::vector<store::Cell> cells;  ///< one for each column; a private one as stored, sealed
  std::string area;      ///< the subject's village
  std::string label;     ///< its name, or its head's
  std::string code;      ///< its number
};

/// Where a viewer may look: a post in the unit that owns a ledger sees all of it, everybody else the areas and
/// households that are his.
Reach reach_of(const access::Viewer& viewer, const pack::Ledger& ledger, const std::vector<base::UnitId>& owners);

/// Whether he may fill it in: the permission, and an office for the whole district, a post in the unit that owns it, or a
/// town or village of his own. A unit that sees everybody for its own policy does not write into another's ledgers.
bool may_change(const access::Viewer& viewer, const std::vector<base::UnitId>& owners);

/// The units that answer for a ledger: its owner, or that group's members.
std::vector<base::UnitId> owners_of(const area::Directory& directory, const pack::Ledger& ledger);
base::Result<std::vector<base::UnitId>> owners_of(store::Session& session, const pack::Ledger& ledger);

struct RowKey {
  std::string subject;
  std::string period;
  std::string id;
};

struct RowFilter {
  std::string area = {};      ///< rows of this village, town or district; empty: everywhere within reach
  std::string period = {};    ///< exactly this one; "*": every period
  std::string subject = {};   ///< of this subject alone; empty: of all
  RowKey after = {};          ///< the last row of the page before; empty for the first
  int limit = 100;       ///< 1 … rows_page_max
};
inline constexpr int rows_page_max = 1000;

/// @returns rows in the order of subject, period and id
base::Result<std::vector<LedgerRow>> read_rows(store::Session& session, const LedgerTable& table, const Reach& reach, const RowFilter& filter);
base::Result<std::int64_t> count_rows(store::Session& session, const LedgerTable& table, const Reach& reach, const RowFilter& filter);
/// One row. Errors: not_found, also when it is beyond the reach.
base::Result<LedgerRow> read_row(store::Session& session, const LedgerTable& table, const Reach& reach, std::string_view id);

/// One change of one row, newest first.
struct RowEvent {
  base::Instant at;
  std::string actor;
  std::string action;    ///< ledger_row.added, .changed, .removed, .imported; ledger_import.undone
  std::string column;    ///< empty when the whole row is meant
  boost::json::value before;
  boost::json::value after;
  std::string import_id;
};
/// What happened to a cell (`column` given) or to a whole row. Private values are masked.
base::Result<std::vector<RowEvent>> row_history(store::Session& session, const LedgerTable& table, std::string_view row, std::string_view column);

/// The row as stored in an answer of LedgerTable's statements.
LedgerRow row_from(const LedgerTable& table, const store::Row& row, bool with_subject);

/// "2019-04-30" → "2019", "2019-H1", "2019-Q2", "2019-04" or "".
std::string period_on(pack::Period period, base::Date day);
/// Whether `text` can be a period of that length.
bool is_period(pack::Period period, std::string_view text);
/// Reads "2019", "2019年", "2019上半年", "2019年二季度", "201904" …; nothing when it is none.
std::optional<std::string> period_from_text(pack::Period period, std::string_view text);
/// Its year; nothing for "".
std::optional<int> year_of(std::string_view period);

}  // namespace yihu::ledger

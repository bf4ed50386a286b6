#pragma once
// A department's workbook → rows in memory, each with what says whom it is about and what it answers. Headings are
// matched and remembered as those of ledgers are.

#include "compare/rosters.h"
#include "ledger/layout.h"
#include "sheet/workbook.h"

#include <boost/json/object.hpp>

namespace yihu::compare {

inline constexpr std::size_t roster_bytes_max = 128u << 20;
inline constexpr std::size_t roster_rows_max = 2'000'000;
inline constexpr std::size_t mistakes_kept_max = 100;

/// What a row says of the person it is about, as the linkage compares it. Missing is empty.
struct Identity {
  std::string code;       ///< number in the register: the list went out from here
  std::string id_number;  ///< as base::id_number_key gives it
  std::string name;
  std::string birth;      ///< "2008-05-01"
  std::string sex;        ///< "male", "female"
  std::string village;    ///< code
};

struct RosterRow {
  int line = 0;                      ///< in the sheet, from 1
  Identity who;
  std::vector<store::Cell> cells;    ///< one for each column of the roster; nothing where it does not say
  bool absent = false;               ///< an answer to a list-out: he is not on the roster, or nobody said
  bool unanswered = false;           ///< of a list-out: nobody said, so nothing follows from it
};

struct RosterFile {
  ledger::Layout layout;
  std::vector<RosterRow> rows;
  std::int64_t wrong_cells = 0;
  std::vector<base::Error> mistakes;  ///< the first ones, each with its cell
};

/// Head and columns only. Errors: what the workbook and its head say; input, when no column tells whom a row is about.
base::Result<ledger::Layout> roster_layout(const Rosters& rosters, const pack::Roster& roster, sheet::Workbook& workbook, store::Session& session,
                                           const base::Cancel& cancel);

/// All rows. Errors: as above; cancelled; too_large.
base::Result<RosterFile> read_roster(const Rosters& rosters, const pack::Roster& roster, std::string_view bytes, std::string_view name,
                                     store::Session& session, const base::Cancel& cancel, const base::Progress& progress);

/// Whether it is a list-out that came back.
bool is_answered_list(const ledger::Layout& layout);
/// The heading of the column in which a list-out is answered.
base::Text on_roster_heading();

/// Everything the row says, for sealing, and back.
std::string text_from_row(const pack::Roster& roster, const RosterRow& row);
RosterRow row_from_text(const pack::Roster& roster, const pack::Pack& pack, std::string_view text);

}  // namespace yihu::compare

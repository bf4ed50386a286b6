#pragma once
// Which column of a workbook is which column of a ledger, and which ones say whom a row is about. Matched by heading;
// what could not be matched comes with a suggestion, and what somebody chose once is remembered for the same headings.

#include "ledger/ledgers.h"
#include "sheet/table.h"
#include "store/transaction.h"

#include <map>
#include <optional>

namespace yihu::ledger {

/// What says whom a row is about, and for when.
enum class KeyField { id_number, code, name, birth, village, village_code, period };

/// How a row finds its household or person. Nothing is guessed: a row that finds none or several is told.
enum class Match {
  id_number,           ///< document number of the person, or of a member of the household
  code,                ///< person or household number of the register
  name_birth_village,  ///< person: all three. Household: head's name and village
  village,             ///< village: its code or its name
  none,                ///< a ledger about nobody: rows are told apart by its key columns
};

struct LayoutColumn {
  enum class How { heading, remembered, chosen, unmatched };
  int column = 0;          ///< in the sheet, from 1
  std::string heading;
  std::string address;
  std::string target;      ///< a column's id, or "@id_number", "@name" …; empty: not read
  How how = How::unmatched;
  std::string suggestion;  ///< a column's id that may be meant; may be empty
};

struct Layout {
  std::size_t sheet = 0;
  std::string sheet_name;
  int head_row = 0;        ///< last line of the head, from 1
  std::vector<LayoutColumn> columns;
  std::string headings;    ///< tells sources apart: the same headings in the same order

  std::optional<std::size_t> position(std::string_view target) const;
};

/// What somebody decides about an import. Empty members ask for what is likely.
struct ImportChoices {
  std::optional<int> sheet = {};                   ///< from 1; nothing: the one with most of the ledger's headings
  std::map<std::string, std::string> targets = {}; ///< heading → column id, "@name" …, or "" for not read
  std::optional<Match> match = {};
  bool create = true;                         ///< a subject without a row gets one; else it is told as not found
  bool clear_empty = false;                   ///< an empty cell takes the stored value away; else it keeps it
  std::string period = {};                    ///< of rows that do not say; empty: the current one
};

std::string json_from(const ImportChoices& choices);
/// Errors: input, with the field.
base::Result<ImportChoices> choices_from(std::string_view json);

std::string_view name_of(Match match);
std::optional<Match> match_from(std::string_view name);

/// Headings by which a table for this ledger is found in a sheet.
std::vector<std::string> known_headings(const LedgerTable& table);

/// @param remembered what was chosen for these headings before
base::Result<Layout> layout_of(const LedgerTable& table, sheet::Workbook& workbook, const ImportChoices& choices, store::Session& session,
                               const base::Cancel& cancel);

/// What the layout allows: the first that its columns suffice for.
std::optional<Match> likely_match(const LedgerTable& table, const Layout& layout);
/// Errors: input: a column that the match needs is missing; two headings for one column; an unknown column.
base::Done check_layout(const LedgerTable& table, const Layout& layout, Match match);

/// Keeps the columns for the next file of the same headings.
base::Done remember(store::Transaction& transaction, const LedgerTable& table, const Layout& layout);

}  // namespace yihu::ledger

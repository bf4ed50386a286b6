#pragma once
// Ledgers as packs declare them: tables that somebody keeps, column by column, and the lists of values they use.

#include "base/error.h"
#include "base/text.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::pack {

/// One value of a list. The store keeps the id; people see the label.
struct CodeValue {
  std::string id;
  base::Text label;
};

struct CodeList {
  std::string id;
  std::vector<CodeValue> values;  ///< in the order written
  base::Place place;

  const CodeValue* value(std::string_view id) const;
};

/// Whom a row is about. `none`: the row is about nobody in the register, such as a project or a meeting.
enum class Subject { household, person, village, none };
/// For how long a row speaks. The store writes "2019", "2019-H1", "2019-Q2", "2019-06", or "" for none.
enum class Period { none, year, half_year, quarter, month };
/// How many rows a subject may have in one period.
enum class RowCount { one, many };

/// What a cell may hold. `money` is whole fen in the store and yuan in text; `percent` is 85 for 85 %;
/// `date` is "2019-04-30"; `code` the id of a value of the column's list; `truth` 0 or 1.
enum class ColumnType { truth, integer, real, money, date, text, code, percent };

struct Column {
  std::string id;
  base::Text label;
  ColumnType type = ColumnType::text;
  std::string codes;              ///< id of the list, of a `code` column only
  bool required = false;
  std::optional<double> min;      ///< inclusive; money in yuan. Only of numbers
  std::optional<double> max;      ///< inclusive
  bool unique = false;            ///< no two rows of one period hold the same
  bool key = false;               ///< tells rows of one subject apart; protected in templates
  bool personal = false;          ///< `private` in the pack: sealed in the store, masked on the screen. Only text
  std::size_t length_max = 1000;  ///< of text, in characters
  std::string fact;               ///< "household.x": the fact it records, where that has another name. May be empty
  base::Text hint;                ///< `say`: what to enter, for whoever fills it in
  std::string was;                ///< its id in older packs, when it has been renamed; may be empty
  base::Place place;
};

struct Ledger {
  std::string id;
  base::Text label;
  Subject subject = Subject::none;
  Period period = Period::none;
  RowCount rows = RowCount::many;
  std::string owner;      ///< id of the unit that answers for it
  std::string filled_by;  ///< one of ledger_fillers: who is asked
  int article = 0;        ///< of the plan; 0 when the file names none
  std::vector<Column> columns;
  std::string was;        ///< its id in older packs, when it has been renamed; may be empty
  std::string layer;      ///< id of the pack that says so
  base::Place place;

  const Column* column(std::string_view id) const;
};

inline constexpr std::string_view ledger_fillers[] = {"lead", "town", "village", "school", "department"};

/// Limits that keep a table within what every engine and every grid can hold.
inline constexpr std::size_t ledgers_max = 400;
inline constexpr std::size_t ledger_columns_max = 120;
inline constexpr std::size_t code_values_max = 500;
inline constexpr std::size_t ledger_text_max = 4000;

/// As the pack writes them: "household", "half_year", "bool".
std::string_view name_of(Subject subject);
std::string_view name_of(Period period);
std::string_view name_of(ColumnType type);

/// Names that the store and the rules keep for themselves in every ledger's table.
inline constexpr std::string_view ledger_own_columns[] = {"id",        "subject", "period",     "year",
                                                          "import_id", "version", "updated_at", "replaced_by", "made_version"};

}  // namespace yihu::pack

#pragma once
// One cell of a ledger: text or a workbook's cell becomes a typed, checked value and back. The store's forms are those
// of pack/ledger.h: fen, 85 for 85 %, "2019-04-30", a code's id, 0 or 1.

#include "pack/pack.h"
#include "sheet/template_writer.h"
#include "sheet/workbook.h"
#include "store/session.h"

#include <boost/json/value.hpp>

namespace yihu::ledger {

/// Where a workbook's cells come from, for places and days.
struct SheetNames {
  std::string_view sheet;
  bool from_1904 = false;
};

/// Nothing for an empty cell.
/// Errors: input, with the cell's address, what is wrong and what would mend it. Nothing is guessed.
base::Result<store::Cell> cell_from_sheet(const pack::Pack& pack, const pack::Column& column, const sheet::SheetCell& cell,
                                          const SheetNames& names);

/// What somebody typed or pasted, read as a workbook's text cell is. Nothing for blanks.
base::Result<store::Cell> cell_from_text(const pack::Pack& pack, const pack::Column& column, std::string_view text);

/// Limits of the column: min, max, length, a code of the list. Nothing is always within them.
base::Done check_cell(const pack::Pack& pack, const pack::Column& column, const store::Cell& cell);

/// As a person reads it: 1,234.50, 85%, 是, the code's label. Empty for nothing.
std::string text_from_cell(const pack::Pack& pack, const pack::Column& column, const store::Cell& cell, base::Language language);

/// For a template: the same value typed for a workbook.
sheet::TemplateValue template_value(const pack::Pack& pack, const pack::Column& column, const store::Cell& cell,
                                    base::Language language);

/// For the journal and the API: null, true or false, a number, a text. Money in fen.
boost::json::value json_from_cell(const pack::Column& column, const store::Cell& cell);
/// The other way round. Errors: input when the kind of value does not fit the column.
base::Result<store::Cell> cell_from_json(const pack::Pack& pack, const pack::Column& column, const boost::json::value& value);

bool is_nothing(const store::Cell& cell);

/// What stands in place of a private value.
inline constexpr std::string_view masked = "••••••";

}  // namespace yihu::ledger

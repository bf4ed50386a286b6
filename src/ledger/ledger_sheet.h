#pragma once
// Ledgers that go out as workbooks: to be filled in (a template, blank or for a village) or to be read (an export).
// Document numbers never stand in them: whoever fills one in has the register's numbers and names.

#include "base/cancel.h"
#include "ledger/ledgers.h"
#include "ledger/row.h"
#include "sheet/template_writer.h"

namespace yihu::ledger {

struct SheetOut {
  const pack::Pack& pack;
  const LedgerTable& table;
  const Reach& reach;
  base::Language language = base::Language::zh;
  base::Instant created;      ///< written into the file
  std::string area = {};      ///< of an export or a filled template: this village, town or district
  std::string period = {};    ///< of a filled template or an export; "*" for every one
  base::Cancel cancel = {};
};

/// How a column of this type is written into and checked by a workbook.
sheet::TemplateType template_type_of(pack::ColumnType type);

/// An xlsx with headings, drop-down lists, hints and a sheet of instructions, nothing filled in.
base::Result<std::string> blank_template(const SheetOut& out);

/// The same, with a row for every household, person or village of the area and what is stored of it for the period;
/// its keys cannot be changed. Errors: input, for a ledger about nobody or without an area.
base::Result<std::string> filled_template(store::Session& session, const SheetOut& out);

/// Everything within reach, as a workbook.
base::Result<std::string> export_xlsx(store::Session& session, const SheetOut& out);
/// The same as comma-separated text in UTF-8.
base::Result<std::string> export_csv(store::Session& session, const SheetOut& out);

}  // namespace yihu::ledger

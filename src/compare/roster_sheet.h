#pragma once
// Workbooks that go to a department: the list of people it is asked about, and the corrections of what it sent. Texts and
// numbers that name something are string cells.

#include "compare/discrepancy.h"

namespace yihu::compare {

struct SheetFor {
  const Rosters& rosters;
  const store::Secrets& secrets;
  const pack::Roster& roster;
  const access::Viewer& viewer;
  std::string period = {};
  std::string area = {};   ///< only people of this village or town; empty: everywhere within reach
  base::Language language = base::Language::zh;
};

/// Listed people (or those whom the roster's rule expects), with a column to answer whether they are on the roster and
/// the roster's own columns. Document numbers stand in clear: that they went out, how many and why, is journalled.
/// Made beside the writer; it goes out only after `journal_list_out` was committed.
/// Errors: denied; input without a reason.
struct ListOut {
  std::string bytes = {};
  std::int64_t people = 0;
};
base::Result<ListOut> list_out(store::Session& session, const SheetFor& out, std::string_view reason, base::Instant now);
base::Done journal_list_out(store::Transaction& transaction, const SheetFor& out, std::string_view reason, std::int64_t people);

/// What the register keeps against the roster: line in the department's own sheet, name, masked number, both values, why.
base::Result<std::string> corrections(store::Session& session, const SheetFor& out, base::Instant now);

}  // namespace yihu::compare

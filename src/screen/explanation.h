#pragma once
// Why a rule says what it says of somebody: which condition, with which values, from which cells, entered by whom and
// when, under which paragraph, and what would clear it.

#include "access/viewer.h"
#include "screen/view.h"
#include "store/secret.h"

namespace yihu::screen {

/// Errors: not_found for a rule or a subject that is not there, or that the viewer does not see.
base::Result<Explanation> explain(store::Session& session, const RuleBook& book, const store::Secrets& secrets, const access::Viewer& viewer,
                                  std::string_view rule, std::string_view subject, base::Date today);

/// For a terminal.
std::string text_from_explanation(const Explanation& explanation, base::Language language);

}  // namespace yihu::screen

#pragma once
// Defects that show only when the whole plan is read: missing owners, days before the document's own, one unit
// written in two ways, lists that do not have the number they announce.

#include "plan/reading/flow.h"
#include "plan/reading/plan_document.h"

namespace yihu::plan {

/// `characters` are those of the whole document, tables included.
void add_defects(const Flow& flow, const Characters& characters, PlanDocument& plan);

}  // namespace yihu::plan

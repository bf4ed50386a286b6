#pragma once
// A write that is screened before it commits, whoever made it: what it journals says whom and what it touched.

#include "screen/refresh.h"
#include "store/store.h"

namespace yihu::screen {

/// What these journalled changes touched, in the words of the rules' tables. Changes that no rule can read are left out.
/// @param session to look up to which household a person belongs
base::Result<Change> change_from(store::Session& session, const RuleBook& book, std::span<const store::Change> journalled);

/// The same write, followed by `refresh` of what it touched, in the same transaction.
store::Write screened(std::shared_ptr<const RuleBook> book, store::Write write);

}  // namespace yihu::screen

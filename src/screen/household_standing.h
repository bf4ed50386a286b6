#pragma once
// How one household stands: its lights, what it is entitled to, received and lacks, and what else the rules find.

#include "access/viewer.h"
#include "screen/view.h"

namespace yihu::screen {

/// Worked out from the store as it is now, so that it is never older than what it is shown beside.
/// Errors: not_found, also outside the viewer's scope.
base::Result<HouseholdStanding> household_standing(store::Session& session, const RuleBook& book, const access::Viewer& viewer,
                                                   std::string_view household, base::Date today);

/// Errors: not_found when the viewer does not see this subject, or nobody screens it.
base::Result<SubjectRow> seen_subject(store::Session& session, const access::Viewer& viewer, pack::Subject kind, std::string_view id);

RuleView rule_view(const CompiledRule& rule);
/// The rule's sentences for this subject, with its values filled in.
base::Result<Saying> saying_of(store::Session& session, const RuleBook& book, const SubjectRow& subject, const std::string& name,
                               const Verdict& verdict, base::Date today);
/// A person's name, or that of the household's head, or of the village.
base::Result<std::string> name_of_subject(store::Session& session, const SubjectRow& subject);

}  // namespace yihu::screen

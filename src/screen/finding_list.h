#pragma once
// Findings as they are looked at: a list by key with filters, and counts by rule and town. Only what the viewer sees.

#include "access/viewer.h"
#include "screen/view.h"

namespace yihu::screen {

struct FindingFilter {
  std::string rule = {};       ///< empty: all
  std::string area = {};       ///< code of a village or town; empty: everywhere
  std::string household = {};
  std::optional<FindingState> state = FindingState::open;  ///< nothing: all
  std::string after_village = {};  ///< key of the last line of the page before
  std::string after = {};
  int limit = 50;
};

/// By village, then in the order they were found.
base::Result<std::vector<FindingLine>> findings(store::Session& session, const RuleBook& book, const access::Viewer& viewer,
                                                const FindingFilter& filter);
base::Result<std::optional<FindingLine>> find_finding(store::Session& session, const RuleBook& book, std::string_view rule,
                                                      std::string_view subject, std::string_view period);

/// Open and unknown findings by rule and town. @param area narrows to a town or village
base::Result<std::vector<FindingCount>> finding_counts(store::Session& session, const RuleBook& book, const access::Viewer& viewer,
                                                       std::string_view area);
/// All rules with how many subjects they are about: those the viewer sees.
base::Result<std::vector<RuleCount>> rule_counts(store::Session& session, const RuleBook& book, const access::Viewer& viewer,
                                                 std::string_view area);

}  // namespace yihu::screen

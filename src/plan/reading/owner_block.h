#pragma once
// The places of the text that say who does what is written before them.

#include "plan/reading/flow.h"
#include "plan/reading/owner_label.h"
#include "plan/reading/unit_list.h"

#include <string>
#include <vector>

namespace yihu::plan {

/// What a list of labelled names says: of a bracket in the text, or of a table's cell.
struct Owners {
  std::vector<std::string> lead;
  std::vector<std::string> responsible;
  std::vector<base::Span> deadlines;  ///< parts of the text that follow 完成时限, in the characters that were read
  std::vector<std::u32string> unreadable;
  bool labelled = false;
  bool open_ended = false;
  bool prefix_supplied = false;

  bool empty() const { return lead.empty() && responsible.empty(); }
};

/// Names before the first label belong to `first`.
Owners owners_from_characters(const Characters& characters, std::size_t begin, std::size_t end, OwnerRole first, LeadRule rule);

struct OwnerBlock {
  std::size_t begin = 0;  ///< in Flow, with its brackets
  std::size_t end = 0;
  Owners owners;
  bool mended = false;  ///< a bracket or a label was broken
};

/// In the order of the text, not overlapping.
std::vector<OwnerBlock> owner_blocks_from_flow(const Flow& flow, LeadRule rule);

}  // namespace yihu::plan

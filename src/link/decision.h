#pragma once
// From scored pairs to decisions: at most one partner each, groups of rows about one person, and what a household's
// other members say about a doubtful pair.

#include "link/model.h"
#include "link/scoring.h"

#include <array>
#include <cstdint>
#include <vector>

namespace yihu::link {

/// Places in a list of pairs.
using Places = LargeVector<std::uint32_t>;

/// Takes away what is too much when each row may have one partner, best scores first; equal scores in the order of the rows.
/// @param pairs in order of left row, then right
/// @param places of the pairs in question, in order; what stays is in that order too
void keep_one_to_one(const Candidates& pairs, Places& places, std::size_t left_rows, std::size_t right_rows, unsigned threads);

/// The pairs that reach the threshold, in their order; with `one_to_one` each row once, as above.
Candidates linked_pairs(const Candidates& pairs, std::int32_t threshold, bool one_to_one, std::size_t left_rows, std::size_t right_rows, unsigned threads);

struct Grouping {
  const Spec& spec;
  const Layout& layout;
  const Records& records;
  std::int32_t threshold = 0;       ///< score from which on a pair counts as linked
  std::int32_t stranger_score = 0;  ///< assumed for two rows that share no key
};

struct Groups {
  std::vector<std::vector<std::uint32_t>> members;  ///< of two rows or more, in order of the first row
  std::uint64_t refused_ids = 0;                    ///< joins refused because two valid ID numbers differ
};

/// Joins rows by their best pairs first. A join that would put two different valid ID numbers in one group is refused; with
/// GroupRule::average also one whose pairs across the two groups are below the threshold on average.
Groups groups_of(const Grouping& grouping, const Candidates& candidates);

/// What the household says: how many other members of the two families are surely the same.
struct HouseholdEvidence {
  static constexpr std::size_t counts = 4;          ///< 0, 1, 2, 3 and more others
  std::array<Weight, counts> weights = {};
  bool used = false;
};

/// Adds the evidence to the scores of pairs that are not sure by themselves; learnt from the pairs that are.
HouseholdEvidence add_household_evidence(Candidates& candidates, const Records& left, const Records& right, std::int32_t threshold, unsigned threads);

}  // namespace yihu::link

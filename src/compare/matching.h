#pragma once
// Which row of a roster is about whom: sure ones are taken, doubtful ones are left to a person, the rest is about nobody.
// Pure: no store, no clock. The weights are fixed (weights.h), so that the same two lists always give the same answer.

#include "compare/register_people.h"
#include "link/model.h"

namespace yihu::compare {

/// One bar of the waterfall.
struct FieldWeight {
  std::string field;   ///< "id", "name", "birth", "sex", "village"
  std::string level;   ///< "equal", "sound" …
  link::Weight weight = 0;  ///< ten-thousandths of a bit; rarity included
};

struct MatchedPair {
  std::size_t person = 0;   ///< position in RegisterPeople::people
  double probability = 0;
  link::Weight prior = 0;   ///< before any field is looked at
  std::vector<FieldWeight> weights;
};

/// What became of one row.
struct RowMatch {
  std::optional<MatchedPair> sure;
  std::vector<MatchedPair> doubtful;  ///< best first, at most doubtful_max
};
inline constexpr std::size_t doubtful_max = 3;
inline constexpr double sure_probability = 0.995;
inline constexpr double doubtful_probability = 0.1;

/// @returns one for each row, in order. Errors: cancelled; what the linkage says.
base::Result<std::vector<RowMatch>> match_rows(const RegisterPeople& people, const std::vector<RosterRow>& rows, const base::Cancel& cancel,
                                               const base::Progress& progress);

}  // namespace yihu::compare

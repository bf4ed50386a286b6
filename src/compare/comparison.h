#pragma once
// The year's data comparisons: every roster held against the register on one day. A comparison can be made again, held
// against another, and frozen; what only a sample can tell is counted beside it with its base.

#include "compare/intake.h"

namespace yihu::compare {

/// Of people in the sampled households.
struct RateCount {
  std::string id = {};
  base::Text label = {};
  std::int64_t households = 0;      ///< sampled
  std::int64_t people = 0;          ///< in them
  std::int64_t counted_households = 0;
  std::int64_t counted = 0;         ///< people in those that count
  double percent = 0;               ///< counted ÷ people; 0 without a sample
  double percent_low = 0;           ///< 95 % interval (Wilson) of the households drawn
  double percent_high = 0;
  double limit_percent = 0;
};

enum class ComparisonState { working, done, failed };
std::string_view name_of(ComparisonState state);

struct Comparison {
  std::string id = {};
  std::string title = {};
  base::Date day = {};
  ComparisonState state = ComparisonState::working;
  std::vector<RateCount> rates = {};
  std::int64_t items = 0;
  std::string hash = {};                 ///< of a frozen one, over its items
  std::string actor = {};
  base::Instant made_at = {};
  std::optional<base::Instant> frozen_at = {};
  std::int64_t version = 0;
};

/// Takes it down; make_comparison fills it. @param title 1 to 60 characters, such as "2019 年第一次数据比对"
base::Result<Comparison> start_comparison(store::Transaction& transaction, const std::string& title);
/// All rosters that were delivered, the last period of each; doing it again replaces what was found.
/// Errors: not_found; conflict when it is frozen; cancelled.
base::Result<Comparison> make_comparison(const Work& work, const std::string& id, const store::Act& act);
/// From then on nothing of it changes. Errors: not_found; conflict when it is frozen or not done.
base::Done freeze_comparison(store::Transaction& transaction, store::Algorithms algorithms, const std::string& id);

base::Result<std::vector<Comparison>> list_comparisons(store::Session& session, const Rosters& rosters);
base::Result<Comparison> read_comparison(store::Session& session, const Rosters& rosters, const std::string& id);

/// How many of one kind a comparison found, and against another one what is new, gone, and still there.
struct ComparisonCount {
  std::string roster = {};
  std::string kind = {};
  std::string cause = {};
  base::Text cause_label = {};
  std::int64_t found = 0;
  std::int64_t fresh = 0;
  std::int64_t gone = 0;
};
/// @param other empty: counts alone. Only what lies within the viewer's reach is counted.
base::Result<std::vector<ComparisonCount>> comparison_counts(store::Session& session, const Rosters& rosters, const access::Viewer& viewer,
                                                             const std::string& id, const std::string& other);
/// By village. @returns code → found
base::Result<std::map<std::string, std::int64_t>> comparison_villages(store::Session& session, const access::Viewer& viewer, const std::string& id);

/// Wrongful exits and omissions as the packs define them, counted today.
base::Result<std::vector<RateCount>> count_rates(store::Session& session, const Rosters& rosters, base::Date today);

}  // namespace yihu::compare

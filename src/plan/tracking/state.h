#pragma once
// State and colour are computed from facts and a day, never typed in. Everything here is pure.
// The rules and their reasons: docs/decisions/0005-how-a-measure-stands.md

#include "base/date.h"
#include "base/text.h"
#include "plan/reading/plan_document.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace yihu::plan {

enum class State {
  done,       ///< green
  on_course,  ///< blue
  at_risk,    ///< amber: little time left, or little to show
  late,       ///< red
  unknown,    ///< grey: nobody has said, or nobody is named
};

/// Which of two asks for more attention: late, at_risk, unknown, on_course, done.
bool more_urgent(State a, State b);

struct Verdict {
  State state = State::unknown;
  base::Text reason;      ///< one short sentence
  double progress = 0;    ///< 0 … 1
  bool operator==(const Verdict&) const = default;
};

/// A unit that owes something, by its short name.
struct Debtor {
  std::string unit;
  base::Text name;
};

/// The last word of one unit on one duty. A later report replaces an earlier one, also a "done" taken back.
struct Word {
  std::string unit;
  bool done = false;
  base::Date day;
};

/// One occurrence of a measure, or the whole of a measure that has no dates.
struct Duty {
  std::optional<base::Date> from;
  base::Date due;
  bool before_document = false;
  std::vector<Debtor> lead;         ///< any one of them closes the duty for everybody
  std::vector<Debtor> responsible;  ///< each answers for itself; without a lead, all of them together close it
  std::vector<Word> words;          ///< at most one a unit; words of others are ignored
};

/// Days before `due` from which an open duty is at risk: a quarter of its period, 1 … 14; 14 without a period.
int warning_days(const Duty& duty);

Verdict verdict_of(const Duty& duty, base::Date today);

/// A measure without dates: due at the end of the year; at risk also when nobody has said anything for long.
/// @param since the first day on which somebody could have reported
Verdict verdict_of_undated(const Duty& whole, base::Date since, base::Date today);
inline constexpr int silence_days_max = 90;

/// An indicator's measured series against what the plan asks. No value: unknown.
struct Measured {
  std::vector<std::pair<base::Date, double>> series;  ///< by day
  Target target;
  base::Date since;  ///< where the year's work begins
  base::Date due;
};
Verdict verdict_of(const Measured& measured, base::Date today);
bool reached(const Target& target, double value);
/// How far the expected even pace may be missed before it counts as a risk.
inline constexpr double pace_tolerance = 0.15;

/// One part of a whole: an occurrence of a measure ("第二季度"), a measure of a task ("9.2").
struct Member {
  base::Text label;
  Verdict verdict;
};
/// The whole stands as its most urgent member; done only when all are. `members` must not be empty.
Verdict verdict_of(std::span<const Member> members);

/// "5月3日", "3 May"; with the year when it is not `today`'s.
base::Text short_day(base::Date day, base::Date today);

}  // namespace yihu::plan

#pragma once
// Two made-up tables about partly the same people, and the truth about which rows mean the same person: a register kept
// by villages and a department's roster, each with the mistakes such lists have.

#include "base/cancel.h"
#include "base/result.h"
#include "sample/household.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace yihu::sample {

/// Shares of the roster's rows with each mistake; the register has half as many.
struct ErrorRates {
  double name_heard = 0.015;       ///< a character that sounds the same
  double name_seen = 0.005;        ///< a character that looks alike
  double name_dropped = 0.003;
  double name_swapped = 0.002;     ///< the order of two characters
  double name_traditional = 0.005; ///< a traditional form
  double id_missing = 0.03;
  double id_digit = 0.01;          ///< one wrong digit
  double id_swap = 0.005;          ///< two neighbouring digits the wrong way round
  double id_fifteen = 0.005;       ///< the old form, for those born before 1999
  double id_hidden = 0.005;        ///< birthday hidden by asterisks
  double id_other_person = 0.006;  ///< the number of another member of the household
  double birth_missing = 0.02;
  double birth_digit = 0.01;
  double birth_swapped = 0.004;    ///< day and month
  double sex_wrong = 0.003;
  double sex_missing = 0.01;
  double phone_missing = 0.10;
  double phone_changed = 0.20;
  double phone_of_household = 0.15; ///< the head's number in place of one's own
  double moved = 0.05;             ///< the household lives in another village by now
  double village_missing = 0.02;
  /// All of them times `factor`.
  ErrorRates times(double factor) const;
};

struct RegisterSetting {
  std::size_t people = 1'000'000;  ///< rows of each table
  double strangers = 0.30;         ///< share of each table's rows that concern nobody in the other
  ErrorRates errors;
  std::uint64_t seed = 1;
  base::Date today = base::make_date(2019, 6, 30);
  std::vector<Village> villages;   ///< empty: made up below county 460108, one for 800 people
};

/// Writes `register.csv`, `roster.csv` and `truth.csv` (two columns: a key of each) into an existing folder.
/// The roster's rows stand in random order.
/// @returns the number of true pairs
base::Result<std::size_t> write_registers(const RegisterSetting& setting, const std::filesystem::path& folder,
                                          const base::Cancel& cancel = {}, const base::Progress& progress = {});

}  // namespace yihu::sample

#pragma once
// How a made-up household lives: who learns, who works, who is ill, what the family earned. What is made here agrees
// with itself, as an honest register would: the cause fits the members, wages fit the months of work, ages fit schools.
// The words are the register's own (registry/code_lists.h).

#include "base/date.h"
#include "sample/household.h"

#include <cstdint>
#include <string>
#include <vector>

namespace yihu::sample {

struct PersonCircumstance {
  std::string education;
  std::string schooling;
  std::string labour;
  int work_months = 0;
  std::string work_place;   ///< "none" without work
  bool disabled = false;
  bool chronic = false;
  bool serious_illness = false;
};

/// One year's income of a whole household, in fen.
struct Income {
  int year = 0;
  std::int64_t wage = 0;
  std::int64_t business = 0;
  std::int64_t property = 0;
  std::int64_t transfer = 0;
  std::int64_t business_cost = 0;
  std::int64_t pension = 0;  ///< contained in transfer
  std::int64_t net() const { return wage + business + property + transfer - business_cost; }
};

struct Circumstance {
  std::vector<PersonCircumstance> members;  ///< in the order of the household's
  std::string main_cause;
  double arable_mu = 0;
  double irrigated_mu = 0;
  double housing_area_m2 = 0;
  std::vector<Income> incomes;              ///< rising by year
};

/// What the household is like, beyond its members.
struct Wanted {
  base::Date today;
  int first_year = 0;                        ///< of incomes, until the year of `today`
  std::int64_t income_per_head_first = 0;    ///< fen: about what each member had in the first year
  std::int64_t income_per_head_last = 0;     ///< and in the last
};

Circumstance circumstance_of(const Household& household, const Wanted& wanted, Random& random);

/// Whole years between two days.
int age_on(base::Date birth, base::Date day);

/// Draws households until there are `households` with `people` members together, none with more than `members_max`.
/// The numbers must allow it: between one and members_max members to a household.
std::vector<Household> draw_households(Households& from, std::size_t households, std::size_t people, std::size_t members_max);

}  // namespace yihu::sample

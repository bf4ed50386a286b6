#include "sample/circumstance.h"

#include <algorithm>
#include <cassert>

namespace yihu::sample {
namespace {

constexpr std::int64_t fen_per_yuan = 100;
constexpr int working_age_from = 16;
constexpr int working_age_to = 65;
constexpr int pension_age = 60;
constexpr std::int64_t pension_month_fen = 178 * fen_per_yuan;

std::int64_t whole_yuan(double fen) { return static_cast<std::int64_t>(fen / fen_per_yuan) * fen_per_yuan; }

/// Years of birth decide in which school a child sits.
void set_schooling(PersonCircumstance& person, int age, Random& random) {
  if (age < 3) {
    person.schooling = "not_student";
    person.education = "none";
  } else if (age < 6) {
    person.schooling = "preschool";
    person.education = "none";
  } else if (age <= 11) {
    person.schooling = "primary";
    person.education = "primary";
  } else if (age <= 14) {
    person.schooling = "junior";
    person.education = "primary";
  } else if (age <= 15) {
    person.schooling = "junior";
    person.education = "junior";
  } else if (age <= 18) {
    person.schooling = random.happens(0.6) ? "senior" : "vocational";
    person.education = "junior";
  } else if (age <= 22 && random.happens(0.35)) {
    person.schooling = random.happens(0.6) ? "college" : "university";
    person.education = "senior";
  } else {
    person.schooling = "not_student";
    person.education = age > 60 ? (random.happens(0.3) ? "none" : "primary") : (random.happens(0.3) ? "senior" : "junior");
  }
}

void set_health(PersonCircumstance& person, int age, Random& random) {
  person.chronic = random.happens(age > 60 ? 0.3 : age > 40 ? 0.1 : 0.01);
  person.serious_illness = random.happens(age > 50 ? 0.05 : 0.01);
  person.disabled = random.happens(age > 50 ? 0.07 : 0.025);
}

void set_work(PersonCircumstance& person, int age, Random& random) {
  person.work_place = "none";
  if (age < working_age_from || person.schooling != "not_student") {
    person.labour = "none";
    return;
  }
  if (age > working_age_to + 5) {
    person.labour = random.happens(0.5) ? "none" : "weak";
    return;
  }
  if (person.serious_illness || (person.disabled && random.happens(0.5))) {
    person.labour = random.happens(0.5) ? "lost" : "weak";
  } else if (age > working_age_to || person.disabled || (person.chronic && random.happens(0.5))) {
    person.labour = "weak";
  } else {
    person.labour = random.happens(0.15) ? "skilled" : "ordinary";
  }
  const bool strong = person.labour == "skilled" || person.labour == "ordinary";
  if (strong && age < pension_age && random.happens(0.6)) {
    person.work_months = random.between(6, 12);
    person.work_place = random.happens(0.7) ? "county" : random.happens(0.6) ? "city" : random.happens(0.6) ? "province" : "outside";
  }
}

template <class Is>
bool any(const std::vector<PersonCircumstance>& members, Is is) {
  return std::ranges::any_of(members, is);
}

/// The gravest that the members bear out.
std::string cause_of(const std::vector<PersonCircumstance>& members, Random& random) {
  const auto workers = std::ranges::count_if(members, [](const PersonCircumstance& one) {
    return one.labour == "skilled" || one.labour == "ordinary" || one.labour == "weak";
  });
  if (any(members, [](const PersonCircumstance& one) { return one.serious_illness || one.chronic; }) && random.happens(0.7)) return "illness";
  if (any(members, [](const PersonCircumstance& one) { return one.disabled; })) return "disability";
  if (any(members, [](const PersonCircumstance& one) { return one.schooling != "not_student" && one.schooling != "preschool"; }) && random.happens(0.4)) return "schooling";
  if (workers <= 1) return "labour";
  return random.happens(0.6) ? "skills" : "funds";
}

/// What wages, farming and pensions do not give comes as transfers, so that the year's sum is about `net`.
Income income_of(int year, std::int64_t net, int months, int pensioners, Random& random) {
  Income out;
  out.year = year;
  out.pension = pensioners * 12 * pension_month_fen;
  out.wage = months > 0 ? whole_yuan(static_cast<double>(net) * (0.35 + 0.2 * random.share())) : 0;
  out.business = whole_yuan(static_cast<double>(net) * (0.3 + 0.15 * random.share()));
  out.business_cost = whole_yuan(static_cast<double>(out.business) * (0.2 + 0.15 * random.share()));
  out.property = random.happens(0.4) ? whole_yuan(static_cast<double>(net) * 0.03) : 0;
  out.transfer = std::max<std::int64_t>(out.pension + 50 * fen_per_yuan, net - out.wage - out.business - out.property + out.business_cost);
  return out;
}

}  // namespace

int age_on(base::Date birth, base::Date day) {
  const int years = static_cast<int>(day.year()) - static_cast<int>(birth.year());
  const bool before = std::pair(birth.month(), birth.day()) > std::pair(day.month(), day.day());
  return years - (before ? 1 : 0);
}

Circumstance circumstance_of(const Household& household, const Wanted& wanted, Random& random) {
  Circumstance out;
  int months = 0;
  int pensioners = 0;
  for (const Person& person : household.members) {
    const int age = age_on(person.birth, wanted.today);
    PersonCircumstance one;
    set_schooling(one, age, random);
    set_health(one, age, random);
    set_work(one, age, random);
    months += one.work_months;
    if (age >= pension_age) ++pensioners;
    out.members.push_back(std::move(one));
  }
  out.main_cause = cause_of(out.members, random);
  out.arable_mu = random.between(4, 60) / 10.0;
  out.irrigated_mu = static_cast<int>(out.arable_mu * 10 * (0.3 + 0.6 * random.share())) / 10.0;
  out.housing_area_m2 = static_cast<double>(household.members.size()) * random.between(18, 32);
  const int last_year = static_cast<int>(wanted.today.year());
  const auto members = static_cast<double>(household.members.size());
  for (int year = wanted.first_year; year <= last_year; ++year) {
    const double part = last_year == wanted.first_year ? 1.0 : static_cast<double>(year - wanted.first_year) / (last_year - wanted.first_year);
    const double per_head = static_cast<double>(wanted.income_per_head_first) +
                            part * static_cast<double>(wanted.income_per_head_last - wanted.income_per_head_first);
    out.incomes.push_back(income_of(year, whole_yuan(per_head * members * (0.97 + 0.06 * random.share())), months, pensioners, random));
  }
  return out;
}

std::vector<Household> draw_households(Households& from, std::size_t households, std::size_t people, std::size_t members_max) {
  assert(people >= households && people <= households * members_max);
  std::vector<Household> out;
  std::size_t drawn = 0;
  const auto draw = [&] {
    Household household = from.next();
    while (household.members.size() > members_max) household = from.next();
    return household;
  };
  while (out.size() < households) {
    out.push_back(draw());
    drawn += out.back().members.size();
  }
  // One after the other is exchanged for a larger or smaller one until the sum is right.
  for (std::size_t at = 0; drawn != people; at = (at + 1) % households) {
    Household other = draw();
    const std::size_t with_other = drawn - out[at].members.size() + other.members.size();
    const auto distance = [&](std::size_t sum) { return sum > people ? sum - people : people - sum; };
    if (distance(with_other) >= distance(drawn)) continue;
    out[at] = std::move(other);
    drawn = with_other;
  }
  return out;
}

}  // namespace yihu::sample

#pragma once
// Made-up households of a Chinese village: a head, spouse, children, sometimes grandparents or grandchildren, with
// ages that fit together. For the demo store, for tests and for measuring linkage.

#include "base/date.h"
#include "sample/id_number.h"
#include "sample/name.h"

#include <cstddef>
#include <string>
#include <vector>

namespace yihu::sample {

struct Village {
  std::string code;  ///< twelve digits of the statistical division code
  std::string name;
};

/// The words are the register's: see the field `relation` of a person.
enum class Relation { head, spouse, child, child_in_law, grandchild, parent, sibling };
std::string_view relation_code(Relation relation);
std::string_view relation_zh(Relation relation);

struct Person {
  std::string name;
  Sex sex = Sex::male;
  base::Date birth;
  std::string id_number;
  Relation relation = Relation::head;
  std::string phone;   ///< empty for children and some of the old
  bool twin = false;   ///< the member before this one was born the same day of the same mother
};

struct Household {
  std::size_t number = 0;   ///< counts from 1
  std::size_t village = 0;  ///< which of the villages given
  std::vector<Person> members;  ///< the head first; never empty
};

struct HouseholdSetting {
  base::Date today;
  double twin_share = 0.012;         ///< of children who are followed by a twin
  double shared_name_share = 0.02;   ///< of people who bear the full name of somebody else in the village
};

/// Draws one household after the other; the same seed gives the same people.
class Households {
 public:
  /// `villages` must not be empty.
  Households(std::vector<Village> villages, HouseholdSetting setting, std::uint64_t seed);
  Household next();
  const std::vector<Village>& villages() const { return villages_; }

 private:
  Person person(Relation relation, Sex sex, int age, const std::u32string& surname, const std::u32string& given);
  std::u32string given(Sex sex, int age, const std::u32string& surname, std::size_t village);
  void add_children(Household& household, const std::u32string& surname, int parent_age);

  std::vector<Village> villages_;
  HouseholdSetting setting_;
  Random random_;
  Surnames surnames_;
  IdNumbers id_numbers_;
  std::vector<std::vector<std::u32string>> clans_;   ///< surnames that a village has many of
  std::vector<std::u32string> given_in_village_;     ///< one remembered given name per village and surname slot
  std::size_t count_ = 0;
};

/// `count` villages below a county of six digits, where nothing better is at hand: towns 100, 101, …, villages 200, 201, ….
std::vector<Village> villages_of(const std::string& county, std::size_t count);

}  // namespace yihu::sample

#include "sample/household.h"

#include "base/utf8.h"

#include <algorithm>
#include <functional>

namespace yihu::sample {
namespace {

constexpr std::size_t clans_per_village = 4;
constexpr std::size_t names_remembered = 16;

}  // namespace

std::string_view relation_code(Relation relation) {
  switch (relation) {
    case Relation::head: return "head";
    case Relation::spouse: return "spouse";
    case Relation::child: return "child";
    case Relation::child_in_law: return "child_in_law";
    case Relation::grandchild: return "grandchild";
    case Relation::parent: return "parent";
    case Relation::sibling: return "sibling";
  }
  return "other";
}

std::string_view relation_zh(Relation relation) {
  switch (relation) {
    case Relation::head: return "户主";
    case Relation::spouse: return "配偶";
    case Relation::child: return "子女";
    case Relation::child_in_law: return "儿媳女婿";
    case Relation::grandchild: return "孙子女";
    case Relation::parent: return "父母";
    case Relation::sibling: return "兄弟姐妹";
  }
  return "其他";
}

Households::Households(std::vector<Village> villages, HouseholdSetting setting, std::uint64_t seed)
    : villages_(std::move(villages)), setting_(setting), random_(seed), id_numbers_(villages_.front().code.substr(0, 2)) {
  clans_.resize(villages_.size());
  for (auto& clan : clans_) {
    for (std::size_t i = 0; i < clans_per_village; ++i) clan.push_back(surnames_.draw(random_));
  }
  given_in_village_.resize(villages_.size() * names_remembered);
}

std::u32string Households::given(Sex sex, int age, const std::u32string& surname, std::size_t village) {
  const std::size_t slot = village * names_remembered + (surname.front() + (sex == Sex::male ? 7 : 0)) % names_remembered;
  std::u32string& remembered = given_in_village_[slot];
  if (!remembered.empty() && random_.happens(setting_.shared_name_share)) return remembered;
  std::u32string drawn = given_name(random_, sex, static_cast<int>(setting_.today.year()) - age);
  if (remembered.empty() || random_.happens(0.05)) remembered = drawn;
  return drawn;
}

Person Households::person(Relation relation, Sex sex, int age, const std::u32string& surname, const std::u32string& given) {
  Person person;
  person.name = base::utf8(surname + given);
  person.sex = sex;
  person.relation = relation;
  const base::Date birthday = base::plus_days(setting_.today, -random_.between(0, 364));
  const int year = static_cast<int>(birthday.year()) - age;
  const auto month = static_cast<int>(static_cast<unsigned>(birthday.month()));
  const auto day = static_cast<int>(static_cast<unsigned>(birthday.day()));
  person.birth = base::make_date(year, month, month == 2 ? std::min(day, 28) : day);
  person.id_number = id_numbers_.draw(person.birth, sex);
  if (age >= 14 && random_.happens(age > 70 ? 0.6 : 0.95)) person.phone = phone_number(random_);
  return person;
}

void Households::add_children(Household& household, const std::u32string& surname, int parent_age) {
  const int eldest_age_max = parent_age - 21;
  if (eldest_age_max < 0) return;
  const int count = random_.happens(0.15) ? 0 : random_.happens(0.45) ? 1 : random_.happens(0.75) ? 2 : 3;
  int age = std::min(eldest_age_max, random_.between(std::max(0, eldest_age_max - 12), eldest_age_max));
  std::u32string elder;
  for (int i = 0; i < count && age >= 0; ++i) {
    // A daughter of marriageable age lives elsewhere more often than not.
    const Sex sex = random_.happens(age > 26 ? 0.75 : 0.52) ? Sex::male : Sex::female;
    std::u32string name = given(sex, age, surname, household.village);
    if (!elder.empty() && random_.happens(0.3)) name = sibling_name(random_, sex, static_cast<int>(setting_.today.year()) - age, elder);
    household.members.push_back(person(Relation::child, sex, age, surname, name));
    if (random_.happens(setting_.twin_share)) {
      Person twin = person(Relation::child, sex, age, surname, sibling_name(random_, sex, static_cast<int>(setting_.today.year()) - age, name));
      twin.birth = household.members.back().birth;
      twin.id_number = id_numbers_.draw(twin.birth, sex);
      twin.twin = true;
      household.members.push_back(std::move(twin));
    }
    elder = name;
    age -= random_.between(1, 5);
  }
}

Household Households::next() {
  Household household;
  household.number = ++count_;
  // Households of one village stand together, as registers are kept.
  household.village = (count_ / 250) % villages_.size();
  const auto& clan = clans_[household.village];
  const std::u32string surname = random_.happens(0.45) ? clan[random_.below(clans_per_village)] : surnames_.draw(random_);
  const int age = random_.happens(0.12) ? random_.between(66, 88) : random_.between(24, 65);
  const Sex sex = random_.happens(0.85) ? Sex::male : Sex::female;
  household.members.push_back(person(Relation::head, sex, age, surname, given(sex, age, surname, household.village)));
  if (random_.happens(age > 66 ? 0.55 : 0.85)) {
    const Sex other = sex == Sex::male ? Sex::female : Sex::male;
    const int spouse_age = std::max(21, age + random_.between(-6, 4));
    const std::u32string spouse_surname = surnames_.draw(random_);
    household.members.push_back(person(Relation::spouse, other, spouse_age, spouse_surname, given(other, spouse_age, spouse_surname, household.village)));
  }
  add_children(household, surname, std::min(age, 62));
  if (age > 50 && household.members.size() > 2 && random_.happens(0.35)) {
    const std::u32string in_law = surnames_.draw(random_);
    household.members.push_back(person(Relation::child_in_law, Sex::female, std::max(21, age - 26), in_law, given(Sex::female, age - 26, in_law, household.village)));
    household.members.push_back(person(Relation::grandchild, random_.happens(0.52) ? Sex::male : Sex::female, random_.between(0, std::max(0, age - 48)),
                                       surname, given(Sex::male, 5, surname, household.village)));
  }
  if (age < 60 && random_.happens(0.18)) {
    const int parent_age = std::min(97, age + random_.between(21, 34));
    const Sex parent_sex = random_.happens(0.4) ? Sex::male : Sex::female;
    const std::u32string parent_surname = parent_sex == Sex::male ? surname : surnames_.draw(random_);
    household.members.push_back(person(Relation::parent, parent_sex, parent_age, parent_surname, given(parent_sex, parent_age, parent_surname, household.village)));
  }
  return household;
}

std::vector<Village> villages_of(const std::string& county, std::size_t count) {
  Random random(20190419);
  std::vector<Village> villages;
  for (std::size_t i = 0; i < count; ++i) {
    // Sixty villages to a town; beyond nine hundred towns the next county's number is used.
    const std::size_t town = 100 + i / 60 % 900;
    const std::size_t shift = i / (60 * 900);
    const std::string code = std::to_string(std::stoul(county) + shift) + std::to_string(town) + std::to_string(200 + i % 60);
    villages.push_back({code, village_name(random)});
  }
  return villages;
}

}  // namespace yihu::sample

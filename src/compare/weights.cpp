#include "compare/weights.h"

#include <algorithm>
#include <cmath>

namespace yihu::compare {
namespace {

using link::Kind;
using link::Level;

/// In fewer people a value that occurs once is not rare, only rarely seen.
constexpr std::size_t rarity_people_min = 1000;
/// A short list is compared as if it came out of a large village: agreement by chance does not depend on how short it is.
constexpr double persons_min = 500;

std::size_t at(Level level) { return static_cast<std::size_t>(level); }

link::Field field(std::string name, Kind kind) {
  link::Field out;
  out.left = name;
  out.right = name;
  out.kind = kind;
  out.name = std::move(name);
  return out;
}

/// Chance that two people drawn at random hold the same value.
template <class Of>
double chance(const RegisterPeople& people, Of value_of, double least, double most) {
  std::map<std::string_view, double> counts;
  double known = 0;
  for (const RegisterPerson& person : people.people) {
    const std::string& value = value_of(person.who);
    if (value.empty()) continue;
    counts[value] += 1;
    known += 1;
  }
  double sum = 0;
  for (const auto& [value, count] : counts) sum += count * (count - 1);
  return std::clamp(known < 2 ? least : sum / (known * (known - 1)), least, most);
}

/// How often two different people come so near: what random pairs of large made-up registers show, rounded.
std::array<double, link::levels_count> by_chance(Kind kind) {
  // missing, differs, region, weak, close, near, sound, crossed, equal
  switch (kind) {
    case Kind::name: return {0, 0, 0.06, 0.03, 0.01, 0.004, 0.0006, 0.0001, 0};
    case Kind::id_number: return {0, 0, 0.3, 0, 1e-5, 1e-7, 1e-7, 0, 0};
    case Kind::date: return {0, 0, 0.0015, 0.03, 0.01, 0.002, 0.0001, 0, 0};
    case Kind::phone:
    case Kind::address:
    case Kind::division:
    case Kind::sex:
    case Kind::text:
    case Kind::number:
    case Kind::category:
    case Kind::code: return {};
  }
  return {};
}

}  // namespace

link::Spec spec_for(const RosterFields& fields, std::size_t people) {
  link::Spec spec;
  spec.key_left = spec.key_right = "key";
  if (fields.id) spec.fields.push_back(field("id", Kind::id_number));
  if (fields.name) spec.fields.push_back(field("name", Kind::name));
  if (fields.birth) spec.fields.push_back(field("birth", Kind::date));
  if (fields.sex) spec.fields.push_back(field("sex", Kind::sex));
  if (fields.village) spec.fields.push_back(field("village", Kind::category));
  for (link::Field& one : spec.fields) one.frequency = people >= rarity_people_min;
  const auto key = [&](std::vector<link::KeyPart> parts, bool repaired = false) { spec.keys.push_back({std::move(parts), repaired, {}}); };
  if (fields.id) key({{"id", link::Cut::whole}}, true);
  if (fields.name && fields.birth) {
    key({{"name", link::Cut::whole}, {"birth", link::Cut::whole}});
    key({{"name", link::Cut::sound}, {"birth", link::Cut::year}});
  }
  if (fields.name && fields.village) key({{"name", link::Cut::whole}, {"village", link::Cut::whole}});
  if (fields.birth && fields.village) key({{"birth", link::Cut::whole}, {"village", link::Cut::whole}});
  if (fields.name && !fields.birth && !fields.village) key({{"name", link::Cut::whole}});
  // Two rows about one person are a discrepancy, so the linkage must not choose between them.
  spec.one_to_one = false;
  spec.threshold = doubtful_probability;
  return spec;
}

link::Model model_for(const link::Spec& spec, const RegisterPeople& people, std::size_t rows) {
  link::Model model;
  const double persons = std::max(static_cast<double>(people.people.size()), persons_min);
  // Half of the smaller list is expected to be in the other.
  model.match_share = std::clamp(0.5 / std::max(persons, static_cast<double>(rows)), 1e-12, 0.3);
  for (const link::Field& one : spec.fields) {
    link::FieldModel out{one.name, one.kind, link::expected_m(one.kind), by_chance(one.kind)};
    double equal = 0.5;
    switch (one.kind) {
      case Kind::id_number: equal = 1e-9; break;
      case Kind::name: equal = chance(people, [](const Identity& who) -> const std::string& { return who.name; }, 5e-5, 0.2); break;
      case Kind::date: equal = chance(people, [](const Identity& who) -> const std::string& { return who.birth; }, 4e-5, 0.05); break;
      case Kind::category: equal = chance(people, [](const Identity& who) -> const std::string& { return who.village; }, 1e-3, 0.8); break;
      case Kind::sex: equal = 0.5; break;
      case Kind::phone:
      case Kind::address:
      case Kind::division:
      case Kind::text:
      case Kind::number:
      case Kind::code: break;
    }
    out.u[at(Level::equal)] = equal;
    double rest = 1;
    for (const double share : out.u) rest -= share;
    out.u[at(Level::differs)] = std::max(rest, 0.01);
    model.fields.push_back(std::move(out));
  }
  return model;
}

}  // namespace yihu::compare

#include "app/demo_register.h"

#include "area/division.h"
#include "registry/status.h"
#include "sample/circumstance.h"

#include <fmt/format.h>

#include <algorithm>

namespace yihu::app {
namespace {

// The figures of the district's plan for 2019.
constexpr std::size_t poor_households = 40;
constexpr std::size_t poor_people = 131;
constexpr std::size_t exited_households = 320;
constexpr std::size_t exited_people = 1206;

constexpr std::size_t lone_elders = 28;  ///< among the exited: they live on extreme-hardship support
constexpr std::size_t lone_workers = 4;  ///< among the exited: they live on the allowance
constexpr int elder_age = 60;

constexpr std::size_t members_max = 6;
constexpr std::size_t marginal_households = 24;
constexpr std::size_t households_per_write = 500;
constexpr std::uint64_t seed = 46010820190419;
constexpr std::int64_t fen_per_yuan = 100;
constexpr std::int64_t allowance_month_fen = 310 * fen_per_yuan;
constexpr std::int64_t hardship_month_fen = 620 * fen_per_yuan;
constexpr std::size_t poor_per_hundred_max = 2;  ///< households of an ordinary village; above, the village itself is a finding
constexpr double listed_village_share = 0.4;  ///< of listed households that live in a village listed as poor

struct Standing {
  const char* status = "general";
  const char* monitoring = "none";
  int identified_year = 0;  ///< 0: never listed
  int exit_year = 0;
  std::string attribute = "general";
};

base::Date middle_of(int year) { return base::make_date(year, 6, 30); }

class Register {
 public:
  Register(store::Store& store, const DemoRegisterWish& wish)
      : store_(store), wish_(wish), rooms_{store.secrets()}, viewer_(access::Viewer::system("demo")), random_(seed),
        cadres_(sample::villages_of("460108", 8), {.today = wish.today}, seed + 1) {}

  base::Result<DemoRegister> fill(const base::Progress& progress, const base::Cancel& cancel) {
    TRY(find_villages());
    draw_everybody();
    for (std::size_t at = 0; at < queue_.size(); at += households_per_write) {
      if (cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已取消。", "Cancelled."));
      TRY(write_some(at, std::min(queue_.size(), at + households_per_write)));
      if (progress) progress(static_cast<std::int64_t>(at), static_cast<std::int64_t>(queue_.size()));
    }
    return made_;
  }

 private:
  struct Waiting {
    sample::Household household;
    Standing standing;
    std::string village = {};
  };

  base::Done find_villages() {
    return store_.read([&](store::Session& session) -> base::Done {
      const area::Divisions divisions = TRY(area::read_divisions(session));
      for (const area::Division& division : divisions.all()) {
        if (division.level != "village" || !division.in_force(wish_.today)) continue;
        if (std::ranges::find(wish_.towns, division.parent) == wish_.towns.end()) continue;
        villages_.push_back(division.code);
        if (!division.poor_village.value_or(false)) continue;
        listed_villages_.push_back(division.code);
        made_.village = division.code;
        made_.town = division.parent;
      }
      if (!listed_villages_.empty()) return {};
      return base::fail(base::ErrorKind::input, "demo_no_villages",
                        base::text("政策包里没有演示所需的村。", "The pack has no villages for a demo."));
    });
  }

  void draw_everybody() {
    std::vector<sample::Village> villages;
    for (const std::string& code : villages_) villages.push_back({code, ""});
    sample::Households from(std::move(villages), {.today = wish_.today}, seed);
    for (auto& household : sample::draw_households(from, poor_households, poor_people, members_max)) {
      queue_.push_back({std::move(household), {.status = "poor", .identified_year = random_.between(2016, 2018)}});
    }
    constexpr std::size_t lone = lone_elders + lone_workers;
    std::vector<sample::Household> exited = sample::draw_households(from, exited_households - lone, exited_people - lone, members_max);
    draw_lone(from, lone_elders, true, exited);
    draw_lone(from, lone_workers, false, exited);
    for (auto& household : exited) {
      const int identified = random_.between(2014, 2016);
      Standing standing{.status = "exited_supported", .identified_year = identified, .exit_year = random_.between(identified + 1, 2018)};
      if (random_.happens(0.04)) standing.monitoring = "unstable_exit";
      queue_.push_back({std::move(household), std::move(standing)});
    }
    std::size_t others = 0;
    for (std::size_t count = 0; others < static_cast<std::size_t>(wish_.other_people); ++count) {
      sample::Household household = from.next();
      while (household.members.size() > members_max) household = from.next();
      others += household.members.size();
      Standing standing;
      if (count < marginal_households) standing.monitoring = "marginal";
      queue_.push_back({std::move(household), std::move(standing)});
    }
    for (Waiting& waiting : queue_) set_attribute(waiting);
    find_homes();
    made_.cadre_name = cadres_.next().members.front().name;
    made_.helper_name = cadres_.next().members.front().name;
    for (int i = 0; i < 60; ++i) helpers_.push_back(cadres_.next().members.front().name);
  }

  bool is_lone_elder(const sample::Household& household) const {
    return household.members.size() == 1 && sample::age_on(household.members.front().birth, wish_.today) >= elder_age;
  }

  void draw_lone(sample::Households& from, std::size_t count, bool elders, std::vector<sample::Household>& into) const {
    while (count > 0) {
      sample::Household household = from.next();
      if (household.members.size() != 1 || is_lone_elder(household) != elders) continue;
      into.push_back(std::move(household));
      --count;
    }
  }

  void set_attribute(Waiting& waiting) {
    if (waiting.standing.identified_year == 0) return;
    if (is_lone_elder(waiting.household)) {
      waiting.standing.attribute = "extreme_hardship";
    } else if (waiting.household.members.size() == 1 || random_.happens(0.2)) {
      waiting.standing.attribute = waiting.standing.exit_year == 0 ? "allowance_poor" : "allowance";
    }
  }

  static bool still_poor(const Waiting& waiting) { return waiting.standing.identified_year != 0 && waiting.standing.exit_year == 0; }

  /// Households that are still poor come last, where so many others live that their village is not one of many poor.
  void find_homes() {
    struct Homes {
      std::size_t poor = 0;
      std::size_t all = 0;
    };
    std::map<std::string, Homes> homes;
    for (Waiting& waiting : queue_) {
      if (still_poor(waiting)) continue;
      const bool in_listed = waiting.standing.identified_year != 0 && random_.happens(listed_village_share);
      waiting.village = random_.one_of(in_listed ? listed_villages_ : villages_);
      ++homes[waiting.village].all;
    }
    for (Waiting& waiting : queue_) {
      if (!still_poor(waiting)) continue;
      waiting.village = random_.one_of(villages_);
      if (100 * (homes[waiting.village].poor + 1) > poor_per_hundred_max * (homes[waiting.village].all + 1)) waiting.village = random_.one_of(listed_villages_);
      ++homes[waiting.village].poor;
      ++homes[waiting.village].all;
    }
  }

  base::Done write_some(std::size_t from, std::size_t to) {
    const auto written = store_.write(
        {"system:demo", base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
          for (std::size_t at = from; at < to; ++at) TRY(write_one(transaction, queue_[at]));
          return store::Answer{};
        });
    if (!written) return base::fail(written.error());
    return {};
  }

  base::Done write_one(store::Transaction& transaction, const Waiting& waiting) {
    const Standing& standing = waiting.standing;
    const sample::Circumstance life = sample::circumstance_of(
        waiting.household,
        {.today = wish_.today, .first_year = 2016, .income_per_head_first = 2'300 * fen_per_yuan,
         .income_per_head_last = (standing.exit_year == 0 ? 3'900 : random_.between(5'200, 9'000)) * fen_per_yuan},
        random_);
    registry::NewHousehold household = household_from(waiting, life);
    const bool exits = standing.exit_year != 0;
    if (exits) household.status = "poor";
    const registry::Added added = TRY(registry::add_household(transaction, rooms_, viewer_, household));
    if (exits) {
      const auto reason = base::text("经评议、核实、公示，按程序退出", "Exited by the published steps").in(wish_.language);
      TRY(registry::change_status(transaction, viewer_, added.household, standing.status, base::make_date(standing.exit_year, 11, 20), reason));
    }
    const auto members = static_cast<int>(added.members.size());
    if (standing.identified_year == 0) {
      made_.others += members;
    } else {
      (exits ? made_.exited : made_.poor).push_back(added.household.value);
      made_.people += members;
    }
    return {};
  }

  registry::NewHousehold household_from(const Waiting& waiting, const sample::Circumstance& life) {
    const Standing& standing = waiting.standing;
    const bool listed = standing.identified_year != 0;
    registry::NewHousehold out;
    out.village = waiting.village;
    out.registered_on = listed ? middle_of(standing.identified_year) : middle_of(2014);
    out.status = standing.status;
    out.monitoring = standing.monitoring;
    out.reason = base::text("演示数据", "Demo data").in(wish_.language);
    const std::string code = fmt::format("{}{:04}", out.village, ++numbers_[out.village]);
    out.values["code"] = code;
    if (listed || out.monitoring != "none") add_listed_values(out, waiting, life);
    for (std::size_t at = 0; at < waiting.household.members.size(); ++at) {
      out.members.push_back({person_from(waiting.household.members[at], life.members[at], fmt::format("{}{:02}", code, at + 1)), {}});
    }
    return out;
  }

  void add_listed_values(registry::NewHousehold& out, const Waiting& waiting, const sample::Circumstance& life) {
    const Standing& standing = waiting.standing;
    const bool listed = standing.identified_year != 0;
    out.values["attribute"] = standing.attribute;
    out.values["main_cause"] = life.main_cause;
    if (listed) out.values["standard"] = std::string("national");
    if (listed) out.values["identified_year"] = std::int64_t{standing.identified_year};
    for (const char* given : {"production_power", "living_power", "tv", "toilet"}) out.values[given] = std::int64_t{1};
    for (const char* not_given : {"military_family", "one_child", "two_daughters"}) out.values[not_given] = std::int64_t{0};
    out.values["cooperative"] = std::int64_t{random_.happens(0.6)};
    out.values["arable_mu"] = life.arable_mu;
    out.values["irrigated_mu"] = life.irrigated_mu;
    out.values["housing_area_m2"] = life.housing_area_m2;
    out.values["road_distance_km"] = random_.between(1, 25) / 10.0;
    out.values["road_kind"] = std::string("concrete");
    out.values["fuel"] = std::string(random_.happens(0.6) ? "gas" : "electricity");
    out.values["helper"] = random_.one_of(helpers_);
    out.values["phone"] = waiting.household.members.front().phone.empty() ? store::Cell{} : store::Cell{waiting.household.members.front().phone};
    for (const sample::Income& income : life.incomes) out.incomes.push_back(income_from(income, standing, waiting.household.members.size()));
  }

  static registry::Values income_from(const sample::Income& income, const Standing& standing, std::size_t members) {
    const auto months = static_cast<std::int64_t>(12 * members);
    const std::int64_t allowance = standing.attribute.starts_with("allowance") ? months * allowance_month_fen / 3 : 0;
    const std::int64_t hardship = standing.attribute == "extreme_hardship" ? months * hardship_month_fen : 0;
    return {{"year", std::int64_t{income.year}},   {"basis", std::string("net")},
            {"wage", income.wage},                 {"business", income.business},
            {"property", income.property},         {"transfer", income.transfer + allowance + hardship},
            {"business_cost", income.business_cost}, {"allowance_part", allowance},
            {"hardship_part", hardship},           {"pension_part", income.pension}};
  }

  static registry::Values person_from(const sample::Person& person, const sample::PersonCircumstance& life, const std::string& code) {
    const auto truth = [](bool value) { return store::Cell{std::int64_t{value}}; };
    registry::Values values{
        {"code", code},
        {"name", person.name},
        {"sex", std::string(person.sex == sample::Sex::male ? "male" : "female")},
        {"birth", base::to_string(person.birth)},
        {"relation", std::string(sample::relation_code(person.relation))},
        {"ethnicity", std::string("han")},
        {"education", life.education},
        {"schooling", life.schooling},
        {"labour", life.labour},
        {"work_months", std::int64_t{life.work_months}},
        {"work_place", life.work_place},
        {"disabled", truth(life.disabled)},
        {"chronic", truth(life.chronic)},
        {"serious_illness", truth(life.serious_illness)},
        {"in_service", truth(false)},
        {"id_number", person.id_number},
        {"id_kind", std::string("resident")},
    };
    if (!person.phone.empty()) values["phone"] = person.phone;
    return values;
  }

  store::Store& store_;
  const DemoRegisterWish& wish_;
  registry::Rooms rooms_;
  access::Viewer viewer_;
  sample::Random random_;
  sample::Households cadres_;
  std::vector<std::string> villages_;
  std::vector<std::string> listed_villages_;
  std::vector<std::string> helpers_;
  std::map<std::string, int> numbers_;  ///< households so far, by village
  std::vector<Waiting> queue_;
  DemoRegister made_;
};

}  // namespace

base::Result<DemoRegister> fill_register(store::Store& store, const DemoRegisterWish& wish, const base::Progress& progress,
                                         const base::Cancel& cancel) {
  return Register(store, wish).fill(progress, cancel);
}

}  // namespace yihu::app

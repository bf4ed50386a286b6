// The register at size: how fast it fills, and how long its pages take. `registry_bench [people] [folder]`; the folder
// is kept, so that a second run only reads. Up to people_entered are registered as anybody's are; the others are copies of
// them, made in the store.

#include "access/user.h"
#include "area/fill.h"
#include "area/unit.h"
#include "base/id_number.h"
#include "registry/household_list.h"
#include "registry/household_page.h"
#include "registry/person_search.h"
#include "registry/registration.h"
#include "registry/schema.h"
#include "store/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>

namespace yihu {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int people_default = 200'000;
constexpr int people_entered = 50'000;
constexpr int households_per_transaction = 400;
constexpr int towns = 14;
constexpr int villages_per_town = 15;

struct Ground {
  std::unique_ptr<store::Store> store;
  std::mt19937 random{1};
};

std::string village_code(int number) { return fmt::format("4601081{:02}2{:02}", 1 + number / villages_per_town, number % villages_per_town); }

pack::Pack pack_of_villages() {
  pack::Pack pack;
  pack.district = pack::District{"460108", {"某区", "A district"}, {}};
  for (int i = 0; i < towns * villages_per_town; ++i) {
    pack::Division village;
    village.id = village_code(i);
    village.name = {fmt::format("村{}", i), fmt::format("Village {}", i)};
    if (i % villages_per_town == 0) {
      pack::Division town;
      town.id = village.id.substr(0, 9);
      town.name = {fmt::format("镇{}", i), fmt::format("Town {}", i)};
      pack.divisions.push_back(std::move(town));
    }
    pack.divisions.push_back(std::move(village));
  }
  return pack;
}

template <class T>
T must(base::Result<T> result) {
  if (!result) {
    fmt::print("{}\n", base::describe(result.error(), base::Language::en));
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

const access::Viewer& everything() {
  static const access::Viewer viewer = access::Viewer::system("bench");
  return viewer;
}

constexpr const char* surnames[] = {"王", "李", "陈", "吴", "林", "符", "黄", "张", "周", "郑", "梁", "邓", "曾", "冯", "云", "韩"};
constexpr const char* given[] = {"建", "国", "秀", "英", "明", "华", "丽", "强", "玉", "兰", "海", "燕", "文", "平", "春", "花", "志", "伟", "小", "芳"};

registry::NewHousehold household(Ground& ground, int number) {
  const auto pick = [&](int count) { return std::uniform_int_distribution<int>(0, count - 1)(ground.random); };
  registry::NewHousehold out;
  out.village = village_code(pick(towns * villages_per_town));
  out.registered_on = base::make_date(2018, 1, 1);
  if (number % 55 == 0) out.status = number % 5 == 0 ? "poor" : "exited_supported";
  out.values = {{"code", fmt::format("{:010}", number)}, {"arable_mu", 0.5 * pick(20)}, {"tv", std::int64_t{1}}};
  const int members = 2 + pick(4);
  const std::string surname = surnames[pick(16)];
  for (int i = 0; i < members; ++i) {
    const std::string birth = fmt::format("{:04}{:02}{:02}", 1940 + pick(78), 1 + pick(12), 1 + pick(28));
    const std::string front = fmt::format("990{:03}{}{:03}", number % 1000, birth, (number / 1000 * 8 + i) % 1000);
    out.members.push_back({{{"name", surname + given[pick(20)] + given[pick(20)]}, {"relation", std::string(i == 0 ? "head" : i == 1 ? "spouse" : "child")},
                            {"birth", fmt::format("{}-{}-{}", birth.substr(0, 4), birth.substr(4, 2), birth.substr(6, 2))},
                            {"id_number", front + base::id_check_digit(front).value_or('0')}, {"phone", fmt::format("139{:08}", number)}}, {}});
  }
  out.reason = "bench";
  return out;
}

void fill(Ground& ground, int people) {
  const registry::Rooms rooms{ground.store->secrets()};
  const auto begin = Clock::now();
  int made = 0, number = 0;
  while (made < people) {
    must(ground.store->write({"system:bench", base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      for (int i = 0; i < households_per_transaction && made < people; ++i) {
        const auto added = registry::add_household(transaction, rooms, everything(), household(ground, ++number));
        // Two of the made-up numbers can meet; the household is then left out.
        if (!added && added.error().code != "person_known") return base::fail(added.error());
        if (added) made += static_cast<int>(added->members.size());
      }
      return store::Answer();
    }));
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  fmt::print("filled {} people, {} households in {:.1f} s: {:.0f} people a second\n", made, number, seconds, made / seconds);
}

/// Every household and person `copies` times more, with ids, numbers and keys of their own.
void multiply(Ground& ground, int copies) {
  const auto begin = Clock::now();
  for (int copy = 1; copy <= copies; ++copy) {
    must(ground.store->write({"system:bench", base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      const store::Parameters mark = {{"mark", fmt::format("-{}", copy)}};
      TRY(transaction.execute("INSERT INTO household (id, code, village, status, monitoring, arable_mu, tv, size, head_name, registered_on,"
                              " phone_index, version, updated_at) SELECT id || :mark, code || :mark, village, status, monitoring, arable_mu, tv,"
                              " size, head_name, registered_on, phone_index || :mark, version, updated_at FROM household WHERE id NOT LIKE '%-%-%-%-%-%'", mark));
      TRY(transaction.execute("INSERT INTO person (id, code, household, village, name, sex, birth, relation, id_number, id_kind, id_valid, id_birth,"
                              " id_sex, phone, present, initials, initials_other, id_index, phone_index, version, updated_at)"
                              " SELECT id || :mark, code || :mark, household || :mark, village, name, sex, birth, relation, id_number, id_kind, id_valid,"
                              " id_birth, id_sex, phone, present, initials, initials_other, id_index || :mark, phone_index || :mark, version, updated_at"
                              " FROM person WHERE id NOT LIKE '%-%-%-%-%-%'", mark));
      TRY(transaction.execute("INSERT INTO membership (person, household, joined_on, left_on, joined_by, left_by) SELECT person || :mark, household || :mark,"
                              " joined_on, left_on, joined_by, left_by FROM membership WHERE person NOT LIKE '%-%-%-%-%-%'", mark));
      return store::Answer();
    }));
  }
  fmt::print("{} copies of them in {:.1f} s\n", copies, std::chrono::duration<double>(Clock::now() - begin).count());
}

void measure(Ground& ground, const char* name, const std::function<base::Done(store::Session&)>& work) {
  constexpr int runs = 300;
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) {
    const auto begin = Clock::now();
    must(ground.store->read(work));
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  }
  std::ranges::sort(times);
  fmt::print("{:<44} {:>9.3f} {:>9.3f} {:>9.3f}\n", name, times[runs / 2], times[runs * 99 / 100], times.back());
}

access::Viewer viewer_of(std::set<std::string> areas) {
  access::Viewer viewer = everything();
  viewer.scope = {};
  viewer.scope.areas = std::move(areas);
  return viewer;
}

/// Of forty households, who has no village of his own.
access::Viewer helper_of_forty(Ground& ground) {
  access::Viewer helper = viewer_of({});
  helper.user = base::UserId{"helper"};
  helper.scope.assigned = true;
  must(ground.store->write({"system:bench", base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
    TRY(transaction.execute("UPDATE household SET helper_account = 'helper' WHERE id IN (SELECT id FROM household WHERE village = :village ORDER BY id LIMIT 40)",
                            {{"village", village_code(7)}}));
    return store::Answer();
  }));
  return helper;
}

void measure_lists(Ground& ground, const access::Viewer& town, const access::Viewer& village, const access::Viewer& helper) {
  const auto list = [&](const char* name, const access::Viewer& viewer, registry::HouseholdFilter filter, std::optional<registry::HouseholdPlace> after = {}) {
    measure(ground, name, [&](store::Session& session) -> base::Done {
      TRY(registry::list_households(session, viewer, filter, after, 51));
      return {};
    });
  };
  list("households, first page", everything(), {});
  list("households, a page in the middle", everything(), {}, registry::HouseholdPlace{village_code(100), {}});
  list("households of a town", town, {});
  list("poor households", everything(), {.status = "poor"});
  list("listed households of a village", village, {.listed = true});
  list("listed households, whole register", everything(), {.listed = true});
  list("listed households, a page in the middle", everything(), {.listed = true}, registry::HouseholdPlace{village_code(100), {}});
  list("monitored households, whole register", everything(), {.monitoring = "any"});
  list("households without a helper, a town", town, {.helper = "none"});
  list("two filters that nobody passes", everything(), {.status = "poor", .cause = "illness"});
  list("who helps forty households", helper, {});
  measure(ground, "counts by village, whole register", [&](store::Session& session) -> base::Done {
    TRY(registry::count_by_village(session, everything(), {}));
    return {};
  });
}

void measure_searches(Ground& ground, const access::Viewer& town, const access::Viewer& village, const access::Viewer& helper) {
  const registry::Rooms rooms{ground.store->secrets()};
  const access::Viewer nowhere = viewer_of({"460108199299"});
  const access::Viewer three = viewer_of({village_code(0).substr(0, 9), village_code(40).substr(0, 9), village_code(100).substr(0, 9)});
  const auto search = [&](const char* name, const access::Viewer& viewer, const std::string& text) {
    measure(ground, name, [&](store::Session& session) -> base::Done {
      TRY(registry::search_people(session, rooms, viewer, text, "", {}, 50));
      return {};
    });
  };
  search("people, first page", everything(), "");
  search("name 王, whole register", everything(), "王");
  search("name 王建, one town", town, "王建");
  search("initials wjg, whole register", everything(), "wjg");
  search("initials wjg, one village", village, "wjg");
  search("a single letter, whole register", everything(), "w");
  search("a single letter, one town", town, "w");
  search("a name nobody has, one village", village, "王龘");
  search("a name few have, one village", village, "韩春花");
  search("everybody of a village without people", nowhere, "");
  search("everybody of three towns", three, "");
  search("a percent sign", everything(), "%");
  search("sixty characters", everything(), std::string(60, 'w'));
  search("name 王, who helps forty households", helper, "王");
  search("telephone", everything(), "13900000123");
  search("document number", everything(), "990123199001011234");
}

void measure_pages(Ground& ground, const access::Viewer& town) {
  const registry::Rooms rooms{ground.store->secrets()};
  std::vector<registry::HouseholdId> ids;
  must(ground.store->read([&](store::Session& session) -> base::Done {
    for (const auto& line : TRY(registry::list_households(session, town, {}, {}, 500))) ids.push_back(line.id);
    return {};
  }));
  std::size_t next = 0;
  measure(ground, "household page", [&](store::Session& session) -> base::Done {
    TRY(registry::read_household(session, rooms, everything(), ids[next++ % ids.size()]));
    return {};
  });
  measure(ground, "household on a past day", [&](store::Session& session) -> base::Done {
    TRY(registry::household_as_of(session, rooms, everything(), ids[next++ % ids.size()], base::make_date(2019, 1, 1)));
    return {};
  });
}

void measure_all(Ground& ground) {
  const access::Viewer town = viewer_of({village_code(40).substr(0, 9)});
  const access::Viewer village = viewer_of({village_code(40)});
  const access::Viewer helper = helper_of_forty(ground);
  fmt::print("{:<44} {:>9} {:>9} {:>9}\n", "ms", "median", "p99", "max");
  measure_lists(ground, town, village, helper);
  measure_searches(ground, town, village, helper);
  measure_pages(ground, town);
}

int run(int people, const std::filesystem::path& folder) {
  static const base::SystemClock clock;
  store::Options options;
  options.folder = folder;
  options.clock = &clock;
  options.migrations = registry::migrations();
  for (const auto& room : {area::migrations(), access::migrations()}) options.migrations.insert(options.migrations.end(), room.begin(), room.end());
  const bool known = std::filesystem::exists(folder);
  std::filesystem::create_directories(folder);
  Ground ground{must(store::Store::open(std::move(options)))};
  must(area::fill_from_pack(*ground.store, pack_of_villages()));
  if (!known) {
    fill(ground, std::min(people, people_entered));
    multiply(ground, people / people_entered - 1);
  }
  measure_all(ground);
  return 0;
}

}  // namespace
}  // namespace yihu

int main(int count, char** words) {
  const int people = count > 1 ? std::atoi(words[1]) : yihu::people_default;
  const std::filesystem::path folder = count > 2 ? words[2] : std::filesystem::temp_directory_path() / fmt::format("yihu-registry-bench-{}", people);
  return yihu::run(people, folder);
}

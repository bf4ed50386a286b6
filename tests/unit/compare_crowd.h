#pragma once
// A register of many made-up people, put straight into its tables, and a school's roster of them with planted differences.

#include "compare_fixture.h"

#include "sample/household.h"

namespace yihu::compare {

struct CrowdPerson {
  std::string id, household, village, name, birth, number, education;
};

class CrowdTest : public CompareTest {
 protected:
  static constexpr std::size_t households_per_transaction = 500;

  void fill(std::size_t people) {
    sample::Households households({{"460108101200", "东村"}, {"460108101201", "西村"}}, {.today = *base::parse_date("2019-06-30")}, 7);
    while (crowd_.size() < people) {
      value_of(write([&](store::Transaction& transaction) -> base::Done {
        for (std::size_t i = 0; i < households_per_transaction && crowd_.size() < people; ++i) TRY(insert(transaction, households.next()));
        return {};
      }));
    }
  }

  base::Done insert(store::Transaction& transaction, const sample::Household& household) {
    const std::string of = base::new_uuid(), village = household.village == 0 ? "460108101200" : "460108101201";
    TRY(transaction.execute("INSERT INTO household (id, code, village, status, monitoring, attribute, size, head_name, registered_on, version, updated_at)"
                            " VALUES (:id, :code, :village, 'poor', 'none', 'general', :size, :head, '2018-01-01', 1, 0)",
                            {{"id", of}, {"code", std::to_string(household.number)}, {"village", village}, {"size", household.members.size()}, {"head", household.members[0].name}}));
    for (const sample::Person& member : household.members) {
      CrowdPerson one{base::new_uuid(), of, village, member.name, base::to_string(member.birth), member.id_number, "primary"};
      TRY(transaction.execute("INSERT INTO person (id, code, household, village, name, sex, birth, relation, education, id_number, present, version, updated_at)"
                              " VALUES (:id, :id, :household, :village, :name, :sex, :birth, :relation, :education, :number, 1, 1, 0)",
                              {{"id", one.id}, {"household", of}, {"village", village}, {"name", one.name}, {"sex", member.sex == sample::Sex::male ? "male" : "female"},
                               {"birth", one.birth}, {"relation", sample::relation_code(member.relation)}, {"education", one.education},
                               {"number", TRY(store_->secrets().seal(transaction, {"person", "id_number", one.id}, one.number))}}));
      TRY(transaction.execute("INSERT INTO membership (person, household, joined_on, joined_by) VALUES (:person, :household, '2018-01-01', '')",
                              {{"person", one.id}, {"household", of}}));
      crowd_.push_back(std::move(one));
    }
    return {};
  }

  /// Everybody, but for every `missing_each`th; another education for every `other_each`th, a second row for every `twice_each`th,
  /// a slip in the number (which a person has to look at) for every `slip_each`th. 0: none.
  struct Planted {
    std::size_t missing_each = 0, other_each = 0, twice_each = 0, slip_each = 0;
  };
  std::string roster(const Planted& planted) const {
    const auto each = [](std::size_t number, std::size_t step) { return step > 0 && number % step == 0; };
    std::string out = "姓名,身份证号,文化程度\n";
    for (std::size_t i = 1; i <= crowd_.size(); ++i) {
      const CrowdPerson& one = crowd_[i - 1];
      if (each(i, planted.missing_each)) continue;
      std::string number = one.number;
      // Another valid number under the same name and day: a person has to look.
      if (each(i, planted.slip_each)) number = number_of(one.birth, static_cast<int>(i % 1000));
      const std::string row = one.name + "," + number + "," + (each(i, planted.other_each) ? "初中" : "小学") + "\n";
      out += row;
      if (each(i, planted.twice_each)) out += row;
    }
    return out;
  }

  /// What is shown now, however it came about: kind, cause, whom, both values.
  std::vector<std::string> shown() {
    std::vector<std::string> out;
    DiscrepancyFilter filter{.roster = "school", .state = std::nullopt, .limit = 5000};
    for (;;) {
      const auto page = read([&](store::Session& session) { return list_discrepancies(session, store_->secrets(), *rosters_, everything_, filter); });
      for (const Discrepancy& one : page) {
        if (one.state == "open" || one.state == "kept") out.push_back(fmt::format("{} {} {} {}|{}", one.kind, one.cause, one.person, one.theirs, one.ours));
      }
      if (static_cast<int>(page.size()) < filter.limit) break;
      filter.after_village = page.back().village;
      filter.after = page.back().id;
    }
    std::ranges::sort(out);
    return out;
  }
  /// What one look at everything at once finds.
  std::vector<std::string> at_once() {
    const auto found = read([&](store::Session& session) {
      return find_differences(session, {*rosters_, store_->secrets(), *value_of(rosters_->find("school")), "2019", clock_.today()});
    });
    std::vector<std::string> out;
    for (const Difference& one : found.found) out.push_back(fmt::format("{} {} {} {}|{}", pack::name_of(one.rule->kind), one.cause, one.person, one.theirs, one.ours));
    std::ranges::sort(out);
    return out;
  }
  std::int64_t count(store::Sql sql) {
    return read([&](store::Session& session) { return session.query(sql); }).at(0).integer(0);
  }
  /// Nothing is left over of any pass.
  void expect_settled() {
    EXPECT_EQ(count("SELECT count(*) FROM roster_pass"), 0);
    EXPECT_EQ(count("SELECT count(*) FROM roster_pair_next"), 0);
    EXPECT_EQ(count("SELECT count(*) FROM discrepancy WHERE pass <> '' OR ends <> ''"), 0);
    EXPECT_EQ(count("SELECT count(*) FROM roster_match m JOIN roster_run r ON r.id = m.run WHERE r.state <> 'done'"), 0);
  }

  std::vector<CrowdPerson> crowd_;
};

}  // namespace yihu::compare

// Large rosters: nobody's save waits, what is shown is what one look at everything would find, and whatever breaks off
// leaves the old differences whole.

#include "compare_crowd.h"

#include "registry/change.h"

#include <atomic>
#include <chrono>
#include <thread>

namespace yihu::compare {
namespace {

double milliseconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

class ComparePass : public CrowdTest {
 protected:
  /// Fewer where each statement is a message to a server. YIHU_COMPARE_PEOPLE=200000 measures: what it took is printed.
  std::size_t many() const {
    if (const char* wanted = std::getenv("YIHU_COMPARE_PEOPLE")) return static_cast<std::size_t>(std::atoll(wanted));
    return GetParam() == Engine::sqlite ? 12'000 : 2'000;
  }

  base::Done set_education(const std::string& person, const char* to) {
    return write([&](store::Transaction& transaction) -> base::Done {
      TRY(registry::change_person(transaction, {store_->secrets()}, everything_, registry::PersonId{person},
                                  {.values = {{"education", word(to)}}, .why = {*base::parse_date("2019-06-30"), "核实"}, .mode = registry::Mode::corrected}));
      return {};
    });
  }
  base::Result<compare::Run> carry(const std::string& csv, std::function<void(const Work&, std::string_view, std::int64_t)> at_step) {
    clock_.set(clock_.now() + std::chrono::seconds(1));
    Work at = work();
    const compare::Run started = TRY(start_run(at, everything_, store::act_of(), {.roster = "school", .file_name = "名册.csv"}, csv));
    at.progress = [&](std::string_view step, std::int64_t done, std::int64_t) { at_step(at, step, done); };
    return carry_out(at, started.id, csv);
  }
};

TEST_P(ComparePass, BesideSavesItIsWhatOneLookWouldFind) {
  fill(many());
  Desk desk(*store_, *rosters_);
  const auto submit = [&](const std::string& csv) {
    clock_.set(clock_.now() + std::chrono::seconds(1));
    const compare::Run started = value_of(start_run(work(), everything_, store::act_of(), {.roster = "school", .file_name = "名册.csv"}, csv));
    value_of(desk.submit_run(started.id, csv, base::Language::zh));
    return started.id;
  };
  submit(roster({.missing_each = 101, .other_each = 97, .twice_each = 211, .slip_each = 307}));
  desk.settle();
  EXPECT_EQ(shown(), at_once());
  expect_settled();
  const auto before = items("school");
  ASSERT_GT(before.size(), 20U);
  // Somebody corrects the register, somebody else settles differences and judges pairs, while the next roster comes in.
  std::atomic<bool> done = false;
  std::vector<double> waits;
  std::thread clerk([&] {
    for (std::size_t i = 0; !done; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      value_of(set_education(crowd_[(i * 97) % crowd_.size()].id, i % 2 == 0 ? "junior" : "primary"));
      waits.push_back(milliseconds_since(begin));
      if (i < before.size()) {
        (void)write([&](store::Transaction& transaction) {
          return keep_discrepancy(transaction, store_->secrets(), *rosters_, everything_, before[i].id, before[i].version, "看过");
        });
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  });
  const auto begin = std::chrono::steady_clock::now();
  const std::string second = submit(roster({.missing_each = 89, .other_each = 61, .twice_each = 211, .slip_each = 293}));
  while (read([&](store::Session& session) { return read_run(session, second); }).state != RunState::done) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const double counted = milliseconds_since(begin);
  desk.settle();
  const double settled = milliseconds_since(begin);
  done = true;
  clerk.join();
  value_of(look_again(work(), *value_of(rosters_->find("school")), "2019", store::act_of()));
  EXPECT_EQ(shown(), at_once());
  expect_settled();
  if (std::getenv("YIHU_COMPARE_PEOPLE") != nullptr) {
    std::ranges::sort(waits);
    fmt::print("{} rows: counts after {:.1f} s, nothing left to do after {:.1f} s; {} saves beside it waited {:.0f} ms (median), {:.0f} (99 of 100), {:.0f} (longest)\n",
               crowd_.size(), counted / 1000, settled / 1000, waits.size(), waits[waits.size() / 2], waits[waits.size() * 99 / 100], waits.back());
  }
}

TEST_P(ComparePass, CancelledInTheMiddleTheOldDifferencesAreWhole) {
  fill(900);
  bring("school", roster({.missing_each = 50, .other_each = 7}));
  const auto before = items("school", std::nullopt);
  const auto cancelled = carry(roster({.missing_each = 30, .other_each = 3, .slip_each = 20}), [&](const Work& at, std::string_view step, std::int64_t written) {
    if (step == "write" && written >= 600) at.cancel.ask();
  });
  EXPECT_EQ(code_of(cancelled), "cancelled");
  const auto after = items("school", std::nullopt);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_EQ(std::tie(after[i].id, after[i].version, after[i].state), std::tie(before[i].id, before[i].version, before[i].state));
  EXPECT_TRUE(pairs().items.empty());
  expect_settled();
  EXPECT_EQ(bring("school", roster({.missing_each = 30, .other_each = 3})).state, RunState::done);
  EXPECT_EQ(shown(), at_once());
}

TEST_P(ComparePass, WhatIsSettledWhileItIsWrittenStaysSettled) {
  fill(900);
  bring("school", roster({.other_each = 7}));
  const auto open = items("school");
  const Discrepancy same = open.front();
  bool once = false;
  const auto run = carry(roster({.other_each = 7, .slip_each = 31}), [&](const Work&, std::string_view step, std::int64_t written) {
    if (step != "write" || written < 400 || std::exchange(once, true)) return;
    value_of(write([&](store::Transaction& transaction) {
      return keep_discrepancy(transaction, store_->secrets(), *rosters_, everything_, same.id, same.version, "看过");
    }));
  });
  EXPECT_TRUE(value_of(run).summary.discrepancies.overtaken);
  const auto kept = items("school", DiscrepancyState::kept);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].id, same.id);
}

TEST_P(ComparePass, APairJudgedWhileItIsAskedAgainIsNotAskedTwice) {
  fill(900);
  const std::string csv = roster({.slip_each = 300});
  bring("school", csv);
  const auto waiting = pairs().items;
  ASSERT_GE(waiting.size(), 2U);
  bool once = false;
  value_of(carry(csv, [&](const Work&, std::string_view step, std::int64_t written) {
    if (step != "write" || written < 400 || std::exchange(once, true)) return;
    for (std::size_t i = 0; i < 2; ++i) {
      value_of(write([&](store::Transaction& transaction) {
        return decide_pair(transaction, store_->secrets(), *rosters_, everything_, waiting[i].id, i == 0 ? "same" : "different", waiting[i].version);
      }));
    }
  }));
  EXPECT_EQ(pairs().items.size(), waiting.size() - 2);
  value_of(look_again(work(), *value_of(rosters_->find("school")), "2019", store::act_of()));
  EXPECT_EQ(shown(), at_once());
  for (const std::string& line : shown()) EXPECT_EQ(line.find(waiting[0].person), line.npos) << "he was found: " << line;
}

ON_BOTH_ENGINES(ComparePass);

/// The store as the disk has it at one moment, opened again as after a crash.
class CompareCrash : public ComparePass {
 protected:
  void copy_to(const std::string& name) {
    const auto to = ground_->folder() / name;
    std::filesystem::create_directories(to);
    for (const auto& file : std::filesystem::directory_iterator(ground_->folder())) {
      if (file.is_regular_file() && file.path().extension() != ".lock") std::filesystem::copy_file(file.path(), to / file.path().filename());
    }
  }
  /// From here on the test looks at the copy.
  void crash_to(const std::string& name) {
    store::Options chosen = options();
    chosen.folder = ground_->folder() / name;
    chosen.migrations = area::migrations();
    for (const auto& room : {access::migrations(), registry::migrations(), ledger::migrations(), migrations()}) chosen.migrations.insert(chosen.migrations.end(), room.begin(), room.end());
    store_ = value_of(store::Store::open(std::move(chosen)));
  }
};

TEST_P(CompareCrash, WhatAnEndInTheMiddleLeavesIsTheOldOrTheNew) {
  fill(900);
  bring("school", roster({.missing_each = 50, .other_each = 7}));
  const auto before = shown();
  const std::string second = roster({.missing_each = 30, .other_each = 3, .slip_each = 20});
  bool once = false;
  store_->on_commit([&](const store::Committed& committed) {
    for (const auto& touched : committed.touched) {
      if (touched.action == "roster_run.done") copy_to("shown");
    }
  });
  value_of(carry(second, [&](const Work&, std::string_view step, std::int64_t written) {
    if (step == "write" && written >= 600 && !std::exchange(once, true)) copy_to("writing");
  }));
  const auto after = shown();
  ASSERT_NE(before, after);

  crash_to("writing");
  EXPECT_EQ(shown(), before);
  {
    Desk desk(*store_, *rosters_);
    desk.settle();
  }
  EXPECT_EQ(shown(), before);
  EXPECT_EQ(count("SELECT count(*) FROM roster_run WHERE state = 'failed'"), 1);
  EXPECT_EQ(bring("school", second).state, RunState::done);
  EXPECT_EQ(shown(), after);
  expect_settled();

  crash_to("shown");
  EXPECT_EQ(shown(), after) << "what counts is seen before it is cleared";
  value_of(look_again(work(), *value_of(rosters_->find("school")), "2019", store::act_of()));
  EXPECT_EQ(shown(), after);
  EXPECT_GT(pairs().open, 0);
  expect_settled();
}

INSTANTIATE_TEST_SUITE_P(Engines, CompareCrash, ::testing::Values(Engine::sqlite), engine_name);

}  // namespace
}  // namespace yihu::compare

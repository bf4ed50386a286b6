// Whatever is written in whatever order, with failures between, the store holds what a plain map would hold.
#include "store_fixture.h"

#include "store/journal.h"
#include "store/verification.h"

#include <rapidcheck/gtest.h>

#include <map>
#include <semaphore>

namespace yihu::store {
namespace {

constexpr Sql note_put =
    "INSERT INTO note (name, count) VALUES (:name, :count) ON CONFLICT (name) DO UPDATE SET count = excluded.count";
constexpr Sql note_insert = "INSERT INTO note (name, count) VALUES (:name, :count)";
constexpr Sql note_remove = "DELETE FROM note WHERE name = :name";
constexpr Sql notes = "SELECT name, count FROM note ORDER BY name";
constexpr Sql clear_notes = "DELETE FROM note";
constexpr Sql clear_operations = "DELETE FROM operation";

enum class Kindness { puts, inserts, removes, puts_then_fails, inserts_twice };

struct Step {
  Kindness kind;
  int name;
  std::int64_t number;
  int operation;   ///< 0: without one
  bool waits;      ///< for the answer, before the next step is sent
};

void showValue(const Step& step, std::ostream& out) {
  out << "{" << static_cast<int>(step.kind) << " n" << step.name << "=" << step.number << " op" << step.operation
      << (step.waits ? " waits}" : "}");
}

rc::Gen<Step> any_step() {
  return rc::gen::build<Step>(
      rc::gen::set(&Step::kind, rc::gen::element(Kindness::puts, Kindness::puts, Kindness::inserts, Kindness::removes,
                                                 Kindness::puts_then_fails, Kindness::inserts_twice)),
      rc::gen::set(&Step::name, rc::gen::inRange(0, 6)), rc::gen::set(&Step::number, rc::gen::inRange<std::int64_t>(0, 1000)),
      rc::gen::set(&Step::operation, rc::gen::inRange(0, 5)), rc::gen::set(&Step::waits));
}

std::string name_of(const Step& step) { return fmt::format("n{}", step.name); }

base::Done put(Transaction& transaction, Sql sql, const Step& step) {
  TRY(transaction.execute(sql, {{"name", name_of(step)}, {"count", step.number}}));
  return transaction.journal({"note.put", "note", name_of(step), "", std::to_string(step.number)});
}

base::Result<Answer> perform(Transaction& transaction, const Step& step) {
  switch (step.kind) {
    case Kindness::puts: TRY(put(transaction, note_put, step)); break;
    case Kindness::inserts: TRY(put(transaction, note_insert, step)); break;
    case Kindness::inserts_twice:
      TRY(put(transaction, note_insert, step));
      TRY(put(transaction, note_insert, step));
      break;
    case Kindness::puts_then_fails:
      TRY(put(transaction, note_put, step));
      return base::fail(base::ErrorKind::conflict, "changed_mind", base::text("不", "no"));
    case Kindness::removes:
      TRY(transaction.execute(note_remove, {{"name", name_of(step)}}));
      TRY(transaction.journal({"note.removed", "note", name_of(step), "", ""}));
      break;
  }
  return std::to_string(step.number);
}

/// The store as it ought to be.
struct Model {
  std::map<std::string, std::int64_t> notes;
  std::map<int, std::string> operations;
  std::int64_t entries = 0;

  std::string expected(const Step& step) {
    if (step.operation != 0 && operations.contains(step.operation)) return operations[step.operation];
    const auto name = name_of(step);
    switch (step.kind) {
      case Kindness::puts_then_fails: return "changed_mind";
      case Kindness::inserts_twice: return "row_exists";
      case Kindness::inserts:
        if (notes.contains(name)) return "row_exists";
        [[fallthrough]];
      case Kindness::puts: notes[name] = step.number; break;
      case Kindness::removes: notes.erase(name); break;
    }
    ++entries;
    const auto answer = std::to_string(step.number);
    if (step.operation != 0) operations[step.operation] = answer;
    return answer;
  }
};

class StoreProperty : public OnBothEngines {
 protected:
  static std::string outcome(const base::Result<Answer>& answer) { return answer ? *answer : answer.error().code; }

  std::vector<std::string> outcomes(Store& store, const std::vector<Step>& steps) {
    std::vector<std::string> given(steps.size());
    std::counting_semaphore<> answered{0};
    std::ptrdiff_t waiting = 0;
    for (std::size_t at = 0; at < steps.size(); ++at) {
      const auto& step = steps[at];
      auto act = act_of("anna", step.operation == 0 ? "" : fmt::format("op{}", step.operation));
      store.write(std::move(act), [&step](Transaction& transaction) { return perform(transaction, step); },
                  [&, at](const base::Result<Answer>& answer) {
                    given[at] = outcome(answer);
                    answered.release();
                  });
      ++waiting;
      for (; step.waits && waiting > 0; --waiting) answered.acquire();
    }
    for (; waiting > 0; --waiting) answered.acquire();
    return given;
  }
  std::map<std::string, std::int64_t> stored(Store& store) {
    std::map<std::string, std::int64_t> found;
    value_of(store.read([&](Session& session) -> base::Done {
      for (const auto& row : TRY(session.query(notes))) found[row.text(0)] = row.integer(1);
      return {};
    }));
    return found;
  }
};
ON_BOTH_ENGINES(StoreProperty);

TEST_P(StoreProperty, equals_a_plain_map) {
  auto store = open_store();
  std::int64_t entries_before = 0;
  const bool held = rc::check([&] {
    value_of(store->write(act_of(), [](Transaction& transaction) -> base::Result<Answer> {
      TRY(transaction.execute(clear_notes));
      TRY(transaction.execute(clear_operations));
      return Answer();
    }));
    const auto steps = *rc::gen::container<std::vector<Step>>(any_step());
    Model model;
    std::vector<std::string> expected;
    for (const auto& step : steps) expected.push_back(model.expected(step));
    RC_ASSERT(outcomes(*store, steps) == expected);
    RC_ASSERT(stored(*store) == model.notes);
    if (steps.size() % 8 == 7) {
      store.reset();
      store = open_store();
      RC_ASSERT(stored(*store) == model.notes);
    }
    const auto found = value_of(verify_journal(*store, {}, {}, {}));
    RC_ASSERT(found.whole);
    RC_ASSERT(found.entries == entries_before + model.entries);
    entries_before = found.entries;
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace yihu::store

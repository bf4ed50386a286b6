// The packs of the house, read with all they may name.

#include "ledger/vocabulary.h"
#include "pack/burden.h"
#include "store_fixture.h"

#include <algorithm>

namespace yihu::ledger {
namespace {

TEST(HousePacks, PassTheirCheck) {
  const auto pack = pack::load("packs/meilan-2019", vocabulary());
  ASSERT_TRUE(pack) << base::describe(pack.error(), base::Language::en);
  for (const base::Error& warning : pack->warnings) ADD_FAILURE() << base::describe(warning, base::Language::en);
}

/// Nobody is asked twice for what is known: neither two ledgers for one fact, nor a ledger for what the register holds.
TEST(HousePacks, AskForEveryFactOnce) {
  const auto pack = pack::load("packs/meilan-2019", vocabulary());
  ASSERT_TRUE(pack);
  const rule::Schema subjects = vocabulary().subjects;
  for (const pack::AskedFact& asked : pack::asked_facts(*pack)) {
    EXPECT_EQ(asked.askers.size(), 1U) << asked.fact;
    const auto dot = asked.fact.find('.');
    const auto rows = subjects.rows.find(asked.fact.substr(0, dot));
    if (rows == subjects.rows.end() || asked.fact.find('.', dot + 1) != asked.fact.npos) continue;
    const bool known = std::ranges::find(rows->second.fields, asked.fact.substr(dot + 1), &rule::Field::name) != rows->second.fields.end();
    EXPECT_FALSE(known) << asked.fact << " is in the register";
  }
}

}  // namespace
}  // namespace yihu::ledger

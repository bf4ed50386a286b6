// What is sealed opens for the right person and place only, and for nobody once the key is destroyed.
#include "store_fixture.h"

#include "store/cipher.h"
#include "store/file_text.h"
#include "store/journal.h"
#include "store/secret.h"
#include "store/verification.h"

#include <rapidcheck/gtest.h>
#include <sodium.h>

namespace yihu::store {
namespace {

constexpr SecretPlace phone = {"person", "phone", "p1"};
constexpr std::string_view number = "13800000000";
constexpr Sql wrapped_key = "SELECT wrapped FROM person_key WHERE person = 'p1'";

class StoreSecret : public ::testing::TestWithParam<std::tuple<Engine, Algorithms>> {
 protected:
  void SetUp() override {
    const auto [engine, algorithms] = GetParam();
    if (engine == Engine::postgresql && !test_server()) GTEST_SKIP() << "YIHU_TEST_POSTGRES is not set";
    ground_ = std::make_unique<Ground>(engine);
    Options options;
    options.folder = ground_->folder();
    options.url = ground_->url();
    options.clock = &clock_;
    options.algorithms = algorithms;
    store_ = value_of(Store::open(options));
  }
  base::Result<Answer> seal(const SecretPlace& place, std::string_view clear) {
    return store_->write(act_of(), [&](Transaction& transaction) -> base::Result<Answer> {
      auto sealed = TRY(store_->secrets().seal(transaction, place, clear));
      TRY(transaction.journal({"person.changed", "person", std::string(place.person), "", R"({"phone":")" + sealed + R"("})"}));
      return sealed;
    });
  }
  base::Result<std::string> open(const SecretPlace& place, std::string_view sealed) {
    std::string clear;
    const auto read = store_->read([&](Session& session) -> base::Done {
      clear = TRY(store_->secrets().open(session, place, sealed));
      return {};
    });
    TRY(read);
    return clear;
  }
  base::Result<Answer> destroy(std::string_view person) {
    return store_->write(act_of(), [&](Transaction& transaction) -> base::Result<Answer> {
      TRY(store_->secrets().destroy(transaction, person));
      return Answer();
    });
  }

  base::FixedClock clock_{{1'556'000'000'000'000}};
  std::unique_ptr<Ground> ground_;
  std::unique_ptr<Store> store_;
};
INSTANTIATE_TEST_SUITE_P(Engines, StoreSecret,
                         ::testing::Combine(::testing::Values(Engine::sqlite, Engine::postgresql),
                                            ::testing::Values(Algorithms::international, Algorithms::national)),
                         [](const auto& made) {
                           return std::string(std::get<0>(made.param) == Engine::sqlite ? "SQLite_" : "PostgreSQL_") +
                                  std::string(to_string(std::get<1>(made.param)));
                         });

/// A server's files are its own; SQLite's are ours to look into.
class StoreSecretFile : public StoreSecret {};
INSTANTIATE_TEST_SUITE_P(Engines, StoreSecretFile,
                         ::testing::Combine(::testing::Values(Engine::sqlite),
                                            ::testing::Values(Algorithms::international, Algorithms::national)));

TEST_P(StoreSecret, opens_what_it_sealed) {
  for (const std::string_view clear : {number, std::string_view(""), std::string_view("慢性病，需每月取药")}) {
    const auto sealed = value_of(seal(phone, clear));
    EXPECT_EQ(sealed.find(number), std::string::npos);
    EXPECT_EQ(value_of(open(phone, sealed)), clear);
  }
}

TEST_P(StoreSecret, the_same_value_is_sealed_differently_each_time) {
  EXPECT_NE(value_of(seal(phone, number)), value_of(seal(phone, number)));
}

TEST_P(StoreSecret, does_not_open_in_another_place_or_for_another_person) {
  const auto sealed = value_of(seal(phone, number));
  value_of(seal({"person", "phone", "p2"}, number));
  EXPECT_EQ(code_of(open({"person", "phone", "p2"}, sealed)), "secret_unreadable");
  EXPECT_EQ(code_of(open({"person", "account", "p1"}, sealed)), "secret_unreadable");
  EXPECT_EQ(code_of(open({"helper", "phone", "p1"}, sealed)), "secret_unreadable");
  EXPECT_EQ(code_of(open({"personp", "hone", "p1"}, sealed)), "secret_unreadable");
}

TEST_P(StoreSecret, does_not_open_when_altered) {
  const auto sealed = value_of(seal(phone, number));
  for (std::size_t at = 0; at < sealed.size(); at += 7) {
    auto altered = sealed;
    altered[at] = altered[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(code_of(open(phone, altered)), "secret_unreadable") << at;
  }
  for (const char* text : {"", "A", "AAAA", "not base64!", "AQ=="}) EXPECT_EQ(code_of(open(phone, text)), "secret_unreadable");
}

TEST_P(StoreSecret, a_destroyed_key_erases_the_person_and_the_journal_stays_whole) {
  const auto sealed = value_of(seal(phone, number));
  const auto other = value_of(seal({"person", "phone", "p2"}, number));
  value_of(destroy("p1"));
  EXPECT_EQ(code_of(open(phone, sealed)), "secret_destroyed");
  EXPECT_EQ(code_of(seal(phone, number)), "secret_destroyed");
  EXPECT_EQ(code_of(destroy("p1")), "secret_destroyed");
  EXPECT_EQ(value_of(open({"person", "phone", "p2"}, other)), number);
  const auto found = value_of(verify_journal(*store_, {}, {}, {}));
  EXPECT_TRUE(found.whole) << found.why.en;
  EXPECT_EQ(found.entries, 3);
}

TEST_P(StoreSecretFile, a_destroyed_key_leaves_no_trace_in_the_files) {
  value_of(seal(phone, number));
  std::string wrapped;
  value_of(store_->read([&](Session& session) -> base::Done {
    wrapped = TRY(session.query(wrapped_key)).at(0).text(0);
    return {};
  }));
  const auto in_files = [&] {
    const auto here = [&](const char* name) {
      const auto file = ground_->folder() / name;
      return std::filesystem::exists(file) && value_of(read_whole(file)).find(wrapped) != std::string::npos;
    };
    return here("yihu.db") || here("yihu.db-wal");
  };
  ASSERT_TRUE(in_files());
  value_of(destroy("p1"));
  EXPECT_FALSE(in_files());
}

TEST_P(StoreSecret, the_index_is_equal_for_equal_values_of_one_purpose_only) {
  const auto& secrets = store_->secrets();
  EXPECT_EQ(secrets.index("person.phone", number), secrets.index("person.phone", number));
  EXPECT_NE(secrets.index("person.phone", number), secrets.index("person.account", number));
  EXPECT_NE(secrets.index("person.phone", number), secrets.index("person.phone", "13800000001"));
  EXPECT_NE(secrets.index("ab", "c"), secrets.index("a", "bc"));
}

RC_GTEST_PROP(Cipher, opens_whatever_it_sealed, (const std::string& context, const std::string& clear)) {
  Key key;
  randombytes_buf(key.data(), key.size());
  for (const auto algorithms : {Algorithms::international, Algorithms::national}) {
    const auto box = sealed(algorithms, key, context, clear);
    RC_ASSERT(opened(key, context, box).value() == clear);
    RC_ASSERT(!opened(key, context + "x", box).has_value());
    Key other = key;
    other[0] ^= 1;
    RC_ASSERT(!opened(other, context, box).has_value());
  }
}

TEST(Digest, gives_the_published_values) {
  const auto of = [](Algorithms algorithms, std::string_view bytes) {
    Digest digest(algorithms);
    digest.add(bytes);
    return hex(digest.finish());
  };
  // SM3: GB/T 32905-2016, appendix A. BLAKE2b-256 of "abc": as b2sum -l 256 prints it.
  EXPECT_EQ(of(Algorithms::national, "abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  EXPECT_EQ(of(Algorithms::international, "abc"), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

}  // namespace
}  // namespace yihu::store

#include "registry/fields.h"
#include "registry/schema.h"

#include "access/user.h"
#include "area/unit.h"
#include "store_fixture.h"

#include <set>

namespace yihu {
namespace {

using registry::Field;
using registry::FieldType;

class RegistryTables : public store::OnBothEngines {
 protected:
  std::unique_ptr<store::Store> open() {
    store::Options wanted = options();
    wanted.migrations = registry::migrations();
    for (const auto& room : {area::migrations(), access::migrations()}) {
      wanted.migrations.insert(wanted.migrations.end(), room.begin(), room.end());
    }
    return store::value_of(store::Store::open(std::move(wanted)));
  }
};

/// Asking for every field by name fails when the table lacks one.
TEST_P(RegistryTables, HaveAColumnForEveryField) {
  const auto store = open();
  ASSERT_NE(store, nullptr);
  auto connection = store::value_of(store::Connection::open(ground_->location(), store::Access::read));
  ASSERT_NE(connection, nullptr);
  const auto check = [&](const char* table, std::span<const Field> fields) {
    std::string sql;
    for (const Field& field : fields) sql += (sql.empty() ? "SELECT " : ", ") + std::string(field.id);
    const auto rows = connection->run(sql + " FROM " + table);
    EXPECT_TRUE(rows) << table << ": " << (rows ? "" : base::describe(rows.error(), base::Language::en));
  };
  check("household", registry::household_fields);
  check("person", registry::person_fields);
  check("income", registry::income_fields);
}

TEST(RegistryFields, AreEachNamedInBothLanguagesOnce) {
  for (const std::span<const Field> fields :
       {std::span<const Field>(registry::household_fields), std::span<const Field>(registry::person_fields),
        std::span<const Field>(registry::income_fields)}) {
    std::set<std::string_view> ids, labels, national;
    for (const Field& field : fields) {
      EXPECT_TRUE(ids.insert(field.id).second) << field.id;
      EXPECT_TRUE(labels.insert(field.zh).second) << field.zh;
      EXPECT_FALSE(field.en.empty()) << field.id;
      EXPECT_TRUE(field.national.empty() || national.insert(field.national).second) << field.national;
      EXPECT_EQ(field.type == FieldType::code, !field.codes.empty()) << field.id;
      std::set<std::string_view> codes;
      for (const registry::CodeWord& word : field.codes) EXPECT_TRUE(codes.insert(word.code).second) << word.code;
    }
  }
}

using store::Engine;
using store::engine_name;
ON_BOTH_ENGINES(RegistryTables);

}  // namespace
}  // namespace yihu

#include "store/migration.h"

#include "store/statement_text.h"

#include <algorithm>
#include <cassert>
#include <set>

namespace yihu::store {
namespace {

using base::ErrorKind;
using base::Result;

constexpr int own_end = 200;

constexpr const char* step_table =
    "CREATE TABLE IF NOT EXISTS migration (number @int PRIMARY KEY, name TEXT NOT NULL, at @int NOT NULL) @strict";
constexpr const char* steps_done = "SELECT number FROM migration ORDER BY number";
constexpr const char* step_insert = "INSERT INTO migration (number, name, at) VALUES (:number, :name, :at)";

Result<std::set<int>> done_steps(Connection& connection) {
  std::set<int> numbers;
  for (const auto& row : TRY(connection.query(steps_done))) numbers.insert(static_cast<int>(row.integer(0)));
  return numbers;
}

std::unexpected<base::Error> newer(int step) {
  return base::fail(ErrorKind::conflict, "store_newer",
                    base::text("数据库由更新版本的程序使用过：它有本程序不认识的结构升级第 {} 步。",
                               "A newer version of the program has used this store: this one does not know step {} of its schema.", step),
                    base::text("请换用新版本的程序，或恢复升级前的备份。",
                               "Use the newer program, or restore a backup from before the upgrade."));
}

base::Done run_step(Connection& connection, const Migration& step, base::Instant now) {
  for (const auto* statement : step.statements) {
    const auto written = statement_from_migration(statement, connection.engine());
    if (!written.empty()) TRY(connection.run(written));
  }
  TRY(connection.execute(step_insert, {{"number", step.number}, {"name", step.name}, {"at", now}}));
  return {};
}

base::Done run_missing(Connection& connection, const std::vector<Migration>& steps, base::Instant now) {
  TRY(connection.run(statement_from_migration(step_table, connection.engine())));
  const auto done = TRY(done_steps(connection));
  for (const int number : done) {
    if (!std::ranges::binary_search(steps, number, {}, &Migration::number)) return newer(number);
  }
  for (const auto& step : steps) {
    if (done.contains(step.number)) continue;
    if (auto ran = run_step(connection, step, now); !ran) {
      auto error = std::move(ran).error();
      error.text = base::text("数据库升级第 {} 步（{}）未完成，数据库保持原样：{}",
                              "Step {} of the schema ({}) failed and the store is as it was: {}", step.number, step.name,
                              error.code);
      return base::fail(std::move(error));
    }
  }
  return {};
}

}  // namespace

base::Done migrate(Connection& connection, std::vector<Migration> migrations, base::Instant now) {
  migrations.insert(migrations.end(), store_migrations().begin(), store_migrations().end());
  std::ranges::sort(migrations, {}, &Migration::number);
  assert(std::ranges::adjacent_find(migrations, {}, &Migration::number) == migrations.end() && "a step number twice");
  TRY(connection.begin(Access::write));
  auto ran = run_missing(connection, migrations, now);
  if (!ran) {
    connection.rollback();
    return ran;
  }
  return connection.commit();
}

base::Done check_steps(Connection& connection) {
  const auto& own = store_migrations();
  const auto done = done_steps(connection);
  for (const auto& step : own) {
    if (done && done->contains(step.number)) continue;
    return base::fail(ErrorKind::conflict, "store_older",
                      base::text("这里没有数据库，或数据库还没有升级。", "There is no store here, or it has not been upgraded yet."),
                      base::text("请先运行一次 yihu serve。", "Run `yihu serve` once first."));
  }
  for (const int number : *done) {
    if (number < own_end && number > own.back().number) return newer(number);
  }
  return {};
}

}  // namespace yihu::store

#include "app/demo_ledgers.h"

#include "app/demo_plants.h"
#include "ledger/delivery.h"
#include "ledger/row_change.h"
#include "registry/change.h"
#include "registry/income.h"

#include <algorithm>

namespace yihu::app {
namespace {

constexpr std::size_t register_changes_per_write = 500;

class Filler {
 public:
  Filler(store::Store& store, const DemoLedgersWish& wish)
      : store_(store), wish_(wish), ledgers_(wish.pack), values_(wish.compiler, rule::Engine::sqlite, wish.why.day) {}

  base::Result<DemoLedgers> fill(const base::Progress& progress, const base::Cancel& cancel) {
    const auto& fills = wish_.pack.demo.fills;
    const auto steps = static_cast<std::int64_t>(fills.size() + wish_.pack.demo.plants.size());
    std::int64_t step = 0;
    for (const pack::DemoFill& fill : fills) {
      if (cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已取消。", "Cancelled."));
      if (progress) progress(step++, steps);
      TRY(fill_one(fill));
    }
    TRY(deliver());
    DemoPlants plants(store_, {wish_.pack, ledgers_, values_, wish_.why});
    for (const pack::DemoPlant& plant : wish_.pack.demo.plants) {
      if (cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已取消。", "Cancelled."));
      if (progress) progress(step++, steps);
      if (TRY(plants.plant(plant)) == 0) made_.unplanted.push_back(plant.id);
    }
    made_.planted = plants.take();
    return made_;
  }

 private:
  base::Done fill_one(const pack::DemoFill& fill) {
    if (fill.of == "household" || fill.of == "person") return fill_register(fill);
    if (fill.of == "incomes") return fill_incomes(fill);
    return fill_ledger(fill);
  }

  base::Result<std::vector<DemoSubject>> ask(const DemoQuestion& question) {
    std::vector<DemoSubject> found;
    TRY(store_.read([&](store::Session& session) -> base::Done {
      found = TRY(values_.ask(session, question));
      return {};
    }));
    return found;
  }

  /// Runs `change` over the subjects, so many in one transaction.
  template <class Change>
  base::Done write_each(const std::vector<DemoSubject>& subjects, std::size_t at_once, Change change) {
    for (std::size_t from = 0; from < subjects.size(); from += at_once) {
      const std::span<const DemoSubject> some(subjects.data() + from, std::min(at_once, subjects.size() - from));
      const auto written = store_.write({"system:demo", base::RequestId::make(), ""},
                                        [&](store::Transaction& transaction) -> base::Result<store::Answer> {
                                          TRY(change(transaction, some));
                                          return store::Answer{};
                                        });
      if (!written) return base::fail(written.error());
    }
    return {};
  }

  base::Done fill_register(const pack::DemoFill& fill) {
    const bool household = fill.of == "household";
    const auto subjects = TRY(ask({.subject = household ? pack::Subject::household : pack::Subject::person,
                                   .whom = &fill.whom,
                                   .conditions = {},
                                   .values = fill.values,
                                   .types = std::vector(fill.values.size(), pack::ColumnType::integer)}));
    const registry::Rooms rooms{store_.secrets()};
    const access::Viewer viewer = access::Viewer::system("demo");
    return write_each(subjects, register_changes_per_write,
                      [&](store::Transaction& transaction, std::span<const DemoSubject> some) -> base::Done {
                        for (const DemoSubject& one : some) {
                          registry::Values values;
                          for (std::size_t at = 0; at < fill.values.size(); ++at) values[fill.values[at].target] = one.cells[at];
                          if (household) {
                            TRY(put_household(transaction, rooms, {one.id}, std::move(values), wish_.why));
                          } else {
                            TRY(registry::change_person(transaction, rooms, viewer, {one.id}, {.values = values, .why = wish_.why, .mode = registry::Mode::corrected}));
                          }
                        }
                        return {};
                      });
  }

  base::Done fill_incomes(const pack::DemoFill& fill) {
    const auto subjects = TRY(ask({.subject = pack::Subject::household,
                                   .whom = &fill.whom,
                                   .conditions = {},
                                   .values = fill.values,
                                   .types = std::vector(fill.values.size(), pack::ColumnType::money)}));
    const std::int64_t year = fill.period.empty() ? static_cast<int>(wish_.why.day.year()) : std::stoll(fill.period);
    const access::Viewer viewer = access::Viewer::system("demo");
    return write_each(subjects, register_changes_per_write,
                      [&](store::Transaction& transaction, std::span<const DemoSubject> some) -> base::Done {
                        for (const DemoSubject& one : some) {
                          registry::Values values{{"year", year}};
                          for (std::size_t at = 0; at < fill.values.size(); ++at) values[fill.values[at].target] = one.cells[at];
                          TRY(put_income(transaction, viewer, one.id, values, wish_.why));
                        }
                        return {};
                      });
  }

  base::Done fill_ledger(const pack::DemoFill& fill) {
    const ledger::LedgerTable& table = *TRY(ledgers_.find(fill.of));
    const auto types = TRY(types_of(table.ledger(), fill.values));
    const std::string period = fill.period.empty() ? ledger::period_on(table.ledger().period, wish_.why.day) : fill.period;
    std::vector<DemoSubject> subjects;
    if (table.ledger().subject == pack::Subject::none) {
      subjects.push_back({});
      for (const pack::DemoValue& value : fill.values) subjects.front().cells.push_back(constant(value));
    } else {
      subjects = TRY(ask({.subject = table.ledger().subject, .whom = &fill.whom, .conditions = {}, .values = fill.values, .types = types}));
    }
    const ledger::Reach everything{.all = true, .areas = {}, .helper = {}};
    const ledger::Editing editing{wish_.pack, table, everything, store_.secrets()};
    made_.rows += static_cast<std::int64_t>(subjects.size());
    return write_each(subjects, ledger::block_rows_max,
                      [&](store::Transaction& transaction, std::span<const DemoSubject> some) -> base::Done {
                        std::vector<ledger::BlockRow> block;
                        for (const DemoSubject& one : some) {
                          ledger::BlockRow row{.id = {}, .version = 0, .subject = one.id, .period = period, .cells = {}};
                          for (std::size_t at = 0; at < fill.values.size(); ++at) {
                            const pack::Column& column = *table.ledger().column(fill.values[at].target);
                            row.cells[column.id] = ledger::json_from_cell(column, one.cells[at]);
                          }
                          block.push_back(std::move(row));
                        }
                        TRY(ledger::change_rows(transaction, editing, block));
                        return {};
                      });
  }

  /// A ledger about nobody has no subject to ask: its values are written out.
  static store::Cell constant(const pack::DemoValue& value) {
    return value.choice.empty() ? store::Cell{value.expression.text} : store::Cell{value.choice.front()};
  }

  base::Done deliver() {
    if (!wish_.pack.district) return {};
    const auto& undelivered = wish_.pack.demo.undelivered;
    const auto written = store_.write(
        {"system:demo", base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
          for (const auto& table : ledgers_.all()) {
            if (std::ranges::find(undelivered, table->ledger().id) != undelivered.end()) continue;
            const std::string period = ledger::period_on(table->ledger().period, wish_.why.day);
            TRY(ledger::deliver(transaction, *table, {.all = true, .areas = {}, .helper = {}}, wish_.pack.district->code, period));
          }
          return store::Answer{};
        });
    if (!written) return base::fail(written.error());
    return {};
  }

  store::Store& store_;
  const DemoLedgersWish& wish_;
  ledger::Ledgers ledgers_;
  DemoValues values_;
  DemoLedgers made_;
};

}  // namespace

base::Result<DemoLedgers> fill_ledgers(store::Store& store, const DemoLedgersWish& wish, const base::Progress& progress,
                                       const base::Cancel& cancel) {
  return Filler(store, wish).fill(progress, cancel);
}

}  // namespace yihu::app

// Workbooks on their way into a ledger: any XML in the sheet or the shared strings of an xlsx, or any csv, is taken in and
// run dry against a real store. It ends in a dry run or in a sentence; every row is counted once, and nothing is written.

#include "../documents/workbook_file.h"
#include "access/user.h"
#include "area/unit.h"
#include "ledger/import.h"
#include "ledger/schema.h"
#include "ledger/table_fit.h"
#include "registry/schema.h"
#include "store/store.h"

#include <unistd.h>

#include <cstdlib>
#include <numeric>

namespace {

using namespace yihu;

pack::Pack small_pack() {
  pack::Pack pack;
  pack.codes.push_back({"colour", {{"red", {"红", "Red"}}, {"blue", {"蓝", "Blue"}}}, {}});
  pack::Ledger ledger;
  ledger.id = "water";
  ledger.label = {"饮水台账", "Water"};
  ledger.subject = pack::Subject::household;
  ledger.period = pack::Period::year;
  ledger.rows = pack::RowCount::one;
  const auto add = [&](const char* id, pack::ColumnType type, const char* label, bool required) {
    pack::Column column;
    column.id = id;
    column.type = type;
    column.label = {label, id};
    column.required = required;
    if (type == pack::ColumnType::code) column.codes = "colour";
    ledger.columns.push_back(std::move(column));
  };
  add("safe", pack::ColumnType::truth, "饮水安全", true);
  add("source", pack::ColumnType::code, "水源", false);
  add("cost", pack::ColumnType::money, "水费", false);
  add("tested_on", pack::ColumnType::date, "检测日期", false);
  add("note", pack::ColumnType::text, "情况说明", false);
  pack.ledgers.push_back(std::move(ledger));
  return pack;
}

struct Ground {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("yihu-import-fuzz-" + std::to_string(::getpid()));
  base::SystemClock clock;
  pack::Pack pack = small_pack();
  ledger::Ledgers ledgers{pack};
  access::Viewer viewer = access::Viewer::system("fuzz");
  std::unique_ptr<store::Store> store;

  Ground() {
    store::Options options;
    options.folder = folder;
    options.clock = &clock;
    options.migrations = area::migrations();
    for (const auto& room : {access::migrations(), registry::migrations(), ledger::migrations()}) {
      options.migrations.insert(options.migrations.end(), room.begin(), room.end());
    }
    std::filesystem::create_directories(folder);
    auto opened = store::Store::open(std::move(options));
    if (!opened || !ledger::fit_tables(**opened, pack)) std::abort();
    store = std::move(*opened);
    const auto filled = store->write({"system:fuzz", base::RequestId::make(), ""}, [](store::Transaction& transaction) -> base::Result<store::Answer> {
      TRY(transaction.execute("INSERT INTO household (id, code, village, status, monitoring, size, head_name, registered_on, version, updated_at)"
                              " VALUES ('h1', 'H1', '460108101001', 'poor', 'none', 1, '张三', '2015-01-01', 1, 0)"));
      return store::Answer();
    });
    if (!filled) std::abort();
  }
  ~Ground() {
    store.reset();
    std::filesystem::remove_all(folder);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Ground ground;
  if (size == 0) return 0;
  std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::string name = "a.csv";
  if (data[0] % 3 != 0) {
    const std::string head = "<row r=\"1\">" + test::inline_cell("A1", "户编号") + test::inline_cell("B1", "饮水安全") + test::inline_cell("C1", "水源") +
                             test::inline_cell("D1", "水费") + test::inline_cell("E1", "检测日期") + test::inline_cell("F1", "情况说明") + "</row>";
    const std::string shared_row = "<row r=\"2\">" + test::inline_cell("A2", "H1") + "<c r=\"B2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"s\"><v>1</v></c></row>";
    bytes = data[0] % 3 == 1 ? test::xlsx_of({.sheet_data = head + bytes}) : test::xlsx_of({.sheet_data = head + shared_row, .shared = bytes});
    name = "a.xlsx";
  }
  const ledger::ImportWork work{*ground.store, ground.ledgers, ground.viewer};
  ledger::ImportChoices choices;
  choices.clear_empty = size % 2 == 0;
  const auto file = ledger::incoming(work, "water", std::move(bytes), name, choices);
  if (!file) {
    if (file.error().text.empty()) std::abort();
    return 0;
  }
  const auto run = ledger::dry_run(work, *file);
  if (!run) {
    if (run.error().text.empty()) std::abort();
    return 0;
  }
  // The ledger is empty and has one row for the only household.
  if (run->summary.of(ledger::Outcome::changed) != 0 || run->summary.of(ledger::Outcome::added) > 1) std::abort();
  if (run->summary.of(ledger::Outcome::wrong) > 0 && run->mistakes.empty()) std::abort();
  const auto marked = ledger::marked(work, *file);
  if (!marked && marked.error().text.empty()) std::abort();
  return 0;
}

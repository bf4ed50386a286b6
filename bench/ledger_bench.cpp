// A workbook of 20 columns about people comes into a ledger: taken in, run dry over all rows, kept, written, while another
// clerk saves cells of another ledger all the time. `ledger_bench [rows] [folder]`, 100,000 rows without words.
// The peer beside it is the least that could be done: the same reader, the same typed values, one SQLite table, one
// transaction; no matching, no history, no undo, nobody else.

#include "access/user.h"
#include "area/unit.h"
#include "base/id_number.h"
#include "ledger/import.h"
#include "ledger/row_change.h"
#include "ledger/schema.h"
#include "ledger/table_fit.h"
#include "ledger/vocabulary.h"
#include "registry/schema.h"
#include "sheet/workbook_writer.h"
#include "store/secret.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace yihu::ledger {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int rows_default = 100'000;
constexpr int people_per_household = 4;
constexpr const char* workbook_name = "insurance.xlsx";

constexpr const char* pack_text = R"(article: 十
title: {zh: 健康, en: Health}
codes:
  plan:
    resident: {zh: 城乡居民, en: Resident}
    worker: {zh: 职工, en: Worker}
ledgers:
  insurance:
    label: {zh: 参保台账, en: Insurance}
    subject: person
    period: year
    rows: one
    owner: bureau
    columns:
      enrolled: {type: bool, label: {zh: 是否参保, en: Enrolled}, required: true}
      plan: {type: code, codes: plan, label: {zh: 险种, en: Plan}}
      enrolled_on: {type: date, label: {zh: 参保日期, en: Enrolled on}}
      paid_on: {type: date, label: {zh: 缴费日期, en: Paid on}}
      own: {type: money, label: {zh: 个人缴费, en: Own}, min: 0}
      subsidy: {type: money, label: {zh: 财政补助, en: Subsidy}, min: 0}
      months: {type: int, label: {zh: 缴费月数, en: Months}, min: 0, max: 12}
      visits: {type: int, label: {zh: 门诊次数, en: Visits}, min: 0}
      stays: {type: int, label: {zh: 住院次数, en: Stays}, min: 0}
      cost: {type: money, label: {zh: 总费用, en: Cost}, min: 0}
      paid_back: {type: money, label: {zh: 报销金额, en: Paid back}, min: 0}
      share: {type: percent, label: {zh: 报销比例, en: Share}, min: 0, max: 100}
      distance: {type: real, label: {zh: 就医距离, en: Distance}}
      signed: {type: bool, label: {zh: 签约家庭医生, en: Signed}}
      chronic: {type: bool, label: {zh: 慢病卡, en: Chronic}}
      hospital: {type: text, label: {zh: 定点医院, en: Hospital}}
      doctor: {type: text, label: {zh: 签约医生, en: Doctor}}
      note: {type: text, label: {zh: 备注说明, en: Note}}
  other:
    label: {zh: 别的台账, en: Other}
    subject: household
    owner: bureau
    columns:
      number: {type: int, label: {zh: 数, en: Number}}
)";

template <class T>
T must(base::Result<T> result) {
  if (!result) {
    fmt::print("{}\n", base::describe(result.error(), base::Language::en));
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

pack::Pack made_pack(const fs::path& folder) {
  fs::create_directories(folder / "packs");
  std::ofstream(folder / "packs" / "pack.yaml") << "id: packs\ntitle: {zh: 测, en: Bench}\nversion: \"1\"\n";
  std::ofstream(folder / "packs" / "units.yaml") << "units:\n  bureau: {name: {zh: 局, en: Bureau}, kind: bureau}\n";
  std::ofstream(folder / "packs" / "10.yaml") << pack_text;
  return must(pack::load(folder / "packs", vocabulary()));
}

std::unique_ptr<store::Store> open_store(const fs::path& folder) {
  static const base::SystemClock clock;
  store::Options options;
  options.folder = folder / "data";
  options.clock = &clock;
  options.migrations = area::migrations();
  for (const auto& room : {access::migrations(), registry::migrations(), migrations()}) {
    options.migrations.insert(options.migrations.end(), room.begin(), room.end());
  }
  fs::create_directories(options.folder);
  return must(store::Store::open(std::move(options)));
}

std::string document_number(int person) {
  const std::string front = fmt::format("99{:04}1980{:02}{:02}{:03}", person / 300'000, 1 + person / 25'000 % 12, 1 + person / 1'000 % 25, person % 1'000);
  return front + base::id_check_digit(front).value_or('0');
}

/// The people by the shortest way: what is measured is not how a register fills.
void fill(store::Store& store, int people) {
  constexpr int step = 20'000;
  for (int from = 0; from < people; from += step) {
    must(store.write({"system:bench", base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      std::string household;
      for (int i = from; i < std::min(people, from + step); ++i) {
        if (i % people_per_household == 0) {
          household = base::new_uuid();
          TRY(transaction.execute("INSERT INTO household (id, code, village, status, monitoring, size, head_name, registered_on, version, updated_at)"
                                  " VALUES (:id, :code, :village, 'general', 'none', 4, :head, '2015-01-01', 1, 0)",
                                  {{"id", household}, {"code", fmt::format("{:010}", i)}, {"village", fmt::format("460108{:03}200", 101 + i % 14)},
                                   {"head", fmt::format("王{}", i)}}));
        }
        TRY(transaction.execute("INSERT INTO person (id, code, household, village, name, present, id_index, version, updated_at)"
                                " VALUES (:id, :code, :household, :village, :name, 1, :index, 1, 0)",
                                {{"id", base::new_uuid()}, {"code", fmt::format("{:012}", i)}, {"household", household},
                                 {"village", fmt::format("460108{:03}200", 101 + i % 14)}, {"name", fmt::format("王{}", i)},
                                 {"index", store.secrets().index("person.id_number", base::id_number_key(document_number(i)))}}));
      }
      return store::Answer();
    }));
  }
}

void write_workbook(const fs::path& file, const pack::Ledger& ledger, int rows, int turn) {
  auto book = must(sheet::WorkbookWriter::open({.created = {}, .title = "x", .author = "x", .constant_memory = true}));
  sheet::WorkbookSheet sheet{.name = "台账"};
  sheet.columns = {{"身份证号"}, {"姓名"}};
  for (const auto& column : ledger.columns) sheet.columns.push_back({column.label.zh});
  must(book.add_sheet(std::move(sheet)));
  for (int i = 0; i < rows; ++i) {
    const int person = static_cast<int>((static_cast<std::int64_t>(i) * 7'919) % rows);  // not in the register's order
    const auto day = [&](int shift) { return base::make_date(2018 + (i + shift) % 2, 1U + static_cast<unsigned>(i) % 12U, 1U + static_cast<unsigned>(i + shift) % 28U); };
    const auto yes = [&](int shift) { return std::string((i + shift) % 3 == 0 ? "否" : "是"); };
    must(book.add_row({{document_number(person)}, {fmt::format("王{}", person)}, {yes(0)}, {std::string(i % 5 == 0 ? "职工" : "城乡居民")}, {day(0)}, {day(turn)},
                       {220.0 + i % 7}, {520.5}, {std::int64_t{i % 13}}, {std::int64_t{i % 40}}, {std::int64_t{i % 3}}, {i * 0.25}, {i * 0.5}, {0.25 + i % 50},
                       {(i % 900) * 0.1}, {yes(1)}, {yes(2)}, {fmt::format("第{}卫生院", i % 60)}, {fmt::format("符医生{}", i % 400)}, {fmt::format("备注 {}", i)}}));
  }
  std::ofstream(file, std::ios::binary) << must(std::move(book).finish());
}

std::string bytes_of(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return std::move(out).str();
}

double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }
double processor_seconds() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto of = [](timeval time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
  return of(use.ru_utime) + of(use.ru_stime);
}
double peak_mb() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_maxrss) / 1024;
}

/// Saves a cell, waits, saves again, and keeps how long each save took.
class OtherClerk {
 public:
  OtherClerk(store::Store& store, const Ledgers& ledgers) : store_(store), ledgers_(ledgers) {
    must(store_.read([&](store::Session& session) -> base::Done {
      household_ = TRY(session.find("SELECT id FROM household LIMIT 1"))->text(0);
      return {};
    }));
    thread_ = std::thread([this] { work(); });
  }
  ~OtherClerk() { stop(); }
  void stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }
  void print(const char* when) {
    std::ranges::sort(waits_);
    if (waits_.empty()) return;
    const auto longer = waits_.end() - std::ranges::upper_bound(waits_, 50.0);
    fmt::print("  another clerk's {} saves {}: median {:.1f} ms, p90 {:.1f}, p99 {:.1f}, longest {:.1f}; {} of them over 50 ms\n", waits_.size(), when,
               waits_[waits_.size() / 2], waits_[waits_.size() * 9 / 10], waits_[waits_.size() * 99 / 100], waits_.back(), longer);
  }

 private:
  void work() {
    const LedgerTable& table = *must(ledgers_.find("other"));
    const Reach all{.all = true};
    while (!stopping_) {
      const auto begin = Clock::now();
      must(store_.write({"system:clerk", base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
        TRY(change_rows(transaction, {ledgers_.pack(), table, all, store_.secrets()}, {{.subject = household_, .cells = {{"number", 1}}}}));
        return store::Answer();
      }));
      waits_.push_back(1000 * since(begin));
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  store::Store& store_;
  const Ledgers& ledgers_;
  std::string household_;
  std::vector<double> waits_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

void import_file(const fs::path& folder, const char* name) {
  const auto store = open_store(folder);
  const pack::Pack pack = made_pack(folder);
  const Ledgers ledgers(pack);
  std::string bytes = bytes_of(folder / name);
  static const access::Viewer viewer = access::Viewer::system("bench");
  const ImportWork work{*store, ledgers, viewer};
  {
    // What the disk alone makes a save wait for at this hour.
    OtherClerk alone(*store, ledgers);
    std::this_thread::sleep_for(std::chrono::seconds(3));
    alone.stop();
    alone.print("alone");
  }
  OtherClerk clerk(*store, ledgers);
  const double spent = processor_seconds();
  const auto begin = Clock::now();
  const Incoming file = must(incoming(work, "insurance", std::move(bytes), workbook_name, {.period = "2019"}));
  const double taken = since(begin);
  const DryRun run = must(dry_run(work, file));
  const double dry = since(begin);
  const Import kept = must(keep_import(work, file, run));
  const double held = since(begin);
  const Import done = must(apply_import(work, kept.id));
  const double all = since(begin);
  clerk.stop();
  fmt::print("{}: {} rows: taken in {:.2f} s, run dry {:.2f} s, kept {:.2f} s, written {:.2f} s; together {:.2f} s\n", name, done.summary.total(), taken,
             dry - taken, held - dry, all - held, all);
  fmt::print("  added {}, changed {} ({} cells), same {}, wrong {}; processor {:.2f} s, at most {:.0f} MB\n", done.summary.of(Outcome::added),
             done.summary.of(Outcome::changed), done.summary.cells_changed, done.summary.of(Outcome::same), done.summary.of(Outcome::wrong),
             processor_seconds() - spent, peak_mb());
  clerk.print("beside it");
}

void put(sqlite3_stmt* statement, int place, const store::Cell& cell) {
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) sqlite3_bind_int64(statement, place, *whole);
  else if (const auto* real = std::get_if<double>(&cell)) sqlite3_bind_double(statement, place, *real);
  else if (const auto* text = std::get_if<std::string>(&cell)) sqlite3_bind_text(statement, place, text->data(), static_cast<int>(text->size()), SQLITE_TRANSIENT);
  else sqlite3_bind_null(statement, place);
}

void peer(const fs::path& folder) {
  const pack::Pack pack = made_pack(folder);
  const Ledgers ledgers(pack);
  const pack::Ledger& ledger = must(ledgers.find("insurance"))->ledger();
  const std::string bytes = bytes_of(folder / workbook_name);
  const auto begin = Clock::now();
  sqlite3* db = nullptr;
  fs::remove(folder / "peer.sqlite");
  sqlite3_open((folder / "peer.sqlite").c_str(), &db);
  std::string columns, marks;
  for (std::size_t i = 0; i < ledger.columns.size() + 2; ++i) {
    columns += fmt::format(",c{}", i);
    marks += ",?";
  }
  sqlite3_exec(db, fmt::format("PRAGMA journal_mode=WAL; CREATE TABLE t ({}); BEGIN", columns.substr(1)).c_str(), nullptr, nullptr, nullptr);
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(db, fmt::format("INSERT INTO t VALUES ({})", marks.substr(1)).c_str(), -1, &statement, nullptr);
  const auto book = must(sheet::open_workbook(bytes, workbook_name));
  int rows = 0;
  must(book->read_rows(0, [&](const sheet::SheetRow& row) {
    if (row.number == 1) return true;
    for (const auto& cell : row.cells) {
      const auto at = static_cast<std::size_t>(cell.column - 1);
      put(statement, cell.column, at < 2 ? store::Cell(std::string(cell.text)) : must(cell_from_sheet(pack, ledger.columns[at - 2], cell, {})));
    }
    sqlite3_step(statement);
    sqlite3_reset(statement);
    ++rows;
    return true;
  }));
  sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
  sqlite3_finalize(statement);
  sqlite3_close(db);
  fmt::print("peer, read and inserted once: {} rows in {:.2f} s, processor {:.2f} s, at most {:.0f} MB\n", rows, since(begin), processor_seconds(), peak_mb());
}

/// Each in a process of its own, so that each has a peak of its own.
void apart(const std::function<void()>& work) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    work();
    std::fflush(stdout);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) std::exit(1);
}

void prepare(const fs::path& folder, int rows) {
  const auto store = open_store(folder);
  const pack::Pack pack = made_pack(folder);
  must(fit_tables(*store, pack));
  fill(*store, rows);
  const Ledgers ledgers(pack);
  write_workbook(folder / workbook_name, must(ledgers.find("insurance"))->ledger(), rows, 1);
  write_workbook(folder / "again.xlsx", must(ledgers.find("insurance"))->ledger(), rows, 2);
}

int run(int rows, const fs::path& folder) {
  // A second run takes the folder as it was prepared, and a copy of its store.
  const fs::path ready = folder / fmt::format("ready-{}", rows);
  if (!fs::exists(ready / "again.xlsx")) apart([&] { prepare(ready, rows); });
  const fs::path now = folder / "now";
  fs::remove_all(now);
  fs::create_directories(now);
  fs::copy(ready, now, fs::copy_options::recursive);
  ::sync();  // else the copy is written out while we measure
  apart([&] { peer(now); });
  apart([&] { import_file(now, workbook_name); });
  apart([&] { import_file(now, "again.xlsx"); });
  fs::remove_all(now);
  return 0;
}

}  // namespace
}  // namespace yihu::ledger

int main(int count, char** words) {
  const int rows = count > 1 ? std::atoi(words[1]) : yihu::ledger::rows_default;
  return yihu::ledger::run(rows, count > 2 ? words[2] : std::filesystem::temp_directory_path() / "yihu-ledger-bench");
}

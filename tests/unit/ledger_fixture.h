#pragma once
// A store with ledgers of a small made-up pack, on either engine.

#include "access/permission.h"
#include "access/user.h"
#include "area/unit.h"
#include "ledger/import.h"
#include "ledger/row_change.h"
#include "ledger/schema.h"
#include "ledger/table_fit.h"
#include "ledger/vocabulary.h"
#include "registry/schema.h"
#include "store_fixture.h"

#include <fstream>

namespace yihu::ledger {

using store::code_of;
using store::Engine;
using store::engine_name;
using store::value_of;

inline constexpr const char* small_codes = R"(codes:
  water_source:
    tap: {zh: 自来水, en: Tap}
    well: {zh: 水井, en: Well}
)";
inline constexpr const char* small_ledgers = R"(ledgers:
  water:
    label: {zh: 饮水台账, en: Water}
    subject: household
    period: year
    rows: one
    owner: water-bureau
    columns:
      safe: {type: bool, label: {zh: 饮水安全, en: Safe}, required: true}
      source: {type: code, codes: water_source, label: {zh: 水源, en: Source}}
      distance_m: {type: int, label: {zh: 取水距离, en: Distance}, min: 0, max: 5000}
      cost: {type: money, label: {zh: 水费, en: Cost}, min: 0}
      tested_on: {type: date, label: {zh: 检测日期, en: Tested on}}
      share: {type: percent, label: {zh: 保证率, en: Assurance}, min: 0, max: 100}
      depth: {type: real, label: {zh: 井深, en: Depth}}
      note: {type: text, label: {zh: 情况说明, en: Note}, length_max: 20, private: true}
  projects:
    label: {zh: 项目台账, en: Projects}
    subject: none
    owner: water-bureau
    columns:
      name: {type: text, label: {zh: 项目名称, en: Name}, required: true, key: true}
      amount: {type: money, label: {zh: 投资额, en: Amount}}
)";

class LedgerTest : public store::OnStore {
 protected:
  /// A second after the one before, so that histories have an order.
  template <class Do>
  auto write(Do work) {
    clock_.set(clock_.now() + std::chrono::seconds(1));
    return OnStore::write(work);
  }

  void SetUp() override {
    store::OnStore::SetUp();
    if (IsSkipped()) return;
    store::Options chosen = options();
    chosen.migrations = area::migrations();
    for (const auto& room : {access::migrations(), registry::migrations(), migrations()}) {
      chosen.migrations.insert(chosen.migrations.end(), room.begin(), room.end());
    }
    store_ = value_of(store::Store::open(std::move(chosen)));
    load(small_codes, small_ledgers);
    value_of(fit_tables(*store_, pack_));
    value_of(write([](store::Transaction& transaction) -> base::Result<int> {
      TRY(transaction.execute("INSERT INTO area (code, level, name, name_en, parent, town, unverified, place, pack_said)"
                              " VALUES ('460108101001', 'village', '甲村', 'Jia', '460108101', '460108101', 0, 1, '{}'),"
                              " ('460108102001', 'village', '乙村', 'Yi', '460108102', '460108102', 0, 2, '{}')"));
      return 0;
    }));
  }

  /// The pack as a folder, read like any other. Fails the test when it does not pass.
  void load(const std::string& codes, const std::string& ledgers) {
    auto loaded = try_load(codes, ledgers);
    pack_ = value_of(std::move(loaded));
    ledgers_ = std::make_unique<Ledgers>(pack_);
  }

  base::Result<pack::Pack> try_load(const std::string& codes, const std::string& ledgers) {
    const auto folder = ground_->folder() / "packs" / "small";
    std::filesystem::create_directories(folder);
    const auto put = [&](const char* name, const std::string& text) { std::ofstream(folder / name) << text; };
    put("pack.yaml", "id: small\ntitle: {zh: 小, en: Small}\nversion: \"1\"\n");
    put("units.yaml", "units:\n  water-bureau: {name: {zh: 水务局, en: Water}, kind: bureau}\n");
    put("08.yaml", "article: 八\ntitle: {zh: 饮水, en: Water}\n" + codes + ledgers);
    return pack::load(folder, vocabulary());
  }

  /// A household of the register, by the columns a ledger needs. @returns its id
  std::string household(const std::string& code, const std::string& head, const std::string& village = "460108101001") {
    const std::string id = base::new_uuid();
    value_of(write([&](store::Transaction& transaction) {
      return transaction.execute(
          "INSERT INTO household (id, code, village, status, monitoring, size, head_name, registered_on, version, updated_at)"
          " VALUES (:id, :code, :village, 'poor', 'none', 1, :head, '2015-01-01', 1, 0)",
          {{"id", id}, {"code", code}, {"village", village}, {"head", head}});
    }));
    return id;
  }

  const LedgerTable& table(std::string_view id = "water") { return *value_of(ledgers_->find(id)); }
  Editing editing(const Reach& reach, std::string_view id = "water") { return {pack_, table(id), reach, store_->secrets()}; }

  base::Result<std::vector<RowChange>> change(const std::vector<BlockRow>& rows, std::string_view id = "water") {
    return write([&](store::Transaction& transaction) { return change_rows(transaction, editing(all_, id), rows); });
  }
  std::vector<LedgerRow> rows(std::string_view id = "water", RowFilter filter = {.period = "*"}) {
    return read([&](store::Session& session) { return read_rows(session, table(id), all_, filter); });
  }

  const Reach all_{.all = true};
  pack::Pack pack_;
  std::unique_ptr<Ledgers> ledgers_;
};

}  // namespace yihu::ledger

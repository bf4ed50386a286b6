#pragma once
// An office's data folder, opened: its packs, its clock and its store. Every command that needs data begins here.

#include "base/clock.h"
#include "pack/pack.h"
#include "pack/roster.h"
#include "registry/outside_codes.h"
#include "screen/rule_book.h"
#include "store/store.h"

#include <filesystem>
#include <memory>
#include <string>

namespace yihu::app {

/// Kept in office.json of the data folder, chosen when the folder is made.
struct OfficeSettings {
  std::string pack;       ///< id of the uppermost pack, such as "meilan-2019"
  std::string store_url;  ///< empty: SQLite in the folder; else "postgresql://…"
  /// Demo folders live in the plan's year: the clock runs this many days beside the machine's. 0: an office's real one.
  int demo_shift_days = 0;
};

struct Office {
  OfficeSettings settings;
  std::unique_ptr<base::Clock> clock;
  pack::Pack pack;
  pack::Rosters rosters;
  std::unique_ptr<store::Store> store;
  registry::OutsideCodes codes;   ///< of the national system, as the pack maps them
  std::shared_ptr<const screen::RuleBook> rules;  ///< of the pack; every write of the store is screened by them

  bool demo() const { return settings.demo_shift_days != 0; }
};

/// The folder packs are read from: YIHU_PACKS, else `packs` beside the program's source, else share/yihu/packs.
/// Errors: unavailable when there is none.
base::Result<std::filesystem::path> pack_folder();

struct NewOffice {
  std::filesystem::path folder;
  OfficeSettings settings;
  store::Algorithms algorithms = store::Algorithms::international;
  std::unique_ptr<base::Clock> clock = nullptr;  ///< missing: the one the settings ask for
};

/// Makes the folder with its store and fills units and plans from the pack.
/// Errors: conflict when there is one already; the pack's mistakes; what the store says. Nothing half-made stays.
base::Result<Office> make_office(NewOffice office);

enum class OpenFor {
  writing,
  looking,  ///< beside a running server: nothing is written
};

/// Errors: not_found when nothing was made in the folder yet.
base::Result<Office> open_office(const std::filesystem::path& folder, OpenFor purpose);

}  // namespace yihu::app

#pragma once
// Units: bureaus, party departments, towns, and whatever else a plan makes answerable.

#include "base/date.h"
#include "base/id.h"
#include "base/text.h"
#include "store/store.h"

#include <optional>
#include <string>
#include <vector>

namespace yihu::area {

struct Unit {
  base::UnitId id;
  std::string slug;  ///< its id in the packs; empty for a unit made by a user
  base::Text name;   ///< in full
  base::Text short_name;
  std::string kind;  ///< one of pack::unit_kinds
  std::optional<base::UnitId> parent;
  std::vector<std::string> aliases;
  std::optional<std::string> division;  ///< code, such as 460108101
  std::optional<base::Date> from;       ///< first day on which it exists; missing: always did
  std::optional<base::Date> to;         ///< last day
  int version = 1;                      ///< rises with every change

  bool in_force(base::Date day) const { return (!from || *from <= day) && (!to || day <= *to); }
};

/// A name that stands for several units.
struct Group {
  std::string id;  ///< as the packs call it
  base::Text name;
  std::vector<std::string> aliases;
  std::vector<base::UnitId> members;
  bool unverified = false;  ///< nobody has checked the members against a source
  base::Text note;
};

/// Limits on what a user may enter, in characters.
inline constexpr std::size_t unit_name_max = 120;
inline constexpr std::size_t unit_aliases_max = 50;
inline constexpr std::size_t units_max = 20'000;

struct NewUnit {
  std::string name;
  std::string short_name;
  std::string kind;
  std::optional<base::UnitId> parent;
  std::vector<std::string> aliases;
};

/// Only what is given changes.
struct UnitChange {
  std::optional<std::string> name;
  std::optional<std::string> short_name;
  std::optional<std::string> kind;
  std::optional<std::optional<base::UnitId>> parent;
  std::optional<std::vector<std::string>> aliases;
  std::optional<std::optional<base::Date>> to;
};

/// The room's part of the schema, 2xx.
std::vector<store::Migration> migrations();

/// Errors: input, every wrong field by its JSON pointer; conflict when another unit has one of its names.
base::Result<Unit> make_unit(store::Transaction& transaction, const NewUnit& unit);

/// @param version the one the change was made on
/// @param language the one in which its names were read and written: an English name changes the English one only
/// Errors: as above; not_found; stale.
base::Result<Unit> change_unit(store::Transaction& transaction, const base::UnitId& id, const UnitChange& change,
                               int version, base::Language language = base::Language::zh);

}  // namespace yihu::area

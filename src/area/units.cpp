// Units that users make and change.

#include "area/directory.h"
#include "area/unit.h"

#include "base/utf8.h"
#include "pack/pack.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace yihu::area {
namespace {

namespace json = boost::json;
using store::Sql;

constexpr Sql insert_unit =
    "INSERT INTO unit (id, slug, name, name_en, short_name, short_name_en, kind, parent, division, valid_from,"
    " valid_to, place, version, pack_said) VALUES (:id, NULL, :name, :name, :short_name, :short_name, :kind, :parent,"
    " NULL, NULL, NULL, :place, 1, NULL)";
constexpr Sql update_unit =
    "UPDATE unit SET name = :name, name_en = :name_en, short_name = :short_name, short_name_en = :short_name_en,"
    " kind = :kind, parent = :parent, valid_to = :valid_to, version = version + 1 WHERE id = :id AND version = :version";
constexpr Sql delete_aliases = "DELETE FROM unit_alias WHERE unit = :unit";
constexpr Sql insert_alias = "INSERT INTO unit_alias (unit, place, name) VALUES (:unit, :place, :name)";

// After those of the packs, which count from 0.
constexpr int place_of_own = 1'000'000;

/// Collects mistakes about a unit that a user has written.
class Check {
 public:
  void name(const std::string& text, const char* field) {
    if (pack::name_key(text).empty()) {
      add(field, "unit_name_empty", base::text("请填写名称。", "Please give the name."));
    } else if (base::count_code_points(text) > unit_name_max) {
      add(field, "unit_name_long", base::text("名称不能超过 {} 个字。", "A name has {} characters at most.", unit_name_max));
    } else if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
      add(field, "unit_name_characters", base::text("名称里不能有换行等控制字符。", "A name has no line ends or other control characters."));
    }
  }
  void kind(const std::string& kind) {
    if (std::ranges::find(pack::unit_kinds, kind) != std::end(pack::unit_kinds)) return;
    std::string list;
    for (const std::string_view one : pack::unit_kinds) list += (list.empty() ? "" : ", ") + std::string(one);
    mistakes_.push_back({base::ErrorKind::input, "unit_kind_unknown",
                         base::text("没有这种单位类别。", "There is no such kind of unit."),
                         base::text("可用的有：{}。", "It may be one of {}.", list), at("/kind"), {}});
  }
  void aliases(const std::vector<std::string>& aliases) {
    if (aliases.size() > unit_aliases_max) {
      add("/aliases", "unit_aliases_many", base::text("别名不能超过 {} 个。", "There are {} other names at most.", unit_aliases_max));
    }
    for (std::size_t i = 0; i < aliases.size(); ++i) name(aliases[i], ("/aliases/" + std::to_string(i)).c_str());
  }
  void parent(const Directory& directory, const base::UnitId& self, const std::optional<base::UnitId>& parent) {
    if (!parent) return;
    const Unit* above = directory.unit(*parent);
    if (above == nullptr) {
      add("/parent_id", "unit_unknown", base::text("没有这个上级单位。", "There is no such unit to stand under."));
      return;
    }
    std::size_t steps = 0;
    for (; above != nullptr && above->id != self && steps <= units_max; ++steps) {
      above = above->parent ? directory.unit(*above->parent) : nullptr;
    }
    if (above != nullptr) {
      add("/parent_id", "unit_parent_circle", base::text("上级单位不能是它自己或它的下级。", "A unit cannot stand under itself or its own parts."));
    }
  }
  /// Names are how documents find their unit: no two may share one.
  void unshared(const Directory& directory, const Unit& unit) {
    std::set<std::string> own;
    const auto check = [&](const std::string& written, const std::string& field) {
      const std::string key = pack::name_key(written);
      if (key.empty() || !own.insert(key).second) return;
      const Match match = directory.resolve(written);
      if (!match.found() || match.how == Match::How::prefix) return;
      if (match.unit != nullptr && match.unit->id == unit.id) return;
      const std::string& other = match.unit != nullptr ? match.unit->name.zh : match.group->name.zh;
      mistakes_.push_back({base::ErrorKind::conflict, "unit_name_taken",
                           base::text("“{}”已经是“{}”的名称。", "\"{}\" already names \"{}\".", written, other),
                           base::text("请换一个名称，或直接使用已有单位。", "Use another name, or the unit that has it."), at(field), {}});
    };
    check(unit.name.zh, "/name");
    check(unit.short_name.zh, "/short_name");
    for (std::size_t i = 0; i < unit.aliases.size(); ++i) check(unit.aliases[i], "/aliases/" + std::to_string(i));
  }
  base::Done done() {
    if (mistakes_.empty()) return {};
    return base::fail_all(std::move(mistakes_));
  }

 private:
  static base::Place at(std::string field) {
    return {.file = {}, .line = 0, .column = 0, .cell = {}, .field = std::move(field)};
  }
  void add(const char* field, const char* code, base::Text text) {
    mistakes_.push_back({base::ErrorKind::input, code, std::move(text), {}, at(field), {}});
  }
  std::vector<base::Error> mistakes_;
};

base::Done check(const Directory& directory, const Unit& unit) {
  Check check;
  check.name(unit.name.zh, "/name");
  if (unit.name.en != unit.name.zh) check.name(unit.name.en, "/name");
  check.name(unit.short_name.zh, "/short_name");
  if (unit.short_name.en != unit.short_name.zh) check.name(unit.short_name.en, "/short_name");
  check.kind(unit.kind);
  check.aliases(unit.aliases);
  check.parent(directory, unit.id, unit.parent);
  check.unshared(directory, unit);
  return check.done();
}

base::Done write_aliases(store::Transaction& transaction, const Unit& unit) {
  TRY(transaction.execute(delete_aliases, {{"unit", unit.id}}));
  int place = 0;
  for (const std::string& alias : unit.aliases) {
    TRY(transaction.execute(insert_alias, {{"unit", unit.id}, {"place", place++}, {"name", alias}}));
  }
  return {};
}

json::object told(const Unit& unit) {
  json::array aliases;
  for (const std::string& alias : unit.aliases) aliases.emplace_back(alias);
  return {{"name", unit.name.zh},
          {"name_en", unit.name.en},
          {"short_name", unit.short_name.zh},
          {"short_name_en", unit.short_name.en},
          {"kind", unit.kind},
          {"parent", unit.parent ? json::value(unit.parent->value) : json::value(nullptr)},
          {"aliases", std::move(aliases)},
          {"to", unit.to ? json::value(base::to_string(*unit.to)) : json::value(nullptr)}};
}

/// A new Chinese name stands in both languages: the old translation is another unit's now. One left as it was stays.
void rename(base::Text& name, const std::optional<std::string>& wanted, base::Language language) {
  if (!wanted || *wanted == name.in(language)) return;
  if (language == base::Language::zh) name.zh = *wanted;
  name.en = *wanted;
}

void apply(const UnitChange& change, base::Language language, Unit& unit) {
  rename(unit.name, change.name, language);
  rename(unit.short_name, change.short_name, language);
  if (change.kind) unit.kind = *change.kind;
  if (change.parent) unit.parent = *change.parent;
  if (change.aliases) unit.aliases = *change.aliases;
  if (change.to) unit.to = *change.to;
}

}  // namespace

base::Result<Unit> make_unit(store::Transaction& transaction, const NewUnit& wanted) {
  const Directory directory = TRY(read_directory(transaction));
  if (directory.units().size() >= units_max) {
    return base::fail(base::ErrorKind::too_large, "units_many", base::text("单位不能超过 {} 个。", "There are {} units at most.", units_max));
  }
  Unit unit;
  unit.id = base::UnitId::make();
  unit.name = {wanted.name, wanted.name};
  unit.short_name = {wanted.short_name, wanted.short_name};
  unit.kind = wanted.kind;
  unit.parent = wanted.parent;
  unit.aliases = wanted.aliases;
  TRY(check(directory, unit));
  TRY(transaction.execute(insert_unit, {{"id", unit.id}, {"name", unit.name.zh}, {"short_name", unit.short_name.zh},
                                        {"kind", unit.kind}, {"parent", unit.parent}, {"place", place_of_own}}));
  TRY(write_aliases(transaction, unit));
  TRY(transaction.journal({"unit.made", "unit", unit.id.value, "", json::serialize(told(unit))}));
  return unit;
}

base::Result<Unit> change_unit(store::Transaction& transaction, const base::UnitId& id, const UnitChange& change, int version,
                               base::Language language) {
  const Directory directory = TRY(read_directory(transaction));
  const Unit* stored = directory.unit(id);
  if (stored == nullptr) {
    return base::fail(base::ErrorKind::not_found, "unit_unknown", base::text("没有这个单位。", "There is no such unit."));
  }
  Unit unit = *stored;
  apply(change, language, unit);
  const auto stale = base::fail(base::ErrorKind::stale, "unit_stale",
                                base::text("这个单位已被别人修改。", "Somebody else has changed this unit."),
                                base::text("请刷新后再改。", "Reload and change it again."));
  if (stored->version != version) return stale;
  TRY(check(directory, unit));
  json::object before = told(*stored), after = told(unit);
  if (before == after) return unit;
  for (const auto& [key, value] : told(unit)) {
    if (before.at(key) != value) continue;
    before.erase(key);
    after.erase(key);
  }
  const auto rows = TRY(transaction.execute(
      update_unit, {{"id", id}, {"version", version}, {"name", unit.name.zh}, {"name_en", unit.name.en},
                    {"short_name", unit.short_name.zh}, {"short_name_en", unit.short_name.en}, {"kind", unit.kind},
                    {"parent", unit.parent}, {"valid_to", unit.to}}));
  if (rows == 0) return stale;
  TRY(write_aliases(transaction, unit));
  TRY(transaction.journal({"unit.changed", "unit", id.value, json::serialize(before), json::serialize(after)}));
  ++unit.version;
  return unit;
}

}  // namespace yihu::area

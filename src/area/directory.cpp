#include "area/directory.h"

#include "base/nearest.h"
#include "base/utf8.h"
#include "pack/pack.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace yihu::area {
namespace {

using store::Sql;

constexpr Sql select_units =
    "SELECT id, slug, name, name_en, short_name, short_name_en, kind, parent, division, valid_from, valid_to, version"
    " FROM unit ORDER BY place, id";
constexpr Sql select_aliases = "SELECT unit, name FROM unit_alias ORDER BY unit, place";
constexpr Sql select_groups =
    "SELECT id, name, name_en, aliases, unverified, note, note_en FROM unit_group ORDER BY place, id";
constexpr Sql select_members = "SELECT unit_group, unit FROM unit_group_member ORDER BY unit_group, place";
constexpr Sql select_district = "SELECT prefixes FROM district ORDER BY code";

std::vector<std::string> texts_from_json(const std::string& json) {
  std::vector<std::string> out;
  boost::json::error_code problem;
  const boost::json::value value = boost::json::parse(json, problem);
  if (problem || !value.is_array()) return out;
  for (const auto& item : value.get_array()) {
    if (item.is_string()) out.emplace_back(item.get_string());
  }
  return out;
}

Unit unit_from_row(const store::Row& row) {
  Unit unit;
  unit.id = row.id<base::UnitId>(0);
  unit.slug = row.maybe_text(1).value_or("");
  unit.name = {row.text(2), row.text(3)};
  unit.short_name = {row.text(4), row.text(5)};
  unit.kind = row.text(6);
  if (auto parent = row.maybe_text(7)) unit.parent = base::UnitId{*parent};
  unit.division = row.maybe_text(8);
  unit.from = row.maybe_date(9);
  unit.to = row.maybe_date(10);
  unit.version = static_cast<int>(row.integer(11));
  return unit;
}

/// 等 closes a list in a document; it is no part of a name.
std::string without_and_so_on(const std::string& key) {
  for (const std::string_view ending : {"等单位", "等部门", "等"}) {
    if (key.size() > ending.size() && key.ends_with(ending)) return key.substr(0, key.size() - ending.size());
  }
  return key;
}

}  // namespace

Directory::Directory(std::vector<Unit> units, std::vector<Group> groups, std::vector<std::string> prefixes)
    : units_(std::move(units)), groups_(std::move(groups)) {
  for (const std::string& prefix : prefixes) prefixes_.push_back(pack::name_key(prefix));
  std::ranges::sort(prefixes_, std::ranges::greater{}, &std::string::size);
  // Names before aliases: should two units ever share one, the one that bears it as its name has it.
  for (std::size_t i = 0; i < units_.size(); ++i) {
    by_id_[units_[i].id.value] = i;
    if (!units_[i].slug.empty()) by_slug_[units_[i].slug] = i;
    name(units_[i].name.zh, {i, Named::none, Match::How::name});
    name(units_[i].short_name.zh, {i, Named::none, Match::How::name});
  }
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    name(groups_[i].name.zh, {Named::none, i, Match::How::name});
    for (const std::string& alias : groups_[i].aliases) name(alias, {Named::none, i, Match::How::alias});
  }
  for (std::size_t i = 0; i < units_.size(); ++i) {
    for (const std::string& alias : units_[i].aliases) name(alias, {i, Named::none, Match::How::alias});
  }
}

void Directory::name(const std::string& written, Named named) {
  const std::string key = pack::name_key(written);
  by_key_.try_emplace(key, named);
  const auto [at, added] = by_stem_.try_emplace(stem(key), named);
  if (!added && (at->second.unit != named.unit || at->second.group != named.group)) at->second.how = Match::How::none;
}

std::string Directory::stem(const std::string& key) const {
  for (const std::string& prefix : prefixes_) {
    if (key.size() > prefix.size() && key.starts_with(prefix)) return key.substr(prefix.size());
  }
  return key;
}

const Unit* Directory::unit(const base::UnitId& id) const {
  const auto at = by_id_.find(id.value);
  return at == by_id_.end() ? nullptr : &units_[at->second];
}

const Unit* Directory::unit_by_slug(std::string_view slug) const {
  const auto at = by_slug_.find(slug);
  return at == by_slug_.end() ? nullptr : &units_[at->second];
}

const Group* Directory::group(std::string_view id) const {
  const auto at = std::ranges::find(groups_, id, [](const Group& group) -> std::string_view { return group.id; });
  return at == groups_.end() ? nullptr : &*at;
}

Match Directory::match(const Named& named, Match::How how) const {
  Match out;
  out.how = how;
  if (named.unit != Named::none) out.unit = &units_[named.unit];
  if (named.group != Named::none) out.group = &groups_[named.group];
  return out;
}

Match Directory::resolve(std::string_view name) const {
  const std::string key = pack::name_key(name);
  if (key.empty()) return {};
  for (const std::string& tried : {key, without_and_so_on(key)}) {
    if (const auto at = by_key_.find(tried); at != by_key_.end()) return match(at->second, at->second.how);
    const auto at = by_stem_.find(stem(tried));
    if (at != by_stem_.end() && at->second.how != Match::How::none) return match(at->second, Match::How::prefix);
  }
  Match out;
  out.suggestions = near(key);
  return out;
}

std::vector<const Unit*> Directory::near(const std::string& key) const {
  std::vector<std::string_view> keys;
  std::vector<std::size_t> owners;
  for (const auto& [known, named] : by_key_) {
    if (named.unit == Named::none) continue;
    keys.push_back(known);
    owners.push_back(named.unit);
  }
  std::vector<const Unit*> out;
  for (const std::size_t position : base::nearest(key, keys, keys.size())) {
    const Unit* unit = &units_[owners[position]];
    if (std::ranges::find(out, unit) == out.end()) out.push_back(unit);
    if (out.size() == suggestions_max) break;
  }
  return out;
}

base::Result<Directory> read_directory(store::Session& session) {
  std::vector<Unit> units;
  std::map<std::string, std::size_t> places;
  for (const store::Row& row : TRY(session.query(select_units))) {
    places[row.text(0)] = units.size();
    units.push_back(unit_from_row(row));
  }
  for (const store::Row& row : TRY(session.query(select_aliases))) {
    units[places.at(row.text(0))].aliases.push_back(row.text(1));
  }
  std::vector<Group> groups;
  std::map<std::string, std::size_t> group_places;
  for (const store::Row& row : TRY(session.query(select_groups))) {
    group_places[row.text(0)] = groups.size();
    groups.push_back({row.text(0), {row.text(1), row.text(2)}, texts_from_json(row.text(3)), {}, row.truth(4),
                      {row.text(5), row.text(6)}});
  }
  for (const store::Row& row : TRY(session.query(select_members))) {
    groups[group_places.at(row.text(0))].members.push_back(row.id<base::UnitId>(1));
  }
  std::vector<std::string> prefixes;
  for (const store::Row& row : TRY(session.query(select_district))) {
    for (std::string& prefix : texts_from_json(row.text(0))) prefixes.push_back(std::move(prefix));
  }
  return Directory(std::move(units), std::move(groups), std::move(prefixes));
}

}  // namespace yihu::area

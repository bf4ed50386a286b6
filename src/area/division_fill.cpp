#include "area/division_fill.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <map>

namespace yihu::area {
namespace {

namespace json = boost::json;
using store::Sql;

constexpr Sql select_said = "SELECT code, pack_said FROM area";
constexpr Sql upsert_area =
    "INSERT INTO area (code, level, name, name_en, parent, town, poor_village, exited_year, valid_from, valid_to,"
    " unverified, place, pack_said) VALUES (:code, :level, :name, :name_en, :parent, :town, :poor_village, :exited_year,"
    " :valid_from, :valid_to, :unverified, :place, :pack_said)"
    " ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,"
    " poor_village = excluded.poor_village, exited_year = excluded.exited_year, valid_from = excluded.valid_from,"
    " valid_to = excluded.valid_to, unverified = excluded.unverified, place = excluded.place, pack_said = excluded.pack_said";
constexpr Sql insert_hamlet = "INSERT INTO hamlet (village, name) VALUES (:village, :name) ON CONFLICT (village, name) DO NOTHING";

/// One row to be written, and the text by which a later start sees that nothing changed.
struct Wanted {
  pack::Division division;
  std::string level;
  std::optional<std::string> parent;
  std::string said;
};

Wanted wanted_from(pack::Division division, std::string level, std::optional<std::string> parent) {
  json::object said{{"name", division.name.zh}, {"name_en", division.name.en}};
  if (division.poor_village) said["poor_village"] = *division.poor_village;
  if (division.exited_year) said["exited_year"] = *division.exited_year;
  if (division.from) said["from"] = base::to_string(*division.from);
  if (division.to) said["to"] = base::to_string(*division.to);
  if (division.unverified) said["unverified"] = true;
  if (!division.hamlets.empty()) said["hamlets"] = json::array(division.hamlets.begin(), division.hamlets.end());
  return {std::move(division), std::move(level), std::move(parent), json::serialize(said)};
}

std::vector<Wanted> wanted_by(const pack::Pack& pack) {
  std::vector<Wanted> out;
  if (pack.divisions.empty()) return out;
  std::optional<std::string> county;
  if (pack.district) {
    county = pack.district->code;
    pack::Division whole;
    whole.id = pack.district->code;
    whole.name = pack.district->name;
    out.push_back(wanted_from(std::move(whole), "county", std::nullopt));
  }
  for (const pack::Division& one : pack.divisions) {
    out.push_back(one.village() ? wanted_from(one, "village", std::string(one.town())) : wanted_from(one, "town", county));
  }
  return out;
}

base::Result<std::map<std::string, std::string>> said_before(store::Session& session) {
  std::map<std::string, std::string> out;
  for (const store::Row& row : TRY(session.query(select_said))) out[row.text(0)] = row.text(1);
  return out;
}

}  // namespace

base::Result<bool> divisions_differ(store::Session& session, const pack::Pack& pack) {
  const auto before = TRY(said_before(session));
  for (const Wanted& wanted : wanted_by(pack)) {
    const auto at = before.find(wanted.division.id);
    if (at == before.end() || at->second != wanted.said) return true;
  }
  return false;
}

base::Result<int> fill_divisions(store::Transaction& transaction, const pack::Pack& pack) {
  const auto before = TRY(said_before(transaction));
  int changes = 0;
  std::int64_t place = 0;
  for (const Wanted& wanted : wanted_by(pack)) {
    ++place;
    const pack::Division& one = wanted.division;
    const auto at = before.find(one.id);
    if (at != before.end() && at->second == wanted.said) continue;
    std::optional<int> poor;
    if (one.poor_village) poor = *one.poor_village ? 1 : 0;
    // Of a village the list does not call poor, the packs' list being the whole list: it is not.
    if (!poor && wanted.level == "village") poor = 0;
    TRY(transaction.execute(upsert_area,
                            {{"code", one.id}, {"level", wanted.level}, {"name", one.name.zh}, {"name_en", one.name.en},
                             {"parent", wanted.parent}, {"town", one.village() ? std::optional(std::string(one.town())) : std::nullopt},
                             {"poor_village", poor}, {"exited_year", one.exited_year}, {"valid_from", one.from},
                             {"valid_to", one.to}, {"unverified", one.unverified}, {"place", place}, {"pack_said", wanted.said}}));
    for (const std::string& hamlet : one.hamlets) TRY(transaction.execute(insert_hamlet, {{"village", one.id}, {"name", hamlet}}));
    TRY(transaction.journal({at == before.end() ? "area.made" : "area.changed", "area", one.id,
                             at == before.end() ? "" : at->second, wanted.said}));
    ++changes;
  }
  return changes;
}

}  // namespace yihu::area

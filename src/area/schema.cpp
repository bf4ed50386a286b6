#include "area/unit.h"

namespace yihu::area {

std::vector<store::Migration> migrations() {
  return {
      {201, "unit",
       {"CREATE TABLE unit (id TEXT PRIMARY KEY, slug TEXT UNIQUE, name TEXT NOT NULL, name_en TEXT NOT NULL,"
        " short_name TEXT NOT NULL, short_name_en TEXT NOT NULL, kind TEXT NOT NULL, parent TEXT REFERENCES unit (id),"
        " division TEXT, valid_from TEXT, valid_to TEXT, place @int NOT NULL, version @int NOT NULL,"
        // What the pack said when it was last applied, as JSON, to tell its changes from a user's.
        " pack_said TEXT) @strict",
        "CREATE TABLE unit_alias (unit TEXT NOT NULL REFERENCES unit (id), place @int NOT NULL, name TEXT NOT NULL,"
        " PRIMARY KEY (unit, place)) @strict"}},
      {202, "unit_group",
       {"CREATE TABLE unit_group (id TEXT PRIMARY KEY, place @int NOT NULL, name TEXT NOT NULL, name_en TEXT NOT NULL,"
        " aliases TEXT NOT NULL, unverified @int NOT NULL, note TEXT NOT NULL, note_en TEXT NOT NULL,"
        " pack_said TEXT NOT NULL) @strict",
        "CREATE TABLE unit_group_member (unit_group TEXT NOT NULL REFERENCES unit_group (id), place @int NOT NULL,"
        " unit TEXT NOT NULL REFERENCES unit (id), PRIMARY KEY (unit_group, place)) @strict"}},
      {203, "district",
       {"CREATE TABLE district (code TEXT PRIMARY KEY, name TEXT NOT NULL, name_en TEXT NOT NULL,"
        " prefixes TEXT NOT NULL) @strict"}},
      {204, "area",
       // Divisions: county, towns, villages. `town` stands at villages and hamlets; a village that a newer list no
       // longer has keeps its row, with the last day on which it existed.
       {"CREATE TABLE area (code TEXT PRIMARY KEY, level TEXT NOT NULL, name TEXT NOT NULL, name_en TEXT NOT NULL,"
        " parent TEXT, town TEXT, poor_village @int, exited_year @int, valid_from TEXT, valid_to TEXT,"
        " unverified @int NOT NULL, place @int NOT NULL, pack_said TEXT NOT NULL) @strict",
        "CREATE INDEX area_town ON area (town, code)",
        "CREATE TABLE hamlet (village TEXT NOT NULL REFERENCES area (code), name TEXT NOT NULL,"
        " PRIMARY KEY (village, name)) @strict"}},
  };
}

}  // namespace yihu::area

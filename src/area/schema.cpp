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
  };
}

}  // namespace yihu::area

#include "ledger/schema.h"

namespace yihu::ledger {

std::vector<store::Migration> migrations() {
  return {
      {601, "ledger declarations",
       // What the pack said when the ledger's table was last fitted to it, as JSON.
       {"CREATE TABLE ledger_declared (ledger TEXT PRIMARY KEY, declared TEXT NOT NULL, version @int NOT NULL,"
        " at @int NOT NULL) @strict",
        // Columns that a pack no longer has: their cells stay in the table under another name.
        "CREATE TABLE ledger_column_aside (ledger TEXT NOT NULL, held_in TEXT NOT NULL, was TEXT NOT NULL,"
        " type TEXT NOT NULL, label TEXT NOT NULL, at @int NOT NULL, PRIMARY KEY (ledger, held_in)) @strict",
        // Rises with every write to the ledger, so that an import knows whether what it compared with still stands.
        "CREATE TABLE ledger_state (ledger TEXT PRIMARY KEY, changes @int NOT NULL) @strict"}},
      {602, "delivery",
       {"CREATE TABLE delivery (ledger TEXT NOT NULL, area TEXT NOT NULL, period TEXT NOT NULL,"
        " delivered_on TEXT NOT NULL, delivered_by TEXT NOT NULL, at @int NOT NULL,"
        " PRIMARY KEY (ledger, area, period)) @strict"}},
      {603, "ledger import",
       {"CREATE TABLE ledger_import (id TEXT PRIMARY KEY, ledger TEXT NOT NULL, file TEXT NOT NULL,"
        " file_name TEXT NOT NULL, choices TEXT NOT NULL, summary TEXT NOT NULL, state TEXT NOT NULL, batch TEXT,"
        " rows_done @int NOT NULL, rows_total @int NOT NULL, actor TEXT NOT NULL, made_at @int NOT NULL,"
        " ended_at @int, version @int NOT NULL) @strict",
        "CREATE INDEX ledger_import_made ON ledger_import (ledger, made_at)",
        // The first lines of each kind of a dry run; all of them can be had as a marked workbook.
        "CREATE TABLE ledger_import_line (import TEXT NOT NULL REFERENCES ledger_import (id), outcome TEXT NOT NULL,"
        " place @int NOT NULL, content TEXT NOT NULL, PRIMARY KEY (import, outcome, place)) @strict",
        "CREATE TABLE ledger_import_hidden (batch TEXT PRIMARY KEY) @strict",
        "CREATE TABLE ledger_layout (ledger TEXT NOT NULL, headings TEXT NOT NULL, choices TEXT NOT NULL,"
        " at @int NOT NULL, PRIMARY KEY (ledger, headings)) @strict"}},
      // Rules ask at once what was delivered to where somebody lives.
      {604, "delivery by area", {"CREATE INDEX delivery_area ON delivery (area, period, ledger)"}},
      // Which columns of the program's own a ledger's table has (table_fit.cpp).
      {605, "shape of ledgers", {"ALTER TABLE ledger_declared ADD COLUMN shape @int NOT NULL DEFAULT 1"}},
  };
}

}  // namespace yihu::ledger

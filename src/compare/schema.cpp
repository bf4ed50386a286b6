#include "compare/schema.h"

namespace yihu::compare {

namespace {

/// What a pass writes stands beside what is shown until the pass is shown, in one step; what it takes the place of is
/// cleared away afterwards. So nobody waits for a roster of hundreds of thousands, and none is seen half done.
store::Migration pass_step() {
  return {804, "roster_pass",
   {"CREATE TABLE roster_pass (id TEXT PRIMARY KEY, roster TEXT NOT NULL, period TEXT NOT NULL, run TEXT NOT NULL, shown @int NOT NULL) @strict",
    "ALTER TABLE discrepancy RENAME TO discrepancy_before",
    "CREATE TABLE discrepancy (id TEXT PRIMARY KEY, roster TEXT NOT NULL, period TEXT NOT NULL, kind TEXT NOT NULL,"
    " cause TEXT NOT NULL, subject TEXT NOT NULL, person TEXT, village TEXT NOT NULL, owner TEXT NOT NULL, content TEXT NOT NULL,"
    " content_hash TEXT NOT NULL, state TEXT NOT NULL, run TEXT NOT NULL, note TEXT, decided_by TEXT, decided_at @int,"
    " found_at @int NOT NULL, version @int NOT NULL, pass TEXT NOT NULL DEFAULT '', ends TEXT NOT NULL DEFAULT '',"
    " UNIQUE (roster, period, kind, cause, subject, pass)) @strict",
    "INSERT INTO discrepancy (id, roster, period, kind, cause, subject, person, village, owner, content, content_hash, state, run, note,"
    " decided_by, decided_at, found_at, version) SELECT id, roster, period, kind, cause, subject, person, village, owner, content,"
    " content_hash, state, run, note, decided_by, decided_at, found_at, version FROM discrepancy_before",
    "DROP TABLE discrepancy_before",
    "CREATE INDEX discrepancy_state ON discrepancy (state, village, id)",
    "CREATE INDEX discrepancy_group ON discrepancy (roster, state, kind, cause)",
    "CREATE INDEX discrepancy_person ON discrepancy (person)",
    "CREATE INDEX discrepancy_added ON discrepancy (pass) WHERE pass <> ''",
    "CREATE INDEX discrepancy_ended ON discrepancy (ends) WHERE ends <> ''",
    "CREATE VIEW discrepancy_shown AS SELECT id, roster, period, kind, cause, subject, person, village, owner, content, content_hash,"
    " state, run, note, decided_by, decided_at, found_at, version FROM discrepancy"
    " WHERE (pass = '' OR pass IN (SELECT id FROM roster_pass WHERE shown = 1))"
    " AND (ends = '' OR ends NOT IN (SELECT id FROM roster_pass WHERE shown = 1))",
    "CREATE TABLE roster_pair_next (pass TEXT NOT NULL, row_hash TEXT NOT NULL, person TEXT NOT NULL, village TEXT NOT NULL,"
    " basis TEXT NOT NULL, probability @real NOT NULL, weights TEXT NOT NULL, content TEXT NOT NULL,"
    " PRIMARY KEY (pass, row_hash, person)) @strict"}};
}

}  // namespace

std::vector<store::Migration> migrations() {
  return {
      {801, "roster",
       {"CREATE TABLE roster_run (id TEXT PRIMARY KEY, roster TEXT NOT NULL, period TEXT NOT NULL, areas TEXT NOT NULL,"
        " file_name TEXT NOT NULL, answers @int NOT NULL, state TEXT NOT NULL, summary TEXT NOT NULL, deleted @int NOT NULL,"
        " certificate TEXT NOT NULL, actor TEXT NOT NULL, made_at @int NOT NULL, ended_at @int, version @int NOT NULL) @strict",
        "CREATE INDEX roster_run_made ON roster_run (roster, made_at)",
        "CREATE TABLE roster_match (roster TEXT NOT NULL, period TEXT NOT NULL, run TEXT NOT NULL REFERENCES roster_run (id),"
        " row_hash TEXT NOT NULL, person TEXT NOT NULL, village TEXT NOT NULL, how TEXT NOT NULL, content TEXT NOT NULL,"
        " PRIMARY KEY (run, row_hash, person)) @strict",
        "CREATE INDEX roster_match_person ON roster_match (roster, period, person)",
        "CREATE TABLE roster_pair (id TEXT PRIMARY KEY, roster TEXT NOT NULL, period TEXT NOT NULL, run TEXT NOT NULL,"
        " row_hash TEXT NOT NULL, person TEXT NOT NULL, village TEXT NOT NULL, basis TEXT NOT NULL, probability @real NOT NULL,"
        " weights TEXT NOT NULL, content TEXT NOT NULL, decision TEXT, decided_by TEXT, decided_at @int, undone_at @int,"
        " version @int NOT NULL, UNIQUE (row_hash, person)) @strict",
        "CREATE INDEX roster_pair_open ON roster_pair (roster, decision, village, id)"}},
      {802, "discrepancy",
       {"CREATE TABLE discrepancy (id TEXT PRIMARY KEY, roster TEXT NOT NULL, period TEXT NOT NULL, kind TEXT NOT NULL,"
        " cause TEXT NOT NULL, subject TEXT NOT NULL, person TEXT, village TEXT NOT NULL, owner TEXT NOT NULL, content TEXT NOT NULL,"
        " content_hash TEXT NOT NULL, state TEXT NOT NULL, run TEXT NOT NULL, note TEXT, decided_by TEXT, decided_at @int,"
        " found_at @int NOT NULL, version @int NOT NULL, UNIQUE (roster, period, kind, cause, subject)) @strict",
        "CREATE INDEX discrepancy_state ON discrepancy (state, village, id)",
        "CREATE INDEX discrepancy_group ON discrepancy (roster, state, kind, cause)",
        "CREATE INDEX discrepancy_person ON discrepancy (person)"}},
      {803, "comparison",
       {"CREATE TABLE comparison (id TEXT PRIMARY KEY, title TEXT NOT NULL, day TEXT NOT NULL, state TEXT NOT NULL,"
        " rates TEXT NOT NULL, hash TEXT, actor TEXT NOT NULL, made_at @int NOT NULL, ended_at @int, frozen_at @int,"
        " version @int NOT NULL) @strict",
        "CREATE TABLE comparison_item (comparison TEXT NOT NULL REFERENCES comparison (id), roster TEXT NOT NULL,"
        " period TEXT NOT NULL, kind TEXT NOT NULL, cause TEXT NOT NULL, subject TEXT NOT NULL, village TEXT NOT NULL,"
        " PRIMARY KEY (comparison, roster, period, kind, cause, subject)) @strict",
        // Whatever the program or a tool beside it tries: what is frozen stays.
        "@sqlite CREATE TRIGGER comparison_update BEFORE UPDATE ON comparison WHEN OLD.frozen_at IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'comparison is frozen'); END",
        "@sqlite CREATE TRIGGER comparison_delete BEFORE DELETE ON comparison WHEN OLD.frozen_at IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'comparison is frozen'); END",
        "@sqlite CREATE TRIGGER comparison_item_delete BEFORE DELETE ON comparison_item"
        " WHEN EXISTS (SELECT 1 FROM comparison WHERE id = OLD.comparison AND frozen_at IS NOT NULL)"
        " BEGIN SELECT RAISE(ABORT, 'comparison is frozen'); END",
        "@sqlite CREATE TRIGGER comparison_item_insert BEFORE INSERT ON comparison_item"
        " WHEN EXISTS (SELECT 1 FROM comparison WHERE id = NEW.comparison AND frozen_at IS NOT NULL)"
        " BEGIN SELECT RAISE(ABORT, 'comparison is frozen'); END",
        "@sqlite CREATE TRIGGER comparison_item_update BEFORE UPDATE ON comparison_item"
        " BEGIN SELECT RAISE(ABORT, 'comparison is frozen'); END",
        "@postgresql CREATE FUNCTION comparison_refused() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'comparison is frozen'; END $$",
        "@postgresql CREATE FUNCTION comparison_item_checked() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ DECLARE row_of comparison_item; BEGIN IF TG_OP = 'DELETE' THEN row_of = OLD; ELSE row_of = NEW; END IF;"
        " IF EXISTS (SELECT 1 FROM comparison WHERE id = row_of.comparison AND frozen_at IS NOT NULL) THEN"
        " RAISE EXCEPTION 'comparison is frozen'; END IF; RETURN row_of; END $$",
        "@postgresql CREATE TRIGGER comparison_frozen BEFORE UPDATE OR DELETE ON comparison FOR EACH ROW"
        " WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION comparison_refused()",
        "@postgresql CREATE TRIGGER comparison_item_update BEFORE UPDATE ON comparison_item FOR EACH ROW"
        " EXECUTE FUNCTION comparison_refused()",
        "@postgresql CREATE TRIGGER comparison_item_rows BEFORE INSERT OR DELETE ON comparison_item FOR EACH ROW"
        " EXECUTE FUNCTION comparison_item_checked()"}},
      pass_step(),
      // What waits for a unit is counted whenever its people look at what they have to do.
      {805, "discrepancy_owner", {"CREATE INDEX discrepancy_owner ON discrepancy (owner, state, roster, kind, cause, village, pass, ends)"}},
  };
}

}  // namespace yihu::compare

#include "screen/schema.h"

namespace yihu::screen {

std::vector<store::Migration> migrations() {
  return {
      {701, "finding",
       {"CREATE TABLE finding (id TEXT PRIMARY KEY, rule TEXT NOT NULL, subject_kind TEXT NOT NULL, subject TEXT NOT NULL,"
        " household TEXT NOT NULL, village TEXT NOT NULL, period TEXT NOT NULL, state TEXT NOT NULL,"
        " outcome TEXT NOT NULL, level TEXT NOT NULL, rule_version TEXT NOT NULL, content TEXT NOT NULL,"
        " opened_on TEXT NOT NULL, opened_at @int NOT NULL, closed_on TEXT, closed_at @int, closed_because TEXT,"
        " version @int NOT NULL, UNIQUE (subject, rule, period)) @strict",
        "CREATE INDEX finding_state ON finding (state, id)",
        "CREATE INDEX finding_rule ON finding (rule, state, village, id)",
        "CREATE INDEX finding_village ON finding (village, state, id)",
        "CREATE INDEX finding_household ON finding (household, state)"}},
      {702, "sweep",
       {"CREATE TABLE swept_rule (rule TEXT PRIMARY KEY, version TEXT NOT NULL, day TEXT NOT NULL, at @int NOT NULL) @strict",
        "CREATE TABLE rule_count (rule TEXT NOT NULL, village TEXT NOT NULL, outcome TEXT NOT NULL, subjects @int NOT NULL,"
        " PRIMARY KEY (rule, village, outcome)) @strict",
        "CREATE TABLE awaited (area TEXT NOT NULL, source TEXT NOT NULL, since @int NOT NULL, times @int NOT NULL,"
        " PRIMARY KEY (area, source)) @strict",
        "CREATE TABLE recount (source TEXT PRIMARY KEY, times @int NOT NULL) @strict",
        "CREATE TABLE indicator_value (indicator TEXT PRIMARY KEY, value @real, counted @int NOT NULL, total @int NOT NULL,"
        " unknown @int NOT NULL, day TEXT NOT NULL, at @int NOT NULL) @strict"}},
      {703, "household_light",
       {"CREATE TABLE household_light (household TEXT NOT NULL, light TEXT NOT NULL, state TEXT NOT NULL,"
        " village TEXT NOT NULL, PRIMARY KEY (household, light)) @strict",
        "CREATE INDEX household_light_state ON household_light (light, state, village, household)"}},
      {704, "cohort",
       {"CREATE TABLE cohort (id TEXT PRIMARY KEY, frozen_on TEXT NOT NULL, frozen_at @int NOT NULL, actor TEXT NOT NULL,"
        " reason TEXT NOT NULL, households @int NOT NULL, people @int NOT NULL) @strict",
        "CREATE TABLE cohort_member (cohort TEXT NOT NULL, subject_kind TEXT NOT NULL, subject TEXT NOT NULL,"
        " household TEXT NOT NULL, village TEXT NOT NULL, PRIMARY KEY (cohort, subject_kind, subject)) @strict",
        // Whatever the program or a tool beside it tries: what is frozen stays.
        "@sqlite CREATE TRIGGER cohort_update BEFORE UPDATE ON cohort BEGIN SELECT RAISE(ABORT, 'cohort is frozen'); END",
        "@sqlite CREATE TRIGGER cohort_delete BEFORE DELETE ON cohort BEGIN SELECT RAISE(ABORT, 'cohort is frozen'); END",
        "@sqlite CREATE TRIGGER cohort_member_update BEFORE UPDATE ON cohort_member"
        " BEGIN SELECT RAISE(ABORT, 'cohort is frozen'); END",
        "@sqlite CREATE TRIGGER cohort_member_delete BEFORE DELETE ON cohort_member"
        " BEGIN SELECT RAISE(ABORT, 'cohort is frozen'); END",
        // The list's own row is written last: from then on nobody joins.
        "@sqlite CREATE TRIGGER cohort_member_insert BEFORE INSERT ON cohort_member"
        " WHEN EXISTS (SELECT 1 FROM cohort WHERE id = NEW.cohort) BEGIN SELECT RAISE(ABORT, 'cohort is frozen'); END",
        "@postgresql CREATE FUNCTION cohort_refused() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'cohort is frozen'; END $$",
        "@postgresql CREATE FUNCTION cohort_member_checked() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF EXISTS (SELECT 1 FROM cohort WHERE id = NEW.cohort) THEN RAISE EXCEPTION 'cohort is frozen'; END IF;"
        " RETURN NEW; END $$",
        "@postgresql CREATE TRIGGER cohort_frozen BEFORE UPDATE OR DELETE ON cohort FOR EACH ROW"
        " EXECUTE FUNCTION cohort_refused()",
        "@postgresql CREATE TRIGGER cohort_member_frozen BEFORE UPDATE OR DELETE ON cohort_member FOR EACH ROW"
        " EXECUTE FUNCTION cohort_refused()",
        "@postgresql CREATE TRIGGER cohort_member_insert BEFORE INSERT ON cohort_member FOR EACH ROW"
        " EXECUTE FUNCTION cohort_member_checked()"}},
  };
}

}  // namespace yihu::screen

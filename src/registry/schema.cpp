#include "registry/schema.h"

namespace yihu::registry {
namespace {

store::Migration household_step() {
  return {501, "household",
          {"CREATE TABLE household (id TEXT PRIMARY KEY, code TEXT UNIQUE, village TEXT NOT NULL, hamlet TEXT,"
           " status TEXT NOT NULL, monitoring TEXT NOT NULL, standard TEXT, attribute TEXT, main_cause TEXT,"
           " other_cause_1 TEXT, other_cause_2 TEXT, identified_year @int, exit_year @int, return_year @int,"
           " military_family @int, one_child @int, two_daughters @int, arable_mu @real, irrigated_mu @real,"
           " forest_mu @real, reforested_mu @real, orchard_mu @real, pasture_mu @real, water_mu @real,"
           " production_power @int, living_power @int, tv @int, cooperative @int, road_distance_km @real,"
           " road_kind TEXT, housing_area_m2 @real, toilet @int, fuel TEXT, bank_name TEXT, bank_account TEXT,"
           " phone TEXT, helper TEXT, helper_unit TEXT, helper_account TEXT, size @int NOT NULL, head_name TEXT,"
           " registered_on TEXT NOT NULL, ended_on TEXT, phone_index TEXT, version @int NOT NULL,"
           " updated_at @int NOT NULL) @strict",
           // Lists are in the order of villages, and within one in the order of registration.
           "CREATE INDEX household_village ON household (village, id)",
           "CREATE INDEX household_status ON household (status, village, id)",
           "CREATE INDEX household_monitoring ON household (monitoring, village, id)",
           "CREATE INDEX household_attribute ON household (attribute, village, id)",
           "CREATE INDEX household_main_cause ON household (main_cause, village, id)",
           "CREATE INDEX household_helper ON household (helper_account, village, id)",
           "CREATE INDEX household_phone ON household (phone_index)"}};
}

store::Migration person_step() {
  return {502, "person",
          {"CREATE TABLE person (id TEXT PRIMARY KEY, code TEXT UNIQUE, household TEXT REFERENCES household (id),"
           " village TEXT, name TEXT, sex TEXT, birth TEXT, relation TEXT, ethnicity TEXT, education TEXT,"
           " schooling TEXT, labour TEXT, work_months @int, work_place TEXT, work_employer TEXT, health TEXT,"
           " disabled @int, chronic @int, serious_illness @int, political TEXT, in_service @int, id_number TEXT,"
           " id_kind TEXT, id_valid @int, id_birth TEXT, id_sex TEXT, phone TEXT, present @int NOT NULL,"
           // Kept for look-up alone: initials of the name in pinyin, a second reading, keyed hashes.
           " initials TEXT, initials_other TEXT, id_index TEXT, phone_index TEXT, version @int NOT NULL,"
           " updated_at @int NOT NULL) @strict",
           "CREATE INDEX person_household ON person (household)",
           "CREATE INDEX person_name ON person (name, id, village)",
           "CREATE INDEX person_village_name ON person (village, name, id)",
           "CREATE INDEX person_initials ON person (initials, id, village)",
           "CREATE INDEX person_village_initials ON person (village, initials, id)",
           "CREATE INDEX person_initials_other ON person (initials_other, id, village)",
           "CREATE INDEX person_id_index ON person (id_index)",
           "CREATE INDEX person_phone_index ON person (phone_index)"}};
}

store::Migration income_step() {
  return {503, "income",
          {"CREATE TABLE income (household TEXT NOT NULL REFERENCES household (id), year @int NOT NULL, basis TEXT,"
           " wage @int, business @int, property @int, transfer @int, business_cost @int, allowance_part @int,"
           " hardship_part @int, pension_part @int, version @int NOT NULL, updated_at @int NOT NULL,"
           " PRIMARY KEY (household, year)) @strict"}};
}

store::Migration history_step() {
  return {504, "register history",
          {"CREATE TABLE register_event (id TEXT PRIMARY KEY, kind TEXT NOT NULL, household TEXT NOT NULL,"
           " person TEXT, day TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, actor TEXT NOT NULL,"
           " request TEXT NOT NULL, at @int NOT NULL) @strict",
           "CREATE INDEX register_event_household ON register_event (household, day, id)",
           "CREATE INDEX register_event_person ON register_event (person, day, id)",
           "CREATE TABLE membership (person TEXT NOT NULL REFERENCES person (id),"
           " household TEXT NOT NULL REFERENCES household (id), joined_on TEXT NOT NULL, left_on TEXT,"
           " joined_by TEXT NOT NULL, left_by TEXT, PRIMARY KEY (person, joined_on, household)) @strict",
           "CREATE INDEX membership_household ON membership (household, joined_on)",
           "CREATE TABLE field_history (kind TEXT NOT NULL, subject TEXT NOT NULL, field TEXT NOT NULL,"
           " until TEXT NOT NULL, value TEXT, event TEXT NOT NULL, PRIMARY KEY (kind, subject, field, until)) @strict",
           "CREATE TABLE identity_correction (id TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES person (id),"
           " before TEXT NOT NULL, after TEXT NOT NULL, event TEXT NOT NULL, undone_by TEXT) @strict",
           "CREATE INDEX identity_correction_person ON identity_correction (person, id)"}};
}

store::Migration snapshot_step() {
  return {505, "snapshot",
          {"CREATE TABLE snapshot (id TEXT PRIMARY KEY, period TEXT NOT NULL UNIQUE, day TEXT NOT NULL,"
           " households @int NOT NULL, people @int NOT NULL, hash TEXT, actor TEXT NOT NULL, begun_at @int NOT NULL,"
           " frozen_at @int) @strict",
           "CREATE TABLE snapshot_household (snapshot TEXT NOT NULL REFERENCES snapshot (id), household TEXT NOT NULL,"
           " village TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (snapshot, household)) @strict",
           // Whatever the program or a tool beside it tries: what is frozen stays.
           "@sqlite CREATE TRIGGER snapshot_frozen_update BEFORE UPDATE ON snapshot WHEN OLD.frozen_at IS NOT NULL"
           " BEGIN SELECT RAISE(ABORT, 'snapshot is frozen'); END",
           "@sqlite CREATE TRIGGER snapshot_frozen_delete BEFORE DELETE ON snapshot WHEN OLD.frozen_at IS NOT NULL"
           " BEGIN SELECT RAISE(ABORT, 'snapshot is frozen'); END",
           "@sqlite CREATE TRIGGER snapshot_household_update BEFORE UPDATE ON snapshot_household"
           " BEGIN SELECT RAISE(ABORT, 'snapshot is frozen'); END",
           "@sqlite CREATE TRIGGER snapshot_household_delete BEFORE DELETE ON snapshot_household"
           " WHEN EXISTS (SELECT 1 FROM snapshot WHERE id = OLD.snapshot AND frozen_at IS NOT NULL)"
           " BEGIN SELECT RAISE(ABORT, 'snapshot is frozen'); END",
           "@sqlite CREATE TRIGGER snapshot_household_insert BEFORE INSERT ON snapshot_household"
           " WHEN EXISTS (SELECT 1 FROM snapshot WHERE id = NEW.snapshot AND frozen_at IS NOT NULL)"
           " BEGIN SELECT RAISE(ABORT, 'snapshot is frozen'); END",
           "@postgresql CREATE FUNCTION snapshot_refused() RETURNS trigger LANGUAGE plpgsql AS"
           " $$ BEGIN RAISE EXCEPTION 'snapshot is frozen'; END $$",
           "@postgresql CREATE FUNCTION snapshot_row_checked() RETURNS trigger LANGUAGE plpgsql AS"
           " $$ DECLARE row_of snapshot_household; BEGIN IF TG_OP = 'DELETE' THEN row_of = OLD; ELSE row_of = NEW; END IF;"
           " IF EXISTS (SELECT 1 FROM snapshot WHERE id = row_of.snapshot AND frozen_at IS NOT NULL) THEN"
           " RAISE EXCEPTION 'snapshot is frozen'; END IF; RETURN row_of; END $$",
           "@postgresql CREATE TRIGGER snapshot_frozen BEFORE UPDATE OR DELETE ON snapshot FOR EACH ROW"
           " WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION snapshot_refused()",
           "@postgresql CREATE TRIGGER snapshot_household_update BEFORE UPDATE ON snapshot_household FOR EACH ROW"
           " EXECUTE FUNCTION snapshot_refused()",
           "@postgresql CREATE TRIGGER snapshot_household_rows BEFORE INSERT OR DELETE ON snapshot_household FOR EACH ROW"
           " EXECUTE FUNCTION snapshot_row_checked()"}};
}

store::Migration import_step() {
  return {506, "register import",
          {"CREATE TABLE register_import (id TEXT PRIMARY KEY, file TEXT NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL,"
           " at @int NOT NULL, created @int NOT NULL, changed @int NOT NULL, undone_at @int) @strict",
           // What each household, person and income was before, for the undo; private values as they were sealed.
           "CREATE TABLE register_import_subject (import TEXT NOT NULL REFERENCES register_import (id), place @int NOT NULL,"
           " kind TEXT NOT NULL, subject TEXT NOT NULL, household TEXT NOT NULL, made @int NOT NULL, before TEXT NOT NULL,"
           " event TEXT, version_after @int NOT NULL, PRIMARY KEY (import, place)) @strict"}};
}

store::Migration count_step() {
  return {507, "household counts",
          // All that counts by village read of a household.
          {"CREATE INDEX household_count ON household (village, ended_on, status, monitoring, size)"}};
}

store::Migration reading_step() {
  return {508, "second readings by village",
          // Second readings are looked for village by village, as the first ones are.
          {"CREATE INDEX person_village_initials_other ON person (village, initials_other, id)"}};
}

}  // namespace

std::vector<store::Migration> migrations() {
  return {household_step(), person_step(), income_step(), history_step(), snapshot_step(), import_step(), count_step(), reading_step()};
}

}  // namespace yihu::registry

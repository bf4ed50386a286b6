#include "plan/tracking/migrations.h"

namespace yihu::plan {
namespace {

// Titles of a plan from a pack are in both languages; a document has one, and `_en` is empty.
const std::vector<const char*> plan_tables = {
    "CREATE TABLE plan (id TEXT PRIMARY KEY, year @int NOT NULL, title TEXT NOT NULL, title_en TEXT NOT NULL,"
    " number TEXT NOT NULL, issuer TEXT NOT NULL, day TEXT, origin TEXT NOT NULL, pack_id TEXT NOT NULL,"
    " status TEXT NOT NULL, version @int NOT NULL, made_at @int NOT NULL,"
    " CHECK (origin IN ('document', 'pack')), CHECK (status IN ('current', 'replaced'))) @strict",
    "CREATE UNIQUE INDEX plan_current ON plan (year) WHERE status = 'current'",
    "CREATE TABLE plan_document (plan TEXT PRIMARY KEY REFERENCES plan (id), name TEXT NOT NULL, format TEXT NOT NULL,"
    " hash TEXT NOT NULL, content TEXT NOT NULL) @strict",
    "CREATE TABLE plan_part (plan TEXT NOT NULL REFERENCES plan (id), no @int NOT NULL, title TEXT NOT NULL,"
    " title_en TEXT NOT NULL, PRIMARY KEY (plan, no)) @strict",
    "CREATE TABLE plan_task (id TEXT PRIMARY KEY, plan TEXT NOT NULL REFERENCES plan (id), no @int NOT NULL,"
    " part @int NOT NULL, title TEXT NOT NULL, title_en TEXT NOT NULL, short_title TEXT NOT NULL,"
    " short_title_en TEXT NOT NULL, content TEXT NOT NULL, kind TEXT NOT NULL, span_begin @int, span_end @int,"
    " retired @int NOT NULL, CHECK (kind IN ('tracked', 'principle'))) @strict",
    "CREATE UNIQUE INDEX plan_task_no ON plan_task (plan, no) WHERE retired = 0",
};

// A measure that a later document dropped is retired, not deleted: what was reported about it stays.
const std::vector<const char*> measure_tables = {
    "CREATE TABLE plan_measure (id TEXT PRIMARY KEY, plan TEXT NOT NULL REFERENCES plan (id),"
    " task TEXT NOT NULL REFERENCES plan_task (id), no @int, position @int NOT NULL, title TEXT NOT NULL,"
    " title_en TEXT NOT NULL, content TEXT NOT NULL, span_begin @int, span_end @int, indicator TEXT,"
    " deadlines TEXT NOT NULL, recurrences TEXT NOT NULL, targets TEXT NOT NULL, retired @int NOT NULL,"
    " version @int NOT NULL) @strict",
    "CREATE INDEX plan_measure_task ON plan_measure (task, position)",
    "CREATE INDEX plan_measure_plan ON plan_measure (plan)",
    // Unit × measure. `name` is what the document says, `via` the group it was a member of, `unit` null while unknown.
    "CREATE TABLE plan_owner (measure TEXT NOT NULL REFERENCES plan_measure (id), role TEXT NOT NULL,"
    " place @int NOT NULL, plan TEXT NOT NULL, name TEXT NOT NULL, via TEXT NOT NULL, unit TEXT,"
    " PRIMARY KEY (measure, role, place), CHECK (role IN ('lead', 'responsible'))) @strict",
    "CREATE INDEX plan_owner_plan ON plan_owner (plan)",
    "CREATE INDEX plan_owner_unit ON plan_owner (unit)",
    "CREATE TABLE plan_occurrence (id TEXT PRIMARY KEY, plan TEXT NOT NULL,"
    " measure TEXT NOT NULL REFERENCES plan_measure (id), key TEXT NOT NULL, label TEXT NOT NULL,"
    " label_en TEXT NOT NULL, first_day TEXT, due TEXT NOT NULL, before_document @int NOT NULL, retired @int NOT NULL,"
    " UNIQUE (measure, key)) @strict",
    "CREATE INDEX plan_occurrence_plan ON plan_occurrence (plan)",
};

const std::vector<const char*> report_tables = {
    "CREATE TABLE plan_report (id TEXT PRIMARY KEY, plan TEXT NOT NULL, measure TEXT NOT NULL REFERENCES plan_measure (id),"
    " occurrence TEXT REFERENCES plan_occurrence (id), unit TEXT NOT NULL, author TEXT NOT NULL, at @int NOT NULL,"
    " done @int NOT NULL, content TEXT NOT NULL, value @real) @strict",
    "CREATE INDEX plan_report_measure ON plan_report (measure, at)",
    // The last word of each unit on each occurrence ('' for the whole measure): what the board reads, however many
    // reports there are.
    "CREATE TABLE plan_word (measure TEXT NOT NULL REFERENCES plan_measure (id), occurrence TEXT NOT NULL,"
    " unit TEXT NOT NULL, plan TEXT NOT NULL, done @int NOT NULL, at @int NOT NULL, report TEXT NOT NULL,"
    " reports @int NOT NULL, PRIMARY KEY (measure, occurrence, unit)) @strict",
    "CREATE INDEX plan_word_plan ON plan_word (plan)",
    "CREATE TABLE plan_evidence (id TEXT PRIMARY KEY, hash TEXT NOT NULL, name TEXT NOT NULL, size @int NOT NULL,"
    " type TEXT NOT NULL, author TEXT NOT NULL, at @int NOT NULL, report TEXT REFERENCES plan_report (id)) @strict",
    "CREATE INDEX plan_evidence_report ON plan_evidence (report)",
    "CREATE TABLE plan_indicator_value (plan TEXT NOT NULL REFERENCES plan (id), indicator TEXT NOT NULL,"
    " day TEXT NOT NULL, value @real NOT NULL, source TEXT NOT NULL, at @int NOT NULL,"
    " PRIMARY KEY (plan, indicator, day)) @strict",
};

const std::vector<const char*> import_tables = {
    "CREATE TABLE plan_import (id TEXT PRIMARY KEY, status TEXT NOT NULL, file_name TEXT NOT NULL, format TEXT NOT NULL,"
    " hash TEXT NOT NULL, title TEXT NOT NULL, year @int, document TEXT NOT NULL, content TEXT NOT NULL,"
    " warnings @int NOT NULL, version @int NOT NULL, author TEXT NOT NULL, at @int NOT NULL, plan TEXT,"
    " CHECK (status IN ('draft', 'accepted', 'discarded'))) @strict",
    "CREATE INDEX plan_import_at ON plan_import (at)",
    // What a person put right, against the document as it was read. `carried` ones come from an earlier document of
    // the same plan; `fits` says whether this document still says `before`.
    "CREATE TABLE plan_import_correction (id TEXT PRIMARY KEY, import TEXT NOT NULL REFERENCES plan_import (id),"
    " task @int NOT NULL, measure @int NOT NULL, field TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,"
    " author TEXT NOT NULL, at @int NOT NULL, fits @int NOT NULL, UNIQUE (import, task, measure, field)) @strict",
    "CREATE TABLE plan_import_unit (import TEXT NOT NULL REFERENCES plan_import (id), name TEXT NOT NULL,"
    " unit TEXT NOT NULL, PRIMARY KEY (import, name)) @strict",
    "CREATE TABLE plan_import_settled (import TEXT NOT NULL REFERENCES plan_import (id), warning TEXT NOT NULL,"
    " author TEXT NOT NULL, at @int NOT NULL, PRIMARY KEY (import, warning)) @strict",
    // Corrections of the tracked plan, to be made again when a corrected document of the same year comes in.
    "CREATE TABLE plan_correction (id TEXT PRIMARY KEY, plan TEXT NOT NULL REFERENCES plan (id),"
    " measure TEXT NOT NULL REFERENCES plan_measure (id), field TEXT NOT NULL, before TEXT NOT NULL,"
    " after TEXT NOT NULL, author TEXT NOT NULL, at @int NOT NULL, UNIQUE (measure, field)) @strict",
    "CREATE INDEX plan_correction_plan ON plan_correction (plan)",
};

const std::vector<const char*> news_tables = {
    "CREATE TABLE plan_news_seen (viewer TEXT PRIMARY KEY, at @int NOT NULL) @strict",
    "CREATE INDEX plan_report_at ON plan_report (plan, at)",
    "CREATE INDEX plan_evidence_stray ON plan_evidence (at) WHERE report IS NULL",
};

}  // namespace

std::vector<store::Migration> migrations() {
  return {
      {401, "plan", plan_tables},     {402, "measure", measure_tables},     {403, "report", report_tables},
      {404, "import", import_tables}, {405, "news", news_tables},
  };
}

}  // namespace yihu::plan

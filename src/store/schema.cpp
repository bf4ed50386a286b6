#include "store/migration.h"

namespace yihu::store {

const std::vector<Migration>& store_migrations() {
  static const std::vector<Migration> steps = {
      {101, "meta", {"CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) @strict"}},
      {102, "journal",
       {"CREATE TABLE journal ("
        " sequence @int PRIMARY KEY, at @int NOT NULL, actor TEXT NOT NULL, request TEXT NOT NULL,"
        " operation TEXT NOT NULL, action TEXT NOT NULL, subject_kind TEXT NOT NULL, subject TEXT NOT NULL,"
        " before TEXT NOT NULL, after TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL) @strict",
        "CREATE INDEX journal_subject ON journal (subject, sequence)",
        "CREATE INDEX journal_actor ON journal (actor, sequence)",
        "CREATE INDEX journal_request ON journal (request, sequence)",
        "@sqlite CREATE TRIGGER journal_keeps_rows BEFORE DELETE ON journal"
        " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
        "@sqlite CREATE TRIGGER journal_keeps_cells BEFORE UPDATE ON journal"
        " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
        "@postgresql CREATE FUNCTION journal_is_kept() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RAISE EXCEPTION ''the journal is append-only''; END'",
        "@postgresql CREATE TRIGGER journal_keeps_rows BEFORE DELETE OR UPDATE ON journal"
        " FOR EACH ROW EXECUTE FUNCTION journal_is_kept()",
        "@postgresql CREATE TRIGGER journal_keeps_table BEFORE TRUNCATE ON journal"
        " FOR EACH STATEMENT EXECUTE FUNCTION journal_is_kept()"}},
      {103, "operation",
       {"CREATE TABLE operation (actor TEXT NOT NULL, operation TEXT NOT NULL, answer TEXT NOT NULL, at @int NOT NULL,"
        " PRIMARY KEY (actor, operation)) @strict",
        "CREATE INDEX operation_at ON operation (at)"}},
      {104, "consumer",
       {"CREATE TABLE consumer (name TEXT PRIMARY KEY, position @int NOT NULL, attempts @int NOT NULL) @strict",
        "CREATE TABLE consumer_failure (consumer TEXT NOT NULL, sequence @int NOT NULL, code TEXT NOT NULL,"
        " at @int NOT NULL, PRIMARY KEY (consumer, sequence)) @strict"}},
      {105, "person_key",
       {"CREATE TABLE person_key (person TEXT PRIMARY KEY, wrapped TEXT, made_at @int NOT NULL, destroyed_at @int) @strict"}},
  };
  return steps;
}

}  // namespace yihu::store

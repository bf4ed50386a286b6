#include "access/user.h"

namespace yihu::access {

std::vector<store::Migration> migrations() {
  return {
      {301, "user_account",
       // display_name and code_secret are sealed under the person's key (his user id).
       {"CREATE TABLE user_account (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL,"
        " password TEXT NOT NULL, must_change_password @int NOT NULL, active @int NOT NULL, code_secret TEXT,"
        " code_enabled @int NOT NULL, code_step @int NOT NULL, last_seen @int, made_at @int NOT NULL,"
        " version @int NOT NULL) @strict"}},
      {302, "post",
       {"CREATE TABLE post (id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES user_account (id),"
        " unit TEXT NOT NULL REFERENCES unit (id), role TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT,"
        " made_at @int NOT NULL) @strict",
        "CREATE INDEX post_account ON post (account)", "CREATE INDEX post_unit ON post (unit)"}},
      {303, "login_session",
       {"CREATE TABLE login_session (id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE,"
        " account TEXT NOT NULL REFERENCES user_account (id), made_at @int NOT NULL, last_used_at @int NOT NULL,"
        " expires_at @int NOT NULL, ended_at @int) @strict",
        "CREATE INDEX login_session_account ON login_session (account)",
        "CREATE INDEX login_session_expires_at ON login_session (expires_at)"}},
      {304, "calendar_address",
       {"CREATE TABLE calendar_address (id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES user_account (id),"
        " unit TEXT REFERENCES unit (id), secret_hash TEXT NOT NULL UNIQUE, made_at @int NOT NULL, ended_at @int) @strict",
        "CREATE INDEX calendar_address_account ON calendar_address (account)"}},
      // A post may answer for one village of its unit's town alone.
      {305, "post for an area", {"ALTER TABLE post ADD COLUMN area TEXT"}},
  };
}

}  // namespace yihu::access

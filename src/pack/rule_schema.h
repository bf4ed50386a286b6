#pragma once
// What rules can speak of once the packs are read: the register's subjects, with the ledgers, facts, parameters and
// lists of codes that the packs declare.

#include "pack/pack.h"
#include "rule/compiler.h"
#include "rule/schema.h"

namespace yihu::pack {

/// Tables of ledgers are called "ledger_<id>"; a row's columns are those of the ledger, `year` and `period`. Private
/// columns are left out: no rule reads them.
std::string table_of(const Ledger& ledger);

/// What the store keeps a column's values as.
rule::Kind kind_of(ColumnType type);

/// @param subjects the register's own schema: household, person, village
rule::Schema rule_schema(const rule::Schema& subjects, const Pack& pack);

/// The compiler of a pack that `load` has accepted with the same subjects.
base::Result<rule::Compiler> compiler_of(const rule::Schema& subjects, const Pack& pack);

/// The names in braces in a sentence: "{person.name} …{person.birth}" has two. Nothing when the braces do not pair.
std::optional<std::vector<std::string>> placeholders(std::string_view sentence);

}  // namespace yihu::pack

#pragma once
// What rules can speak of: rows with their fields, the relations between them, facts, dated parameters, lists of codes.
// `registry` gives the subjects (household, person, village), `pack` adds ledgers, facts, parameters and codes. Names are
// those of the expression language; table and column say where the live store keeps them.

#include "base/date.h"
#include "base/error.h"

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace yihu::rule {

/// What a single value can be. Money is whole fen; a day is text "2019-04-30" in the store; truth is 0 or 1 there. Real
/// numbers are finite, days exist: the ledgers let nothing else in.
enum class Kind { truth, integer, real, money, day, text };

/// A value written in a pack. `value` holds what `kind` says: bool; int64 for integer and money (fen); double; text for
/// text and day.
struct Constant {
  Kind kind = Kind::truth;
  std::variant<bool, std::int64_t, double, std::string> value = false;
  bool operator==(const Constant&) const = default;
};

struct Field {
  std::string name;
  Kind kind = Kind::text;
  std::string column;          ///< in the rows' table
  bool never_missing = false;  ///< its column is NOT NULL, so that it is never unknown
  std::string codes = {};      ///< of text: id of the code list its values come from; empty for free text
};

/// How much the rows that are there say about those that are not.
enum class Completeness {
  always,       ///< they are all there are: members of a household
  never,        ///< there may be more: incomes. No row decides nothing
  by_delivery,  ///< they are all there are where their ledger was delivered for the area and the current period
};

enum class Cardinality { one, many };

/// How a ledger is cut into time. Texts of `period`: "2019", "2019-H1", "2019-Q2", "2019-06"; "" without.
enum class Period { none, year, half_year, quarter, month };

/// From one row to others: those whose `column_there` equals this row's `column_here`.
struct Relation {
  std::string name;
  std::string target;       ///< name of a Rows
  Cardinality cardinality = Cardinality::many;
  std::string column_here;  ///< a column of this row's table, such as id
  std::string column_there; ///< a column of the target's table, such as household. Unique there for cardinality one
  Completeness completeness = Completeness::always;
  std::string ledger = {};  ///< what `delivery.ledger` says, for by_delivery
  Period period = Period::none;
  /// Of many: each subject has at most one row per period, so that the current period's (or the only) row may be read
  /// like a field: household.water.quality. The store keeps (column_there, period) unique.
  bool one_per_period = false;
};

/// A table whose rows rules see: a subject of the register, or the rows of a ledger or list.
struct Rows {
  std::string name;         ///< household, or the ledger's id
  std::string table;
  std::string key = "id";   ///< its unique column; of rows nothing hangs on, any column
  std::string area = {};    ///< the column with the code of its village, for deliveries; empty when it has none
  std::string period = {};  ///< the column with its period; empty when it has none
  bool subject = false;     ///< expressions can be about it, and name it as their receiver
  std::vector<Field> fields = {};
  std::vector<Relation> relations = {};
  /// Only rows count whose column holds this text: areas of the level village. Empty: all do.
  std::string only_column = {};
  std::string only_value = {};
};

/// A named expression about a subject, read like a field of it: person.insured.
struct Fact {
  std::string subject;
  std::string name;
  std::string expression;
  base::Place place = {};  ///< of the expression's first character
};

/// A figure of policy: the value in force on `today` is the last whose `from` is not later; before the first, unknown.
struct Parameter {
  struct Dated {
    base::Date from;
    Constant value;
  };
  std::string name;
  Kind kind = Kind::money;
  std::vector<Dated> values = {};  ///< in any order
};

struct Schema {
  std::map<std::string, Rows> rows;                            ///< by name
  std::map<std::string, std::vector<std::string>> code_lists;  ///< by id
  std::vector<Fact> facts;
  std::vector<Parameter> parameters;
  /// Table of deliveries with the columns ledger, area, period.
  std::string delivery_table = "delivery";
  /// A delivery counts for an area when it is recorded for the first so many digits of its code: village, town, district.
  std::vector<int> area_digits = {12, 9, 6};
};

}  // namespace yihu::rule

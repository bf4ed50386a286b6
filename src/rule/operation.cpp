#include "rule/operation.h"

#include <array>
#include <cassert>
#include <string>

namespace yihu::rule {
namespace {

struct Row {
  Operation operation;
  std::string sqlite;
  std::string postgres;
  std::string duckdb;
};

Row same(Operation operation, const std::string& everywhere) { return {operation, everywhere, everywhere, everywhere}; }

// ---- whole numbers

const std::string least_sqlite = "(-9223372036854775808)";
const std::string least_postgres = "CAST(-9223372036854775808 AS BIGINT)";

/// SQLite turns an overflowing integer into a real number.
std::string whole_sqlite(const std::string& sign) { return "yihu_whole($1 " + sign + " $2)"; }
/// PostgreSQL ends the whole query, so it reckons in decimals. Its least and greatest skip what is missing, which here
/// turns it into the bound, and the bound into NULL.
std::string whole_postgres(const std::string& sign) {
  return "CAST(NULLIF(GREATEST(NULLIF(LEAST(CAST($1 AS NUMERIC) " + sign +
         " $2, 9223372036854775808), 9223372036854775808), -9223372036854775809), -9223372036854775809) AS BIGINT)";
}
/// DuckDB ends the query too, so it reckons in 128 bits.
std::string whole_duckdb(const std::string& sign) { return "TRY_CAST(CAST($1 AS HUGEINT) " + sign + " $2 AS BIGINT)"; }

/// From a quotient $0 of $1 / $2 towards zero to the nearest one: the remainder says whether one more is nearer.
std::string evenly(const std::string& remainder, const std::string& divisor) {
  return "$0 + CASE WHEN " + remainder + " > " + divisor + " - " + remainder + " OR (" + remainder + " = " + divisor + " - " +
         remainder + " AND $0 % 2 <> 0) THEN CASE WHEN ($1 < 0) = ($2 < 0) THEN 1 ELSE -1 END ELSE 0 END";
}

// ---- real numbers: SQLite and DuckDB yield infinity, which is made unknown; PostgreSQL ends the query both when a result
// is too large and when it is too small, so each case is told beforehand with operands scaled by powers of two.

// 2^63, of which SQLite's own reading of decimals would be less sure.
const std::string two_63_sqlite = "(2.0 * 4611686018427387904)";
const std::string two_63 = "CAST(9223372036854775808 AS DOUBLE PRECISION)";
std::string two_to(int exponent) { return "power(CAST(2 AS DOUBLE PRECISION), " + std::to_string(exponent) + ")"; }

std::string real_sqlite(const std::string& sign) { return "yihu_finite($1 " + sign + " $2)"; }
std::string real_duckdb(const std::string& sign) { return "$1 " + sign + " $2 => CASE WHEN isfinite($0) THEN $0 END"; }

/// `signs` says how the signs of operands relate where they reinforce each other.
std::string sum_postgres(const std::string& sign, const std::string& signs) {
  return "(CASE WHEN ($1 > 0) " + signs + " ($2 > 0) AND abs($1) > CAST('1.7976931348623157e308' AS DOUBLE PRECISION) - abs($2)"
         " THEN NULL ELSE $1 " + sign + " $2 END)";
}

// PostgreSQL reckons with constants while it plans, also where no case will lead, so that an operand is scaled only after it
// was held within the bounds that its case has anyway.
std::string small(const std::string& operand, int exponent) { return "(LEAST(abs(" + operand + "), 1) * " + two_to(exponent) + ")"; }
std::string large(const std::string& operand, int exponent) { return "(GREATEST(abs(" + operand + "), 1) * " + two_to(exponent) + ")"; }

std::string product_postgres() {
  return "(CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN $1 = 0 OR $2 = 0 THEN $1 * $2"
         " WHEN abs($1) > 1 AND abs($2) > 1 THEN CASE WHEN " + large("$1", -512) + " * " + large("$2", -512) +
         " >= 1 THEN NULL ELSE $1 * $2 END"
         " WHEN LEAST(abs($1), abs($2)) < " + two_to(-500) + " AND GREATEST(abs($1), abs($2)) < 1 THEN CASE WHEN " +
         small("$1", 537) + " * " + small("$2", 537) + " <= 0.5 THEN 0 ELSE $1 * $2 END"
         " ELSE $1 * $2 END)";
}

std::string quotient_postgres() {
  return "(CASE WHEN $1 IS NULL OR $2 IS NULL OR $2 = 0 THEN NULL WHEN $1 = 0 THEN $1 / $2"
         " WHEN abs($2) >= 1 THEN CASE WHEN abs($1) >= 1 THEN $1 / $2"
         " WHEN " + small("$1", 511) + " / " + large("$2", -512) + " <= " + two_to(-52) + " THEN 0 ELSE $1 / $2 END"
         " WHEN abs($1) >= 1 AND abs($2) >= " + two_to(-500) + " THEN CASE WHEN " + large("$1", -512) + " / " +
         small("$2", 512) + " >= 1 THEN NULL ELSE $1 / $2 END"
         " WHEN abs($1) >= 1 THEN CASE WHEN " + large("$1", -512) + " / " + small("$2", 1000) + " >= " + two_to(-488) +
         " THEN NULL ELSE $1 / $2 END"
         " WHEN abs($2) < " + two_to(-1000) + " THEN CASE WHEN abs($1) / " + small("$2", 600) + " >= " + two_to(424) +
         " THEN NULL ELSE $1 / $2 END"
         " ELSE $1 / $2 END)";
}

const std::string nearest_of_truncated =
    " => CASE WHEN abs($1 - $0) > 0.5 OR (abs($1 - $0) = 0.5 AND $0 % 2 <> 0)"
    " THEN $0 + CASE WHEN $1 > 0 THEN 1 ELSE -1 END ELSE $0 END";

std::string within_63(const std::string& two, const std::string& value) {
  return "CASE WHEN $1 > -" + two + " AND $1 < " + two + " THEN " + value + " END";
}

// ---- days are text

std::string part_of_day(int begin, int length, const std::string& type) {
  return "CAST(substr($1, " + std::to_string(begin) + ", " + std::to_string(length) + ") AS " + type + ")";
}
Row day_part(Operation operation, int begin, int length) {
  return {operation, part_of_day(begin, length, "INTEGER"), part_of_day(begin, length, "BIGINT"),
          part_of_day(begin, length, "BIGINT")};
}
std::string age(const std::string& type, const std::string& collation) {
  return "(CAST(substr($2, 1, 4) AS " + type + ") - CAST(substr($1, 1, 4) AS " + type + ") - CASE WHEN substr($2, 6)" +
         collation + " < substr($1, 6)" + collation + " THEN 1 ELSE 0 END)";
}

// ---- the table

const std::array rows{
    same(Operation::negation, "(NOT $1)"),
    same(Operation::both, "($1 AND $2)"),
    same(Operation::either, "($1 OR $2)"),
    // A list makes SQLite build a table in memory each time the statement runs, and DuckDB join one.
    Row{Operation::one_of, "(($|))", "($1 IN ($*))", "(($|))"},
    same(Operation::equal, "($1 = $2)"),
    same(Operation::less, "($1 < $2)"),
    same(Operation::less_or_equal, "($1 <= $2)"),
    // By code point, which is the order of UTF-8's bytes, whatever the database takes for the office's language.
    Row{Operation::text_less, "($1 < $2)", "($1 COLLATE \"C\" < $2 COLLATE \"C\")", "($1 < $2)"},
    Row{Operation::text_less_or_equal, "($1 <= $2)", "($1 COLLATE \"C\" <= $2 COLLATE \"C\")", "($1 <= $2)"},
    Row{Operation::add, whole_sqlite("+"), whole_postgres("+"), whole_duckdb("+")},
    Row{Operation::subtract, whole_sqlite("-"), whole_postgres("-"), whole_duckdb("-")},
    Row{Operation::multiply, whole_sqlite("*"), whole_postgres("*"), whole_duckdb("*")},
    Row{Operation::divide, "NULLIF($1 / NULLIF($2, 0), " + two_63_sqlite + ")",
        "CAST(NULLIF(div(CAST($1 AS NUMERIC), NULLIF($2, 0)), 9223372036854775808) AS BIGINT)",
        "TRY_CAST(CAST($1 AS HUGEINT) // (CASE WHEN $2 <> 0 THEN $2 END) AS BIGINT)"},
    Row{Operation::modulo, "($1 % NULLIF($2, 0))", "($1 % NULLIF($2, 0))",
        "CAST(CAST($1 AS HUGEINT) % (CASE WHEN $2 <> 0 THEN $2 END) AS BIGINT)"},
    Row{Operation::minus, "(-NULLIF($1, " + least_sqlite + "))", "(-NULLIF($1, " + least_postgres + "))",
        "TRY_CAST(-CAST($1 AS HUGEINT) AS BIGINT)"},
    Row{Operation::magnitude, "abs(NULLIF($1, " + least_sqlite + "))", "abs(NULLIF($1, " + least_postgres + "))",
        "TRY_CAST(abs(CAST($1 AS HUGEINT)) AS BIGINT)"},
    Row{Operation::divide_evenly,
        "NULLIF($1 / NULLIF(NULLIF($2, 0), " + least_sqlite + "), " + two_63_sqlite + ") => CASE WHEN $0 IS NOT NULL THEN " +
            evenly("abs($1 % $2)", "abs(NULLIF($2, " + least_sqlite + "))") + " END",
        "CAST(NULLIF(div(CAST($1 AS NUMERIC), NULLIF(NULLIF($2, 0), " + least_postgres +
            ")), 9223372036854775808) AS BIGINT) => CASE WHEN $0 IS NOT NULL THEN " +
            evenly("abs($1 % NULLIF($2, 0))", "abs(NULLIF($2, " + least_postgres + "))") + " END",
        "CAST($1 AS HUGEINT) // (CASE WHEN $2 <> 0 AND $2 <> -9223372036854775808 THEN $2 END) => TRY_CAST(" +
            evenly("abs(CAST($1 AS HUGEINT) % $2)", "abs(CAST($2 AS HUGEINT))") + " AS BIGINT)"},
    Row{Operation::add_real, real_sqlite("+"), sum_postgres("+", "="), real_duckdb("+")},
    Row{Operation::subtract_real, real_sqlite("-"), sum_postgres("-", "<>"), real_duckdb("-")},
    Row{Operation::multiply_real, real_sqlite("*"), product_postgres(), real_duckdb("*")},
    Row{Operation::divide_real, real_sqlite("/"), quotient_postgres(), real_duckdb("/")},
    same(Operation::minus_real, "(-$1)"),
    same(Operation::magnitude_real, "abs($1)"),
    // The engines' own least and greatest skip what is missing, or do not, as they please.
    same(Operation::greater_of, "(CASE WHEN $1 >= $2 THEN $1 WHEN $1 < $2 THEN $2 END)"),
    same(Operation::lesser_of, "(CASE WHEN $1 <= $2 THEN $1 WHEN $1 > $2 THEN $2 END)"),
    Row{Operation::real_from_integer, "CAST($1 AS REAL)", "CAST($1 AS DOUBLE PRECISION)", "CAST($1 AS DOUBLE)"},
    Row{Operation::integer_from_real, "(" + within_63(two_63_sqlite, "CAST($1 AS INTEGER)") + ")",
        "(" + within_63(two_63, "CAST(trunc($1) AS BIGINT)") + ")",
        "(" + within_63(two_63, "TRY_CAST(trunc($1) AS BIGINT)") + ")"},
    // PostgreSQL's round of a real number goes to the even one already.
    Row{Operation::rounded_from_real, within_63(two_63_sqlite, "CAST($1 AS INTEGER)") + nearest_of_truncated,
        "(" + within_63(two_63, "CAST(round($1) AS BIGINT)") + ")",
        within_63(two_63, "TRY_CAST(trunc($1) AS BIGINT)") + nearest_of_truncated},
    same(Operation::integer_from_truth, "CAST($1 AS INTEGER)"),
    Row{Operation::text_from_integer, "CAST($1 AS TEXT)", "CAST($1 AS TEXT)", "CAST($1 AS VARCHAR)"},
    same(Operation::count_up, "($1 + $2)"),
    same(Operation::concatenate, "($1 || $2)"),
    // In code points, all three.
    Row{Operation::length, "length($1)", "CAST(char_length($1) AS BIGINT)", "length($1)"},
    Row{Operation::contains, "(instr($1, $2) > 0)", "(strpos($1, $2) > 0)", "contains($1, $2)"},
    Row{Operation::starts_with, "(substr($1, 1, length($2)) = $2)", "starts_with($1, $2)", "starts_with($1, $2)"},
    Row{Operation::ends_with, "(length($2) <= length($1) AND substr($1, length($1) - length($2) + 1) = $2)",
        "(right($1, char_length($2)) = $2)", "ends_with($1, $2)"},
    day_part(Operation::year, 1, 4),
    day_part(Operation::month, 6, 2),
    day_part(Operation::day_of_month, 9, 2),
    // SQLite's julian days both end in one half, so that their difference is whole.
    Row{Operation::days_between, "CAST(julianday($2) - julianday($1) AS INTEGER)",
        "CAST(CAST($2 AS DATE) - CAST($1 AS DATE) AS BIGINT)", "date_diff('day', CAST($1 AS DATE), CAST($2 AS DATE))"},
    Row{Operation::age, age("INTEGER", ""), age("BIGINT", " COLLATE \"C\""), age("BIGINT", "")},
    same(Operation::known, "($1 IS NOT NULL)"),
    same(Operation::if_known, "(CASE WHEN $1 IS NOT NULL THEN $2 END)"),
    same(Operation::conditional, "(CASE $1 WHEN TRUE THEN $2 WHEN FALSE THEN $3 END)"),
};

}  // namespace

const std::string& lowering(Operation operation, Engine engine) {
  const Row& row = rows[static_cast<std::size_t>(operation)];
  assert(row.operation == operation && rows.size() == static_cast<std::size_t>(Operation::conditional) + 1);
  switch (engine) {
    case Engine::sqlite: return row.sqlite;
    case Engine::postgres: return row.postgres;
    case Engine::duckdb: break;
  }
  return row.duckdb;
}

std::string_view binding(Engine engine) {
  switch (engine) {
    // A subquery without FROM is not dissolved by SQLite's planner.
    case Engine::sqlite: return "(SELECT $1 FROM (SELECT $0 AS $n))";
    // OFFSET keeps PostgreSQL from putting the value back in every place where its name stands.
    case Engine::postgres: return "(SELECT $1 FROM (SELECT $0 AS $n OFFSET 0) AS of_$n)";
    // A subquery would become a join in DuckDB.
    case Engine::duckdb: break;
  }
  return "list_transform([$0], lambda $n: $1)[1]";
}

}  // namespace yihu::rule

// What becomes of the rows of a relation: one aggregate or two in a group, and what their numbers mean outside it. SQL's
// own EXISTS is never used for it, because it turns unknown into false.

#include "rule/scope.h"

#include <fmt/format.h>

#include <tuple>

namespace yihu::rule {
namespace {

/// A truth as a number. SQLite's is one.
std::string number_of(const std::string& truth, Engine engine) { return engine == Engine::sqlite ? "(" + truth + ")" : "CAST(" + truth + " AS INTEGER)"; }

/// 2 where the row is true, 1 where it is unknown, 0 where it is false; `outside` where the filter leaves it out,
/// `unclear` where the filter itself is unknown.
std::string state(const std::string& filter, const std::string& body, int outside, int unclear, Engine engine) {
  const std::string own = "COALESCE(" + number_of(body, engine) + " * 2, 1)";
  if (filter.empty()) return own;
  return fmt::format("COALESCE(CASE {} WHEN TRUE THEN {} WHEN FALSE THEN {} END, {})", filter, own, outside, unclear);
}

}  // namespace

Rendered Scope::gathering(const Node& node) {
  const auto value = [&]() -> Rendered {
    Group& group = group_of(node);
    const bool tests = node.gathering == Gathering::any || node.gathering == Gathering::every;
    return {tests ? test(node, group) : number(node, group), false};
  };
  if (!node.anchor) return value();
  // Two rules that use one fact have a tree of it each.
  const std::string shape = shape_of(node, [this](const RowPointer& row) { return alias_of(row); });
  if (const auto known = anchored_.find(shape); known != anchored_.end()) return known->second;
  return anchored_[shape] = value();
}

std::string Scope::test(const Node& node, Group& group) {
  const std::string filter = node.filter ? group.scope->render(*node.filter).sql : "";
  const std::string body = group.scope->render(*node.body).sql;
  const bool any = node.gathering == Gathering::any;
  const std::string found = any ? gathered(group, "MAX", state(filter, body, 0, 3, statement_.options.engine))
                                : gathered(group, "MIN", state(filter, body, 2, -1, statement_.options.engine));
  const std::string_view decided = any ? "{0} = 2 THEN TRUE WHEN {0} IN (1, 3) THEN NULL" : "{0} = 0 THEN FALSE WHEN {0} IN (-1, 1) THEN NULL";
  const std::string_view otherwise = any ? "FALSE" : "TRUE";
  const std::string complete = whole(node);
  std::string sql = "(CASE WHEN " + fmt::format(fmt::runtime(decided), found);
  if (complete == "TRUE") {
    sql += fmt::format(" ELSE {}", otherwise);
  } else if (complete != "FALSE") {
    sql += fmt::format(" WHEN {} THEN {}", complete, otherwise);
  }
  return sql + " END)";
}

/// The sum of what the rows yield, unknown where it does not fit; and whether there are none, for which it is unknown too.
std::pair<std::string, std::string> Scope::sum(const std::string& taken, Group& group) {
  const Engine engine = statement_.options.engine;
  if (engine != Engine::sqlite) {
    const std::string total = gathered(group, "SUM", taken);
    const std::string_view form =
        engine == Engine::duckdb ? "TRY_CAST({0} AS BIGINT)"
                                 : "CAST(CASE WHEN {0} BETWEEN -9223372036854775808 AND 9223372036854775807 THEN {0} END AS BIGINT)";
    return {fmt::format(fmt::runtime(form), total), total + " IS NULL"};
  }
  // SQLite's own sum ends the query when it overflows.
  return {gathered(group, "yihu_sum", taken), "COALESCE(" + gathered(group, "COUNT", taken) + ", 0) = 0"};
}

std::string Scope::number(const Node& node, Group& group) {
  const std::string filter = node.filter ? group.scope->render(*node.filter).sql : "";
  const std::string body = node.body ? group.scope->render(*node.body).sql : "";
  const auto choose = [&](const std::string& yes, const std::string& no) {
    return filter.empty() ? yes : fmt::format("CASE {} WHEN TRUE THEN {} WHEN FALSE THEN {} END", filter, yes, no);
  };
  // How many rows do not have it.
  const auto missing = [&](const std::string& operand) { return "(" + gathered(group, "COUNT", "*") + " - " + gathered(group, "COUNT", operand) + ")"; };
  std::string value;      // of the rows there are; NULL when there are none or it cannot be reckoned
  std::string none;       // true when there are none
  std::string empty = "NULL";
  std::string unclear;    // how many rows are unknown
  switch (node.gathering) {
    case Gathering::count:
    case Gathering::single: {
      const bool all = node.gathering == Gathering::count && filter.empty();
      const std::string taken = node.gathering == Gathering::count ? filter : choose(body, "FALSE");
      value = all ? gathered(group, "COUNT", "*") : "CAST(" + gathered(group, "SUM", number_of(taken, statement_.options.engine)) + " AS BIGINT)";
      if (!all) unclear = missing(taken);
      none = "COALESCE(" + value + ", 0) = 0";
      empty = "0";
      break;
    }
    case Gathering::sum: {
      std::tie(value, none) = sum(choose(body, "NULL"), group);
      empty = "0";
      unclear = missing(choose("CASE WHEN " + body + " IS NOT NULL THEN 1 END", "0"));
      break;
    }
    case Gathering::least:
    case Gathering::greatest:
      value = gathered(group, node.gathering == Gathering::least ? "MIN" : "MAX", choose(body, "NULL"));
      none = value + " IS NULL";
      unclear = missing(choose("CASE WHEN " + body + " IS NOT NULL THEN 1 END", "0"));
      break;
    case Gathering::any:
    case Gathering::every: break;
  }
  const std::string complete = whole(node);
  std::string sql = "(CASE";
  if (!unclear.empty()) sql += " WHEN " + unclear + " > 0 THEN NULL";
  if (node.gathering == Gathering::single) {
    // Two are too many, however many more there may be.
    sql += " WHEN " + value + " > 1 THEN FALSE";
    value = "(COALESCE(" + value + ", 0) = 1)";
    none = "FALSE";
  }
  if (node.row->relation->completeness == Completeness::never) {
    // Of a list that may have more rows, those that are there are what there is to go by.
    if (node.gathering != Gathering::single) sql += " WHEN NOT (" + none + ") THEN " + value;
  } else {
    const std::string condition = complete == "TRUE" ? "" : " AND " + complete;
    if (none != "FALSE") sql += " WHEN " + none + condition + " THEN " + empty;
    sql += complete == "TRUE" ? " ELSE " + value : " WHEN " + complete + " THEN " + value;
  }
  return sql + " END)";
}

}  // namespace yihu::rule

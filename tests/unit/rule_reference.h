#pragma once
// Random expressions over random rows, and a slow evaluator of them that shares nothing with the compiler: it walks what the
// generator made, row by row, and follows the sentences of docs/packs.md.

#include "rule_engines.h"

#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <set>

namespace yihu::rule {

/// The rows of one table, and what hangs on them.
struct Record {
  std::string table;
  std::map<std::string, Cell> cells;                             ///< by field; a missing one is unknown
  std::map<std::string, std::vector<const Record*>> many;        ///< by relation
  std::map<std::string, const Record*> one;                      ///< by relation; nullptr: nobody
  std::map<std::string, bool> whole;                             ///< by relation: whether its rows are all there are
};

/// Wide enough for what two 64-bit numbers make of each other.
__extension__ typedef __int128 Wide;

inline constexpr const char* today_text = "2019-04-30";

struct Term;
using TermPointer = std::shared_ptr<const Term>;

/// An expression as the generator thinks of it.
struct Term {
  std::string form;      ///< const, field, one (field of the row at the end of `relation`), today, or the name of what is done
  Kind kind = Kind::truth;
  Cell value = {};
  std::string variable = {};  ///< the row a field is of, or a relation starts at
  std::string relation = {};
  std::string bound = {};     ///< of a macro: its own variable
  std::string name = {};      ///< of a field
  std::vector<TermPointer> parts = {};  ///< of a macro: filter or nullptr, body or nullptr
};

inline std::string text_of(const Cell& cell, Kind kind) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    if (kind == Kind::truth) return *number != 0 ? "true" : "false";
    return fmt::format("({})", *number);
  }
  if (const auto* real = std::get_if<double>(&cell)) {
    std::string text = fmt::format("{}", *real);
    if (text.find_first_of(".e") == text.npos) text += ".0";
    return "(" + text + ")";
  }
  const std::string& text = std::get<std::string>(cell);
  if (kind == Kind::day) return "date(\"" + text + "\")";
  std::string escaped;
  for (const char c : text) escaped += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return "\"" + escaped + "\"";
}

inline std::string text_of(const Term& term) {
  const auto part = [&](std::size_t i) { return text_of(*term.parts[i]); };
  const std::string& form = term.form;
  if (form == "const") {
    // Amounts are written in yuan and the generator thinks in fen, of which it takes whole hundreds.
    if (term.kind == Kind::money) return fmt::format("yuan({})", std::get<std::int64_t>(term.value) / 100);
    return text_of(term.value, term.kind);
  }
  if (form == "today") return "today";
  if (form == "field") return term.name.empty() ? term.variable : term.variable + "." + term.name;
  if (form == "one") return term.variable + "." + term.relation + "." + term.name;
  if (form == "has") return "has(" + part(0) + ")";
  if (form == "!" || form == "-neg") return form.substr(0, 1) + "(" + part(0) + ")";
  if (form == "?:") return "(" + part(0) + " ? " + part(1) + " : " + part(2) + ")";
  if (form == "contains" || form == "startsWith" || form == "endsWith") return part(0) + "." + form + "(" + part(1) + ")";
  if (form == "in") {
    std::string list;
    for (std::size_t i = 1; i < term.parts.size(); ++i) list += (i == 1 ? "" : ", ") + part(i);
    return "(" + part(0) + " in [" + list + "])";
  }
  if (form.starts_with("list.")) {
    std::string list;
    for (std::size_t i = 1; i < term.parts.size(); ++i) list += (i == 1 ? "" : ", ") + part(i);
    return "[" + list + "]." + form.substr(5) + "(" + term.bound + ", " + part(0) + ")";
  }
  if (form == "exists" || form == "all" || form == "exists_one" || form == "size" || form == "sum" || form == "min" || form == "max" ||
      form == "in_rows") {
    std::string text = term.variable + "." + term.relation;
    if (term.parts[0]) text += ".filter(" + term.bound + ", " + part(0) + ")";
    if (form == "exists" || form == "all" || form == "exists_one") return text + "." + form + "(" + term.bound + ", " + part(1) + ")";
    if (form == "size") return text + ".size()";
    text += ".map(" + term.bound + ", " + part(1) + ")";
    return form == "in_rows" ? "(" + part(2) + " in " + text + ")" : text + "." + form + "()";
  }
  static const std::set<std::string> calls{"int", "double", "string", "abs", "year", "month", "day", "age", "days_between", "least", "greatest", "length"};
  if (calls.contains(form)) {
    const std::string name = form == "least" ? "min" : form == "greatest" ? "max" : form == "length" ? "size" : form;
    return name + "(" + part(0) + (term.parts.size() > 1 ? ", " + part(1) : "") + ")";
  }
  return "(" + part(0) + " " + form + " " + part(1) + ")";
}

// ---- the slow evaluator

class Reference {
 public:
  using Rows = std::map<std::string, const Record*>;
  /// Whether something was infinite or not a number on the way: there CEL itself goes on, and a rule does not.
  bool infinite = false;
  /// Whether a whole number that no real one can hold was compared with a real: CEL does so exactly, databases do not.
  bool rounded_whole = false;

  Cell value(const Term& term, Rows& rows, std::map<std::string, Cell>& variables) {
    const std::string& form = term.form;
    if (form == "const") return term.value;
    if (form == "today") return std::string(today_text);
    if (form == "field") {
      if (const auto variable = variables.find(term.variable); variable != variables.end()) return variable->second;
      return cell_of(rows.at(term.variable), term.name);
    }
    if (form == "one") return cell_of(rows.at(term.variable)->one.at(term.relation), term.name);
    if (form == "exists" || form == "all" || form == "exists_one" || form == "size" || form == "sum" || form == "min" || form == "max" ||
        form == "in_rows") {
      return gathered(term, rows, variables);
    }
    const auto part = [&](std::size_t i) { return value(*term.parts[i], rows, variables); };
    if (form == "&&" || form == "||") return logic(form == "||", {part(0), part(1)});
    if (form == "?:") {
      const Cell condition = part(0);
      return unknown(condition) ? Cell{} : truth(condition) ? part(1) : part(2);
    }
    if (form == "has") return Cell{std::int64_t{!unknown(part(0))}};
    if (form.starts_with("list.")) return listed(term, rows, variables);
    std::vector<Cell> values;
    for (std::size_t i = 0; i < term.parts.size(); ++i) values.push_back(part(i));
    for (const Cell& one : values) {
      if (unknown(one)) return {};
    }
    if (form == "in") return std::int64_t{std::any_of(values.begin() + 1, values.end(), [&](const Cell& one) { return compare(values[0], one) == 0; })};
    return done(term, values);
  }

 private:
  static bool unknown(const Cell& cell) { return std::holds_alternative<std::monostate>(cell); }
  static bool truth(const Cell& cell) { return std::get<std::int64_t>(cell) != 0; }
  static Cell cell_of(const Record* record, const std::string& name) {
    if (record == nullptr) return {};
    const auto found = record->cells.find(name);
    return found == record->cells.end() ? Cell{} : found->second;
  }

  /// `deciding` is the value that settles it: true for any, false for all.
  static Cell logic(bool deciding, const std::vector<Cell>& cells) {
    bool some_unknown = false;
    for (const Cell& cell : cells) {
      if (unknown(cell)) some_unknown = true;
      else if (truth(cell) == deciding) return std::int64_t{deciding};
    }
    if (some_unknown) return {};
    return std::int64_t{!deciding};
  }

  int compare(const Cell& a, const Cell& b) {
    const auto sign = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
    if (a.index() == b.index()) {
      if (const auto* number = std::get_if<std::int64_t>(&a)) return sign(*number, std::get<std::int64_t>(b));
      if (const auto* real = std::get_if<double>(&a)) return sign(*real, std::get<double>(b));
      return sign(std::get<std::string>(a), std::get<std::string>(b));
    }
    constexpr std::int64_t exact_max = 1LL << 53;
    const auto real = [this](const Cell& cell) {
      const auto* number = std::get_if<std::int64_t>(&cell);
      if (number != nullptr && (*number > exact_max || *number < -exact_max)) rounded_whole = true;
      return number != nullptr ? static_cast<double>(*number) : std::get<double>(cell);
    };
    return sign(real(a), real(b));
  }

  static Cell fitting(Wide number) {
    if (number < std::numeric_limits<std::int64_t>::min() || number > std::numeric_limits<std::int64_t>::max()) return {};
    return static_cast<std::int64_t>(number);
  }
  Cell finite(double real) {
    if (std::isfinite(real)) return real;
    infinite = true;
    return {};
  }
  static Cell rounded(const Cell& real) {
    constexpr double two_63 = 9223372036854775808.0;
    if (unknown(real) || std::get<double>(real) <= -two_63 || std::get<double>(real) >= two_63) return {};
    return static_cast<std::int64_t>(std::nearbyint(std::get<double>(real)));
  }
  static Cell evenly(Wide a, Wide b) {
    if (b == 0 || b == std::numeric_limits<std::int64_t>::min()) return {};
    Wide quotient = a / b;
    const Wide rest = a % b < 0 ? -(a % b) : a % b;
    const Wide size = b < 0 ? -b : b;
    if (rest * 2 > size || (rest * 2 == size && quotient % 2 != 0)) quotient += (a < 0) == (b < 0) ? 1 : -1;
    return fitting(quotient);
  }

  Cell done(const Term& term, const std::vector<Cell>& values) {
    const std::string& form = term.form;
    const Cell& a = values[0];
    if (form == "!") return std::int64_t{!truth(a)};
    if (form == "==") return std::int64_t{compare(a, values[1]) == 0};
    if (form == "!=") return std::int64_t{compare(a, values[1]) != 0};
    if (form == "<") return std::int64_t{compare(a, values[1]) < 0};
    if (form == "<=") return std::int64_t{compare(a, values[1]) <= 0};
    if (form == ">") return std::int64_t{compare(a, values[1]) > 0};
    if (form == ">=") return std::int64_t{compare(a, values[1]) >= 0};
    if (form == "least") return compare(a, values[1]) <= 0 ? a : values[1];
    if (form == "greatest") return compare(a, values[1]) >= 0 ? a : values[1];
    if (std::holds_alternative<std::string>(a)) return done_with_text(form, values);
    if (form == "string") return fmt::format("{}", std::get<std::int64_t>(a));
    if (form == "double") return static_cast<double>(std::get<std::int64_t>(a));
    if (const auto* real = std::get_if<double>(&a)) {
      if (form == "int") return std::abs(*real) < 9223372036854775808.0 ? Cell{static_cast<std::int64_t>(*real)} : Cell{};
      if (form == "abs") return std::abs(*real);
      if (form == "-neg") return -*real;
    }
    return arithmetic(term, values);
  }

  Cell arithmetic(const Term& term, const std::vector<Cell>& values) {
    const std::string& form = term.form;
    const auto* whole = std::get_if<std::int64_t>(&values[0]);
    if (form == "abs") return fitting(*whole < 0 ? -static_cast<Wide>(*whole) : *whole);
    if (form == "-neg") return fitting(-static_cast<Wide>(*whole));
    const auto* other = std::get_if<std::int64_t>(&values[1]);
    if (whole != nullptr && other != nullptr) {
      const Wide a = *whole;
      const Wide b = *other;
      const bool money = term.parts[0]->kind == Kind::money;
      if (form == "+") return fitting(a + b);
      if (form == "-") return fitting(a - b);
      if (form == "*") return fitting(a * b);
      if (form == "%") return b == 0 ? Cell{} : fitting(a % b);
      if (money && term.parts[1]->kind == Kind::money) return finite(static_cast<double>(*whole) / static_cast<double>(*other));
      if (money) return evenly(a, b);
      return b == 0 ? Cell{} : fitting(a / b);
    }
    const auto real = [](const Cell& cell) {
      const auto* number = std::get_if<std::int64_t>(&cell);
      return number != nullptr ? static_cast<double>(*number) : std::get<double>(cell);
    };
    const double a = real(values[0]);
    const double b = real(values[1]);
    const Cell result = finite(form == "+" ? a + b : form == "-" ? a - b : form == "*" ? a * b : a / b);
    return term.kind == Kind::money ? rounded(result) : result;
  }

  static Cell done_with_text(const std::string& form, const std::vector<Cell>& values) {
    const std::string& a = std::get<std::string>(values[0]);
    if (form == "length") return static_cast<std::int64_t>(base::count_code_points(a));
    if (form == "year") return std::int64_t{std::stoi(a.substr(0, 4))};
    if (form == "month") return std::int64_t{std::stoi(a.substr(5, 2))};
    if (form == "day") return std::int64_t{std::stoi(a.substr(8, 2))};
    const std::string& b = std::get<std::string>(values[1]);
    if (form == "+") return a + b;
    if (form == "contains") return std::int64_t{a.find(b) != a.npos};
    if (form == "startsWith") return std::int64_t{a.starts_with(b)};
    if (form == "endsWith") return std::int64_t{a.ends_with(b)};
    if (form == "days_between") return std::int64_t{base::days_between(*base::parse_date(a), *base::parse_date(b))};
    return std::int64_t{std::stoi(b.substr(0, 4)) - std::stoi(a.substr(0, 4)) - (b.substr(5) < a.substr(5) ? 1 : 0)};  // age
  }

  Cell listed(const Term& term, Rows& rows, std::map<std::string, Cell>& variables) {
    std::vector<Cell> items;
    for (std::size_t i = 1; i < term.parts.size(); ++i) items.push_back(value(*term.parts[i], rows, variables));
    if (std::any_of(items.begin(), items.end(), unknown)) return {};
    std::vector<Cell> tests;
    for (const Cell& item : items) {
      auto inner = variables;
      inner[term.bound] = item;
      tests.push_back(value(*term.parts[0], rows, inner));
    }
    if (term.form == "list.exists") return logic(true, tests);
    if (term.form == "list.all") return logic(false, tests);
    if (std::any_of(tests.begin(), tests.end(), unknown)) return {};
    return std::int64_t{std::count_if(tests.begin(), tests.end(), truth) == 1};
  }

  Cell gathered(const Term& term, Rows& rows, std::map<std::string, Cell>& variables) {
    const Record* start = rows.at(term.variable);
    std::vector<Cell> values;
    bool unclear = false;
    for (const Record* record : start->many.at(term.relation)) {
      Rows inner = rows;
      inner[term.bound] = record;
      if (term.parts[0]) {
        const Cell taken = value(*term.parts[0], inner, variables);
        if (unknown(taken)) unclear = true;
        else if (!truth(taken)) continue;
      }
      if (!unclear) values.push_back(term.parts[1] ? value(*term.parts[1], inner, variables) : Cell{std::int64_t{1}});
    }
    if (unclear) return {};
    const bool whole = start->whole.at(term.relation);
    const bool open = !whole && term.relation == "incomes";  // there may be more, whatever was delivered
    const std::string& form = term.form;
    const bool some_unknown = std::any_of(values.begin(), values.end(), unknown);
    if (form == "in_rows") {
      const Cell needle = value(*term.parts[2], rows, variables);
      if (unknown(needle) || some_unknown) return {};
      for (const Cell& one : values) {
        if (compare(needle, one) == 0) return std::int64_t{1};
      }
      return whole ? Cell{std::int64_t{0}} : Cell{};
    }
    if (form == "exists" || form == "all") {
      const Cell settled = logic(form == "exists", values);
      const bool decided = !unknown(settled) && truth(settled) == (form == "exists");
      return decided || whole ? settled : Cell{};
    }
    if (some_unknown) return {};
    if (form == "exists_one") {
      const auto count = std::count_if(values.begin(), values.end(), truth);
      return count > 1 || whole ? Cell{std::int64_t{count == 1}} : Cell{};
    }
    if (!whole && !(open && !values.empty())) return {};
    if (form == "size") return static_cast<std::int64_t>(values.size());
    return form == "sum" ? sum(values, term.kind) : extreme(values, form == "max");
  }

  Cell sum(const std::vector<Cell>& values, Kind kind) {
    Wide total = 0;
    for (const Cell& one : values) {
      const Cell whole = kind == Kind::real ? rounded(finite(std::get<double>(one) * 1e6)) : one;
      if (unknown(whole)) return {};
      total += std::get<std::int64_t>(whole);
    }
    const Cell fits = fitting(total);
    if (kind != Kind::real || unknown(fits)) return fits;
    return static_cast<double>(std::get<std::int64_t>(fits)) / 1e6;
  }

  Cell extreme(const std::vector<Cell>& values, bool greatest) {
    if (values.empty()) return {};
    Cell found = values.front();
    for (const Cell& one : values) {
      if (greatest ? compare(one, found) > 0 : compare(one, found) < 0) found = one;
    }
    return found;
  }
};

}  // namespace yihu::rule

#pragma once
// Makes up districts with missing cells, zeros, extremes and empty relations, and expressions about them.

#include "rule_reference.h"

namespace yihu::rule {

/// A field per kind in every table: the first letter of the kind.
inline const std::vector<std::pair<std::string, Kind>> made_up_fields{{"t", Kind::truth}, {"i", Kind::integer}, {"r", Kind::real},
                                                                      {"m", Kind::money}, {"x", Kind::text},    {"d", Kind::day}};

inline Schema made_up_schema() {
  Schema schema;
  const auto rows = [&](const std::string& name, const std::string& area, const std::string& period) -> Rows& {
    Rows& made = schema.rows[name];
    made = {.name = name, .table = "t_" + name, .area = area, .period = period, .subject = area == "village"};
    for (const auto& [field, kind] : made_up_fields) made.fields.push_back({field, kind, "c_" + field});
    return made;
  };
  rows("household", "village", "").relations = {
      {"members", "person", Cardinality::many, "id", "household"},
      {"incomes", "income", Cardinality::many, "id", "household", Completeness::never},
      {"water", "water", Cardinality::many, "id", "subject", Completeness::by_delivery, "water", Period::year, true}};
  rows("person", "village", "").relations = {
      {"home", "household", Cardinality::one, "household", "id"},
      {"checks", "checks", Cardinality::many, "id", "subject", Completeness::by_delivery, "checks", Period::quarter}};
  rows("income", "", "");
  rows("water", "", "period");
  rows("checks", "", "period");
  return schema;
}

/// Rows of the made-up schema, linked as the reference wants them and listed as the databases do.
class District {
 public:
  explicit District(std::mt19937& random) : random_(random) {
    for (int i = 0; i < 5; ++i) add_household(i);
    link_deliveries();
  }

  const std::vector<const Record*>& subjects(const std::string& table) const { return by_table_.at(table); }

  void fill(Database& database) const {
    const auto columns = [](Columns first) {
      for (const auto& [name, kind] : made_up_fields) first.emplace_back("c_" + name, kind);
      return first;
    };
    const auto table = [&](const std::string& name, const Columns& keys) {
      std::vector<Row> rows;
      for (const auto& record : records_) {
        if (record->table != name) continue;
        Row row;
        for (const auto& [column, kind] : columns(keys)) {
          const auto found = record->cells.find(column.starts_with("c_") ? column.substr(2) : column);
          row.push_back(found == record->cells.end() ? Cell{} : found->second);
        }
        rows.push_back(std::move(row));
      }
      database.fill("t_" + name, columns(keys), rows);
    };
    table("household", {{"id", Kind::text}, {"village", Kind::text}});
    table("person", {{"id", Kind::text}, {"village", Kind::text}, {"household", Kind::text}});
    table("income", {{"id", Kind::text}, {"household", Kind::text}});
    table("water", {{"id", Kind::text}, {"subject", Kind::text}, {"period", Kind::text}});
    table("checks", {{"id", Kind::text}, {"subject", Kind::text}, {"period", Kind::text}});
    database.fill("delivery", {{"ledger", Kind::text}, {"area", Kind::text}, {"period", Kind::text}}, deliveries_);
  }

  Cell cell(Kind kind) {
    switch (kind) {
      case Kind::truth: return std::int64_t{chance(2)};
      case Kind::integer: return integer();
      case Kind::money: return chance(3) ? integer() : Cell{std::int64_t{pick(2000) - 1000} * 50};
      case Kind::real: return real();
      case Kind::text: return texts[static_cast<std::size_t>(pick(static_cast<int>(texts.size())))];
      case Kind::day: return days[static_cast<std::size_t>(pick(static_cast<int>(days.size())))];
    }
    return {};
  }
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  bool chance(int of) { return pick(of) == 0; }

 private:
  static inline const std::vector<std::string> texts{"", "a", "ab", "Z", "中", "中a", "😀", "a'b", "a\"b", "\\", ":today", "$1", "%_", "-- x"};
  static inline const std::vector<std::string> days{"2000-02-29", "2019-04-30", "2019-02-28", "1900-01-01", "2019-05-01", "2100-12-31"};

  Cell integer() {
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    constexpr auto greatest = std::numeric_limits<std::int64_t>::max();
    static const std::vector<std::int64_t> special{0, 0, 1, -1, 2, 3, 7, 100, 3037000500, greatest, least, greatest - 1, least + 1, 1LL << 53, -(1LL << 32)};
    return chance(2) ? Cell{special[static_cast<std::size_t>(pick(static_cast<int>(special.size())))]} : Cell{std::int64_t{pick(40) - 20}};
  }
  Cell real() {
    static const std::vector<double> special{0.0, 0.5, -1.5, 2.5, 0.1, 1e308, -1.7e308, 5e-324, 1e-200, -3e200, 9223372036854775808.0, 1e15 + 0.3};
    return chance(2) ? Cell{special[static_cast<std::size_t>(pick(static_cast<int>(special.size())))]} : Cell{(pick(4000) - 2000) / 64.0};
  }

  Record& add(const std::string& table) {
    records_.push_back(std::make_unique<Record>());
    Record& record = *records_.back();
    record.table = table;
    record.cells["id"] = fmt::format("{}-{}", table, records_.size());
    for (const auto& [name, kind] : made_up_fields) {
      if (!chance(6)) record.cells[name] = cell(kind);
    }
    by_table_[table].push_back(&record);
    return record;
  }

  void add_household(int number) {
    Record& household = add("household");
    // Two towns of one district; one household whose village nobody knows.
    if (number != 4) household.cells["village"] = fmt::format("46010810{}20{}", number % 2, number);
    for (const char* relation : {"members", "incomes", "water"}) household.many[relation];
    for (int i = pick(4); i > 0; --i) add_person(household);
    for (int i = pick(3); i > 0; --i) {
      Record& income = add("income");
      income.cells["household"] = household.cells["id"];
      household.many["incomes"].push_back(&income);
    }
    household.one["water"] = nullptr;
    for (const char* year : {"2018", "2019"}) {
      if (chance(2)) continue;
      Record& water = add("water");
      water.cells["subject"] = household.cells["id"];
      water.cells["period"] = std::string(year);
      household.many["water"].push_back(&water);
      if (year == std::string("2019")) household.one["water"] = &water;
    }
  }

  void add_person(Record& household) {
    Record& person = add("person");
    person.cells["household"] = household.cells["id"];
    if (household.cells.contains("village")) person.cells["village"] = household.cells["village"];
    person.one["home"] = &household;
    person.many["checks"];
    household.many["members"].push_back(&person);
    for (int i = pick(3); i > 0; --i) {
      Record& check = add("checks");
      check.cells["subject"] = person.cells["id"];
      check.cells["period"] = std::string(chance(2) ? "2019-Q2" : "2019-Q1");
      person.many["checks"].push_back(&check);
    }
  }

  void link_deliveries() {
    for (const char* ledger : {"water", "checks"}) {
      for (const char* area : {"460108100200", "460108101201", "460108100", "460108"}) {
        if (!chance(4)) continue;
        const bool now = !chance(3);
        const bool yearly = ledger == std::string("water");
        deliveries_.push_back({std::string(ledger), std::string(area), std::string(yearly ? (now ? "2019" : "2018") : (now ? "2019-Q2" : "2019-Q1"))});
      }
    }
    for (const auto& record : records_) {
      record->whole = {{"members", true}, {"incomes", false}, {"water", delivered(*record, "water", "2019")}, {"checks", delivered(*record, "checks", "2019-Q2")}};
    }
  }

  bool delivered(const Record& record, const std::string& ledger, const std::string& period) const {
    const auto village = record.cells.find("village");
    if (village == record.cells.end()) return false;
    const auto& code = std::get<std::string>(village->second);
    return std::any_of(deliveries_.begin(), deliveries_.end(), [&](const Row& row) {
      const auto& area = std::get<std::string>(row[1]);
      return std::get<std::string>(row[0]) == ledger && std::get<std::string>(row[2]) == period && code.starts_with(area);
    });
  }

  std::mt19937& random_;
  std::vector<std::unique_ptr<Record>> records_;
  std::map<std::string, std::vector<const Record*>> by_table_{{"household", {}}, {"person", {}}};
  std::vector<Row> deliveries_;
};

/// Makes up expressions of a kind. Plain ones are those that CEL itself has: no money, no days, no sums, no ledgers.
class Generator {
 public:
  Generator(District& district, bool plain) : district_(district), plain_(plain) {}

  struct Seen {
    std::string name;
    std::string table;
  };

  TermPointer term(Kind kind, int depth, const std::vector<Seen>& seen) {
    if (depth <= 0 || pick(8) == 0) return leaf(kind, seen);
    switch (kind) {
      case Kind::truth: return truth(depth, seen);
      case Kind::integer: return integer(depth, seen);
      case Kind::real: return real(depth, seen);
      case Kind::money: return money(depth, seen);
      case Kind::text: return text(depth, seen);
      case Kind::day: break;
    }
    return pick(4) == 0 ? leaf(kind, {}) : pick(3) == 0 ? made("?:", kind, {term(Kind::truth, depth - 1, seen), leaf(kind, seen), leaf(kind, seen)}) : leaf(kind, seen);
  }

  Kind any_kind() {
    static const std::vector<Kind> plain{Kind::truth, Kind::integer, Kind::real, Kind::text};
    static const std::vector<Kind> all{Kind::truth, Kind::integer, Kind::real, Kind::text, Kind::money, Kind::day};
    const auto& kinds = plain_ ? plain : all;
    return kinds[static_cast<std::size_t>(pick(static_cast<int>(kinds.size())))];
  }

 private:
  int pick(int below) { return district_.pick(below); }
  static TermPointer made(std::string form, Kind kind, std::vector<TermPointer> parts) {
    return std::make_shared<const Term>(Term{.form = std::move(form), .kind = kind, .parts = std::move(parts)});
  }
  std::string one_of(const std::vector<std::string>& words) { return words[static_cast<std::size_t>(pick(static_cast<int>(words.size())))]; }

  TermPointer constant(Kind kind) {
    Cell value = district_.cell(kind);
    if (kind == Kind::money) value = std::int64_t{pick(200) - 100} * 100;
    return std::make_shared<const Term>(Term{.form = "const", .kind = kind, .value = value});
  }

  TermPointer leaf(Kind kind, const std::vector<Seen>& seen) {
    if (seen.empty() || pick(4) == 0) {
      if (kind == Kind::day && pick(2) == 0) return made("today", kind, {});
      return constant(kind);
    }
    const Seen& row = seen[static_cast<std::size_t>(pick(static_cast<int>(seen.size())))];
    std::string field;
    for (const auto& [name, of] : made_up_fields) {
      if (of == kind) field = name;
    }
    const bool home = row.table == "person" && pick(3) == 0;
    const bool water = row.table == "household" && pick(3) == 0;
    if (!plain_ && (home || water)) {
      return std::make_shared<const Term>(Term{.form = "one", .kind = kind, .variable = row.name, .relation = home ? "home" : "water", .name = field});
    }
    return std::make_shared<const Term>(Term{.form = "field", .kind = kind, .variable = row.name, .name = field});
  }

  TermPointer compared(int depth, const std::vector<Seen>& seen) {
    const Kind kind = any_kind();
    TermPointer left = term(kind, depth - 1, seen);
    const Kind other = kind == Kind::integer && pick(4) == 0 ? Kind::real : kind == Kind::real && pick(4) == 0 ? Kind::integer : kind;
    return made(one_of({"==", "!=", "<", "<=", ">", ">="}), Kind::truth, {std::move(left), term(other, depth - 1, seen)});
  }

  TermPointer truth(int depth, const std::vector<Seen>& seen) {
    const auto below = [&](Kind kind) { return term(kind, depth - 1, seen); };
    switch (pick(plain_ ? 11 : 13)) {
      case 0: return made("!", Kind::truth, {below(Kind::truth)});
      case 1: return made("?:", Kind::truth, {below(Kind::truth), below(Kind::truth), below(Kind::truth)});
      case 2:
      case 3: return made(pick(2) == 0 ? "&&" : "||", Kind::truth, {below(Kind::truth), below(Kind::truth)});
      case 4: return made(one_of({"contains", "startsWith", "endsWith"}), Kind::truth, {below(Kind::text), below(Kind::text)});
      case 5: return listed(depth, seen);
      case 6: {
        const Kind kind = any_kind();
        std::vector<TermPointer> parts{below(kind)};
        for (int i = pick(3); i >= 0; --i) parts.push_back(pick(3) == 0 ? leaf(kind, seen) : constant(kind));
        return made("in", Kind::truth, std::move(parts));
      }
      case 7:
      case 8: return gathered(one_of({"exists", "all", "exists_one"}), Kind::truth, depth, seen);
      case 9: {
        TermPointer field = leaf(any_kind(), seen);
        return field->form == "field" || field->form == "one" ? made("has", Kind::truth, {std::move(field)}) : compared(depth, seen);
      }
      case 11: return gathered("in_rows", Kind::truth, depth, seen);
      default: return compared(depth, seen);
    }
  }

  TermPointer integer(int depth, const std::vector<Seen>& seen) {
    const auto below = [&](Kind kind) { return term(kind, depth - 1, seen); };
    switch (pick(plain_ ? 8 : 14)) {
      case 0: {
        TermPointer operand = below(Kind::integer);
        // The other evaluator drops two minus signs that follow each other, though the first may overflow.
        return operand->form == "-neg" ? operand : made("-neg", Kind::integer, {std::move(operand)});
      }
      case 1: return made("int", Kind::integer, {below(Kind::real)});
      case 2: return made("length", Kind::integer, {below(Kind::text)});
      case 3: return made("?:", Kind::integer, {below(Kind::truth), below(Kind::integer), below(Kind::integer)});
      case 4: return gathered("size", Kind::integer, depth, seen);
      case 8: return gathered(one_of({"sum", "min", "max"}), Kind::integer, depth, seen);
      case 9: return made(one_of({"year", "month", "day"}), Kind::integer, {below(Kind::day)});
      case 10: return made(one_of({"age", "days_between"}), Kind::integer, {below(Kind::day), below(Kind::day)});
      case 11: return made("abs", Kind::integer, {below(Kind::integer)});
      case 12: return made(one_of({"least", "greatest"}), Kind::integer, {below(Kind::integer), below(Kind::integer)});
      default: return made(one_of({"+", "-", "*", "/", "%"}), Kind::integer, {below(Kind::integer), below(Kind::integer)});
    }
  }

  TermPointer real(int depth, const std::vector<Seen>& seen) {
    const auto below = [&](Kind kind) { return term(kind, depth - 1, seen); };
    switch (pick(plain_ ? 4 : 8)) {
      case 0: return made("double", Kind::real, {below(Kind::integer)});
      case 1: return made("-neg", Kind::real, {below(Kind::real)});
      case 4: return gathered(one_of({"sum", "min", "max"}), Kind::real, depth, seen);
      case 5: return made("/", Kind::real, {below(Kind::money), below(Kind::money)});
      case 6: return made(one_of({"least", "greatest"}), Kind::real, {below(Kind::real), below(Kind::real)});
      default: return made(one_of({"+", "-", "*", "/"}), Kind::real, {below(Kind::real), below(Kind::real)});
    }
  }

  TermPointer money(int depth, const std::vector<Seen>& seen) {
    const auto below = [&](Kind kind) { return term(kind, depth - 1, seen); };
    switch (pick(5)) {
      case 0: return made(pick(2) == 0 ? "+" : "-", Kind::money, {below(Kind::money), below(Kind::money)});
      case 1: return made("/", Kind::money, {below(Kind::money), below(Kind::integer)});
      case 2: return made(pick(2) == 0 ? "*" : "/", Kind::money, {below(Kind::money), below(Kind::real)});
      case 3: return gathered(one_of({"sum", "min", "max"}), Kind::money, depth, seen);
      default: return made("*", Kind::money, {below(Kind::integer), below(Kind::money)});
    }
  }

  TermPointer text(int depth, const std::vector<Seen>& seen) {
    const auto below = [&](Kind kind) { return term(kind, depth - 1, seen); };
    if (pick(3) == 0) return made("string", Kind::text, {below(Kind::integer)});
    if (pick(2) == 0) return made("?:", Kind::text, {below(Kind::truth), below(Kind::text), below(Kind::text)});
    return made("+", Kind::text, {below(Kind::text), below(Kind::text)});
  }

  TermPointer listed(int depth, const std::vector<Seen>& seen) {
    const std::string bound = "e" + std::to_string(++names_);
    std::vector<TermPointer> parts{made(one_of({"<", "==", ">="}), Kind::truth,
                                        {std::make_shared<const Term>(Term{.form = "field", .kind = Kind::integer, .variable = bound}), term(Kind::integer, depth - 2, seen)})};
    for (int i = pick(4); i > 0; --i) parts.push_back(term(Kind::integer, depth - 2, seen));
    return std::make_shared<const Term>(Term{.form = one_of({"list.exists", "list.all", "list.exists_one"}), .kind = Kind::truth, .bound = bound, .parts = std::move(parts)});
  }

  /// Over the rows of a relation of the innermost row, which settles all others.
  TermPointer gathered(const std::string& form, Kind kind, int depth, const std::vector<Seen>& seen) {
    if (seen.empty()) return leaf(kind, seen);
    const Seen& start = seen.back();
    const std::vector<std::string> relations = start.table == "household" ? (plain_ ? std::vector<std::string>{"members"} : std::vector<std::string>{"members", "incomes", "water"})
                                               : start.table == "person" && !plain_ ? std::vector<std::string>{"checks"} : std::vector<std::string>{};
    if (relations.empty()) return leaf(kind, seen);
    const std::string relation = one_of(relations);
    std::vector<Seen> inner = seen;
    inner.push_back({"v" + std::to_string(++names_), relation == "members" ? "person" : relation == "incomes" ? "income" : relation});
    const bool tests = form == "exists" || form == "all" || form == "exists_one";
    const Kind of = form == "in_rows" ? any_kind() : kind;
    TermPointer filter = pick(2) == 0 ? term(Kind::truth, depth - 2, inner) : nullptr;
    TermPointer body = form == "size" ? nullptr : term(tests ? Kind::truth : of, depth - 1, inner);
    std::vector<TermPointer> parts{std::move(filter), std::move(body)};
    if (form == "in_rows") parts.push_back(term(of, depth - 2, seen));
    return std::make_shared<const Term>(Term{.form = form, .kind = kind, .variable = start.name, .relation = relation, .bound = inner.back().name, .parts = std::move(parts)});
  }

  District& district_;
  bool plain_;
  int names_ = 0;
};

}  // namespace yihu::rule

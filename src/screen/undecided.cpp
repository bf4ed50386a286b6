#include "screen/undecided.h"

#include "pack/rule_schema.h"
#include "registry/fields.h"
#include "rule/node.h"
#include "screen/cell_source.h"
#include "screen/evaluation.h"
#include "screen/sight.h"

#include <algorithm>

namespace yihu::screen {
namespace {

constexpr std::size_t missing_max = 6;

constexpr store::Sql villages_sql =
    "SELECT c.village, v.name, v.name_en, t.name, t.name_en FROM rule_count c LEFT JOIN area v ON v.code = c.village LEFT JOIN area t ON t.code = v.town"
    " WHERE c.rule = :rule AND c.outcome = 'unknown' AND c.subjects > 0 AND c.village >= :low AND c.village < :high AND c.village >= :after ORDER BY c.village";
constexpr store::Sql households_sql =
    "SELECT h.id, h.id, h.code, h.head_name FROM household h WHERE h.village = :village AND h.ended_on IS NULL AND h.id > :after"
    " AND (:helper = '' OR h.helper_account = :helper) ORDER BY h.id LIMIT :limit";
constexpr store::Sql people_sql =
    "SELECT p.id, h.id, h.code, p.name FROM household h JOIN person p ON p.household = h.id WHERE h.village = :village AND h.ended_on IS NULL"
    " AND p.present = 1 AND p.id > :after AND (:helper = '' OR h.helper_account = :helper) ORDER BY p.id LIMIT :limit";
constexpr store::Sql village_sql =
    "SELECT code, '', '', name FROM area WHERE code = :village AND code > :after AND level = 'village' AND :helper = '' LIMIT :limit";

store::Sql subjects_of(pack::Subject kind) {
  return kind == pack::Subject::household ? households_sql : kind == pack::Subject::person ? people_sql : village_sql;
}

/// A condition taken apart, and the statements that ask for its parts.
struct Condition {
  std::vector<rule::Part> parts;
  std::vector<Statement> statements;
};

class Missing {
 public:
  Missing(store::Session& session, const RuleBook& book, base::Date today) : session_(session), book_(book), today_(today) {}

  static base::Result<Condition> taken_apart(const RuleBook& book, const rule::Expression& expression) {
    Condition out{rule::parts_of(expression), {}};
    std::vector<rule::Expression> expressions;
    for (const rule::Part& part : out.parts) expressions.push_back(part.expression);
    out.statements = TRY(book.one_subject(expressions));
    return out;
  }

  /// The innermost parts that are unknown say what is missing. @returns nothing when the condition is decided
  base::Result<std::vector<MissingCell>> of(const Condition& condition, std::string_view subject, const std::string& village) {
    out_.clear();
    const auto cells = TRY(values_of(session_, condition.statements, condition.parts.size(), subject, today_));
    if (cells.empty()) return out_;
    for (std::size_t at = 0; at < condition.parts.size(); ++at) {
      if (at == 0 || !unknown(cells[at])) continue;
      const rule::Part& part = condition.parts[at];
      const rule::Node& node = part.expression.node();
      bool inner = false;
      for (std::size_t below = at + 1; below < condition.parts.size() && condition.parts[below].depth > part.depth; ++below) {
        inner = inner || unknown(cells[below]);
      }
      if (node.form == rule::NodeForm::gathering || !inner) TRY(add(part.expression, village));
    }
    if (out_.empty() && unknown(cells.front())) TRY(add(condition.parts.front().expression, village));
    if (out_.size() > missing_max) out_.resize(missing_max);
    return out_;
  }

 private:
  static bool unknown(const store::Cell& cell) { return std::holds_alternative<std::monostate>(cell); }

  base::Done add(const rule::Expression& expression, const std::string& village) {
    bool of_ledger = false;
    for (const std::string& id : expression.reads().ledgers) {
      const pack::Ledger* ledger = book_.pack().ledger(id);
      if (ledger == nullptr || TRY(delivered(session_, *ledger, village, today_))) continue;
      put({ledger->id, ledger->label, "", {}, false});
      of_ledger = true;
    }
    if (of_ledger) return {};
    for (const rule::Column& column : expression.reads().columns) put_column(column);
    return {};
  }

  void put_column(const rule::Column& column) {
    const auto field_of = [&](std::span<const registry::Field> fields, base::Text label) {
      const registry::Field* field = registry::find_field(fields, column.column);
      if (field != nullptr && column.column != "household" && column.column != "village" && column.column != "present") {
        put({column.table, std::move(label), column.column, field->label(), true});
      }
    };
    if (column.table == "household") return field_of(registry::household_fields, base::text("农户", "Household"));
    if (column.table == "person") return field_of(registry::person_fields, base::text("人员", "Person"));
    if (column.table == "income") return field_of(registry::income_fields, base::text("收入", "Income"));
    for (const pack::Ledger& ledger : book_.pack().ledgers) {
      if (pack::table_of(ledger) != column.table) continue;
      if (const pack::Column* known = ledger.column(column.column)) put({ledger.id, ledger.label, known->id, known->label, true});
    }
  }

  void put(MissingCell cell) {
    const bool known = std::ranges::any_of(out_, [&](const MissingCell& one) { return one.table == cell.table && one.column == cell.column; });
    if (!known) out_.push_back(std::move(cell));
  }

  store::Session& session_;
  const RuleBook& book_;
  base::Date today_;
  std::vector<MissingCell> out_;
};

/// Goes through the villages, subject by subject.
class Walk {
 public:
  Walk(store::Session& session, const RuleBook& book, std::size_t rule, const UndecidedFilter& filter, base::Date today)
      : session_(session), book_(book), rule_(rule), filter_(filter), today_(today), missing_(session, book, today) {}

  base::Done prepare() {
    const CompiledRule& rule = book_.at(rule_);
    for (const auto* part : {&rule.first, &rule.second}) {
      if (*part) conditions_.push_back(TRY(Missing::taken_apart(book_, **part)));
    }
    return {};
  }

  /// @returns whether there is room for more
  base::Result<bool> village(const store::Row& village, const std::string& helper) {
    const pack::Subject kind = book_.at(rule_).rule->subject;
    const std::string code = village.text(0);
    const std::string after = code == filter_.after_village ? filter_.after : "";
    const auto rows = TRY(session_.query(subjects_of(kind), {{"village", code}, {"after", after}, {"helper", helper}, {"limit", undecided_looked_at - looked_}}));
    for (const store::Row& row : rows) {
      if (static_cast<int>(out_.lines.size()) == filter_.limit) return stopped();
      ++looked_;
      last_ = {code, row.text(0)};
      TRY(look(kind, row, village));
    }
    return looked_ < undecided_looked_at ? base::Result<bool>(true) : stopped();
  }

  Undecided take() { return std::move(out_); }

 private:
  bool stopped() {
    out_.next = last_;
    return false;
  }

  base::Done look(pack::Subject kind, const store::Row& row, const store::Row& village) {
    const auto verdicts = TRY(evaluate(session_, book_, {kind, {rule_}}, row.text(0), today_));
    if (verdicts.empty() || verdicts.front().outcome != Outcome::unknown) return {};
    UndecidedLine line{std::string(pack::name_of(kind)), row.text(0), row.text(1), row.text(3), row.text(2), village.text(0),
                       {village.text(1), village.text(2)}, {village.text(3), village.text(4)}, {}};
    for (const Condition& condition : conditions_) {
      line.missing = TRY(missing_.of(condition, row.text(0), village.text(0)));
      // Whom a rule is about comes first; what it asks of him only matters then.
      if (!line.missing.empty()) break;
    }
    out_.lines.push_back(std::move(line));
    return {};
  }

  store::Session& session_;
  const RuleBook& book_;
  const std::size_t rule_;
  const UndecidedFilter& filter_;
  const base::Date today_;
  Missing missing_;
  std::vector<Condition> conditions_;
  Undecided out_;
  std::pair<std::string, std::string> last_;
  int looked_ = 0;
};

}  // namespace

base::Result<Undecided> undecided(store::Session& session, const RuleBook& book, const access::Viewer& viewer, const UndecidedFilter& filter,
                                  base::Date today) {
  const auto rule = book.position(filter.rule);
  if (!rule) return base::fail(base::ErrorKind::not_found, "rule_unknown", base::text("没有规则“{}”。", "There is no rule \"{}\".", filter.rule));
  Walk walk(session, book, *rule, filter, today);
  TRY(walk.prepare());
  const Sight sight = sight_of(viewer, filter.area);
  for (const registry::Stretch& stretch : sight.stretches) {
    const auto villages = TRY(session.query(villages_sql, {{"rule", filter.rule}, {"low", stretch.low}, {"high", stretch.high}, {"after", filter.after_village}}));
    for (const store::Row& village : villages) {
      if (!TRY(walk.village(village, sight.helper))) return walk.take();
    }
  }
  return walk.take();
}

}  // namespace yihu::screen

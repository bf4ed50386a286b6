#include "screen/finding.h"

#include "base/id.h"
#include "screen/wording.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace yihu::screen {
namespace {

namespace json = boost::json;

constexpr store::Sql of_subject =
    "SELECT id, rule, period, state, outcome, level, household, village, version FROM finding WHERE subject = :subject";
constexpr store::Sql insert_finding =
    "INSERT INTO finding (id, rule, subject_kind, subject, household, village, period, state, outcome, level, rule_version,"
    " content, opened_on, opened_at, version) VALUES (:id, :rule, :kind, :subject, :household, :village, :period, :state,"
    " :outcome, :level, :rule_version, :content, :today, :now, 1)";
constexpr store::Sql reopen_finding =
    "UPDATE finding SET state = :state, outcome = :outcome, level = :level, rule_version = :rule_version, content = :content,"
    " opened_on = :today, opened_at = :now, closed_on = NULL, closed_at = NULL, closed_because = NULL, household = :household,"
    " village = :village, version = version + 1 WHERE id = :id";
constexpr store::Sql change_finding =
    "UPDATE finding SET state = :state, outcome = :outcome, level = :level, household = :household, village = :village,"
    " version = version + 1 WHERE id = :id";
constexpr store::Sql move_finding = "UPDATE finding SET household = :household, village = :village WHERE id = :id";
constexpr store::Sql close_finding =
    "UPDATE finding SET state = 'closed', closed_on = :today, closed_at = :now, closed_because = :because,"
    " version = version + 1 WHERE id = :id";
constexpr store::Sql open_of_subject =
    "SELECT id, rule, period, state, outcome, subject FROM finding WHERE subject = :subject AND state <> 'closed'";
constexpr store::Sql open_of_rule =
    "SELECT id, rule, period, state, outcome, subject FROM finding WHERE rule = :rule AND state <> 'closed' ORDER BY id LIMIT :limit";

std::string_view name_of(ClosedBecause because) {
  return boost::describe::enum_to_string(because, "");
}

/// A finding as it is stored.
struct Stored {
  std::string id;
  std::string period;
  std::string state;
  std::string outcome;
  std::string level;
  bool moved = false;  ///< the subject stands elsewhere than when it was found
};

class Settling {
 public:
  Settling(store::Transaction& transaction, const RuleBook& book, const SubjectRow& subject, base::Date today)
      : transaction_(transaction), book_(book), subject_(subject), today_(today) {}

  base::Result<FindingChanges> settle(std::span<const Verdict> verdicts) {
    std::multimap<std::string, Stored> stored;
    for (const store::Row& row : TRY(transaction_.query(of_subject, {{"subject", subject_.id}}))) {
      stored.emplace(row.text(1), Stored{row.text(0), row.text(2), row.text(3), row.text(4), row.text(5),
                                         row.text(6) != subject_.household || row.text(7) != subject_.village});
    }
    for (const Verdict& verdict : verdicts) {
      const std::string period = period_on(book_.at(verdict.rule).period, today_);
      const Stored* current = nullptr;
      const auto [begin, end] = stored.equal_range(book_.at(verdict.rule).id());
      for (auto at = begin; at != end; ++at) {
        if (at->second.period == period) current = &at->second;
        else if (at->second.state != "closed") TRY(close(at->second, verdict, ClosedBecause::period));
      }
      TRY(settle_one(verdict, period, current));
    }
    return changes_;
  }

 private:
  base::Done settle_one(const Verdict& verdict, const std::string& period, const Stored* current) {
    const bool found = is_finding(verdict.outcome);
    if (current == nullptr) return found ? open(verdict, period) : base::Done{};
    const bool closed = current->state == "closed";
    if (found && closed) return reopen(verdict, *current);
    if (found) {
      if (current->state == "open" && current->outcome == screen::name_of(verdict.outcome) && current->level == verdict.level) {
        return follow(*current);
      }
      return change(verdict, *current, "open");
    }
    if (closed) return {};
    if (verdict.outcome != Outcome::unknown) return close(*current, verdict, ClosedBecause::data);
    return current->state == "unknown" ? follow(*current) : change(verdict, *current, "unknown");
  }

  /// What it said when it was found: values of the sentence's placeholders, never names.
  base::Result<std::string> content(const CompiledRule& rule) {
    const Wording& wording = rule.wording;
    json::object values;
    if (!wording.expressions.empty()) {
      const auto cells = TRY(values_of(transaction_, wording.statements, wording.expressions.size(), subject_.id, today_));
      for (std::size_t at = 0; at < cells.size(); ++at) {
        if (is_name(wording.names[at])) continue;
        const rule::Expression& expression = wording.expressions[at];
        const base::Text words = words_of(cells[at], expression.kind(), expression.codes(), book_.pack());
        values[wording.names[at]] = json::object{{"zh", words.zh}, {"en", words.en}};
      }
    }
    return json::serialize(values);
  }

  base::Done open(const Verdict& verdict, const std::string& period) {
    const CompiledRule& rule = book_.at(verdict.rule);
    const std::string id = base::new_uuid();
    TRY(transaction_.execute(insert_finding, {{"id", id}, {"rule", rule.id()}, {"kind", pack::name_of(subject_.kind)},
                                              {"subject", subject_.id}, {"household", subject_.household},
                                              {"village", subject_.village}, {"period", period}, {"state", "open"},
                                              {"outcome", screen::name_of(verdict.outcome)}, {"level", verdict.level},
                                              {"rule_version", rule.version}, {"content", TRY(content(rule))},
                                              {"today", today_}, {"now", transaction_.now()}}));
    ++changes_.opened;
    return journal("finding.opened", id, period, "", verdict);
  }

  base::Done reopen(const Verdict& verdict, const Stored& current) {
    const CompiledRule& rule = book_.at(verdict.rule);
    TRY(transaction_.execute(reopen_finding, {{"id", current.id}, {"state", "open"}, {"outcome", screen::name_of(verdict.outcome)},
                                              {"level", verdict.level}, {"rule_version", rule.version},
                                              {"content", TRY(content(rule))}, {"today", today_}, {"now", transaction_.now()},
                                              {"household", subject_.household}, {"village", subject_.village}}));
    ++changes_.opened;
    return journal("finding.opened", current.id, current.period, current.state, verdict);
  }

  base::Done change(const Verdict& verdict, const Stored& current, std::string_view state) {
    // Of one that went unknown the outcome stays what it was last known to be.
    const std::string outcome = state == "open" ? std::string(screen::name_of(verdict.outcome)) : current.outcome;
    const std::string level = state == "open" ? verdict.level : current.level;
    TRY(transaction_.execute(change_finding, {{"id", current.id}, {"state", state}, {"outcome", outcome}, {"level", level},
                                              {"household", subject_.household}, {"village", subject_.village}}));
    ++(state == "open" ? changes_.opened : changes_.unknown);
    return journal(state == "open" ? "finding.opened" : "finding.unknown", current.id, current.period, current.state, verdict);
  }

  base::Done follow(const Stored& current) {
    if (!current.moved) return {};
    TRY(transaction_.execute(move_finding, {{"id", current.id}, {"household", subject_.household}, {"village", subject_.village}}));
    return {};
  }

  base::Done close(const Stored& current, const Verdict& verdict, ClosedBecause because) {
    TRY(transaction_.execute(close_finding, {{"id", current.id}, {"today", today_}, {"now", transaction_.now()},
                                             {"because", name_of(because)}}));
    ++changes_.closed;
    return journal("finding.closed", current.id, current.period, current.state, verdict, because);
  }

  base::Done journal(const char* action, const std::string& id, const std::string& period, const std::string& state,
                     const Verdict& verdict, std::optional<ClosedBecause> because = {}) {
    const CompiledRule& rule = book_.at(verdict.rule);
    json::object after{{"rule", rule.id()}, {"rule_version", rule.version}, {"kind", pack::name_of(subject_.kind)},
                       {"subject", subject_.id}, {"household", subject_.household}, {"village", subject_.village},
                       {"period", period}, {"outcome", screen::name_of(verdict.outcome)}};
    if (because) after["because"] = name_of(*because);
    return transaction_.journal({action, "finding", id, state.empty() ? "" : json::serialize(json::object{{"state", state}}),
                                 json::serialize(after)});
  }

  store::Transaction& transaction_;
  const RuleBook& book_;
  const SubjectRow& subject_;
  base::Date today_;
  FindingChanges changes_;
};

base::Result<int> close_rows(store::Transaction& transaction, const std::vector<store::Row>& rows, ClosedBecause because,
                             base::Date today) {
  for (const store::Row& row : rows) {
    TRY(transaction.execute(close_finding, {{"id", row.text(0)}, {"today", today}, {"now", transaction.now()},
                                            {"because", name_of(because)}}));
    TRY(transaction.journal({"finding.closed", "finding", row.text(0), json::serialize(json::object{{"state", row.text(3)}}),
                             json::serialize(json::object{{"rule", row.text(1)}, {"subject", row.text(5)}, {"period", row.text(2)},
                                                          {"because", name_of(because)}})}));
  }
  return static_cast<int>(rows.size());
}

}  // namespace

std::string_view name_of(FindingState state) { return boost::describe::enum_to_string(state, ""); }

void FindingChanges::add(const FindingChanges& other) {
  opened += other.opened;
  closed += other.closed;
  unknown += other.unknown;
}

base::Result<FindingChanges> settle_findings(store::Transaction& transaction, const RuleBook& book, const SubjectRow& subject,
                                             std::span<const Verdict> verdicts, base::Date today) {
  return Settling(transaction, book, subject, today).settle(verdicts);
}

base::Result<FindingChanges> close_subject(store::Transaction& transaction, std::string_view subject, base::Date today) {
  FindingChanges changes;
  const auto rows = TRY(transaction.query(open_of_subject, {{"subject", subject}}));
  changes.closed = TRY(close_rows(transaction, rows, ClosedBecause::subject, today));
  return changes;
}

base::Result<int> close_rule(store::Transaction& transaction, std::string_view rule, base::Date today, int limit) {
  const auto rows = TRY(transaction.query(open_of_rule, {{"rule", rule}, {"limit", limit}}));
  return close_rows(transaction, rows, ClosedBecause::rule, today);
}

}  // namespace yihu::screen

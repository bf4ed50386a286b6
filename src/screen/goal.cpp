#include "screen/goal.h"

#include "registry/reach.h"
#include "screen/sweep_rows.h"
#include "store/generated_sql.h"
#include "store/statement_text.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace yihu::screen {
namespace {

namespace json = boost::json;

constexpr std::size_t cohort_name_max = 60;
constexpr std::size_t reason_max = 500;

constexpr store::Sql cohort_sql = "SELECT id, frozen_on, reason, households, people FROM cohort WHERE id = :id";
constexpr store::Sql insert_cohort =
    "INSERT INTO cohort (id, frozen_on, frozen_at, actor, reason, households, people)"
    " VALUES (:id, :today, :now, :actor, :reason, :households, :people)";
constexpr store::Sql insert_member =
    "INSERT INTO cohort_member (cohort, subject_kind, subject, household, village)"
    " VALUES (:cohort, :kind, :subject, :household, :village)";
constexpr store::Sql members_sql =
    "SELECT m.subject, h.head_name, h.code, m.village, v.name, v.name_en, h.helper_account, h.ended_on, h.village"
    " FROM cohort_member m LEFT JOIN household h ON h.id = m.subject LEFT JOIN area v ON v.code = m.village"
    " WHERE m.cohort = :cohort AND m.subject_kind = 'household' ORDER BY m.village, m.subject";
constexpr store::Sql live_households_sql =
    "SELECT h.id, h.head_name, h.code, h.village, v.name, v.name_en, h.helper_account"
    " FROM household h LEFT JOIN area v ON v.code = h.village WHERE h.ended_on IS NULL ORDER BY h.village, h.id";
constexpr store::Sql live_villages_sql =
    "SELECT code, name, code, code, name, name_en, '' FROM area WHERE level = 'village' ORDER BY code";
constexpr store::Sql people_sql = "SELECT id FROM person WHERE household = :household AND present = 1 ORDER BY id";

base::Error wrong(const char* code, base::Text text, const char* field) {
  base::Error error = base::fail(base::ErrorKind::input, code, std::move(text)).error();
  error.place.field = field;
  return error;
}

/// What an expression says of every screened subject of a kind.
base::Result<std::map<std::string, std::string>> said_of(store::Session& session, const RuleBook& book, pack::Subject kind,
                                                         const rule::Expression& expression, base::Date today) {
  rule::QueryOptions options;
  options.engine = book.live();
  const Fused from = fused(book, {expression}, kind, options);
  const std::string sql = "SELECT s.id, " + from.columns.front() + from.from;
  store::Parameters parameters;
  const auto names = store::parameter_names(sql);
  if (std::ranges::find(names, "today") != names.end()) parameters.push_back({"today", today});
  std::map<std::string, std::string> out;
  for (const store::Row& row : TRY(session.query(store::compiled_sql(sql), parameters))) {
    out[row.text(0)] = row.null(1) ? "unknown" : row.truth(1) ? "yes" : "no";
  }
  return out;
}

Cohort cohort_from(const store::Row& row) {
  return {row.text(0), row.maybe_date(1).value_or(base::Date{}), row.text(2), row.integer(3), row.integer(4)};
}

base::Done check(const NewCohort& wanted) {
  std::vector<base::Error> mistakes;
  const bool fit = !wanted.id.empty() && wanted.id.size() <= cohort_name_max &&
                   std::ranges::all_of(wanted.id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
  if (!fit) mistakes.push_back(wrong("cohort_name", base::text("名单编号只用小写字母、数字和连字符。", "A list's name has lower-case letters, digits and dashes."), "/id"));
  if (wanted.reason.empty() || wanted.reason.size() > reason_max) {
    mistakes.push_back(wrong("reason_missing", base::text("请写明锁定名单的依据。", "Say on what ground the list is frozen."), "/reason"));
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  return {};
}

base::Result<Cohort> write_members(store::Transaction& transaction, const NewCohort& wanted, const std::map<std::string, std::string>& said) {
  Cohort out{wanted.id, base::date_of(transaction.now()), wanted.reason, 0, 0};
  for (const auto& [household, holds] : said) {
    if (holds != "yes") continue;
    const auto subject = TRY(find_subject(transaction, pack::Subject::household, household));
    if (!subject) continue;
    const auto put = [&](const char* kind, const std::string& id) {
      return transaction.execute(insert_member, {{"cohort", wanted.id}, {"kind", kind}, {"subject", id}, {"household", household},
                                                 {"village", subject->village}});
    };
    TRY(put("household", household));
    ++out.households;
    for (const store::Row& row : TRY(transaction.query(people_sql, {{"household", household}}))) {
      TRY(put("person", row.text(0)));
      ++out.people;
    }
  }
  return out;
}

struct Member {
  GoalMember view;
  std::string helper;
};

base::Result<std::map<std::string, std::string>> said_by(store::Session& session, const RuleBook& book, const pack::Goal& goal,
                                                         const pack::Expression& expression, base::Date today) {
  const auto compiled = TRY(book.compiler().compile(pack::name_of(goal.subject), expression.text, expression.place, rule::Kind::truth));
  return said_of(session, book, goal.subject, compiled, today);
}

/// Of a frozen list: also those who are no longer in the register.
base::Result<std::vector<Member>> frozen_members(store::Session& session, const RuleBook& book, const pack::Goal& goal, base::Date today) {
  const auto said = TRY(said_by(session, book, goal, goal.holds, today));
  std::vector<Member> out;
  for (const store::Row& row : TRY(session.query(members_sql, {{"cohort", goal.cohort}}))) {
    const auto holds = said.find(row.text(0));
    const std::string& village = row.null(8) ? row.text(3) : row.text(8);
    out.push_back({{row.text(0), row.text(1), row.text(2), village, {row.text(4), row.text(5)}, holds == said.end() ? "gone" : holds->second},
                   row.text(6)});
  }
  return out;
}

bool is_live(const pack::Goal& goal) { return goal.cohort.empty(); }

/// Whoever the goal is about today. Where it is unknown whether somebody belongs, so is whether the goal holds.
base::Result<std::map<std::string, std::string>> said_of_live(store::Session& session, const RuleBook& book, const pack::Goal& goal,
                                                              base::Date today) {
  auto said = TRY(said_by(session, book, goal, goal.holds, today));
  if (goal.list.empty()) return said;
  std::map<std::string, std::string> out;
  for (const auto& [id, belongs] : TRY(said_by(session, book, goal, goal.list, today))) {
    if (belongs == "yes") out[id] = said[id];
    if (belongs == "unknown" && said[id] != "yes") out[id] = "unknown";
  }
  return out;
}

base::Result<std::vector<Member>> live_members(store::Session& session, const RuleBook& book, const pack::Goal& goal, base::Date today) {
  const auto said = TRY(said_of_live(session, book, goal, today));
  const bool village = goal.subject == pack::Subject::village;
  std::vector<Member> out;
  for (const store::Row& row : TRY(session.query(village ? live_villages_sql : live_households_sql))) {
    const auto holds = said.find(row.text(0));
    if (holds == said.end()) continue;
    out.push_back({{village ? "" : row.text(0), row.text(1), row.text(2), row.text(3), {row.text(4), row.text(5)}, holds->second}, row.text(6)});
  }
  return out;
}

base::Done count_members(store::Session& session, const RuleBook& book, const pack::Goal& goal, base::Date today, GoalView& view) {
  std::vector<std::string> said;
  if (is_live(goal)) {
    for (auto& [id, holds] : TRY(said_of_live(session, book, goal, today))) said.push_back(holds);
  } else {
    for (Member& member : TRY(frozen_members(session, book, goal, today))) said.push_back(std::move(member.view.holds));
  }
  for (const std::string& holds : said) ++(holds == "yes" ? view.yes : holds == "no" ? view.no : holds == "gone" ? view.gone : view.unknown);
  return {};
}

}  // namespace

base::Result<Cohort> freeze_cohort(store::Transaction& transaction, const RuleBook& book, const access::Viewer& viewer, const NewCohort& wanted) {
  if (!viewer.scope.covers_register()) {
    return base::fail(base::ErrorKind::denied, "denied", base::text("锁定名单要由能看到全区农户的岗位办理。", "A list is frozen by a post that sees the whole register."));
  }
  TRY(check(wanted));
  if (TRY(transaction.find(cohort_sql, {{"id", wanted.id}}))) {
    return base::fail(base::ErrorKind::conflict, "cohort_frozen", base::text("名单“{}”已经锁定，不能更改。", "The list \"{}\" is frozen already.", wanted.id));
  }
  base::Place place;
  place.field = "/condition";
  const auto expression = TRY(book.compiler().compile("household", wanted.condition, place, rule::Kind::truth));
  const auto said = TRY(said_of(transaction, book, pack::Subject::household, expression, base::date_of(transaction.now())));
  Cohort out = TRY(write_members(transaction, wanted, said));
  if (out.households == 0) {
    return base::fail(wrong("cohort_empty", base::text("没有符合条件的农户。", "No household meets the condition."), "/condition"));
  }
  TRY(transaction.execute(insert_cohort, {{"id", out.id}, {"today", out.frozen_on}, {"now", transaction.now()}, {"actor", viewer.actor()},
                                          {"reason", out.reason}, {"households", out.households}, {"people", out.people}}));
  TRY(transaction.journal({"cohort.frozen", "cohort", out.id, "",
                           json::serialize(json::object{{"condition", wanted.condition}, {"reason", wanted.reason},
                                                        {"households", out.households}, {"people", out.people}})}));
  return out;
}

base::Result<std::vector<GoalView>> goals(store::Session& session, const RuleBook& book, base::Date today) {
  std::vector<GoalView> out;
  for (const pack::Goal& goal : book.pack().goals) {
    GoalView view{goal.id, goal.label, std::string(pack::name_of(goal.subject)), goal.cohort, goal.list.text, {}, goal.households, goal.people};
    if (const auto row = TRY(session.find(cohort_sql, {{"id", goal.cohort}}))) view.frozen = cohort_from(*row);
    if (view.frozen || is_live(goal)) TRY(count_members(session, book, goal, today, view));
    out.push_back(std::move(view));
  }
  return out;
}

base::Result<std::vector<GoalMember>> goal_members(store::Session& session, const RuleBook& book, const access::Viewer& viewer,
                                                   std::string_view id, base::Date today) {
  const auto& all = book.pack().goals;
  const auto goal = std::ranges::find(all, id, &pack::Goal::id);
  if (goal == all.end()) return base::fail(base::ErrorKind::not_found, "goal_unknown", base::text("没有这个目标。", "There is no such goal."));
  std::vector<GoalMember> out;
  for (Member& member : TRY(is_live(*goal) ? live_members(session, book, *goal, today) : frozen_members(session, book, *goal, today))) {
    if (registry::sees(viewer, member.view.village, member.helper)) out.push_back(std::move(member.view));
  }
  return out;
}

}  // namespace yihu::screen

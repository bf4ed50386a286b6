#include "http/routes_journal.h"

#include "access/user.h"
#include "http/answer.h"
#include "http/schema_from.h"
#include "store/journal.h"
#include "store/verification.h"

#include <boost/json/parse.hpp>

#include <array>
#include <charconv>

namespace yihu::http {
namespace {

struct Actor {
  std::string id;
  base::Text display_name;
};
BOOST_DESCRIBE_STRUCT(Actor, (), (id, display_name))

struct JournalEntry {
  std::int64_t sequence = 0;
  base::Instant at;
  Actor actor;
  std::string action;
  base::Text action_label;
  std::string subject_kind;
  std::string subject;
  base::Text subject_label;
  std::string request;
  std::optional<boost::json::object> before;
  std::optional<boost::json::object> after;
  std::string hash;
};
BOOST_DESCRIBE_STRUCT(JournalEntry, (),
                      (sequence, at, actor, action, action_label, subject_kind, subject, subject_label, request, before,
                       after, hash))

struct JournalCheck {
  std::int64_t entries = 0;
  bool whole = true;
  std::optional<std::int64_t> broken_at;
  std::optional<base::Text> reason;
  std::string head;
};
BOOST_DESCRIBE_STRUCT(JournalCheck, (), (entries, whole, broken_at, reason, head))

constexpr int limit_default = 50;
constexpr int limit_max = 500;
/// What stands sealed in an entry, and is of no use to a reader as ciphertext.
constexpr std::string_view sealed_fields[] = {"display_name", "code_secret"};

struct Label {
  std::string_view action;
  const char* zh;
  const char* en;
};
constexpr Label labels[] = {
    {"unit.made", "新建单位", "Unit made"},
    {"unit.changed", "修改单位", "Unit changed"},
    {"group.defined", "定义单位组", "Group defined"},
    {"user.made", "新建用户", "User made"},
    {"user.changed", "修改用户", "User changed"},
    {"user.signed_out", "结束用户登录", "User's sessions ended"},
    {"post.given", "任命岗位", "Post given"},
    {"post.ended", "免去岗位", "Post ended"},
    {"password.changed", "修改密码", "Password changed"},
    {"password.reset", "重置密码", "Password reset"},
    {"code.offered", "申请动态口令", "One-time code offered"},
    {"code.enabled", "启用动态口令", "One-time code turned on"},
    {"code.disabled", "停用动态口令", "One-time code turned off"},
    {"session.started", "登录", "Signed in"},
    {"session.ended", "退出登录", "Signed out"},
    {"login.failed", "登录失败", "Failed to sign in"},
    {"calendar_address.made", "生成日历地址", "Calendar address made"},
    {"calendar_address.ended", "停用日历地址", "Calendar address ended"},
    {"import.started", "导入要点文件", "Plan import started"},
    {"import.corrected", "核对要点文件", "Plan import corrected"},
    {"import.accepted", "确认导入", "Plan import accepted"},
    {"import.discarded", "放弃导入", "Plan import discarded"},
    {"plan.accepted", "要点生效", "Plan accepted"},
    {"measure.changed", "随文件更新措施", "Measure updated from a document"},
    {"measure.corrected", "更正措施", "Measure corrected"},
    {"measure.retired", "撤下措施", "Measure retired"},
    {"measure.reported", "报送进展", "Progress reported"},
    {"indicator.recorded", "记录指标", "Indicator recorded"},
    {"measure.bound", "措施改由指标衡量", "Measure bound to an indicator"},
    {"finding.opened", "发现问题线索", "Finding opened"},
    {"finding.closed", "问题线索消除", "Finding closed"},
    {"finding.unknown", "问题线索转为不明", "Finding no longer known"},
    {"cohort.frozen", "锁定名单", "List frozen"},
    {"evidence.kept", "上传佐证", "Evidence kept"},
    {"evidence.dropped", "清理未用佐证", "Unused evidence dropped"},
    {"news.seen", "看过新情况", "News seen"},
    {"person_key.destroyed", "销毁个人密钥", "Person's key destroyed"},
};

std::optional<boost::json::object> change_from(const std::string& text) {
  boost::json::error_code problem;
  boost::json::value parsed = boost::json::parse(text, problem);
  if (problem || !parsed.is_object()) return std::nullopt;
  for (const std::string_view field : sealed_fields) {
    if (boost::json::value* sealed = parsed.get_object().if_contains(field)) *sealed = "••••";
  }
  return std::move(parsed.get_object());
}

/// Whoever signs in is nobody yet when the request begins; the entry tells who it was.
std::string actor_of(const store::Entry& entry) {
  if (!entry.actor.empty() || entry.action != "session.started") return entry.actor;
  const auto after = change_from(entry.after);
  const boost::json::value* user = after ? after->if_contains("user") : nullptr;
  return user && user->is_string() ? std::string(user->get_string()) : std::string();
}

/// Names for what entries speak of, as the reader's snapshot has them.
class Names {
 public:
  static base::Result<Names> read(const std::vector<store::Entry>& entries, Context& context, plan::PlanShelf& shelf) {
    Names names;
    names.units_ = TRY(shelf.directory(context.session));
    std::set<base::UserId> users;
    for (const store::Entry& entry : entries) {
      if (const std::string actor = actor_of(entry); base::is_uuid(actor)) users.insert({actor});
      if (entry.subject_kind == "user") users.insert({entry.subject});
    }
    names.people_ = TRY(access::display_names(context.session, context.store.secrets(), users));
    for (const plan::PlanHead& head : TRY(plan::plan_heads(context.session))) {
      names.plans_.emplace(head.id.value, head.title);
      // Older plans are only named by their year; reading each of them would make the page slow.
      if (head.status == "current") names.current_.push_back(TRY(shelf.plan(context.session, head.id)));
    }
    return names;
  }

  base::Text actor(const std::string& actor) const {
    if (actor.starts_with("system:")) return base::text("系统", "The system");
    if (actor.empty()) return base::text("未登录", "Not signed in");
    return person(actor);
  }

  base::Text subject(const store::Entry& entry) const {
    if (entry.subject_kind == "user") return person(entry.subject);
    if (entry.subject_kind == "unit") {
      const area::Unit* unit = units_->unit({entry.subject});
      return unit ? unit->short_name : base::Text{};
    }
    if (entry.subject_kind == "plan") {
      const auto plan = plans_.find(entry.subject);
      return plan == plans_.end() ? base::Text{} : plan->second;
    }
    return entry.subject_kind == "measure" ? measure(entry.subject) : base::Text{};
  }

 private:
  base::Text person(const std::string& id) const {
    const auto found = people_.find({id});
    return found == people_.end() ? base::Text{} : base::Text{found->second, found->second};
  }

  base::Text measure(const std::string& id) const {
    for (const auto& plan : current_) {
      const auto [task, found] = plan->measure({id});
      if (!found) continue;
      return base::text("{0}.{1} {2}", "{0}.{1} {3}", task->no, found->no.value_or(found->position), found->title.zh,
                        found->title.en);
    }
    return {};
  }

  std::shared_ptr<const area::Directory> units_;
  std::map<base::UserId, std::string> people_;
  std::map<std::string, base::Text> plans_;
  std::vector<std::shared_ptr<const plan::TrackedPlan>> current_;
};

base::Result<store::JournalFilter> filter_from(const Request& request) {
  store::JournalFilter filter;
  filter.actor = request.query.at("actor");
  filter.subject = request.query.at("subject");
  filter.action = request.query.at("action");
  filter.older_than = request.query.integer("before");
  // One more than shown tells whether there is a next page.
  filter.limit = static_cast<int>(request.query.integer("limit").value_or(limit_default)) + 1;
  return filter;
}

base::Result<Response> read_page(const Request& request, Context& context, plan::PlanShelf& shelf) {
  if (!context.viewer.scope.district) {
    return base::fail(base::ErrorKind::denied, "denied",
                      base::text("日志只对全区岗位开放。", "The journal is open to posts for the whole district."));
  }
  const store::JournalFilter filter = TRY(filter_from(request));
  auto entries = TRY(store::read_journal(context.session, filter));
  List<JournalEntry> page;
  if (entries.size() == static_cast<std::size_t>(filter.limit)) {
    entries.pop_back();
    page.next = std::to_string(entries.back().sequence);
  }
  const Names names = TRY(Names::read(entries, context, shelf));
  for (const store::Entry& entry : entries) {
    page.items.push_back({entry.sequence,
                          entry.at,
                          {actor_of(entry), names.actor(actor_of(entry))},
                          entry.action,
                          action_label(entry.action),
                          entry.subject_kind,
                          entry.subject,
                          names.subject(entry),
                          entry.request,
                          change_from(entry.before),
                          change_from(entry.after),
                          entry.hash});
  }
  return answer(page, request.language);
}

base::Result<Response> check(const Request& request, Context& context) {
  const auto found = TRY(store::verify_journal(context.store, std::nullopt, {}, request.cancel));
  JournalCheck told;
  told.entries = found.entries;
  told.whole = found.whole;
  if (!found.whole) {
    told.broken_at = found.broken_at;
    told.reason = found.why;
  }
  told.head = found.head.hash;
  return answer(told, request.language);
}

}  // namespace

base::Text action_label(std::string_view action) {
  for (const Label& label : labels) {
    if (label.action == action) return {label.zh, label.en};
  }
  return {std::string(action), std::string(action)};
}

std::vector<Route> journal_routes(plan::PlanShelf& shelf) {
  const boost::json::object text{{"type", "string"}, {"maxLength", 100}};
  std::vector<Route> routes;
  routes.push_back({.method = Method::get,
                    .path = "/api/v1/journal",
                    .name = "listJournal",
                    .summary = base::text("操作日志，新的在前", "The journal, newest first"),
                    .permission = access::Permission::journal_read,
                    .query_schema = boost::json::object{
                        {"before", {{"type", "integer"}, {"minimum", 1}}},
                        {"actor", text},
                        {"subject", text},
                        {"action", text},
                        {"limit", {{"type", "integer"}, {"minimum", 1}, {"maximum", limit_max}}}},
                    .answer_schema = schema_of<List<JournalEntry>>(),
                    .handler = Read([&shelf](const Request& request, Context& context) {
                      return read_page(request, context, shelf);
                    })});
  routes.push_back({.method = Method::get,
                    .path = "/api/v1/journal/check",
                    .name = "checkJournal",
                    .summary = base::text("核对日志是否完整", "Whether the journal is whole"),
                    .permission = access::Permission::journal_read,
                    .pace = Pace::slow,
                    .answer_schema = schema_of<JournalCheck>(),
                    .handler = Read(check)});
  return routes;
}

}  // namespace yihu::http

#include "http/routes_journal.h"

#include "access/user.h"
#include "http/answer.h"
#include "http/schema_from.h"
#include "ledger/import_block.h"
#include "store/journal.h"
#include "store/verification.h"

#include <boost/json/parse.hpp>

#include <algorithm>
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

struct ActionRow {
  std::string action;
  base::Text label;
};
BOOST_DESCRIBE_STRUCT(ActionRow, (), (action, label))

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
constexpr const char* masked = "••••";
/// The shortest sealed text: version, nonce and tag, in base64.
constexpr std::size_t sealed_length_min = 40;

/// What stands sealed in an entry is of no use to a reader as ciphertext.
bool is_sealed(std::string_view text) {
  const auto base64 = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '='; };
  return text.size() >= sealed_length_min && text.front() == 'A' && std::ranges::all_of(text, base64);
}

void mask_sealed(boost::json::value& value) {
  if (value.is_string() && is_sealed(value.get_string())) value = masked;
  if (value.is_array()) std::ranges::for_each(value.get_array(), mask_sealed);
  if (!value.is_object()) return;
  for (auto& member : value.get_object()) mask_sealed(member.value());
}

/// Of an import's block the number of its rows: each row's own history shows what they hold.
void shorten_block(boost::json::object& change) {
  for (const std::string_view list : {"added", "changed"}) {
    if (boost::json::value* rows = change.if_contains(list); rows != nullptr && rows->is_array()) *rows = rows->get_array().size();
  }
  change.erase("columns");
}

std::optional<boost::json::object> change_from(const std::string& text) {
  boost::json::error_code problem;
  boost::json::value parsed = boost::json::parse(text, problem);
  if (problem || !parsed.is_object()) return std::nullopt;
  mask_sealed(parsed);
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
    auto after = change_from(entry.after);
    if (after && entry.action == ledger::import_written_action) shorten_block(*after);
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
                          std::move(after),
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

base::Result<Response> actions(const Request& request, Context&) {
  List<ActionRow> list;
  for (const std::string_view action : known_actions()) list.items.push_back({std::string(action), action_label(action)});
  return answer(list, request.language);
}

}  // namespace

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
                    .path = "/api/v1/journal/actions",
                    .name = "listJournalActions",
                    .summary = base::text("操作的名称", "What the journal's actions are called"),
                    .permission = access::Permission::journal_read,
                    .answer_schema = schema_of<List<ActionRow>>(),
                    .handler = Read(actions)});
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

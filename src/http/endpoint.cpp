#include "http/endpoint.h"

#include "http/gzip.h"
#include "http/operation.h"
#include "http/problem.h"
#include "http/response.h"
#include "http/schema.h"

#include <sodium.h>

#include <algorithm>

namespace yihu::http {
namespace {

constexpr std::size_t gzip_bytes_max = 4 << 20;

const access::Viewer& nobody() {
  static const access::Viewer viewer;
  return viewer;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// The session token in a Cookie header.
std::optional<std::string> token_from(std::string_view cookies) {
  while (!cookies.empty()) {
    const std::string_view cookie = trimmed(cookies.substr(0, cookies.find(';')));
    cookies.remove_prefix(std::min(cookies.size(), cookies.find(';') == cookies.npos ? cookies.size() : cookies.find(';') + 1));
    const auto equals = cookie.find('=');
    if (equals != cookie.npos && cookie.substr(0, equals) == session_cookie_name && equals + 1 < cookie.size()) {
      return std::string(cookie.substr(equals + 1));
    }
  }
  return std::nullopt;
}

/// "\"abc\"" or "W/\"abc\"" → "abc"
std::string_view tag_of(std::string_view quoted) {
  quoted = trimmed(quoted);
  if (quoted.starts_with("W/")) quoted.remove_prefix(2);
  if (quoted.size() >= 2 && quoted.front() == '"' && quoted.back() == '"') quoted = quoted.substr(1, quoted.size() - 2);
  return quoted;
}

bool names_tag(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), item.size() + 1));
    if (tag_of(item) == etag || trimmed(item) == "*") return true;
  }
  return false;
}

bool same_secret(std::string_view given, std::string_view kept) {
  return !kept.empty() && given.size() == kept.size() && sodium_memcmp(given.data(), kept.data(), kept.size()) == 0;
}

/// A browser tells where a request comes from; one of another site never writes here.
bool from_elsewhere(const Head& head) {
  if (!head.fetch_site.empty()) return head.fetch_site != "same-origin" && head.fetch_site != "none";
  if (head.origin.empty()) return false;
  const auto slashes = head.origin.find("//");
  return slashes == head.origin.npos || head.origin.substr(slashes + 2) != head.host;
}

/// Without a session nobody owns an operation, so nobody could be given its answer again.
std::string operation_of(const Call& call) { return call.visitor ? call.request.operation : std::string(); }

/// Everything a kept answer may depend on.
std::string keep_key(const Call& call, std::string_view query, base::Date today) {
  std::string key = call.route->path;
  for (const auto& [name, value] : call.request.path) key += '\n' + value;
  key += '\n';
  key += query;
  key += call.request.language == base::Language::zh ? "\nzh " : "\nen ";
  key += base::to_string(today);
  if (!call.visitor) return key;
  const access::Viewer& viewer = call.visitor->viewer;
  unsigned permissions = 0;
  for (const access::Permission permission : viewer.permissions) permissions |= 1u << static_cast<unsigned>(permission);
  key += ' ' + std::to_string(permissions);
  if (viewer.scope.district) return key += " *";
  for (const base::UnitId& unit : viewer.scope.units) key += ' ' + unit.value;
  key += viewer.scope.whole_register ? " *" : " ";
  for (const std::string& area : viewer.scope.areas) key += ' ' + area;
  if (viewer.scope.assigned) key += " of " + viewer.user.value;
  return key;
}

/// The backstop: a handler that throws is our mistake, and must cost no more than its own request.
template <class Work>
auto guarded(Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& error) {
    return base::fail(base::ErrorKind::internal, "exception", base::text("{}", "{}", error.what()));
  }
}

base::Error plain(base::ErrorKind kind, const char* code, base::Text text, base::Text mend = {}) {
  return {kind, code, std::move(text), std::move(mend), {}, {}};
}

base::Error no_such_address() {
  return plain(base::ErrorKind::not_found, "address_unknown", base::text("没有这个网址。", "There is no such address."));
}

}  // namespace

Endpoint::Endpoint(Parts parts) : parts_(std::move(parts)), router_(parts_.routes) {}

Response Endpoint::problem(const Call& call, const base::Error& error) const {
  if (error.kind == base::ErrorKind::internal) {
    parts_.log.error(fmt::format("request {} {}: {} ({})", call.request.id.value,
                                 call.route ? call.route->name : "web", error.code, error.text.en));
  }
  return problem_from(error, call.request.language);
}

Endpoint::Begun Endpoint::begin(const Head& head) {
  auto call = std::make_shared<Call>();
  call->request.id = base::RequestId::make();
  call->request.language = base::language_from(trimmed(head.accept_language));
  call->request.peer = head.peer;
  call->request.secure = head.secure;
  call->request.cancel = parts_.stopping;
  call->gzip = accepts_gzip(head.accept_encoding);
  call->if_none_match = head.if_none_match;
  call->head_only = head.method == "HEAD";
  if (auto answer = find_route(head, *call)) return {std::move(call), std::move(answer)};
  if (auto admitted = admit(head, *call); !admitted) {
    Response refusal = problem(*call, admitted.error());
    return {std::move(call), std::move(refusal)};
  }
  auto refusal = check_headers(head, *call);
  return {std::move(call), std::move(refusal)};
}

std::optional<Response> Endpoint::find_route(const Head& head, Call& call) const {
  auto target = target_from(head.target);
  if (!target) return problem_from(target.error(), call.request.language, 400);
  const auto method = method_from(call.head_only ? "GET" : head.method);
  auto match = router_.find(method.value_or(Method::get), target->path);
  if (match.route && method) {
    call.route = match.route;
    call.request.path = std::move(match.path);
    call.request.query = std::move(target->query);
    return std::nullopt;
  }
  const bool page = method == Method::get && !target->path.starts_with("/api/") && match.methods.empty();
  if (page) {
    const auto path = decoded_segment(target->path);
    if (auto file = path ? parts_.web.find(*path) : nullptr) {
      Response response;
      response.status = file->status;
      response.etag = file->etag;
      response.kept = std::move(file);
      return response;
    }
  }
  if (match.methods.empty() && !match.route) return problem(call, no_such_address());
  std::string allowed;
  if (match.route) allowed = name_of(match.route->method);
  for (const Method known : match.methods) allowed += (allowed.empty() ? "" : ", ") + std::string(name_of(known));
  Response refusal = problem_from(plain(base::ErrorKind::input, "method_unknown",
                                        base::text("这个网址不能这样操作。", "This address cannot be used that way."),
                                        base::text("可用：{}。", "Use {}.", allowed)),
                                  call.request.language, 405);
  refusal.headers.emplace_back("Allow", allowed);
  return refusal;
}

base::Done Endpoint::admit(const Head& head, Call& call) const {
  const Route& route = *call.route;
  call.request.session_token = token_from(head.cookie);
  if (is_sent(route) && from_elsewhere(head)) {
    return base::fail(base::ErrorKind::denied, "from_elsewhere",
                      base::text("不接受来自其他网站的提交。", "Requests from other sites are not accepted."));
  }
  if (route.entry == Entry::open) return {};
  if (!call.request.session_token) {
    return base::fail(base::ErrorKind::signed_out, "signed_out", base::text("请先登录。", "Sign in first."));
  }
  const bool active = !std::holds_alternative<Stream>(route.handler);
  call.visitor = TRY(parts_.visitors.visitor(*call.request.session_token, active));
  if (is_sent(route) && !same_secret(head.csrf_token, call.visitor->csrf_token)) {
    return base::fail(base::ErrorKind::denied, "csrf_token_wrong",
                      base::text("页面已过期。", "This page has expired."),
                      base::text("请刷新页面后再试。", "Reload the page and try again."));
  }
  if (route.permission && !call.visitor->viewer.may(*route.permission)) {
    return base::fail(base::ErrorKind::denied, "denied", base::text("您的岗位不能做这件事。", "Your post does not allow this."),
                      base::text("如确需办理，请联系管理员。", "Ask your administrator if you need it."));
  }
  return {};
}

std::optional<Response> Endpoint::check_headers(const Head& head, Call& call) const {
  const Route& route = *call.route;
  const auto language = call.request.language;
  if (auto checked = check_query(call.request.query, route.query_schema); !checked) {
    return problem(call, checked.error());
  }
  if (head.body_bytes > route.body_bytes_max) {
    return problem(call, plain(base::ErrorKind::too_large, "body_too_large",
                               base::text("内容超过 {} KB。", "The body is larger than {} KB.", route.body_bytes_max >> 10)));
  }
  call.request.content_type = trimmed(head.content_type.substr(0, head.content_type.find(';')));
  if (!route.body_schema.is_null() && call.request.content_type != "application/json") {
    return problem_from(plain(base::ErrorKind::input, "content_type_wrong",
                              base::text("提交的内容应为 JSON。", "The body should be JSON."),
                              base::text("请用 Content-Type: application/json。", "Send Content-Type: application/json.")),
                        language, 415);
  }
  if (!head.if_match.empty()) call.request.if_match = tag_of(head.if_match);
  if (route.edits && !call.request.if_match) {
    return problem_from(plain(base::ErrorKind::input, "if_match_missing",
                              base::text("缺少所改内容的版本。", "The version being changed is missing."),
                              base::text("请在 If-Match 中给出读到的 ETag。", "Send the ETag you read as If-Match.")),
                        language, 428);
  }
  if (!head.operation.empty() && !is_operation(head.operation)) {
    return problem_from(plain(base::ErrorKind::input, "operation_unreadable",
                              base::text("操作编号不正确。", "The Operation-Id is not usable."),
                              base::text("请用 UUID。", "Use a UUID.")),
                        language, 400);
  }
  call.request.operation = head.operation;
  call.last_event_id = head.last_event_id;
  if (writes(route)) call.print = std::string(head.method) + ' ' + std::string(head.target);
  if (route.keep) {
    const auto question = head.target.find('?');
    const std::string_view query = question == head.target.npos ? std::string_view() : head.target.substr(question);
    call.keep_key = keep_key(call, query, parts_.store.clock().today());
  }
  return std::nullopt;
}

base::Done Endpoint::take_body(Call& call, std::string_view body) const {
  call.request.body = body;
  if (writes(*call.route)) call.print = hash_of(call.print + '\n' + hash_of(body));
  if (!call.route->body_schema.is_null()) call.request.json = TRY(checked_json(body, call.route->body_schema));
  return {};
}

std::optional<Response> Endpoint::answer_now(const std::shared_ptr<Call>& call, std::string_view body) {
  const Route& route = *call->route;
  if (route.keep) {
    if (auto kept = parts_.cache.find(call->keep_key, *route.keep)) {
      Response response;
      response.status = kept->status;
      response.etag = kept->etag;
      response.kept = std::move(kept);
      return response;
    }
  }
  if (auto taken = guarded([&] { return take_body(*call, body); }); !taken) return problem(*call, taken.error());
  if (route.pace == Pace::slow) return std::nullopt;
  if (!writes(route)) return read(*call);
  auto earlier = prepare(*call);
  if (!earlier) return problem(*call, earlier.error());
  return *std::move(earlier);
}

void Endpoint::answer_later(std::shared_ptr<Call> call, std::function<void(Response)> done) {
  if (call->step) return write(call, std::move(done));
  const bool taken = parts_.work.submit([this, call, done] {
    if (!writes(*call->route)) return done(read(*call));
    auto earlier = prepare(*call);
    if (!earlier) return done(problem(*call, earlier.error()));
    if (*earlier) return done(**std::move(earlier));
    write(call, done);
  });
  if (taken) return;
  done(problem(*call, plain(base::ErrorKind::unavailable, "busy",
                            base::text("正在处理的文件较多。", "Many files are being worked on just now."),
                            base::text("请稍后再试。", "Try again in a moment."))));
}

Response Endpoint::read(Call& call) {
  const access::Viewer& viewer = call.visitor ? call.visitor->viewer : nobody();
  call.read_at = parts_.cache.moment();
  Response response;
  const auto done = guarded([&] {
    return parts_.store.read([&](store::Session& session) -> base::Done {
      Context context{viewer, parts_.store, session, parts_.store.clock().today()};
      response = TRY(std::get<Read>(call.route->handler)(call.request, context));
      return {};
    });
  });
  if (!done) return problem(call, done.error());
  if (!call.route->keep || response.status != 200) return response;
  auto kept = kept_from(std::move(response));
  parts_.cache.keep(call.keep_key, call.read_at, kept);
  Response again;
  again.etag = kept->etag;
  again.kept = std::move(kept);
  return again;
}

base::Result<std::optional<Response>> Endpoint::prepare(Call& call) {
  const access::Viewer& viewer = call.visitor ? call.visitor->viewer : nobody();
  if (const std::string operation = operation_of(call); !operation.empty()) {
    const auto earlier = TRY(guarded([&] { return parts_.store.answered(viewer.actor(), operation); }));
    if (earlier) return TRY(response_from_stored(*earlier, call.print));
  }
  const auto done = guarded([&] {
    return parts_.store.read([&](store::Session& session) -> base::Done {
      Context context{viewer, parts_.store, session, parts_.store.clock().today()};
      call.step = TRY(std::get<Prepare>(call.route->handler)(call.request, context));
      return {};
    });
  });
  if (!done) return base::fail(done.error());
  return std::nullopt;
}

void Endpoint::write(const std::shared_ptr<Call>& call, std::function<void(Response)> done) {
  const access::Viewer& viewer = call->visitor ? call->visitor->viewer : nobody();
  store::Act act{viewer.actor(), call->request.id, operation_of(*call)};
  parts_.store.write(
      std::move(act),
      [call](store::Transaction& transaction) -> base::Result<store::Answer> {
        return guarded([&]() -> base::Result<store::Answer> {
          Response response = TRY(call->step(transaction));
          store::Answer stored;
          if (!transaction.act().operation.empty()) stored = stored_from(response, call->print, call->route->answers_once);
          call->fresh = std::move(response);
          return stored;
        });
      },
      [this, call, done = std::move(done)](base::Result<store::Answer> answer) { done(outcome(*call, std::move(answer))); });
}

Response Endpoint::outcome(Call& call, base::Result<store::Answer> answer) const {
  if (!answer) return problem(call, answer.error());
  if (call.fresh) return *std::move(call.fresh);
  // The step did not run: two requests with one operation id came at the same time.
  auto earlier = response_from_stored(*answer, call.print);
  return earlier ? *std::move(earlier) : problem(call, earlier.error());
}

void Endpoint::finish(const Call& call, Response& response) const {
  const bool reads = !call.route || !writes(*call.route);
  if (reads && response.status == 200 && !response.etag.empty() && !call.if_none_match.empty() &&
      names_tag(call.if_none_match, response.etag)) {
    response.status = 304;
    response.kept.reset();
    response.body.clear();
    response.content_type.clear();
    return;
  }
  if (!call.gzip || response.kept || response.body.size() > gzip_bytes_max) return;
  if (!pays(response.body.size(), response.content_type)) return;
  response.body = gzip(response.body, Effort::each);
  response.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace yihu::http

#include "http/routes_plan.h"

#include "access/user.h"

#include <charconv>
#include <map>

namespace yihu::http {

std::vector<Route> plan_routes(const PlanServices& services) {
  std::vector<Route> all;
  for (auto* part : {board_routes, measure_routes, import_routes, today_routes, plan_file_routes, calendar_routes}) {
    for (Route& route : part(services)) all.push_back(std::move(route));
  }
  return all;
}

plan::NameOf names_from(const PlanServices& services, store::Session& session, base::Language language) {
  return [services, &session, language, known = std::map<std::string, std::string>()](const std::string& actor) mutable {
    if (const auto found = known.find(actor); found != known.end()) return found->second;
    std::string name = base::text("系统", "the system").in(language);
    if (base::is_uuid(actor)) {
      const auto names = access::display_names(session, services.secrets, {base::UserId{actor}});
      // A person whose key was destroyed is nobody any more.
      name = names && !names->empty() ? names->begin()->second : base::text("已注销人员", "a removed person").in(language);
    }
    return known[actor] = name;
  };
}

std::string versioned_tag(std::int64_t version, std::string_view body) {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
  for (const char c : body) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("{}-{:016x}", version, hash);
}

std::int64_t version_in(const std::optional<std::string>& if_match) {
  std::int64_t version = 0;
  if (!if_match) return version;
  const auto [end, error] = std::from_chars(if_match->data(), if_match->data() + if_match->size(), version);
  const bool whole = error == std::errc() && (end == if_match->data() + if_match->size() || *end == '-');
  return whole ? version : 0;
}

base::Result<std::shared_ptr<const plan::TrackedPlan>> plan_at(const PlanServices& services, std::string_view id,
                                                               Context& context) {
  const auto parsed = TRY(base::PlanId::parse(id));
  return services.shelf.plan(context.session, parsed);
}

base::Result<std::shared_ptr<const plan::TrackedPlan>> plan_asked(const PlanServices& services, const Request& request,
                                                                  Context& context) {
  if (const std::string* id = request.query.find("plan"); id != nullptr && !id->empty()) {
    return plan_at(services, *id, context);
  }
  const auto head = TRY(plan::current_plan(context.session, static_cast<int>(context.today.year())));
  if (!head) {
    return base::fail(base::ErrorKind::not_found, "plan_missing", base::text("还没有要点。", "There is no plan yet."),
                      base::text("请先导入文件。", "Import a document first."));
  }
  return services.shelf.plan(context.session, head->id);
}

}  // namespace yihu::http

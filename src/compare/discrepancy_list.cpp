// Discrepancies as a viewer sees them: lists by key, one of them, counts by cause.

#include "compare/discrepancy.h"

#include "registry/reach.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <set>

namespace yihu::compare {
namespace {

using base::Result;
using store::Sql;

constexpr Sql list_sql =
    "SELECT d.id, d.roster, d.period, d.kind, d.cause, d.person, d.village, d.owner, d.content, d.state, d.note, d.found_at, d.version,"
    // Whoever died has no household any more: he is looked up where he lived.
    " p.name, coalesce(p.household, (SELECT max(e.household) FROM register_event e WHERE e.person = p.id AND e.kind = 'died'), ''),"
    " coalesce(h.helper_account, '')"
    " FROM discrepancy_shown d LEFT JOIN person p ON p.id = d.person LEFT JOIN household h ON h.id = p.household"
    " WHERE d.village >= :low AND d.village < :high AND (:helper = '' OR h.helper_account = :helper)"
    " AND (:state = '' OR d.state = :state) AND (:roster = '' OR d.roster = :roster) AND (:kind = '' OR d.kind = :kind)"
    " AND (:cause = '' OR d.cause = :cause) AND (d.village > :after_village OR (d.village = :after_village AND d.id > :after))"
    " ORDER BY d.village, d.id LIMIT :limit";
constexpr Sql one_sql =
    "SELECT d.id, d.roster, d.period, d.kind, d.cause, d.person, d.village, d.owner, d.content, d.state, d.note, d.found_at, d.version,"
    // Whoever died has no household any more: he is looked up where he lived.
    " p.name, coalesce(p.household, (SELECT max(e.household) FROM register_event e WHERE e.person = p.id AND e.kind = 'died'), ''),"
    " coalesce(h.helper_account, '')"
    " FROM discrepancy_shown d LEFT JOIN person p ON p.id = d.person LEFT JOIN household h ON h.id = p.household"
    " WHERE d.id = :id";

constexpr Sql groups_sql =
    "SELECT d.roster, d.kind, d.cause, d.owner, d.state, count(*) FROM discrepancy_shown d LEFT JOIN person p ON p.id = d.person"
    " LEFT JOIN household h ON h.id = p.household WHERE d.village >= :low AND d.village < :high AND (:helper = '' OR h.helper_account = :helper)"
    " AND (:roster = '' OR d.roster = :roster) AND d.state <> 'gone' GROUP BY d.roster, d.kind, d.cause, d.owner, d.state"
    " ORDER BY d.roster, d.kind, d.cause";

constexpr Sql owned_sql =
    "SELECT roster, kind, cause, count(*) FROM discrepancy_shown WHERE owner = :owner AND state = 'open' AND village >= :low AND village < :high"
    " GROUP BY roster, kind, cause";

base::Error no_such() {
  return base::fail(base::ErrorKind::not_found, "discrepancy_unknown", base::text("没有这条差异。", "There is no such discrepancy."),
                    base::text("它可能刚随新的比对变了，请刷新后再看。", "A newer comparison may just have changed it: read it again.")).error();
}

struct Stretch {
  registry::Stretch villages;
  std::string helper;
};

/// Rows about nobody have no village: whoever sees the whole register sees them too.
std::vector<Stretch> stretches(const access::Viewer& viewer, std::string_view area) {
  std::vector<Stretch> out;
  for (registry::Stretch& one : registry::stretches_of(viewer, area)) out.push_back({std::move(one), ""});
  if (viewer.scope.assigned && !viewer.user.empty() && !viewer.scope.covers_register()) out.push_back({{std::string(area), std::string(area) + ":"}, viewer.user.value});
  return out;
}

std::string text_at(const boost::json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Result<Discrepancy> discrepancy_from(store::Session& session, const store::Secrets& secrets, const Rosters& rosters, const store::Row& row) {
  Discrepancy out{.id = row.text(0), .roster = row.text(1), .period = row.text(2), .kind = row.text(3), .cause = row.text(4), .cause_label = {},
                  .person = row.text(5), .household = row.text(14), .name = row.text(13), .village = row.text(6), .owner = row.text(7),
                  .theirs = {}, .ours = {}, .state = row.text(9), .note = {}, .found_at = row.instant(11), .version = row.integer(12)};
  const std::string key = out.person.empty() ? "roster-row-" + out.id : out.person;
  const pack::Roster* roster = rosters.declared().find(out.roster);
  const auto kind = pack::discrepancy_kind_from(out.kind);
  if (roster != nullptr && kind) out.cause_label = cause_label(rosters, *roster, *kind, out.cause);
  auto clear = secrets.open(session, {"discrepancy", "content", key}, row.text(8));
  if (!clear && clear.error().kind != base::ErrorKind::not_found) return base::fail(std::move(clear).error());
  boost::json::error_code problem;
  const auto parsed = clear ? boost::json::parse(*clear, problem) : boost::json::value(nullptr);
  if (!problem && parsed.is_object()) {
    const auto& content = parsed.get_object();
    out.theirs = text_at(content, "theirs");
    out.ours = text_at(content, "ours");
    out.can_accept = !text_at(content, "value").empty() && out.state != "accepted" && out.state != "gone";
    if (const auto* line = content.if_contains("line"); line != nullptr && line->is_int64()) out.line = static_cast<int>(line->get_int64());
    if (out.person.empty() && roster != nullptr) out.name = row_from_text(*roster, rosters.pack(), text_at(content, "row")).who.name;
  }
  if (!row.null(10)) {
    auto note = secrets.open(session, {"discrepancy", "note", key}, row.text(10));
    if (note) out.note = *std::move(note);
  }
  return out;
}

bool before(const Discrepancy& one, const Discrepancy& other) { return std::tie(one.village, one.id) < std::tie(other.village, other.id); }

}  // namespace

Result<std::vector<Discrepancy>> list_discrepancies(store::Session& session, const store::Secrets& secrets, const Rosters& rosters,
                                                    const access::Viewer& viewer, const DiscrepancyFilter& filter) {
  std::map<std::pair<std::string, std::string>, store::Row> rows;
  for (const Stretch& one : stretches(viewer, filter.area)) {
    for (store::Row& row : TRY(session.query(list_sql, {{"low", one.villages.low}, {"high", one.villages.high}, {"helper", one.helper},
                                                        {"state", filter.state ? name_of(*filter.state) : std::string_view()}, {"roster", filter.roster},
                                                        {"kind", filter.kind}, {"cause", filter.cause}, {"after_village", filter.after_village},
                                                        {"after", filter.after}, {"limit", filter.limit}}))) {
      std::pair key{row.text(6), row.text(0)};
      rows.try_emplace(std::move(key), std::move(row));
    }
  }
  std::vector<Discrepancy> out;
  for (const auto& [key, row] : rows) {
    if (static_cast<int>(out.size()) == filter.limit) break;
    out.push_back(TRY(discrepancy_from(session, secrets, rosters, row)));
  }
  std::ranges::sort(out, before);
  return out;
}

Result<Discrepancy> read_discrepancy(store::Session& session, const store::Secrets& secrets, const Rosters& rosters, const access::Viewer& viewer,
                                     std::string_view id) {
  const auto row = TRY(session.find(one_sql, {{"id", id}}));
  if (!row) return base::fail(no_such());
  const bool seen = row->text(6).empty() ? viewer.scope.covers_register() : registry::sees(viewer, row->text(6), row->text(15));
  if (!seen) return base::fail(no_such());
  return discrepancy_from(session, secrets, rosters, *row);
}

Result<std::vector<DiscrepancyGroup>> discrepancy_groups(store::Session& session, const Rosters& rosters, const access::Viewer& viewer,
                                                         std::string_view roster) {
  std::map<std::array<std::string, 4>, DiscrepancyGroup> groups;
  for (const Stretch& one : stretches(viewer, "")) {
    for (const store::Row& row : TRY(session.query(groups_sql, {{"low", one.villages.low}, {"high", one.villages.high}, {"helper", one.helper}, {"roster", roster}}))) {
      DiscrepancyGroup& group = groups[{row.text(0), row.text(1), row.text(2), row.text(3)}];
      const std::string& state = row.text(4);
      (state == "open" ? group.open : state == "kept" ? group.kept : group.accepted) += row.integer(5);
    }
  }
  std::vector<DiscrepancyGroup> out;
  for (auto& [key, group] : groups) {
    const pack::Roster* declared = rosters.declared().find(key[0]);
    const auto kind = pack::discrepancy_kind_from(key[1]);
    if (declared == nullptr || !kind) continue;
    group.roster = key[0];
    group.kind = key[1];
    group.cause = key[2];
    group.owner = key[3];
    group.cause_label = cause_label(rosters, *declared, *kind, key[2]);
    if (const pack::DiscrepancyRule* rule = declared->rule(*kind)) group.above = rule->above;
    group.due = group.open > group.above;
    out.push_back(std::move(group));
  }
  return out;
}

Result<std::vector<DiscrepancyGroup>> groups_to_settle(store::Session& session, const Rosters& rosters, const access::Viewer& viewer,
                                                       const area::Directory& units) {
  std::vector<DiscrepancyGroup> out;
  if (!viewer.may(access::Permission::register_read)) return out;
  std::set<std::string> owners;
  for (const pack::Roster& roster : rosters.declared().all) {
    for (const pack::DiscrepancyRule& rule : roster.rules) {
      const area::Unit* unit = units.unit_by_slug(rule.owner);
      if (unit != nullptr && viewer.holds_post_in(unit->id)) owners.insert(rule.owner);
    }
  }
  std::map<std::array<std::string, 4>, std::int64_t> counts;
  for (const std::string& owner : owners) {
    for (const registry::Stretch& one : registry::stretches_of(viewer, "")) {
      for (const store::Row& row : TRY(session.query(owned_sql, {{"owner", owner}, {"low", one.low}, {"high", one.high}}))) {
        counts[{row.text(0), row.text(1), row.text(2), owner}] += row.integer(3);
      }
    }
  }
  for (const auto& [key, open] : counts) {
    const pack::Roster* roster = rosters.declared().find(key[0]);
    const auto kind = pack::discrepancy_kind_from(key[1]);
    const pack::DiscrepancyRule* rule = roster != nullptr && kind ? roster->rule(*kind) : nullptr;
    if (rule == nullptr || open <= rule->above) continue;
    out.push_back({.roster = key[0], .kind = key[1], .cause = key[2], .cause_label = cause_label(rosters, *roster, *kind, key[2]), .owner = key[3], .open = open,
                   .above = rule->above, .due = true});
  }
  std::ranges::sort(out, std::greater(), &DiscrepancyGroup::open);
  return out;
}

}  // namespace yihu::compare

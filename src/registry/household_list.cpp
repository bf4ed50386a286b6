#include "registry/household_list.h"

#include "registry/reach.h"
#include "store/generated_sql.h"

#include <algorithm>

namespace yihu::registry {
namespace {

/// One statement per set of filters that are used; the data go in as parameters.
struct Question {
  store::SqlText text;
  store::Parameters parameters;
};

void add_filter(Question& question, const HouseholdFilter& filter) {
  question.text.add(" h.ended_on IS NULL");
  const auto equal = [&](store::SqlPart condition, std::string_view name, const std::string& value) {
    if (value.empty()) return;
    question.text.add(condition);
    question.parameters.push_back({name, value});
  };
  equal(" AND h.status = :status", "status", filter.status);
  if (filter.listed) question.text.add(" AND h.status IN ('poor', 'returned', 'exited_supported', 'exited_stable')");
  if (filter.monitoring == "any") question.text.add(" AND h.monitoring IN ('unstable_exit', 'marginal', 'sudden_hardship')");
  else equal(" AND h.monitoring = :monitoring", "monitoring", filter.monitoring);
  equal(" AND h.attribute = :attribute", "attribute", filter.attribute);
  equal(" AND h.main_cause = :cause", "cause", filter.cause);
  if (filter.helper == "none") question.text.add(" AND h.helper_account IS NULL AND h.helper IS NULL");
  else equal(" AND h.helper_account = :helper", "helper", filter.helper);
}

HouseholdLine line_from(const store::Row& row) {
  const auto text = [&](std::size_t column) { return row.maybe_text(column).value_or(""); };
  return {row.id<HouseholdId>(0), text(1), text(2), text(3), text(4), text(5), text(6), text(7), text(8),
          static_cast<int>(row.integer(9)), text(10), text(11), static_cast<int>(row.integer(12))};
}

void add_line_columns(store::SqlText& text) {
  text.add("SELECT h.id, h.code, h.village, h.hamlet, h.status, h.monitoring, h.attribute, h.main_cause, h.head_name, h.size,"
           " h.helper, h.helper_unit, h.version FROM household h WHERE");
}

bool before(const HouseholdLine& one, const HouseholdLine& other) {
  return std::tie(one.village, one.id) < std::tie(other.village, other.id);
}

constexpr std::string_view listed_statuses[] = {"poor", "returned", "exited_supported", "exited_stable"};
constexpr std::string_view monitored_types[] = {"unstable_exit", "marginal", "sudden_hardship"};

/// One filter for each value where several are asked for: an index gives the order of villages within one value alone.
std::vector<HouseholdFilter> by_value(const HouseholdFilter& filter) {
  std::vector<HouseholdFilter> out;
  const auto add = [&](std::span<const std::string_view> values, std::string HouseholdFilter::*field) {
    for (const std::string_view value : values) {
      out.push_back(filter);
      out.back().*field = value;
    }
  };
  if (filter.monitoring == "any") add(monitored_types, &HouseholdFilter::monitoring);
  else if (filter.listed && filter.status.empty()) add(listed_statuses, &HouseholdFilter::status);
  else out.push_back(filter);
  return out;
}

base::Result<std::vector<HouseholdLine>> lines_in(store::Session& session, const HouseholdFilter& filter, const Stretch& stretch,
                                                  const std::optional<HouseholdPlace>& after, int limit) {
  Question question;
  add_line_columns(question.text);
  add_filter(question, filter);
  question.text.add(" AND h.village < :high AND (h.village, h.id) > (:low, :after) ORDER BY h.village, h.id LIMIT :limit");
  const bool later = after && after->village >= stretch.low;
  question.parameters.push_back({"high", stretch.high});
  question.parameters.push_back({"low", later ? after->village : stretch.low});
  question.parameters.push_back({"after", later ? after->id.value : std::string()});
  question.parameters.push_back({"limit", limit});
  std::vector<HouseholdLine> out;
  for (const store::Row& row : TRY(session.query(question.text.sql(), question.parameters))) out.push_back(line_from(row));
  return out;
}

/// What the viewer sees as a helper, outside of his areas.
base::Result<std::vector<HouseholdLine>> assigned_lines(store::Session& session, const access::Viewer& viewer, const HouseholdFilter& filter,
                                                        const std::optional<HouseholdPlace>& after, int limit) {
  if (!viewer.scope.assigned || viewer.user.empty()) return std::vector<HouseholdLine>();
  Question question;
  add_line_columns(question.text);
  add_filter(question, filter);
  question.text.add(" AND h.helper_account = :self AND h.village >= :low AND h.village < :high AND (h.village, h.id) > (:from, :after)"
                    " ORDER BY h.village, h.id LIMIT :limit");
  question.parameters.insert(question.parameters.end(),
                             {{"self", viewer.user}, {"low", filter.area}, {"high", filter.area + ":"}, {"from", after ? after->village : ""},
                              {"after", after ? after->id.value : ""}, {"limit", limit}});
  std::vector<HouseholdLine> out;
  for (const store::Row& row : TRY(session.query(question.text.sql(), question.parameters))) {
    if (!viewer.scope.covers_area(row.text(2))) out.push_back(line_from(row));
  }
  return out;
}

VillageCount count_from(const store::Row& row) {
  return {row.text(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5)};
}

void add_count_columns(store::SqlText& text) {
  text.add("SELECT h.village, COUNT(*), SUM(h.size),"
           " SUM(CASE WHEN h.status IN ('poor', 'returned', 'exited_supported', 'exited_stable') THEN 1 ELSE 0 END),"
           " SUM(CASE WHEN h.status IN ('poor', 'returned') THEN 1 ELSE 0 END),"
           " SUM(CASE WHEN h.monitoring <> 'none' THEN 1 ELSE 0 END) FROM household h WHERE");
}

}  // namespace

base::Result<std::vector<HouseholdLine>> list_households(store::Session& session, const access::Viewer& viewer,
                                                         const HouseholdFilter& filter,
                                                         const std::optional<HouseholdPlace>& after, int limit) {
  TRY(expect(viewer, access::Permission::register_read));
  std::vector<HouseholdLine> out;
  for (const Stretch& stretch : stretches_of(viewer, filter.area)) {
    if (after && after->village >= stretch.high) continue;
    const int left = limit - static_cast<int>(out.size());
    if (left <= 0) break;
    std::vector<HouseholdLine> here;
    for (const HouseholdFilter& one : by_value(filter)) {
      for (HouseholdLine& line : TRY(lines_in(session, one, stretch, after, left))) here.push_back(std::move(line));
    }
    std::ranges::sort(here, before);
    here.resize(std::min(here.size(), static_cast<std::size_t>(left)));
    out.insert(out.end(), std::make_move_iterator(here.begin()), std::make_move_iterator(here.end()));
  }
  auto assigned = TRY(assigned_lines(session, viewer, filter, after, limit));
  if (!assigned.empty()) {
    out.insert(out.end(), std::make_move_iterator(assigned.begin()), std::make_move_iterator(assigned.end()));
    std::ranges::sort(out, before);
    if (out.size() > static_cast<std::size_t>(limit)) out.resize(static_cast<std::size_t>(limit));
  }
  return out;
}

base::Result<std::vector<VillageCount>> count_by_village(store::Session& session, const access::Viewer& viewer, const HouseholdFilter& filter) {
  TRY(expect(viewer, access::Permission::register_read));
  std::vector<VillageCount> out;
  for (const Stretch& stretch : stretches_of(viewer, filter.area)) {
    Question question;
    add_count_columns(question.text);
    add_filter(question, filter);
    question.text.add(" AND h.village >= :low AND h.village < :high GROUP BY h.village ORDER BY h.village");
    question.parameters.push_back({"low", stretch.low});
    question.parameters.push_back({"high", stretch.high});
    for (const store::Row& row : TRY(session.query(question.text.sql(), question.parameters))) out.push_back(count_from(row));
  }
  if (!viewer.scope.assigned || viewer.user.empty()) return out;
  Question question;
  add_count_columns(question.text);
  add_filter(question, filter);
  question.text.add(" AND h.helper_account = :self AND h.village >= :low AND h.village < :high GROUP BY h.village ORDER BY h.village");
  question.parameters.insert(question.parameters.end(), {{"self", viewer.user}, {"low", filter.area}, {"high", filter.area + ":"}});
  for (const store::Row& row : TRY(session.query(question.text.sql(), question.parameters))) {
    if (!viewer.scope.covers_area(row.text(0))) out.push_back(count_from(row));
  }
  std::ranges::sort(out, {}, &VillageCount::village);
  return out;
}

}  // namespace yihu::registry

#include "screen/finding_list.h"

#include "screen/household_standing.h"
#include "screen/sight.h"
#include "screen/wording.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace yihu::screen {
namespace {

namespace json = boost::json;

// One list for all filters: an empty parameter asks for everything.
constexpr store::Sql list_sql =
    "SELECT f.id, f.rule, f.subject_kind, f.subject, f.household, f.village, f.period, f.state, f.outcome, f.level,"
    " f.rule_version, f.content, f.opened_on, f.closed_on, f.closed_because, h.code, h.head_name, p.name, v.name, v.name_en,"
    " t.name, t.name_en FROM finding f LEFT JOIN household h ON h.id = f.household LEFT JOIN person p ON p.id = f.subject"
    " LEFT JOIN area v ON v.code = f.village LEFT JOIN area t ON t.code = v.town"
    " WHERE f.village >= :low AND f.village < :high AND (f.village > :after_village OR (f.village = :after_village AND f.id > :after))"
    " AND (:rule = '' OR f.rule = :rule) AND (:state = '' OR f.state = :state) AND (:household = '' OR f.household = :household)"
    " AND (:helper = '' OR h.helper_account = :helper) ORDER BY f.village, f.id LIMIT :limit";
constexpr store::Sql one_sql =
    "SELECT f.id, f.rule, f.subject_kind, f.subject, f.household, f.village, f.period, f.state, f.outcome, f.level,"
    " f.rule_version, f.content, f.opened_on, f.closed_on, f.closed_because, h.code, h.head_name, p.name, v.name, v.name_en,"
    " t.name, t.name_en FROM finding f LEFT JOIN household h ON h.id = f.household LEFT JOIN person p ON p.id = f.subject"
    " LEFT JOIN area v ON v.code = f.village LEFT JOIN area t ON t.code = v.town"
    " WHERE f.subject = :subject AND f.rule = :rule AND f.period = :period";
constexpr store::Sql counts_sql =
    "SELECT f.rule, COALESCE(v.town, ''), f.state, count(*) FROM finding f LEFT JOIN area v ON v.code = f.village"
    " LEFT JOIN household h ON h.id = f.household WHERE f.state <> 'closed' AND f.village >= :low AND f.village < :high"
    " AND (:helper = '' OR h.helper_account = :helper) GROUP BY f.rule, COALESCE(v.town, ''), f.state";
constexpr store::Sql town_sql = "SELECT name, name_en FROM area WHERE code = :code";
constexpr store::Sql rule_counts_sql =
    "SELECT rule, outcome, sum(subjects) FROM rule_count WHERE village >= :low AND village < :high GROUP BY rule, outcome";
constexpr store::Sql swept_sql = "SELECT rule, at FROM swept_rule";

Values values_from(const std::string& content) {
  Values out;
  std::error_code error;
  const json::value value = json::parse(content, error);
  if (error || !value.is_object()) return out;
  for (const auto& member : value.as_object()) {
    const json::object* said = member.value().if_object();
    const json::value* zh = said == nullptr ? nullptr : said->if_contains("zh");
    const json::value* en = said == nullptr ? nullptr : said->if_contains("en");
    if (zh != nullptr && en != nullptr && zh->is_string() && en->is_string()) {
      out[std::string(member.key())] = {std::string(zh->as_string()), std::string(en->as_string())};
    }
  }
  return out;
}

FindingLine line_from(const RuleBook& book, const store::Row& row) {
  FindingLine line;
  line.id = row.text(0);
  line.rule = row.text(1);
  line.subject_kind = row.text(2);
  line.subject = row.text(3);
  line.household = row.text(4);
  line.village = row.text(5);
  line.period = row.text(6);
  line.state = row.text(7) == "open" ? FindingState::open : row.text(7) == "unknown" ? FindingState::unknown : FindingState::closed;
  line.outcome = outcome_from_name(row.text(8)).value_or(Outcome::unknown);
  line.outcome_label = label_of(line.outcome);
  line.level = row.text(9);
  line.rule_version = row.text(10);
  if (const auto day = row.maybe_date(12)) line.opened_on = *day;
  line.closed_on = row.maybe_date(13);
  line.closed_because = row.maybe_text(14);
  line.household_code = row.text(15);
  const base::Text village{row.text(18), row.text(19)};
  line.village_name = village;
  line.town_name = {row.text(20), row.text(21)};
  const std::string& head = row.text(16);
  line.name = line.subject_kind == "person" ? row.text(17) : line.subject_kind == "household" ? head : village.zh;
  const auto rule = book.position(line.rule);
  if (!rule) return line;
  const pack::Rule& of = *book.at(*rule).rule;
  line.label = of.label;
  line.kind = pack::name_of(of.kind);
  line.article = of.article;
  Values values = values_from(row.text(11));
  values["person.name"] = {row.text(17), row.text(17)};
  values["household.head_name"] = values["person.household.head_name"] = {head, head};
  line.say = filled(of.say, values);
  return line;
}

}  // namespace

base::Result<std::vector<FindingLine>> findings(store::Session& session, const RuleBook& book, const access::Viewer& viewer,
                                                const FindingFilter& filter) {
  std::vector<FindingLine> out;
  const Sight sight = sight_of(viewer, filter.area);
  for (const registry::Stretch& stretch : sight.stretches) {
    const int wanted = filter.limit - static_cast<int>(out.size());
    if (wanted <= 0) break;
    const auto rows = TRY(session.query(
        list_sql, {{"low", stretch.low}, {"high", stretch.high}, {"after_village", filter.after_village}, {"after", filter.after},
                   {"rule", filter.rule}, {"state", filter.state ? name_of(*filter.state) : ""}, {"household", filter.household},
                   {"helper", sight.helper}, {"limit", wanted}}));
    for (const store::Row& row : rows) out.push_back(line_from(book, row));
  }
  return out;
}

base::Result<std::optional<FindingLine>> find_finding(store::Session& session, const RuleBook& book, std::string_view rule,
                                                      std::string_view subject, std::string_view period) {
  const auto row = TRY(session.find(one_sql, {{"subject", subject}, {"rule", rule}, {"period", period}}));
  return row ? std::optional(line_from(book, *row)) : std::nullopt;
}

base::Result<std::vector<FindingCount>> finding_counts(store::Session& session, const RuleBook& book, const access::Viewer& viewer,
                                                       std::string_view area) {
  std::map<std::pair<std::string, std::string>, FindingCount> counts;
  const Sight sight = sight_of(viewer, area);
  for (const registry::Stretch& stretch : sight.stretches) {
    for (const store::Row& row : TRY(session.query(counts_sql, {{"low", stretch.low}, {"high", stretch.high}, {"helper", sight.helper}}))) {
      FindingCount& count = counts[{row.text(0), row.text(1)}];
      (row.text(2) == "open" ? count.open : count.unknown) += row.integer(3);
    }
  }
  std::map<std::string, base::Text> towns;
  std::vector<FindingCount> out;
  for (auto& [key, count] : counts) {
    count.rule = key.first;
    count.town = key.second;
    if (!towns.contains(key.second)) {
      const auto row = TRY(session.find(town_sql, {{"code", key.second}}));
      towns[key.second] = row ? base::Text{row->text(0), row->text(1)} : base::Text{};
    }
    count.town_name = towns[key.second];
    if (const auto rule = book.position(key.first)) {
      count.label = book.at(*rule).rule->label;
      count.kind = pack::name_of(book.at(*rule).rule->kind);
      count.article = book.at(*rule).rule->article;
    }
    out.push_back(std::move(count));
  }
  return out;
}

base::Result<std::vector<RuleCount>> rule_counts(store::Session& session, const RuleBook& book, const access::Viewer& viewer,
                                                 std::string_view area) {
  std::vector<RuleCount> out;
  for (const CompiledRule& rule : book.rules()) out.push_back({rule_view(rule), 0, 0, 0, {}});
  for (const registry::Stretch& stretch : registry::stretches_of(viewer, area)) {
    for (const store::Row& row : TRY(session.query(rule_counts_sql, {{"low", stretch.low}, {"high", stretch.high}}))) {
      const auto rule = book.position(row.text(0));
      const auto outcome = outcome_from_name(row.text(1));
      if (!rule || !outcome || *outcome == Outcome::not_applicable || *outcome == Outcome::not_entitled) continue;
      RuleCount& count = out[*rule];
      (is_finding(*outcome) ? count.found : *outcome == Outcome::unknown ? count.unknown : count.well) += row.integer(2);
    }
  }
  for (const store::Row& row : TRY(session.query(swept_sql))) {
    if (const auto rule = book.position(row.text(0))) out[*rule].swept_at = row.instant(1);
  }
  return out;
}

}  // namespace yihu::screen

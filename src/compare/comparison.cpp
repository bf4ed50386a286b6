#include "compare/comparison.h"

#include "compare/turns.h"
#include "registry/reach.h"
#include "store/digest.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cmath>
#include <set>

namespace yihu::compare {
namespace {

using base::ErrorKind;
using base::Result;
using store::Sql;

constexpr std::string_view states[] = {"working", "done", "failed"};
constexpr std::size_t title_max = 180;  // bytes: 60 characters

constexpr Sql insert_sql =
    "INSERT INTO comparison (id, title, day, state, rates, actor, made_at, version) VALUES (:id, :title, :day, 'working', '[]', :actor, :now, 1)";
constexpr Sql done_sql =
    "UPDATE comparison SET state = :state, day = :day, rates = :rates, ended_at = :now, version = version + 1 WHERE id = :id";
constexpr Sql freeze_sql = "UPDATE comparison SET frozen_at = :now, hash = :hash, version = version + 1 WHERE id = :id AND frozen_at IS NULL AND state = 'done'";
constexpr Sql working_sql = "UPDATE comparison SET state = 'working', version = version + 1 WHERE id = :id";
constexpr Sql drop_item_sql =
    "DELETE FROM comparison_item WHERE comparison = :id AND roster = :roster AND period = :period AND kind = :kind AND cause = :cause AND subject = :subject";
constexpr Sql item_sql =
    "INSERT INTO comparison_item (comparison, roster, period, kind, cause, subject, village) VALUES (:id, :roster, :period, :kind, :cause, :subject, :village)"
    " ON CONFLICT (comparison, roster, period, kind, cause, subject) DO NOTHING";
constexpr Sql items_sql =
    "SELECT roster, period, kind, cause, subject, village FROM comparison_item WHERE comparison = :id ORDER BY roster, period, kind, cause, subject";
constexpr Sql list_sql =
    "SELECT c.id, c.title, c.day, c.state, c.rates, coalesce(c.hash, ''), c.actor, c.made_at, c.frozen_at, c.version,"
    " (SELECT count(*) FROM comparison_item i WHERE i.comparison = c.id) FROM comparison c ORDER BY c.made_at DESC";
constexpr Sql one_sql =
    "SELECT c.id, c.title, c.day, c.state, c.rates, coalesce(c.hash, ''), c.actor, c.made_at, c.frozen_at, c.version,"
    " (SELECT count(*) FROM comparison_item i WHERE i.comparison = c.id) FROM comparison c WHERE c.id = :id";
constexpr Sql periods_sql = "SELECT roster, max(period) FROM roster_run WHERE state = 'done' GROUP BY roster";
constexpr Sql sizes_sql = "SELECT id, size FROM household";

base::Error frozen() {
  return base::fail(ErrorKind::conflict, "comparison_frozen", base::text("这次比对已经锁定。", "This comparison is frozen."),
                    base::text("请另做一次。", "Make another one.")).error();
}

std::string text_from(const std::vector<RateCount>& rates) {
  boost::json::array out;
  for (const RateCount& one : rates) {
    out.push_back(boost::json::object{{"id", one.id}, {"households", one.households}, {"people", one.people}, {"counted_households", one.counted_households},
                                      {"counted", one.counted}, {"percent", one.percent}, {"low", one.percent_low}, {"high", one.percent_high}});
  }
  return boost::json::serialize(out);
}

std::vector<RateCount> rates_from(const Rosters& rosters, const std::string& text) {
  std::vector<RateCount> out;
  boost::json::error_code problem;
  const auto parsed = boost::json::parse(text, problem);
  if (problem || !parsed.is_array()) return out;
  for (const auto& one : parsed.get_array()) {
    RateCount rate{.id = std::string(one.at("id").as_string()), .label = {}, .households = one.at("households").as_int64(), .people = one.at("people").as_int64(),
                   .counted_households = one.at("counted_households").as_int64(), .counted = one.at("counted").as_int64(),
                   .percent = one.at("percent").to_number<double>(), .percent_low = one.at("low").to_number<double>(), .percent_high = one.at("high").to_number<double>()};
    rate.label = {rate.id, rate.id};
    for (const pack::Rate& declared : rosters.declared().rates) {
      if (declared.id != rate.id) continue;
      rate.label = declared.label;
      rate.limit_percent = declared.limit_percent;
    }
    out.push_back(std::move(rate));
  }
  return out;
}

Comparison comparison_from(const Rosters& rosters, const store::Row& row) {
  Comparison out{.id = row.text(0), .title = row.text(1), .day = row.maybe_date(2).value_or(base::Date{}), .rates = rates_from(rosters, row.text(4)),
                 .items = row.integer(10), .hash = row.text(5), .actor = row.text(6), .made_at = row.instant(7), .frozen_at = row.maybe_instant(8),
                 .version = row.integer(9)};
  for (std::size_t i = 0; i < std::size(states); ++i) {
    if (states[i] == row.text(3)) out.state = static_cast<ComparisonState>(i);
  }
  return out;
}

/// @source E. B. Wilson 1927: score interval of a share, 95 %.
void set_interval(RateCount& rate) {
  if (rate.households == 0) return;
  constexpr double z = 1.959964;
  const double n = static_cast<double>(rate.households), share = static_cast<double>(rate.counted_households) / n;
  const double middle = (share + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n);
  rate.percent_low = 100 * std::max(0.0, middle - half);
  rate.percent_high = 100 * std::min(1.0, middle + half);
}

struct Item {
  std::string roster, period, kind, cause, subject, village;
  auto key() const { return std::tie(roster, kind, cause, subject); }
  auto operator<=>(const Item&) const = default;
};

Result<std::vector<Item>> items_of(store::Session& session, const access::Viewer& viewer, const std::string& id) {
  std::vector<Item> out;
  for (const store::Row& row : TRY(session.query(items_sql, {{"id", id}}))) {
    if (!viewer.scope.covers_register() && !viewer.scope.covers_area(row.text(5))) continue;
    out.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5)});
  }
  return out;
}

}  // namespace

std::string_view name_of(ComparisonState state) { return states[static_cast<std::size_t>(state)]; }

Result<Comparison> start_comparison(store::Transaction& transaction, const std::string& title) {
  if (title.empty() || title.size() > title_max) {
    base::Error error = base::fail(ErrorKind::input, "title_missing", base::text("请写名称，不超过 60 字。", "It needs a name of at most 60 characters.")).error();
    error.place.field = "/title";
    return base::fail(std::move(error));
  }
  Comparison out{.id = base::new_uuid(), .title = title, .day = base::date_of(transaction.now()), .actor = transaction.act().actor, .made_at = transaction.now(), .version = 1};
  TRY(transaction.execute(insert_sql, {{"id", out.id}, {"title", title}, {"day", out.day}, {"actor", out.actor}, {"now", out.made_at}}));
  TRY(transaction.journal({"comparison.started", "comparison", out.id, "", boost::json::serialize(boost::json::object{{"title", title}})}));
  return out;
}

Result<std::vector<RateCount>> count_rates(store::Session& session, const Rosters& rosters, base::Date today) {
  std::vector<RateCount> out;
  std::map<std::string, std::int64_t> sizes;
  for (const store::Row& row : TRY(session.query(sizes_sql))) sizes[row.text(0)] = row.integer(1);
  for (const pack::Rate& rate : rosters.declared().rates) {
    RateCount one{.id = rate.id, .label = rate.label, .limit_percent = rate.limit_percent};
    const auto counted = TRY(rosters.said_of(session, "household", rate.count, today));
    for (const auto& [household, sampled] : TRY(rosters.said_of(session, "household", rate.of, today))) {
      if (!sampled) continue;
      const auto hit = counted.find(household);
      const bool counts = hit != counted.end() && hit->second;
      ++one.households;
      one.people += sizes[household];
      if (counts) ++one.counted_households;
      if (counts) one.counted += sizes[household];
    }
    if (one.people > 0) one.percent = 100.0 * static_cast<double>(one.counted) / static_cast<double>(one.people);
    set_interval(one);
    out.push_back(std::move(one));
  }
  return out;
}

namespace {

struct ItemsChange {
  const std::set<Item>& before;
  const std::set<Item>& after;
};

/// In short turns, so that nobody waits; until the last one the comparison is under way, which its state tells.
base::Done write_items(const Work& work, const store::Act& act, const std::string& id, const ItemsChange& change) {
  std::vector<Task> tasks = {[&](store::Transaction& transaction) -> base::Done {
    TRY(transaction.execute(working_sql, {{"id", id}}));
    return {};
  }};
  const auto parameters = [&](const Item& one) {
    return store::Parameters{{"id", id}, {"roster", one.roster}, {"period", one.period}, {"kind", one.kind}, {"cause", one.cause}, {"subject", one.subject}};
  };
  for (const Item& one : change.before) {
    if (change.after.contains(one)) continue;
    tasks.emplace_back([&](store::Transaction& transaction) -> base::Done {
      TRY(transaction.execute(drop_item_sql, parameters(one)));
      return {};
    });
  }
  for (const Item& one : change.after) {
    if (change.before.contains(one)) continue;
    tasks.emplace_back([&](store::Transaction& transaction) -> base::Done {
      store::Parameters all = parameters(one);
      all.push_back({"village", one.village});
      TRY(transaction.execute(item_sql, all));
      return {};
    });
  }
  return in_turns(work.store, act, tasks, work.cancel);
}

Result<Comparison> compare_everything(const Work& work, const std::string& id, const store::Act& act) {
  std::vector<RateCount> rates;
  std::set<Item> before, items;
  const base::Date today = work.store.clock().today();
  TRY(work.store.read([&](store::Session& session) -> base::Done {
    if (TRY(read_comparison(session, work.rosters, id)).frozen_at) return base::fail(frozen());
    for (Item& one : TRY(items_of(session, access::Viewer::system("compare"), id))) before.insert(std::move(one));
    const auto periods = TRY(session.query(periods_sql));
    std::int64_t done = 0;
    for (const store::Row& row : periods) {
      if (work.progress) work.progress("compare", done++, static_cast<std::int64_t>(periods.size()));
      const pack::Roster* roster = work.rosters.declared().find(row.text(0));
      if (roster == nullptr) continue;
      const Differences found = TRY(find_differences(session, {work.rosters, work.store.secrets(), *roster, row.text(1), today, work.cancel}));
      for (const Difference& one : found.found) {
        items.insert({roster->id, row.text(1), std::string(pack::name_of(one.rule->kind)), one.cause, one.subject, one.village});
      }
    }
    rates = TRY(count_rates(session, work.rosters, today));
    return {};
  }));
  TRY(write_items(work, act, id, {before, items}));
  Comparison out;
  TRY(work.store.write(act, [&](store::Transaction& transaction) -> Result<store::Answer> {
    TRY(transaction.execute(done_sql, {{"state", name_of(ComparisonState::done)}, {"day", today}, {"rates", text_from(rates)}, {"now", transaction.now()}, {"id", id}}));
    TRY(transaction.journal({"comparison.made", "comparison", id, "", boost::json::serialize(boost::json::object{{"items", items.size()}})}));
    out = TRY(read_comparison(transaction, work.rosters, id));
    return store::Answer();
  }));
  return out;
}

}  // namespace

Result<Comparison> make_comparison(const Work& work, const std::string& id, const store::Act& act) {
  auto made = compare_everything(work, id, act);
  if (made || made.error().kind == ErrorKind::conflict || made.error().kind == ErrorKind::not_found) return made;
  TRY(work.store.write(act, [&](store::Transaction& transaction) -> Result<store::Answer> {
    TRY(transaction.execute(done_sql, {{"state", name_of(ComparisonState::failed)}, {"day", work.store.clock().today()}, {"rates", "[]"},
                                       {"now", transaction.now()}, {"id", id}}));
    TRY(transaction.journal({"comparison.failed", "comparison", id, "", ""}));
    return store::Answer();
  }));
  return made;
}

base::Done freeze_comparison(store::Transaction& transaction, store::Algorithms algorithms, const std::string& id) {
  store::Digest digest(algorithms);
  for (const store::Row& row : TRY(transaction.query(items_sql, {{"id", id}}))) {
    for (std::size_t i = 0; i < row.size(); ++i) digest.add_field(row.text(i));
  }
  const std::string hash = store::hex(digest.finish());
  if (TRY(transaction.execute(freeze_sql, {{"now", transaction.now()}, {"hash", hash}, {"id", id}})) != 1) return base::fail(frozen());
  return transaction.journal({"comparison.frozen", "comparison", id, "", boost::json::serialize(boost::json::object{{"hash", hash}})});
}

Result<std::vector<Comparison>> list_comparisons(store::Session& session, const Rosters& rosters) {
  std::vector<Comparison> out;
  for (const store::Row& row : TRY(session.query(list_sql))) out.push_back(comparison_from(rosters, row));
  return out;
}

Result<Comparison> read_comparison(store::Session& session, const Rosters& rosters, const std::string& id) {
  const auto row = TRY(session.find(one_sql, {{"id", id}}));
  if (!row) return base::fail(ErrorKind::not_found, "comparison_unknown", base::text("没有这次比对。", "There is no such comparison."));
  return comparison_from(rosters, *row);
}

Result<std::vector<ComparisonCount>> comparison_counts(store::Session& session, const Rosters& rosters, const access::Viewer& viewer, const std::string& id,
                                                       const std::string& other) {
  std::map<std::array<std::string, 3>, ComparisonCount> counts;
  const auto now = TRY(items_of(session, viewer, id));
  const auto then = other.empty() ? std::vector<Item>() : TRY(items_of(session, viewer, other));
  std::set<std::tuple<std::string, std::string, std::string, std::string>> before, after;
  for (const Item& one : then) before.insert(one.key());
  for (const Item& one : now) after.insert(one.key());
  for (const Item& one : now) {
    ComparisonCount& count = counts[{one.roster, one.kind, one.cause}];
    ++count.found;
    if (!other.empty() && !before.contains(one.key())) ++count.fresh;
  }
  for (const Item& one : then) {
    if (!after.contains(one.key())) ++counts[{one.roster, one.kind, one.cause}].gone;
  }
  std::vector<ComparisonCount> out;
  for (auto& [key, count] : counts) {
    count.roster = key[0];
    count.kind = key[1];
    count.cause = key[2];
    const pack::Roster* roster = rosters.declared().find(key[0]);
    const auto kind = pack::discrepancy_kind_from(key[1]);
    if (roster != nullptr && kind) count.cause_label = cause_label(rosters, *roster, *kind, key[2]);
    out.push_back(std::move(count));
  }
  return out;
}

Result<std::map<std::string, std::int64_t>> comparison_villages(store::Session& session, const access::Viewer& viewer, const std::string& id) {
  std::map<std::string, std::int64_t> out;
  for (const Item& one : TRY(items_of(session, viewer, id))) ++out[one.village];
  return out;
}

}  // namespace yihu::compare

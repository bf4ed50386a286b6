#include "ledger/delivery.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace yihu::ledger {
namespace {

using base::ErrorKind;
using store::Sql;

constexpr std::size_t area_digits[] = {6, 9, 12};  // of a district, a town, a village

constexpr Sql delivery_find = "SELECT delivered_on, delivered_by FROM delivery WHERE ledger = :ledger AND area = :area AND period = :period";
constexpr Sql delivery_insert =
    "INSERT INTO delivery (ledger, area, period, delivered_on, delivered_by, at)"
    " VALUES (:ledger, :area, :period, :day, :actor, :at)";
constexpr Sql delivery_delete = "DELETE FROM delivery WHERE ledger = :ledger AND area = :area AND period = :period";
constexpr Sql delivery_all =
    "SELECT ledger, area, period, delivered_on, delivered_by FROM delivery"
    " WHERE (:ledger = '' OR ledger = :ledger) AND (:period = '*' OR period = :period) ORDER BY ledger, period, area";
constexpr Sql area_find =
    "SELECT 1 FROM area WHERE code = :area UNION ALL SELECT 1 FROM district WHERE code = :area";

base::Done check(store::Transaction& transaction, const LedgerTable& table, const Reach& reach, std::string_view area, std::string_view period) {
  if (!is_period(table.ledger().period, period)) {
    return base::fail(ErrorKind::input, "period_unreadable", base::text("“{:.40}”不是这个台账的期间。", "\"{:.40}\" is no period of this ledger.", period),
                      base::text("例如“{}”。", "Such as \"{}\".", period_on(table.ledger().period, base::date_of(transaction.now()))));
  }
  const bool within = reach.all || std::ranges::any_of(reach.areas, [&](const std::string& code) { return area.starts_with(code); });
  if (!within || TRY(transaction.query(area_find, {{"area", area}})).empty()) {
    return base::fail(ErrorKind::not_found, "area_unknown", base::text("没有这个区划，或不在您的范围内。", "There is no such area within your reach."));
  }
  return {};
}

std::string json_of(const LedgerTable& table, std::string_view area, std::string_view period) {
  return boost::json::serialize(boost::json::object{{"ledger", table.ledger().id}, {"area", area}, {"period", period}});
}

}  // namespace

base::Done deliver(store::Transaction& transaction, const LedgerTable& table, const Reach& reach, std::string_view area, std::string_view period) {
  TRY(check(transaction, table, reach, area, period));
  if (TRY(transaction.find(delivery_find, {{"ledger", table.ledger().id}, {"area", area}, {"period", period}}))) return {};
  TRY(transaction.execute(delivery_insert, {{"ledger", table.ledger().id}, {"area", area}, {"period", period},
                                            {"day", base::date_of(transaction.now())}, {"actor", transaction.act().actor},
                                            {"at", transaction.now()}}));
  return transaction.journal({"ledger.delivered", "ledger", table.ledger().id, "", json_of(table, area, period)});
}

base::Done take_back(store::Transaction& transaction, const LedgerTable& table, const Reach& reach, std::string_view area, std::string_view period) {
  TRY(check(transaction, table, reach, area, period));
  if (TRY(transaction.execute(delivery_delete, {{"ledger", table.ledger().id}, {"area", area}, {"period", period}})) == 0) {
    return base::fail(ErrorKind::not_found, "delivery_unknown", base::text("没有登记过这次报送。", "No such delivery is recorded."));
  }
  return transaction.journal({"ledger.taken_back", "ledger", table.ledger().id, json_of(table, area, period), ""});
}

base::Result<std::vector<Delivery>> read_deliveries(store::Session& session, std::string_view ledger, std::string_view period) {
  std::vector<Delivery> out;
  for (const auto& row : TRY(session.query(delivery_all, {{"ledger", ledger}, {"period", period}}))) {
    const auto day = row.maybe_date(3);
    out.push_back({row.text(0), row.text(1), row.text(2), day.value_or(base::Date{}), row.text(4)});
  }
  return out;
}

int villages_delivered(const std::vector<std::string>& villages, const std::vector<Delivery>& deliveries) {
  std::set<std::string_view> areas;
  for (const Delivery& one : deliveries) areas.insert(one.area);
  return static_cast<int>(std::ranges::count_if(villages, [&](const std::string_view village) {
    return std::ranges::any_of(area_digits, [&](std::size_t digits) { return areas.contains(village.substr(0, digits)); });
  }));
}

}  // namespace yihu::ledger

#include "access/calendar_address.h"

#include "access/viewer_of.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <sodium.h>

#include <array>

namespace yihu::access {
namespace {

using store::Sql;

constexpr Sql insert_address =
    "INSERT INTO calendar_address (id, account, unit, secret_hash, made_at, ended_at)"
    " VALUES (:id, :account, :unit, :secret_hash, :made_at, NULL)";
constexpr Sql select_own =
    "SELECT id, account, unit, made_at FROM calendar_address WHERE account = :account AND ended_at IS NULL"
    " ORDER BY made_at DESC, id DESC";
constexpr Sql update_ended =
    "UPDATE calendar_address SET ended_at = :now WHERE id = :id AND account = :account AND ended_at IS NULL";
constexpr Sql select_by_hash =
    "SELECT id, account, unit, made_at FROM calendar_address WHERE secret_hash = :hash AND ended_at IS NULL";

CalendarAddress address_from_row(const store::Row& row) {
  CalendarAddress address{row.text(0), row.id<base::UserId>(1), {}, row.instant(3)};
  if (auto unit = row.maybe_text(2)) address.unit = base::UnitId{*unit};
  return address;
}

base::Error unknown() {
  return base::fail(base::ErrorKind::not_found, "calendar_address_unknown", base::text("没有这个日历地址。", "There is no such calendar address.")).error();
}

}  // namespace

base::Result<MadeCalendarAddress> make_calendar_address(store::Transaction& transaction, const store::Secrets& secrets,
                                                        const Viewer& viewer, const std::optional<base::UnitId>& unit) {
  if (unit && !viewer.scope.covers(*unit)) {
    return base::fail(base::Error{base::ErrorKind::input, "unit_unknown", base::text("没有这个单位。", "There is no such unit."), {},
                                  {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/unit_id"}, {}});
  }
  if (TRY(list_calendar_addresses(transaction, viewer)).size() >= calendar_addresses_max) {
    return base::fail(base::ErrorKind::too_large, "calendar_addresses_many",
                      base::text("日历地址不能超过 {} 个。", "There are {} calendar addresses at most.", calendar_addresses_max),
                      base::text("请先停用不再使用的。", "End those that are no longer used."));
  }
  std::array<unsigned char, 32> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, 48> secret{};
  sodium_bin2base64(secret.data(), secret.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  MadeCalendarAddress made{{base::new_uuid(), viewer.user, unit, transaction.now()}, secret.data()};
  TRY(transaction.execute(insert_address, {{"id", made.address.id}, {"account", viewer.user}, {"unit", unit},
                                           {"secret_hash", secrets.index("calendar_address.secret", made.secret)},
                                           {"made_at", made.address.made_at}}));
  boost::json::object told{{"user", viewer.user.value}};
  if (unit) told["unit"] = unit->value;
  TRY(transaction.journal({"calendar_address.made", "calendar_address", made.address.id, "", boost::json::serialize(told)}));
  return made;
}

base::Result<std::vector<CalendarAddress>> list_calendar_addresses(store::Session& session, const Viewer& viewer) {
  std::vector<CalendarAddress> out;
  for (const store::Row& row : TRY(session.query(select_own, {{"account", viewer.user}}))) out.push_back(address_from_row(row));
  return out;
}

base::Done end_calendar_address(store::Transaction& transaction, const Viewer& viewer, std::string_view id) {
  const auto rows = TRY(transaction.execute(update_ended, {{"id", id}, {"account", viewer.user}, {"now", transaction.now()}}));
  if (rows == 0) return base::fail(unknown());
  return transaction.journal({"calendar_address.ended", "calendar_address", std::string(id), "", ""});
}

base::Result<CalendarReader> read_calendar_address(store::Session& session, const store::Secrets& secrets,
                                                   const Roles& roles, std::string_view secret, base::Date today) {
  if (secret.size() != 43) return base::fail(unknown());
  const auto row = TRY(session.find(select_by_hash, {{"hash", secrets.index("calendar_address.secret", secret)}}));
  if (!row) return base::fail(unknown());
  CalendarReader reader{address_from_row(*row), {}};
  auto viewer = viewer_of(session, roles, reader.address.user, today);
  if (!viewer && viewer.error().kind == base::ErrorKind::signed_out) return base::fail(unknown());
  reader.viewer = TRY(std::move(viewer));
  if (!reader.viewer.may(Permission::plan_read)) return base::fail(unknown());
  if (reader.address.unit && !reader.viewer.scope.covers(*reader.address.unit)) return base::fail(unknown());
  return reader;
}

}  // namespace yihu::access

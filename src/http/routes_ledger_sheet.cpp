// Ledgers as files: templates to fill in, exports.

#include "http/response.h"
#include "http/routes_ledger.h"
#include "ledger/ledger_sheet.h"

namespace yihu::http {
namespace {

using access::Permission;

constexpr const char* xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

base::Result<Response> file(const LedgerServices& services, const Request& request, Context& context, bool blank) {
  const OpenLedger open = TRY(open_ledger(services, request.path.at("ledger"), context.session, context.viewer));
  const ledger::SheetOut out{services.ledgers.pack(), *open.table, open.reach, request.language, context.store.clock().now(), request.query.at("area"),
                             request.query.at("period"), request.cancel};
  const std::string name = open.table->ledger().label.in(request.language);
  if (blank) {
    std::string bytes = out.area.empty() ? TRY(ledger::blank_template(out)) : TRY(ledger::filled_template(context.session, out));
    return attachment(std::move(bytes), xlsx, name + base::text("模板.xlsx", " template.xlsx").in(request.language));
  }
  if (request.query.at("format") == "csv") return attachment(TRY(ledger::export_csv(context.session, out)), "text/csv; charset=utf-8", name + ".csv");
  return attachment(TRY(ledger::export_xlsx(context.session, out)), xlsx, name + ".xlsx");
}

}  // namespace

std::vector<Route> ledger_sheet_routes(const LedgerServices& services) {
  std::vector<Route> routes;
  const boost::json::object text{{"type", "string"}};
  routes.push_back({.method = Method::get, .path = "/api/v1/ledgers/{ledger}/template", .name = "readLedgerTemplate",
                    .summary = base::text("填报模板", "A workbook to fill in; with an area, filled for it"), .permission = Permission::ledger_read,
                    .pace = Pace::slow, .query_schema = boost::json::object{{"area", text}, {"period", text}}, .answer_type = xlsx,
                    .handler = Read([services](const Request& request, Context& context) { return file(services, request, context, true); })});
  routes.push_back({.method = Method::get, .path = "/api/v1/ledgers/{ledger}/export", .name = "exportLedger",
                    .summary = base::text("导出台账", "A ledger's rows within reach as a file"), .permission = Permission::ledger_read,
                    .pace = Pace::slow,
                    .query_schema = boost::json::object{{"area", text}, {"period", text}, {"format", {{"type", "string"}, {"enum", {"xlsx", "csv"}}}}},
                    .answer_type = xlsx,
                    .handler = Read([services](const Request& request, Context& context) { return file(services, request, context, false); })});
  return routes;
}

}  // namespace yihu::http

// What the ledgers hold of one household and its members, all on one page.

#include "area/directory.h"
#include "http/answer.h"
#include "http/routes_ledger.h"
#include "http/schema_from.h"
#include "ledger/row.h"
#include "registry/household_page.h"

namespace yihu::http {
namespace {

struct HouseholdLedgerCell {
  base::Text label;
  std::string text;  ///< in the words of a workbook; empty when unknown
};
BOOST_DESCRIBE_STRUCT(HouseholdLedgerCell, (), (label, text))

struct HouseholdLedgerRow {
  std::string id;
  std::string subject;  ///< the household's own id, or a member's
  std::string name;     ///< whose row it is
  std::string period;
  base::Instant updated_at;
  std::vector<HouseholdLedgerCell> cells;
};
BOOST_DESCRIBE_STRUCT(HouseholdLedgerRow, (), (id, subject, name, period, updated_at, cells))

struct HouseholdLedger {
  std::string id;
  base::Text label;
  int article = 0;
  std::vector<HouseholdLedgerRow> rows;
};
BOOST_DESCRIBE_STRUCT(HouseholdLedger, (), (id, label, article, rows))

struct HouseholdLedgers {
  std::vector<HouseholdLedger> items;  ///< those that hold something
};
BOOST_DESCRIBE_STRUCT(HouseholdLedgers, (), (items))

HouseholdLedgerRow view_of(const pack::Pack& pack, const pack::Ledger& declared, ledger::LedgerRow row, base::Language language) {
  HouseholdLedgerRow out{std::move(row.id), std::move(row.subject), std::move(row.label), std::move(row.period), row.updated_at, {}};
  for (std::size_t at = 0; at < row.cells.size(); ++at) {
    const pack::Column& column = declared.columns[at];
    const bool hidden = column.personal && !ledger::is_nothing(row.cells[at]);
    out.cells.push_back({column.label, hidden ? std::string(ledger::masked) : ledger::text_from_cell(pack, column, row.cells[at], language)});
  }
  return out;
}

base::Result<Response> read_ledgers(const LedgerServices& services, const Request& request, Context& context) {
  const auto id = TRY(registry::HouseholdId::parse(request.path.at("household")));
  const registry::Household household = TRY(registry::read_household(context.session, {services.secrets}, context.viewer, id));
  std::vector<std::string> people;
  for (const registry::Member& member : household.members) people.push_back(member.id.value);
  const area::Directory directory = TRY(area::read_directory(context.session));
  HouseholdLedgers out;
  for (const auto& table : services.ledgers.all()) {
    const pack::Ledger& declared = table->ledger();
    if (declared.subject != pack::Subject::household && declared.subject != pack::Subject::person) continue;
    const ledger::Reach reach = ledger::reach_of(context.viewer, declared, ledger::owners_of(directory, declared));
    HouseholdLedger one{declared.id, declared.label, declared.article, {}};
    for (const std::string& subject : declared.subject == pack::Subject::household ? std::vector{id.value} : people) {
      const ledger::RowFilter filter{.area = {}, .period = "*", .subject = subject, .after = {}, .limit = ledger::rows_page_max};
      for (auto& row : TRY(ledger::read_rows(context.session, *table, reach, filter))) {
        one.rows.push_back(view_of(services.ledgers.pack(), declared, std::move(row), request.language));
      }
    }
    if (!one.rows.empty()) out.items.push_back(std::move(one));
  }
  return answer(out, request.language);
}

}  // namespace

std::vector<Route> ledger_household_routes(const LedgerServices& services) {
  std::vector<Route> routes;
  routes.push_back({.method = Method::get, .path = "/api/v1/households/{household}/ledgers", .name = "listHouseholdLedgers",
                    .summary = base::text("一户及其成员在各台账中的记录", "What the ledgers hold of a household and its members"),
                    .permission = access::Permission::ledger_read, .answer_schema = schema_of<HouseholdLedgers>(),
                    .handler = Read([services](const Request& request, Context& context) { return read_ledgers(services, request, context); })});
  return routes;
}

}  // namespace yihu::http

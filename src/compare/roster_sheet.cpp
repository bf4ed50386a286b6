#include "compare/roster_sheet.h"

#include "base/id_number.h"
#include "ledger/ledger_sheet.h"
#include "registry/reach.h"
#include "sheet/template_writer.h"
#include "sheet/workbook_writer.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace yihu::compare {
namespace {

using base::ErrorKind;
using base::Result;
using sheet::TemplateColumn;
using sheet::TemplateType;
using store::Sql;

constexpr std::size_t reason_max = 600;
constexpr Sql listed_sql =
    "SELECT p.id FROM person p JOIN household h ON h.id = p.household WHERE p.present = 1"
    " AND h.status IN ('poor', 'returned', 'exited_supported', 'exited_stable')";
constexpr Sql village_names = "SELECT code, name FROM area WHERE level = 'village'";

std::vector<TemplateColumn> columns_of(const SheetFor& out) {
  const auto say = [&](const char* zh, const char* en) { return std::string(out.language == base::Language::zh ? zh : en); };
  std::vector<TemplateColumn> columns;
  columns.push_back({.heading = say("人员编号", "Number"), .type = TemplateType::identifier, .key = true, .width = 22});
  columns.push_back({.heading = say("姓名", "Name"), .key = true});
  columns.push_back({.heading = say("证件号码", "ID number"), .type = TemplateType::identifier, .key = true, .width = 22});
  columns.push_back({.heading = say("行政村", "Village"), .key = true});
  columns.push_back({.heading = on_roster_heading().in(out.language), .type = TemplateType::boolean,
                     .hint = say("在贵单位名册上填“是”，不在填“否”", "Yes when he is on your roster, no when he is not"), .required = true});
  for (const pack::Column& column : out.roster.sheet.columns) {
    TemplateColumn one{.heading = column.label.in(out.language), .type = ledger::template_type_of(column.type)};
    if (const pack::CodeList* list = column.codes.empty() ? nullptr : out.rosters.pack().code_list(column.codes)) {
      for (const pack::CodeValue& value : list->values) one.choices.push_back(value.label.in(out.language));
    }
    columns.push_back(std::move(one));
  }
  return columns;
}

/// Whom the department is asked about.
Result<std::set<std::string>> asked_about(store::Session& session, const SheetFor& out, base::Date today) {
  std::set<std::string> people;
  const pack::DiscrepancyRule* rule = out.roster.rule(pack::DiscrepancyKind::register_only);
  if (rule != nullptr) {
    for (const auto& [person, expected] : TRY(out.rosters.said_of(session, "person", rule->expected, today))) {
      if (expected) people.insert(person);
    }
    return people;
  }
  for (const store::Row& row : TRY(session.query(listed_sql))) people.insert(row.text(0));
  return people;
}

Result<std::map<std::string, std::string>> villages(store::Session& session) {
  std::map<std::string, std::string> out;
  for (const store::Row& row : TRY(session.query(village_names))) out[row.text(0)] = row.text(1);
  return out;
}

}  // namespace

Result<ListOut> list_out(store::Session& session, const SheetFor& out, std::string_view reason, base::Instant now) {
  TRY(registry::expect(out.viewer, access::Permission::private_open));
  if (reason.empty() || reason.size() > reason_max) {
    base::Error error = base::fail(ErrorKind::input, "reason_missing", base::text("请写明用途。", "Say what it is for.")).error();
    error.place.field = "/reason";
    return base::fail(std::move(error));
  }
  const base::Date today = base::date_of(now);
  const auto wanted = TRY(asked_about(session, out, today));
  const auto names = TRY(villages(session));
  auto writer = TRY(sheet::TemplateWriter::open(
      {.created = now, .language = out.language, .title = out.roster.label.in(out.language), .sheet = out.language == base::Language::zh ? "名单" : "List",
       .instructions = {base::text("请逐人填写“在名册上”，其他列在名册上的才填，填好原样发回。", "Answer \"On the roster\" for everybody; fill in the other columns only for those who are, and send it back as it is.").in(out.language)},
       .blank_rows = 0},
      columns_of(out)));
  std::int64_t count = 0;
  const RegisterPeople people = TRY(register_people(session, out.secrets, out.rosters, out.roster, today, {}));
  for (const RegisterPerson& person : people.people) {
    if (person.dead || !wanted.contains(person.id) || !person.village.starts_with(out.area) || !out.viewer.scope.covers_area(person.village)) continue;
    const auto village = names.find(person.village);
    std::vector<sheet::TemplateValue> row = {person.who.code.empty() ? person.id : person.who.code, person.who.name, person.who.id_number,
                                             village == names.end() ? person.village : village->second};
    row.resize(columns_of(out).size());
    TRY(writer.add_row(row));
    ++count;
  }
  return ListOut{TRY(std::move(writer).finish()), count};
}

base::Done journal_list_out(store::Transaction& transaction, const SheetFor& out, std::string_view reason, std::int64_t people) {
  return transaction.journal({"roster.listed_out", "roster", out.roster.id, "",
                              boost::json::serialize(boost::json::object{{"people", people}, {"period", out.period}, {"reason", reason}})});
}

Result<std::string> corrections(store::Session& session, const SheetFor& out, base::Instant now) {
  const auto say = [&](const char* zh, const char* en) { return std::string(out.language == base::Language::zh ? zh : en); };
  auto writer = TRY(sheet::WorkbookWriter::open({.created = now, .language = out.language, .title = out.roster.label.in(out.language), .author = "yihu", .constant_memory = true}));
  sheet::WorkbookSheet page{.name = say("更正", "Corrections"), .title = out.roster.label.in(out.language),
                            .note = say("登记簿核实后与名册不一致、请贵单位更正的内容。", "What was checked and differs from your roster; please correct it.")};
  page.columns = {{say("名册行号", "Line"), 10}, {say("姓名", "Name"), 12}, {say("证件号码", "ID number"), 22}, {say("行政村", "Village"), 14}, {say("问题", "Problem"), 18},
                  {say("项目", "Field"), 16}, {say("名册的值", "On the roster"), 18}, {say("登记簿的值", "In the register"), 18}, {say("核实依据", "Ground"), 30}};
  TRY(writer.add_sheet(std::move(page)));
  const auto names = TRY(villages(session));
  DiscrepancyFilter filter{.roster = out.roster.id, .area = out.area, .state = DiscrepancyState::kept, .limit = 500};
  for (;;) {
    const auto items = TRY(list_discrepancies(session, out.secrets, out.rosters, out.viewer, filter));
    for (const Discrepancy& one : items) {
      std::string number;
      if (!one.person.empty()) {
        if (const auto person = TRY(register_person(session, out.secrets, one.person))) number = base::masked_id_number(person->who.id_number);
      }
      const auto village = names.find(one.village);
      const auto kind = pack::discrepancy_kind_from(one.kind);
      std::vector<sheet::WorkbookCell> row;
      for (const std::string& text : {one.line == 0 ? std::string() : std::to_string(one.line), one.name, number, village == names.end() ? one.village : village->second,
                                      kind ? label_of(*kind).in(out.language) : one.kind, one.cause_label.in(out.language), one.theirs, one.ours, one.note}) {
        row.push_back({.value = text});
      }
      TRY(writer.add_row(row));
    }
    if (static_cast<int>(items.size()) < filter.limit) break;
    filter.after_village = items.back().village;
    filter.after = items.back().id;
  }
  return std::move(writer).finish();
}

}  // namespace yihu::compare

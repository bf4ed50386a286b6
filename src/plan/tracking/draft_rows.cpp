#include "plan/tracking/draft_rows.h"

#include "plan/tracking/record.h"

#include <boost/json/serialize.hpp>

namespace yihu::plan {
namespace {

namespace json = boost::json;
using store::Sql;

constexpr Sql insert_import =
    "INSERT INTO plan_import (id, status, file_name, format, hash, title, year, document, content, warnings, version,"
    " author, at, plan) VALUES (:id, 'draft', :file_name, :format, :hash, :title, :year, :document, :content, :warnings,"
    " 1, :author, :at, NULL)";
constexpr Sql import_sql =
    "SELECT status, file_name, format, hash, title, year, document, content, version, author, at, plan"
    " FROM plan_import WHERE id = :id";
constexpr Sql corrections_sql =
    "SELECT id, task, measure, field, before, after, author, at, fits FROM plan_import_correction"
    " WHERE import = :id ORDER BY at, id";
constexpr Sql choices_sql = "SELECT name, unit FROM plan_import_unit WHERE import = :id";
constexpr Sql settled_sql = "SELECT warning FROM plan_import_settled WHERE import = :id";
constexpr Sql insert_correction =
    "INSERT INTO plan_import_correction (id, import, task, measure, field, before, after, author, at, fits)"
    " VALUES (:id, :import, :task, :measure, :field, :before, :after, :author, :at, :fits)";
constexpr Sql delete_correction =
    "DELETE FROM plan_import_correction WHERE import = :import AND task = :task AND measure = :measure AND field = :field";

auto no_import() {
  return base::fail(base::ErrorKind::not_found, "import_unknown",
                    base::text("没有这次导入。", "There is no such import."));
}

}  // namespace

base::Done insert_draft(store::Transaction& transaction, const Draft& draft) {
  TRY(transaction.execute(
      insert_import, {{"id", draft.id}, {"file_name", draft.file_name}, {"format", draft.format}, {"hash", draft.hash},
                      {"title", draft.title}, {"year", draft.year}, {"document", column_from(draft.document)},
                      {"content", draft.text}, {"warnings", draft.document.warnings.size()}, {"author", draft.author},
                      {"at", draft.at}}));
  return {};
}

base::Done write_import_correction(store::Transaction& transaction, const std::string& import,
                                   const ImportCorrection& correction) {
  TRY(transaction.execute(insert_correction,
                          {{"id", correction.id}, {"import", import}, {"task", correction.task},
                           {"measure", correction.measure}, {"field", correction.field},
                           {"before", json::serialize(correction.before)}, {"after", json::serialize(correction.after)},
                           {"author", correction.author}, {"at", correction.at}, {"fits", correction.fits}}));
  return {};
}

base::Done erase_import_correction(store::Transaction& transaction, const std::string& import,
                                   const ImportCorrection& place) {
  TRY(transaction.execute(delete_correction, {{"import", import}, {"task", place.task}, {"measure", place.measure},
                                              {"field", place.field}}));
  return {};
}

base::Result<Draft> load_draft(store::Session& session, const access::Viewer& viewer, const std::string& id) {
  if (!viewer.may(access::Permission::plan_import)) return no_import();
  const store::Parameters which{{"id", id}};
  const auto row = TRY(session.find(import_sql, which));
  if (!row) return no_import();
  Draft draft;
  draft.id = id;
  draft.status = row->text(0);
  draft.file_name = row->text(1);
  draft.format = row->text(2);
  draft.hash = row->text(3);
  draft.title = row->text(4);
  draft.year = static_cast<int>(row->integer(5));
  draft.document = TRY(plan_from_column(row->text(6)));
  draft.text = row->text(7);
  draft.version = row->integer(8);
  draft.author = row->text(9);
  draft.at = row->instant(10);
  if (!row->null(11)) draft.plan = row->id<base::PlanId>(11);
  for (const auto& one : TRY(session.query(corrections_sql, which))) {
    json::value before = TRY(json_from_column(one.text(4)));
    json::value after = TRY(json_from_column(one.text(5)));
    draft.corrections.push_back({one.text(0), static_cast<int>(one.integer(1)), static_cast<int>(one.integer(2)),
                                 one.text(3), std::move(before), std::move(after), one.text(6), one.instant(7),
                                 one.truth(8)});
  }
  for (const auto& one : TRY(session.query(choices_sql, which))) draft.choices[one.text(0)] = one.id<base::UnitId>(1);
  for (const auto& one : TRY(session.query(settled_sql, which))) draft.settled.insert(one.text(0));
  return draft;
}

}  // namespace yihu::plan

#include "registry/national_group.h"

#include "registry/stored_form.h"

#include <algorithm>
#include <map>
#include <set>

namespace yihu::registry {
namespace {

using store::Sql;

constexpr Sql select_household_by_code = "SELECT id FROM household WHERE code = :code";
constexpr Sql select_person_by_code = "SELECT id FROM person WHERE code = :code";
constexpr Sql select_person_by_index = "SELECT id FROM person WHERE id_index = :index ORDER BY present DESC, id LIMIT 1";

constexpr std::string_view identity_fields[] = {"name", "sex", "birth", "id_number"};
/// What names a row: an empty cell never takes it away.
constexpr std::string_view naming_fields[] = {"code", "name", "id_number", "relation"};

base::Error mistake(const char* code, base::Text text, base::Text mend = {}) {
  return {base::ErrorKind::input, code, std::move(text), std::move(mend), {}, {}};
}

bool one_of(std::span<const std::string_view> fields, std::string_view field) { return std::ranges::find(fields, field) != fields.end(); }

class Planning {
 public:
  Planning(store::Session& session, const Rooms& rooms, const access::Viewer& viewer, const MatchPolicy& policy)
      : session_(session), rooms_(rooms), viewer_(viewer), policy_(policy) {}

  base::Result<GroupPlan> plan(const std::vector<const WorkbookRow*>& rows) {
    for (const WorkbookRow* row : rows) {
      RowReport report{row->row, Outcome::same, row->household, {}, {}, row->mistakes};
      if (const auto name = row->person_values.find("name"); name != row->person_values.end()) {
        if (const auto* text = std::get_if<std::string>(&name->second)) report.name = *text;
      }
      if (row->household.empty()) report.mistakes.push_back(mistake("household_code_missing", base::text("没有户编号。", "The household's number is missing.")));
      out_.reports.push_back(std::move(report));
    }
    TRY(find_household(rows));
    if (!out_.stored && !out_.make) return finish();
    TRY(plan_household(rows));
    if (out_.stored) members_ = TRY(member_rows(session_, out_.stored->id));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!rows[i]->person_values.empty()) TRY(plan_person(*rows[i], i));
    }
    count_absent();
    return finish();
  }

 private:
  base::Done find_household(const std::vector<const WorkbookRow*>& rows) {
    const std::string& code = rows.front()->household;
    if (code.empty()) return {};
    if (const auto found = TRY(session_.find(select_household_by_code, {{"code", code}}))) {
      auto stored = household_row(session_, viewer_, found->id<HouseholdId>(0));
      if (stored) out_.stored = *std::move(stored);
      else if (stored.error().kind != base::ErrorKind::not_found) return base::fail(stored.error());
    }
    if (out_.stored && out_.stored->values.known("ended_on")) {
      for (RowReport& report : out_.reports) report.mistakes.push_back(mistake("household_ended", base::text("此户已销户。", "The household has ended.")));
    }
    if (!out_.stored && policy_.create_households) {
      out_.make = true;
      for (const WorkbookRow* row : rows) {
        if (row->village && !out_.village) out_.village = row->village;
      }
      if (!out_.village || !viewer_.scope.covers_area(*out_.village)) {
        for (RowReport& report : out_.reports) {
          if (!report.mistakes.empty()) continue;
          report.mistakes.push_back(mistake("village_unknown", base::text("新增农户须写明行政村，且在您的范围内。", "A new household needs a village within your reach.")));
        }
      }
    }
    return {};
  }

  /// Empty cells say nothing unless asked to; what names a row is never taken away.
  Values wanted(std::span<const Field> fields, const Values& values) const {
    Values out = normal_form(fields, values);
    std::erase_if(out, [&](const auto& one) { return !known(one.second) && (!policy_.clear || one_of(naming_fields, one.first)); });
    return out;
  }

  /// The first sound row speaks for the household; the others must not contradict it.
  base::Done plan_household(const std::vector<const WorkbookRow*>& rows) {
    Values said, income;
    bool first = true;
    std::size_t speaker = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!out_.reports[i].mistakes.empty()) continue;
      Values values = wanted(household_fields, rows[i]->household_values);
      if (first) {
        said = std::move(values);
        income = rows[i]->income_values;
        speaker = i;
        first = false;
        continue;
      }
      for (const auto& [field, value] : values) {
        const auto at = said.find(field);
        if (at == said.end()) said[field] = value;
        else if (known(value) && at->second != value) {
          out_.reports[i].mistakes.push_back(mistake("household_rows_differ", base::text("同一户各行的“{}”不一致。", "Rows of one household differ in \"{}\".", find_field(household_fields, field)->zh)));
        }
      }
    }
    if (first) return {};
    RowReport& report = out_.reports[speaker];
    if (out_.stored) TRY(compare(report, "household", out_.stored->values, out_.stored->id.value, said, out_.changes));
    else out_.changes = said;
    TRY(plan_income(report, income));
    const auto& status = rows[speaker]->status;
    const std::string stored_status = out_.stored ? out_.stored->values.text("status") : "general";
    if (status && *status != stored_status) {
      out_.status = status;
      report.differences.push_back({"household.status", Cell(stored_status), Cell(*status)});
    }
    const auto& village = rows[speaker]->village;
    if (out_.stored && village && *village != out_.stored->values.text("village")) {
      report.mistakes.push_back(mistake("village_differs", base::text("登记的行政村与表中不同。", "The register has another village."),
                                        base::text("整户搬迁请单独办理。", "Relocate the household by itself.")));
    }
    return {};
  }

  base::Done plan_income(RowReport& report, const Values& values) {
    Values given;
    for (const auto& [field, value] : values) {
      if (known(value)) given[field] = value;
    }
    if (policy_.year && !given.contains("year")) given["year"] = std::int64_t{*policy_.year};
    if (given.size() < 2) return {};
    if (!given.contains("year")) {
      report.mistakes.push_back(mistake("year_missing", base::text("收入没有年度。", "The incomes have no year."), base::text("请选择年度后再导入。", "Choose the year of the incomes.")));
      return {};
    }
    const auto year = std::get<std::int64_t>(given.at("year"));
    Record stored(income_fields);
    if (out_.stored) {
      for (const IncomeRow& row : TRY(income_rows(session_, out_.stored->id))) {
        if (row.values.integer("year") != year) continue;
        stored = row.values;
        out_.income_version = row.version;
      }
    }
    for (const auto& [field, value] : given) {
      if (field == "year" || stored.at(field) == value) continue;
      report.differences.push_back({"income." + field, stored.at(field), value});
      out_.income[field] = value;
    }
    if (!out_.income.empty()) out_.income["year"] = year;
    return {};
  }

  /// Differences between what is stored and what is said; the latter into `changes`.
  base::Done compare(RowReport& report, const char* table, const Record& stored, const std::string& owner, const Values& said, Values& changes) {
    for (const auto& [id, value] : said) {
      const Field& field = *find_field(stored.fields(), id);
      if (!field.private_) {
        if (stored.at(id) == value) continue;
        report.differences.push_back({std::string(table) + '.' + id, stored.at(id), value});
      } else {
        const auto clear = TRY(opened(session_, rooms_, table, field, owner, stored.at(id)));
        const auto* text = std::get_if<std::string>(&value);
        if (clear == (text == nullptr ? std::nullopt : std::optional(*text))) continue;
        report.differences.push_back({std::string(table) + '.' + id, TRY(masked(session_, rooms_, table, field, owner, stored.at(id))), Cell(std::string("***"))});
      }
      changes[id] = value;
    }
    return {};
  }

  base::Result<std::optional<PersonRow>> find_person(const Values& said, RowReport& report) {
    const auto text = [&](const char* field) {
      const auto at = said.find(field);
      const auto* held = at == said.end() ? nullptr : std::get_if<std::string>(&at->second);
      return held == nullptr ? std::string() : *held;
    };
    if (const std::string code = text("code"); !code.empty()) {
      if (const auto row = TRY(session_.find(select_person_by_code, {{"code", code}}))) return find_person_row(session_, row->id<PersonId>(0));
    }
    if (const std::string number = text("id_number"); !number.empty()) {
      if (const auto row = TRY(session_.find(select_person_by_index, {{"index", id_index(rooms_, number)}}))) return find_person_row(session_, row->id<PersonId>(0));
    }
    std::optional<PersonRow> found;
    const std::string name = text("name"), birth = text("birth");
    if (!policy_.by_name || name.empty()) return found;
    for (const PersonRow& member : members_) {
      const std::string stored_birth = member.values.text("birth");
      if (member.values.text("name") != name || (!birth.empty() && !stored_birth.empty() && birth != stored_birth)) continue;
      if (found) {
        report.mistakes.push_back(mistake("person_unclear", base::text("户内有几个同名的人。", "Several members bear this name."), base::text("请填写证件号码。", "Give the document number.")));
        return std::optional<PersonRow>();
      }
      found = member;
    }
    return found;
  }

  base::Done plan_person(const WorkbookRow& row, std::size_t place) {
    RowReport& report = out_.reports[place];
    if (!report.mistakes.empty()) return {};
    const Values said = wanted(person_fields, row.person_values);
    auto stored = TRY(find_person(said, report));
    if (!report.mistakes.empty()) return {};
    if (!stored) return plan_new_person(report, said, place);
    if (!seen_.insert(stored->id).second) {
      report.mistakes.push_back(mistake("person_repeated", base::text("表中有两行是同一个人。", "Two rows are the same person.")));
      return {};
    }
    const std::string household = stored->values.text("household");
    if (!out_.stored || household != out_.stored->id.value) {
      report.mistakes.push_back(household.empty() ? mistake("person_absent", base::text("此人已不在户。", "The person is no longer a member."))
                                                  : mistake("other_household", base::text("此人登记在另一户。", "The register has this person in another household."),
                                                            base::text("请先核实，用“迁移”办理。", "Check, and move the person by itself.")));
      return {};
    }
    Values changes;
    TRY(compare(report, "person", stored->values, stored->id.value, said, changes));
    for (const auto& [field, value] : changes) {
      const bool head = field == "relation" && (value == Cell(std::string("head")) || stored->values.text("relation") == "head");
      if ((one_of(identity_fields, field) && stored->values.known(field)) || head) {
        report.mistakes.push_back(mistake("identity_differs", base::text("“{}”与登记的不同。", "\"{}\" differs from the register.", find_field(person_fields, field)->zh),
                                          base::text("请核实后用“更正身份”或“变更户主”办理。", "Check, then correct the identity or change the head.")));
      }
    }
    if (report.mistakes.empty() && !changes.empty()) out_.people.push_back({place, std::move(stored), std::move(changes)});
    return {};
  }

  base::Done plan_new_person(RowReport& report, const Values& said, std::size_t place) {
    if (!policy_.create_people && !out_.make) {
      report.outcome = Outcome::not_found;
      return {};
    }
    std::vector<base::Error> mistakes;
    if (!said.contains("name")) mistakes.push_back(mistake("name_missing", base::text("没有姓名，不能新增成员。", "A new member needs a name.")));
    if (const auto relation = said.find("relation"); relation != said.end() && relation->second == Cell(std::string("head"))) {
      if ((out_.stored && out_.stored->values.known("head_name")) || new_head_) {
        mistakes.push_back(mistake("heads", base::text("一户只能有一个户主。", "A household has one head.")));
      }
      new_head_ = true;
    }
    for (base::Error& one : mistakes) report.mistakes.push_back(std::move(one));
    if (!report.mistakes.empty()) return {};
    report.outcome = Outcome::created;
    out_.people.push_back({place, std::nullopt, said});
    return {};
  }

  /// A row that is wrong may be about any of them, so nobody is called absent then.
  void count_absent() {
    const bool all_sound = std::ranges::all_of(out_.reports, [](const RowReport& report) { return report.mistakes.empty(); });
    if (!all_sound) return;
    for (const PersonRow& member : members_) {
      if (!seen_.empty() && !seen_.contains(member.id)) ++out_.absent;
    }
  }

  GroupPlan finish() {
    const bool nobody = !out_.stored && !out_.make;
    for (RowReport& report : out_.reports) {
      if (!report.mistakes.empty()) report.outcome = Outcome::wrong;
      else if (nobody) report.outcome = Outcome::not_found;
      else if (out_.make) report.outcome = Outcome::created;
      else if (report.outcome == Outcome::same && !report.differences.empty()) report.outcome = Outcome::changed;
    }
    std::erase_if(out_.people, [&](const PersonStep& step) { return out_.reports[step.report].outcome == Outcome::wrong; });
    // A household that is to be made needs at least one member, and all of its rows sound: half a family is no family.
    const bool some_wrong = std::ranges::any_of(out_.reports, [](const RowReport& report) { return report.outcome == Outcome::wrong; });
    if (out_.make && (some_wrong || out_.people.empty())) {
      for (RowReport& report : out_.reports) {
        if (report.outcome == Outcome::wrong) continue;
        report.outcome = Outcome::wrong;
        report.mistakes.push_back(mistake("household_incomplete", base::text("这一户有错误的行，整户未新增。", "A row of this household is wrong; it was not made.")));
      }
      out_.make = false;
      out_.people.clear();
    }
    return std::move(out_);
  }

  store::Session& session_;
  const Rooms& rooms_;
  const access::Viewer& viewer_;
  const MatchPolicy& policy_;
  GroupPlan out_;
  std::vector<PersonRow> members_;
  std::set<PersonId> seen_;
  bool new_head_ = false;
};

}  // namespace

base::Result<GroupPlan> plan_group(store::Session& session, const Rooms& rooms, const access::Viewer& viewer,
                                   const std::vector<const WorkbookRow*>& rows, const MatchPolicy& policy) {
  return Planning(session, rooms, viewer, policy).plan(rows);
}

std::vector<std::vector<const WorkbookRow*>> groups_of(const WorkbookRows& workbook) {
  std::vector<std::vector<const WorkbookRow*>> out;
  std::map<std::string_view, std::size_t> places;
  for (const WorkbookRow& row : workbook.rows) {
    if (row.household.empty()) {
      out.push_back({&row});
      continue;
    }
    const auto [at, added] = places.try_emplace(row.household, out.size());
    if (added) out.emplace_back();
    out[at->second].push_back(&row);
  }
  return out;
}

void add_to(ImportReport& report, GroupPlan& plan) {
  report.absent += plan.absent;
  for (RowReport& row : plan.reports) {
    switch (row.outcome) {
      case Outcome::created: ++report.created; break;
      case Outcome::changed: ++report.changed; break;
      case Outcome::same: ++report.same; continue;
      case Outcome::wrong: ++report.wrong; break;
      case Outcome::not_found: ++report.not_found; break;
    }
    report.rows.push_back(std::move(row));
  }
}

}  // namespace yihu::registry

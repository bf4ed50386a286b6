#include "ledger/subject_finder.h"

#include "ledger/value_list.h"
#include "sheet/cell_value.h"

#include <algorithm>

namespace yihu::ledger {
namespace {

using base::ErrorKind;
using base::Result;
using pack::Subject;
using store::Sql;

// Each answers with id, village, label, the household's helper. Two rows are enough to know that there are several.
constexpr Sql person_by_name =
    "SELECT p.id, coalesce(p.village, ''), coalesce(p.name, ''), coalesce(h.helper_account, '') FROM person p"
    " LEFT JOIN household h ON h.id = p.household WHERE p.village = :village AND p.name = :name AND p.birth = :birth"
    " ORDER BY p.id LIMIT 2";
constexpr Sql household_by_name =
    "SELECT h.id, h.village, coalesce(h.head_name, ''), coalesce(h.helper_account, '') FROM household h"
    " WHERE h.village = :village AND h.head_name = :name AND h.ended_on IS NULL ORDER BY h.id LIMIT 2";
constexpr Sql village_by_code = "SELECT code, code, name, '' FROM area WHERE code = :value AND level = 'village'";
// The same behind the number that was asked for, of many numbers.
constexpr store::SqlPart people =
    "p.id, coalesce(p.village, ''), coalesce(p.name, ''), coalesce(h.helper_account, '') FROM person p"
    " LEFT JOIN household h ON h.id = p.household WHERE ";
constexpr store::SqlPart people_alone = "p.id, coalesce(p.village, ''), coalesce(p.name, ''), '' FROM person p WHERE ";
constexpr store::SqlPart households_of_people =
    "h.id, h.village, coalesce(h.head_name, ''), coalesce(h.helper_account, '') FROM person p JOIN household h ON h.id = p.household WHERE ";
constexpr store::SqlPart households =
    "h.id, h.village, coalesce(h.head_name, ''), coalesce(h.helper_account, '') FROM household h WHERE ";
constexpr Sql villages_all = "SELECT name, code FROM area WHERE level = 'village' ORDER BY code";

base::Error missing(base::Text what) {
  return {ErrorKind::input, "subject_key_missing", std::move(what), base::text("请补全。", "Fill it in."), {}, {}};
}

base::Error unknown(Subject subject) {
  base::Text text;
  switch (subject) {
    case Subject::person: text = base::text("登记簿里没有这个人。", "The register has no such person."); break;
    case Subject::household: text = base::text("登记簿里没有这一户。", "The register has no such household."); break;
    case Subject::village:
    case Subject::none: text = base::text("没有这个村。", "There is no such village."); break;
  }
  return {ErrorKind::not_found, "subject_unknown", std::move(text), {}, {}, {}};
}

/// @param helper whether it matters who helps them
Sql by_number(bool person, bool helper, Match match) {
  const bool index = match == Match::id_number;
  store::SqlText text;
  text.add(index ? store::SqlPart("SELECT DISTINCT p.id_index, ") : person ? store::SqlPart("SELECT p.code, ") : store::SqlPart("SELECT h.code, "));
  text.add(person ? (helper ? people : people_alone) : index ? households_of_people : households);
  text.add(index ? store::SqlPart("p.id_index IN ") : person ? store::SqlPart("p.code IN ") : store::SqlPart("h.code IN "));
  add_value_list(text);
  return text.sql();
}

/// The number by which a subject is found, where it is one.
const std::string& number_of(Match match, const SubjectKeys& keys) { return match == Match::id_number ? keys.id_index : keys.code; }

/// 长发村委会, 长发村 and 长发 are one.
std::string village_stem(std::string_view written) {
  std::string name = sheet::folded_text(written);
  for (const std::string_view ending : {"村民委员会", "村委会", "社区居委会", "居委会", "社区", "村"}) {
    if (name.ends_with(ending) && name.size() > ending.size()) {
      name.resize(name.size() - ending.size());
      break;
    }
  }
  return name;
}

}  // namespace

Result<std::string> SubjectFinder::village_code(store::Session& session, const SubjectKeys& keys) {
  if (!keys.village_code.empty()) return keys.village_code;
  if (keys.village.empty()) return base::fail(missing(base::text("没有填行政村。", "The village is missing.")));
  if (!villages_read_) {
    for (const auto& row : TRY(session.query(villages_all))) villages_[village_stem(row.text(0))].push_back(row.text(1));
    villages_read_ = true;
  }
  const auto found = villages_.find(village_stem(keys.village));
  if (found == villages_.end()) {
    return base::fail(base::Error{ErrorKind::not_found, "village_unknown", base::text("没有名为“{:.60}”的村。", "There is no village \"{:.60}\".", keys.village), {}, {}, {}});
  }
  if (found->second.size() > 1) {
    return base::fail(base::Error{ErrorKind::input, "village_ambiguous", base::text("“{:.60}”不止一个村。", "There are several villages \"{:.60}\".", keys.village),
                                  base::text("请加一列行政村代码。", "Add a column with the village's code."), {}, {}});
  }
  return found->second.front();
}

base::Done SubjectFinder::prepare(store::Session& session, std::span<const SubjectKeys* const> keys) {
  prepared_.clear();
  if (match_ != Match::id_number && match_ != Match::code) return {};
  std::vector<std::string> numbers;
  for (const SubjectKeys* one : keys) {
    if (!number_of(match_, *one).empty()) numbers.push_back(number_of(match_, *one));
    if (match_ == Match::id_number && !one->id_index_of_18.empty()) numbers.push_back(one->id_index_of_18);
  }
  const Sql sql = by_number(table_.ledger().subject == Subject::person, !reach_.helper.empty(), match_);
  for (const auto& list : value_lists(std::move(numbers))) {
    store::Parameters parameters;
    add_values(list, parameters);
    for (const std::string& number : list) prepared_.try_emplace(number);
    for (const auto& row : TRY(session.query(sql, parameters))) {
      prepared_[row.text(0)].push_back({{row.text(1), row.text(2), row.text(3)}, row.text(4)});
    }
  }
  return {};
}

Result<std::vector<SubjectFinder::Candidate>> SubjectFinder::candidates(store::Session& session, const SubjectKeys& keys) {
  const bool person = table_.ledger().subject == Subject::person;
  std::vector<store::Row> rows;
  switch (match_) {
    case Match::id_number:
    case Match::code: {
      if (match_ == Match::id_number && keys.id_number.empty()) return base::fail(missing(base::text("没有填证件号码。", "The document number is missing.")));
      if (match_ == Match::code && keys.code.empty()) return base::fail(missing(base::text("没有填编号。", "The number is missing.")));
      const SubjectKeys* one = &keys;
      if (!prepared_.contains(number_of(match_, keys))) TRY(prepare(session, {&one, 1}));
      const auto& found = prepared_[number_of(match_, keys)];
      return found.empty() && match_ == Match::id_number && !keys.id_index_of_18.empty() ? prepared_[keys.id_index_of_18] : found;
    }
    case Match::name_birth_village: {
      if (keys.name.empty()) return base::fail(missing(base::text("没有填姓名。", "The name is missing.")));
      if (person && keys.birth.empty()) return base::fail(missing(base::text("没有填出生日期。", "The date of birth is missing.")));
      const std::string village = TRY(village_code(session, keys));
      rows = person ? TRY(session.query(person_by_name, {{"village", village}, {"name", keys.name}, {"birth", keys.birth}}))
                    : TRY(session.query(household_by_name, {{"village", village}, {"name", keys.name}}));
      break;
    }
    case Match::village: rows = TRY(session.query(village_by_code, {{"value", TRY(village_code(session, keys))}})); break;
    case Match::none: break;
  }
  std::vector<Candidate> out;
  for (const store::Row& row : rows) out.push_back({{row.text(0), row.text(1), row.text(2)}, row.text(3)});
  return out;
}

Result<FoundSubject> SubjectFinder::find(store::Session& session, const SubjectKeys& keys) {
  if (match_ == Match::none) return FoundSubject{};
  auto found = TRY(candidates(session, keys));
  if (found.empty()) return base::fail(unknown(table_.ledger().subject));
  if (found.size() > 1) {
    return base::fail(base::Error{ErrorKind::input, "subject_ambiguous", base::text("登记簿里不止一个。", "The register has more than one."),
                                  base::text("请用证件号码匹配。", "Match by document number."), {}, {}});
  }
  Candidate& one = found.front();
  const std::string& area = one.subject.area;
  const bool reached = reach_.all || std::ranges::any_of(reach_.areas, [&](const std::string& code) { return area.starts_with(code); }) ||
                       (!reach_.helper.empty() && one.helper == reach_.helper);
  if (!reached) return base::fail(unknown(table_.ledger().subject));
  return std::move(one.subject);
}

}  // namespace yihu::ledger

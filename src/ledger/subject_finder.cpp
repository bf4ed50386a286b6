#include "ledger/subject_finder.h"

#include "base/id_number.h"
#include "sheet/cell_value.h"

#include <algorithm>

namespace yihu::ledger {
namespace {

using base::ErrorKind;
using base::Result;
using pack::Subject;
using store::Sql;

// Each answers with id, village, label, the household's helper. Two rows are enough to know that there are several.
constexpr Sql person_by_index =
    "SELECT p.id, coalesce(p.village, ''), coalesce(p.name, ''), coalesce(h.helper_account, '') FROM person p"
    " LEFT JOIN household h ON h.id = p.household WHERE p.id_index = :value ORDER BY p.id LIMIT 2";
constexpr Sql person_by_code =
    "SELECT p.id, coalesce(p.village, ''), coalesce(p.name, ''), coalesce(h.helper_account, '') FROM person p"
    " LEFT JOIN household h ON h.id = p.household WHERE p.code = :value LIMIT 2";
constexpr Sql person_by_name =
    "SELECT p.id, coalesce(p.village, ''), coalesce(p.name, ''), coalesce(h.helper_account, '') FROM person p"
    " LEFT JOIN household h ON h.id = p.household WHERE p.village = :village AND p.name = :name AND p.birth = :birth"
    " ORDER BY p.id LIMIT 2";
constexpr Sql household_by_index =
    "SELECT DISTINCT h.id, h.village, coalesce(h.head_name, ''), coalesce(h.helper_account, '') FROM person p"
    " JOIN household h ON h.id = p.household WHERE p.id_index = :value ORDER BY 1 LIMIT 2";
constexpr Sql household_by_code =
    "SELECT h.id, h.village, coalesce(h.head_name, ''), coalesce(h.helper_account, '') FROM household h WHERE h.code = :value LIMIT 2";
constexpr Sql household_by_name =
    "SELECT h.id, h.village, coalesce(h.head_name, ''), coalesce(h.helper_account, '') FROM household h"
    " WHERE h.village = :village AND h.head_name = :name AND h.ended_on IS NULL ORDER BY h.id LIMIT 2";
constexpr Sql village_by_code = "SELECT code, code, name, '' FROM area WHERE code = :value AND level = 'village'";
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

Result<std::string> SubjectFinder::village_code(const SubjectKeys& keys) {
  if (!keys.village_code.empty()) return keys.village_code;
  if (keys.village.empty()) return base::fail(missing(base::text("没有填行政村。", "The village is missing.")));
  if (!villages_read_) {
    for (const auto& row : TRY(session_.query(villages_all))) villages_[village_stem(row.text(0))].push_back(row.text(1));
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

Result<std::vector<store::Row>> SubjectFinder::candidates(const SubjectKeys& keys) {
  const bool person = table_.ledger().subject == Subject::person;
  switch (match_) {
    case Match::id_number: {
      if (keys.id_number.empty()) return base::fail(missing(base::text("没有填证件号码。", "The document number is missing.")));
      const std::string index = secrets_.index("person.id_number", base::id_number_key(keys.id_number));
      return session_.query(person ? person_by_index : household_by_index, {{"value", index}});
    }
    case Match::code:
      if (keys.code.empty()) return base::fail(missing(base::text("没有填编号。", "The number is missing.")));
      return session_.query(person ? person_by_code : household_by_code, {{"value", keys.code}});
    case Match::name_birth_village: {
      if (keys.name.empty()) return base::fail(missing(base::text("没有填姓名。", "The name is missing.")));
      if (person && keys.birth.empty()) return base::fail(missing(base::text("没有填出生日期。", "The date of birth is missing.")));
      const std::string village = TRY(village_code(keys));
      if (person) return session_.query(person_by_name, {{"village", village}, {"name", keys.name}, {"birth", keys.birth}});
      return session_.query(household_by_name, {{"village", village}, {"name", keys.name}});
    }
    case Match::village: return session_.query(village_by_code, {{"value", TRY(village_code(keys))}});
    case Match::none: return std::vector<store::Row>();
  }
  return std::vector<store::Row>();
}

Result<FoundSubject> SubjectFinder::find(const SubjectKeys& keys) {
  if (match_ == Match::none) return FoundSubject{};
  const auto found = TRY(candidates(keys));
  if (found.empty()) return base::fail(unknown(table_.ledger().subject));
  if (found.size() > 1) {
    return base::fail(base::Error{ErrorKind::input, "subject_ambiguous", base::text("登记簿里不止一个。", "The register has more than one."),
                                  base::text("请用证件号码匹配。", "Match by document number."), {}, {}});
  }
  const store::Row& row = found.front();
  const std::string& area = row.text(1);
  const bool reached = reach_.all || std::ranges::any_of(reach_.areas, [&](const std::string& code) { return area.starts_with(code); }) ||
                       (!reach_.helper.empty() && row.text(3) == reach_.helper);
  if (!reached) return base::fail(unknown(table_.ledger().subject));
  return FoundSubject{row.text(0), area, row.text(2)};
}

}  // namespace yihu::ledger

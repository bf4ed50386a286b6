// Two sections: `divisions` is the official list as a script writes it, `areas` adds to it and corrects it by hand.

#include "pack/loading.h"

#include <algorithm>

namespace yihu::pack {
namespace {

constexpr std::size_t hamlets_max = 200;
constexpr int exited_year_min = 2000;
constexpr int exited_year_max = 2100;

bool is_code(std::string_view code, std::size_t digits) {
  return code.size() == digits && std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
}

void code_mistake(const Value& value, const std::string& code, const base::Text& mend) {
  value.mistake("pack_division", base::text("“{}”不是区划代码。", "\"{}\" is not a division code.", code), mend);
}

Division* find(Loading& loading, std::string_view code) {
  const auto at = std::ranges::find(loading.pack.divisions, code, [](const Division& one) -> std::string_view { return one.id; });
  return at == loading.pack.divisions.end() ? nullptr : &*at;
}

Division amendment_from(const std::string& code, const Value& value) {
  Division out;
  out.id = code;
  out.place = value.place();
  Fields fields = value.fields();
  out.name = fields.may("name").bilingual().value_or(base::Text{});
  out.poor_village = fields.may("poor_village").truth();
  if (const auto year = fields.may("exited_year").integer(exited_year_min, exited_year_max)) out.exited_year = static_cast<int>(*year);
  out.from = fields.may("from").date();
  const Value to = fields.may("to");
  out.to = to.date();
  if (out.from && out.to && *out.to < *out.from) {
    to.mistake("pack_dates", base::text("结束日早于开始日 {}。", "The last day is before the first, {}.", base::to_string(*out.from)));
  }
  for (const Value& hamlet : fields.may("hamlets").list()) {
    if (auto name = hamlet.text(); name && out.hamlets.size() < hamlets_max) out.hamlets.push_back(*std::move(name));
  }
  out.unverified = fields.may("unverified").truth().value_or(false);
  (void)fields.may("note").bilingual();  // said for whoever reads the file
  return out;
}

void amend(Division& division, const Division& by) {
  if (!by.name.empty()) division.name = by.name;
  if (by.poor_village) division.poor_village = by.poor_village;
  if (by.exited_year) division.exited_year = by.exited_year;
  if (by.from) division.from = by.from;
  if (by.to) division.to = by.to;
  division.hamlets.insert(division.hamlets.end(), by.hamlets.begin(), by.hamlets.end());
  division.unverified = division.unverified || by.unverified;
}

}  // namespace

void read_divisions(const Value& section, Loading& loading) {
  for (const auto& [code, value] : section.entries()) {
    if (!is_code(code, 9)) {
      code_mistake(value, code, base::text("镇的代码为 9 位数字，用引号括起。", "A town's code has nine digits, in quotation marks."));
      continue;
    }
    Fields fields = value.fields();
    Division town;
    town.id = code;
    town.name = fields.need("name").bilingual().value_or(base::Text{});
    town.place = value.place();
    loading.put(loading.pack.divisions, std::move(town), "division", value.place());
    const Value villages = fields.may("villages");
    if (!villages.present()) continue;
    for (const auto& [village_code, name] : villages.entries()) {
      if (!is_code(village_code, 12) || !village_code.starts_with(code)) {
        code_mistake(name, village_code, base::text("村的代码为 12 位数字，以镇的代码 {} 开头。",
                                                    "A village's code has twelve digits and begins with its town's, {}.", code));
        continue;
      }
      Division village;
      village.id = village_code;
      village.name = name.bilingual().value_or(base::Text{});
      village.place = name.place();
      loading.put(loading.pack.divisions, std::move(village), "division", name.place());
    }
  }
}

void read_areas(const Value& section, Loading& loading) {
  for (const auto& [code, value] : section.entries()) {
    if (!is_code(code, 9) && !is_code(code, 12)) {
      code_mistake(value, code, base::text("区划代码为 9 或 12 位数字，用引号括起。", "A code has 9 or 12 digits, in quotation marks."));
      continue;
    }
    loading.areas.push_back(amendment_from(code, value));
  }
}

void amend_divisions(Loading& loading) {
  for (const Division& amendment : loading.areas) {
    if (Division* known = find(loading, amendment.id)) {
      amend(*known, amendment);
    } else if (amendment.name.empty()) {
      loading.mistakes.add(amendment.place, "pack_division_name",
                           base::text("官方名单里没有 {}，请写明 name。", "The official list has no {}; give its name.", amendment.id));
    } else {
      loading.pack.divisions.push_back(amendment);
    }
  }
  for (const Division& division : loading.pack.divisions) {
    if (!division.village() || find(loading, division.town()) != nullptr) continue;
    loading.mistakes.add(division.place, "pack_town_missing",
                         base::text("没有代码为 {} 的镇。", "There is no town with the code {}.", division.town()));
  }
}

}  // namespace yihu::pack

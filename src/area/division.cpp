#include "area/division.h"

#include <algorithm>

namespace yihu::area {
namespace {

using store::Sql;

constexpr Sql select_areas =
    "SELECT code, level, name, name_en, parent, poor_village, exited_year, valid_from, valid_to, unverified"
    " FROM area ORDER BY code";
constexpr Sql select_hamlets = "SELECT village, name FROM hamlet ORDER BY village, name";

std::string_view stem(std::string_view name) {
  for (const std::string_view ending : {"村民委员会", "村委会", "村"}) {
    if (name.size() > ending.size() && name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

Division division_from(const store::Row& row) {
  Division out;
  out.code = row.text(0);
  out.level = row.text(1);
  out.name = {row.text(2), row.text(3)};
  out.parent = row.maybe_text(4).value_or("");
  if (const auto poor = row.maybe_integer(5)) out.poor_village = *poor != 0;
  if (const auto year = row.maybe_integer(6)) out.exited_year = static_cast<int>(*year);
  out.from = row.maybe_date(7);
  out.to = row.maybe_date(8);
  out.unverified = row.truth(9);
  return out;
}

}  // namespace

Divisions::Divisions(std::vector<Division> all) : all_(std::move(all)) {
  std::ranges::sort(all_, {}, &Division::code);
  for (std::size_t i = 0; i < all_.size(); ++i) by_code_[all_[i].code] = i;
}

const Division* Divisions::find(std::string_view code) const {
  const auto at = by_code_.find(code);
  return at == by_code_.end() ? nullptr : &all_[at->second];
}

std::vector<const Division*> Divisions::villages_named(std::string_view name, std::string_view town) const {
  std::vector<const Division*> out;
  for (const Division& one : all_) {
    if (one.level == "village" && one.code.starts_with(town) && stem(one.name.zh) == stem(name)) out.push_back(&one);
  }
  return out;
}

base::Text Divisions::full_name(std::string_view code) const {
  const Division* one = find(code);
  if (one == nullptr) return {std::string(code), std::string(code)};
  const Division* above = one->level == "village" ? find(one->parent) : nullptr;
  if (above == nullptr) return one->name;
  return {above->name.zh + one->name.zh, one->name.en + ", " + above->name.en};
}

base::Result<Divisions> read_divisions(store::Session& session) {
  std::vector<Division> all;
  for (const store::Row& row : TRY(session.query(select_areas))) all.push_back(division_from(row));
  std::map<std::string, std::vector<std::string>> hamlets;
  for (const store::Row& row : TRY(session.query(select_hamlets))) hamlets[row.text(0)].push_back(row.text(1));
  for (Division& one : all) {
    if (const auto at = hamlets.find(one.code); at != hamlets.end()) one.hamlets = std::move(at->second);
  }
  return Divisions(std::move(all));
}

}  // namespace yihu::area

#include "compare/matching.h"

#include "compare/weights.h"
#include "link/link.h"

#include <algorithm>
#include <cctype>

namespace yihu::compare {
namespace {

using link::Level;

/// A second person that comes so near to the best one makes the choice doubtful: five bits.
constexpr std::int64_t margin_min = 50'000;

RosterFields fields_of(const std::vector<RosterRow>& rows) {
  RosterFields out;
  for (const RosterRow& row : rows) {
    out.id = out.id || !row.who.id_number.empty();
    out.name = out.name || !row.who.name.empty();
    out.birth = out.birth || !row.who.birth.empty();
    out.sex = out.sex || !row.who.sex.empty();
    out.village = out.village || !row.who.village.empty();
  }
  return out;
}

std::vector<std::string> heading() { return {"key", "id", "name", "birth", "sex", "village"}; }

std::vector<std::string> cells_of(std::size_t key, const Identity& who) {
  return {std::to_string(key), who.id_number, who.name, who.birth, who.sex, who.village};
}

/// Names that have nothing in common, or numbers that are two valid ones, are for a person to judge, however well the
/// rest agrees: a borrowed number, or twins.
bool needs_a_person(const link::Linkage& linkage, const link::Candidate& pair) {
  bool slip = false;
  bool same_name = false;
  for (std::size_t i = 0; i < linkage.spec().fields.size(); ++i) {
    const Level level = link::level_in(pair.pattern, i);
    const std::string& field = linkage.spec().fields[i].name;
    if (field == "name" && (level == Level::differs || level == Level::region || level == Level::weak)) return true;
    if (field == "id" && (level == Level::differs || level == Level::region || level == Level::close)) return true;
    slip = slip || (field == "id" && level == Level::near);
    same_name = same_name || (field == "name" && level == Level::equal);
  }
  // A slip of one digit is believed only under the very same name.
  return slip && !same_name;
}

MatchedPair pair_from(const link::Linkage& linkage, const link::Candidate& pair) {
  MatchedPair out;
  out.person = pair.left;
  out.probability = linkage.probability(pair);
  out.prior = linkage.weights().prior();
  for (std::size_t i = 0; i < linkage.spec().fields.size(); ++i) {
    out.weights.push_back({linkage.spec().fields[i].name, std::string(link::name_of(link::level_in(pair.pattern, i))), linkage.weight(pair, i)});
  }
  return out;
}

/// @param pairs of one row, best first
RowMatch decide(const link::Linkage& linkage, const std::vector<link::Candidate>& pairs) {
  RowMatch out;
  const link::Candidate& best = pairs.front();
  const bool alone = pairs.size() < 2 || std::int64_t{best.score} - pairs[1].score >= margin_min;
  if (linkage.probability(best) >= sure_probability && alone && !needs_a_person(linkage, best)) {
    out.sure = pair_from(linkage, best);
    return out;
  }
  for (const link::Candidate& pair : pairs) {
    if (out.doubtful.size() < doubtful_max && linkage.probability(pair) >= doubtful_probability) out.doubtful.push_back(pair_from(linkage, pair));
  }
  return out;
}

/// Identifiers come out of a sheet with large letters.
std::string large(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

/// Numbers that went out with a list come back as they were.
std::map<std::string, std::size_t> people_by_code(const RegisterPeople& people) {
  std::map<std::string, std::size_t> out;
  for (std::size_t i = 0; i < people.people.size(); ++i) {
    if (!people.people[i].who.code.empty()) out[large(people.people[i].who.code)] = i;
    out[large(people.people[i].id)] = i;
  }
  return out;
}

}  // namespace

base::Result<std::vector<RowMatch>> match_rows(const RegisterPeople& people, const std::vector<RosterRow>& rows, const base::Cancel& cancel,
                                               const base::Progress& progress) {
  std::vector<RowMatch> out(rows.size());
  const auto by_code = people_by_code(people);
  std::vector<std::size_t> linked;
  std::vector<std::vector<std::string>> right{heading()};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto found = rows[i].who.code.empty() ? by_code.end() : by_code.find(large(rows[i].who.code));
    if (found != by_code.end()) {
      out[i].sure = MatchedPair{found->second, 1, 0, {}};
      continue;
    }
    right.push_back(cells_of(linked.size(), rows[i].who));
    linked.push_back(i);
  }
  const RosterFields fields = fields_of(rows);
  if (people.people.empty() || linked.empty() || (!fields.id && !fields.name)) return out;
  std::vector<std::vector<std::string>> left{heading()};
  for (std::size_t i = 0; i < people.people.size(); ++i) left.push_back(cells_of(i, people.people[i].who));
  const auto register_table = TRY(link::TableSource::from("register", std::move(left)));
  const auto roster_table = TRY(link::TableSource::from("roster", std::move(right)));
  link::Settings settings;
  settings.spec = spec_for(fields, people.people.size());
  settings.model = model_for(*settings.spec, people, rows.size());
  settings.many_to_many = true;
  settings.spill_folder = std::filesystem::temp_directory_path();
  settings.cancel = cancel;
  settings.progress = [&](std::string_view, std::int64_t done, std::int64_t total) {
    if (progress) progress(done, total);
  };
  const auto linkage = TRY(link::Linkage::prepare(register_table, &roster_table, std::move(settings)));
  TRY(linkage->run());
  std::vector<std::vector<link::Candidate>> by_row(linked.size());
  for (const link::Candidate& pair : linkage->links()) by_row[pair.right].push_back(pair);
  for (std::size_t i = 0; i < by_row.size(); ++i) {
    if (by_row[i].empty()) continue;
    std::ranges::stable_sort(by_row[i], [](const link::Candidate& a, const link::Candidate& b) { return a.score > b.score; });
    out[linked[i]] = decide(*linkage, by_row[i]);
  }
  return out;
}

}  // namespace yihu::compare

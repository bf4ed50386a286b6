#include "registry/person_search.h"

#include "base/id_number.h"
#include "base/utf8.h"
#include "registry/reach.h"
#include "registry/stored_form.h"
#include "store/generated_sql.h"

#include <algorithm>

namespace yihu::registry {
namespace {

constexpr std::size_t phone_digits_min = 7;
constexpr std::size_t phone_digits_max = 12;
constexpr std::size_t initials_max = 8;

bool all_of_class(std::string_view text, bool (*fits)(char)) { return !text.empty() && std::ranges::all_of(text, fits); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\n");
  if (begin == text.npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1));
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

PersonLine line_from(const store::Row& row) {
  const auto text = [&](std::size_t column) { return row.maybe_text(column).value_or(""); };
  return {row.id<PersonId>(0), row.id<HouseholdId>(1), text(2), text(3), text(4), text(5), text(6), text(7), text(8)};
}

void add_columns(store::SqlText& text, store::SqlPart key) {
  text.add("SELECT p.id, p.household, p.village, p.name, p.sex, p.birth, p.relation, h.head_name, h.status, h.helper_account, ");
  text.add(key).add(" FROM person p JOIN household h ON h.id = p.household WHERE ");
}

/// Lines of a column that begins with a text, in its order.
struct Prefix {
  store::SqlPart column;
  std::string text;
};

struct Found {
  std::string key;   ///< what the line is sorted by
  PersonLine line;
};

bool before(const Found& one, const Found& other) { return std::tie(one.key, one.line.id) < std::tie(other.key, other.line.id); }

constexpr std::size_t village_digits = 12;
constexpr store::Sql select_villages = "SELECT code FROM area WHERE level = 'village' AND code >= :low AND code < :high ORDER BY code";

/// The villages of a stretch; one empty text for the whole register.
base::Result<std::vector<std::string>> villages_in(store::Session& session, const Stretch& stretch) {
  if (stretch.low.empty() || stretch.low.size() == village_digits) return std::vector{stretch.low};
  std::vector<std::string> out;
  for (const store::Row& row : TRY(session.query(select_villages, {{"low", stretch.low}, {"high", stretch.high}}))) out.push_back(row.text(0));
  return out;
}

/// Adds the first `limit` lines of a village, or of the whole register, to those found elsewhere, and keeps the first
/// `limit` of all. Village by village, because a range of villages has no order of names: asked for at once, somebody in a
/// small place would be looked for among everybody of that name.
base::Done add_lines(store::Session& session, const Prefix& prefix, const std::string& village, const std::optional<PersonPlace>& after,
                     std::size_t limit, std::vector<Found>& found) {
  store::SqlText text;
  add_columns(text, prefix.column);
  // What sorts behind a full page already is not asked for.
  const bool full = found.size() == limit;
  store::Parameters parameters{{"low", after ? after->key : prefix.text}, {"id", after ? after->id.value : std::string()},
                               {"high", full ? found.back().key + '\x01' : prefix.text + base::utf8(U'\U0010FFFF')},
                               {"limit", static_cast<int>(limit)}};
  text.add("(").add(prefix.column).add(", p.id) > (:low, :id) AND ").add(prefix.column).add(" < :high");
  if (!village.empty()) {
    text.add(" AND p.village = :village");
    parameters.push_back({"village", village});
  }
  text.add(" ORDER BY ").add(prefix.column).add(", p.id LIMIT :limit");
  for (const store::Row& row : TRY(session.query(text.sql(), parameters))) found.push_back({row.text(10), line_from(row)});
  std::ranges::sort(found, before);
  if (found.size() > limit) found.resize(limit);
  return {};
}

/// Of households the viewer helps. They are few, so the names are looked at one by one.
base::Result<std::vector<PersonLine>> assigned_people(store::Session& session, const access::Viewer& viewer, std::string_view area) {
  std::vector<PersonLine> out;
  if (!viewer.scope.assigned || viewer.user.empty()) return out;
  store::SqlText text;
  add_columns(text, "p.name");
  text.add("h.helper_account = :self ORDER BY p.name, p.id");
  for (const store::Row& row : TRY(session.query(text.sql(), {{"self", viewer.user}}))) {
    PersonLine line = line_from(row);
    if (line.village.starts_with(area) && !viewer.scope.covers_area(line.village)) out.push_back(std::move(line));
  }
  return out;
}

/// Few people share a number or a document, so all of them are one page.
base::Result<PersonPage> people_with(store::Session& session, const access::Viewer& viewer, std::string_view area,
                                     store::SqlPart condition, const std::string& value, int limit) {
  store::SqlText text;
  add_columns(text, "p.name");
  text.add(condition).add(" ORDER BY p.name, p.id LIMIT 500");
  PersonPage page;
  for (const store::Row& row : TRY(session.query(text.sql(), {{"value", value}}))) {
    PersonLine line = line_from(row);
    const bool seen = sees(viewer, line.village, row.maybe_text(9).value_or(""));
    if (seen && line.village.starts_with(area) && static_cast<int>(page.lines.size()) < limit) page.lines.push_back(std::move(line));
  }
  return page;
}

/// By what a helper's household is sorted among the others: the name, or the reading that was meant.
std::string key_of(const PersonLine& line, bool by_initials, const std::string& text) {
  if (!by_initials) return line.name;
  const Initials initials = initials_of(line.name);
  return initials.first.starts_with(text) || !initials.other ? initials.first : *initials.other;
}

/// @param columns one, or both readings of a name: who is found by the second is as good as who is found by the first
base::Result<PersonPage> people_by_prefix(store::Session& session, const access::Viewer& viewer, std::initializer_list<store::SqlPart> columns,
                                          const std::string& text, std::string_view area, const std::optional<PersonPlace>& after, int limit) {
  const auto wanted = static_cast<std::size_t>(limit) + 1;
  std::vector<Found> found;
  for (const Stretch& stretch : stretches_of(viewer, area)) {
    for (const std::string& village : TRY(villages_in(session, stretch))) {
      for (const store::SqlPart column : columns) TRY(add_lines(session, {column, text}, village, after, wanted, found));
    }
  }
  for (PersonLine& line : TRY(assigned_people(session, viewer, area))) {
    Found one{key_of(line, columns.size() > 1, text), std::move(line)};
    const bool later = !after || std::tie(one.key, one.line.id) > std::tie(after->key, after->id);
    if (one.key.starts_with(text) && later) found.push_back(std::move(one));
  }
  std::ranges::sort(found, before);
  PersonPage page;
  for (Found& one : found) {
    if (static_cast<int>(page.lines.size()) == limit) {
      page.next = PersonPlace{found[page.lines.size() - 1].key, page.lines.back().id};
      break;
    }
    page.lines.push_back(std::move(one.line));
  }
  return page;
}

}  // namespace

Sought sought_by(std::string_view written) {
  const std::string text = trimmed(written);
  const std::string key = base::id_number_key(text);
  const bool document = key.size() == 15 || key.size() == 18 || key.size() == 20 || key.size() == 22;
  if (document && all_of_class(key.substr(0, 15), is_digit)) return Sought::document;
  if (all_of_class(key, is_digit)) return key.size() >= phone_digits_min && key.size() <= phone_digits_max ? Sought::phone : Sought::code;
  if (all_of_class(text, is_letter) && text.size() <= initials_max) return Sought::initials;
  if (std::ranges::any_of(text, is_digit)) return Sought::code;
  return Sought::name;
}

base::Result<PersonPage> search_people(store::Session& session, const Rooms& rooms, const access::Viewer& viewer,
                                       std::string_view written, std::string_view area, const std::optional<PersonPlace>& after,
                                       int limit) {
  TRY(expect(viewer, access::Permission::register_read));
  const std::string text = trimmed(written);
  const std::string key = base::id_number_key(text);
  switch (sought_by(text)) {
    case Sought::document:
      return people_with(session, viewer, area, "p.id_index = :value", id_index(rooms, key), limit);
    case Sought::phone: {
      const std::string index = phone_index(rooms, key);
      PersonPage page = TRY(people_with(session, viewer, area, "p.phone_index = :value", index, limit));
      if (page.lines.empty()) page = TRY(people_with(session, viewer, area, "h.phone_index = :value", index, limit));
      if (!page.lines.empty()) return page;
      return people_with(session, viewer, area, "h.code = :value", text, limit);
    }
    case Sought::code: {
      PersonPage page = TRY(people_with(session, viewer, area, "h.code = :value", text, limit));
      if (!page.lines.empty()) return page;
      return people_with(session, viewer, area, "p.code = :value", text, limit);
    }
    case Sought::initials:
      return people_by_prefix(session, viewer, {"p.initials", "p.initials_other"}, lower(text), area, after, limit);
    case Sought::name: break;
  }
  return people_by_prefix(session, viewer, {"p.name"}, text, area, after, limit);
}

}  // namespace yihu::registry

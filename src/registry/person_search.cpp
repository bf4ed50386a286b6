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

void add_columns(store::SqlText& text) {
  text.add("SELECT p.id, p.household, p.village, p.name, p.sex, p.birth, p.relation, h.head_name, h.status,"
           " h.helper_account FROM person p JOIN household h ON h.id = p.household WHERE ");
}

/// Lines of a column that begins with a text, in its order.
struct Prefix {
  store::SqlPart column;
  std::string text;
};

/// One stretch of villages. The whole register goes by the column's own index, a part of it by village and column.
base::Result<std::vector<PersonLine>> lines_by_prefix(store::Session& session, const Prefix& prefix, const Stretch& stretch,
                                                      const std::optional<PersonPlace>& after, int limit) {
  store::SqlText text;
  add_columns(text);
  const bool whole = stretch.low.empty();
  store::Parameters parameters{{"low", after ? after->key : prefix.text}, {"id", after ? after->id.value : std::string()},
                               {"high", prefix.text + base::utf8(U'\U0010FFFF')}};
  text.add("(").add(prefix.column).add(", p.id) > (:low, :id) AND ").add(prefix.column).add(" < :high");
  if (!whole) {
    text.add(" AND p.village >= :from AND p.village < :until");
    parameters.push_back({"from", stretch.low});
    parameters.push_back({"until", stretch.high});
  }
  text.add(" ORDER BY ").add(prefix.column).add(", p.id LIMIT :limit");
  parameters.push_back({"limit", limit});
  std::vector<PersonLine> out;
  for (const store::Row& row : TRY(session.query(text.sql(), parameters))) out.push_back(line_from(row));
  return out;
}

/// Of households the viewer helps. They are few, so the names are looked at one by one.
base::Result<std::vector<PersonLine>> assigned_people(store::Session& session, const access::Viewer& viewer, std::string_view area) {
  std::vector<PersonLine> out;
  if (!viewer.scope.assigned || viewer.user.empty()) return out;
  store::SqlText text;
  add_columns(text);
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
  add_columns(text);
  text.add(condition).add(" ORDER BY p.name, p.id LIMIT 500");
  PersonPage page;
  for (const store::Row& row : TRY(session.query(text.sql(), {{"value", value}}))) {
    PersonLine line = line_from(row);
    const bool seen = sees(viewer, line.village, row.maybe_text(9).value_or(""));
    if (seen && line.village.starts_with(area) && static_cast<int>(page.lines.size()) < limit) page.lines.push_back(std::move(line));
  }
  return page;
}

base::Result<PersonPage> people_by_prefix(store::Session& session, const access::Viewer& viewer, const Prefix& prefix,
                                          bool by_initials, std::string_view area, const std::optional<PersonPlace>& after, int limit) {
  struct Found {
    std::string key;
    PersonLine line;
  };
  std::vector<Found> found;
  const auto key_of = [&](const PersonLine& line) {
    if (!by_initials) return line.name;
    const Initials initials = initials_of(line.name);
    return initials.first.starts_with(prefix.text) || !initials.other ? initials.first : *initials.other;
  };
  for (const Stretch& stretch : stretches_of(viewer, area)) {
    for (PersonLine& line : TRY(lines_by_prefix(session, prefix, stretch, after, limit + 1))) found.push_back({key_of(line), std::move(line)});
  }
  for (PersonLine& line : TRY(assigned_people(session, viewer, area))) {
    std::string key = key_of(line);
    const bool later = !after || std::tie(key, line.id) > std::tie(after->key, after->id);
    if (key.starts_with(prefix.text) && later) found.push_back({std::move(key), std::move(line)});
  }
  std::ranges::sort(found, [](const Found& one, const Found& other) { return std::tie(one.key, one.line.id) < std::tie(other.key, other.line.id); });
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
    case Sought::initials: {
      PersonPage page = TRY(people_by_prefix(session, viewer, {"p.initials", lower(text)}, true, area, after, limit));
      if (page.lines.empty() && !after) page = TRY(people_by_prefix(session, viewer, {"p.initials_other", lower(text)}, true, area, after, limit));
      return page;
    }
    case Sought::name: break;
  }
  return people_by_prefix(session, viewer, {"p.name", text}, false, area, after, limit);
}

}  // namespace yihu::registry

#pragma once
// People by what is known of them: the beginning of a name, its pinyin initials, a whole document number, a telephone
// number, a household or person number. Only within the viewer's reach, only present members.

#include "registry/rooms.h"

namespace yihu::registry {

struct PersonLine {
  PersonId id;
  HouseholdId household;
  std::string village;
  std::string name;
  std::string sex;
  std::string birth;
  std::string relation;
  std::string head_name;   ///< of the household
  std::string status;      ///< of the household
};

/// What the text was taken for; all readings it allows are tried.
enum class Sought { name, initials, document, phone, code };
Sought sought_by(std::string_view text);

/// Text of a page before: what its last line was sorted by, and its id.
struct PersonPlace {
  std::string key;
  PersonId id;
};
struct PersonPage {
  std::vector<PersonLine> lines;
  std::optional<PersonPlace> next;   ///< missing when nothing follows
};

/// @param area narrows to a town or village; empty for all of the viewer's
/// An empty text lists everybody by name.
base::Result<PersonPage> search_people(store::Session& session, const Rooms& rooms, const access::Viewer& viewer,
                                       std::string_view text, std::string_view area, const std::optional<PersonPlace>& after,
                                       int limit);

}  // namespace yihu::registry

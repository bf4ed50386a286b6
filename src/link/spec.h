#pragma once
// What to compare and how: the specification of a linkage run. Written by a person, or proposed from the data.

#include "base/text.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::link {

enum class Kind { name, id_number, date, phone, address, division, sex, text, number, category, code };
inline constexpr Kind every_kind[] = {Kind::name, Kind::id_number, Kind::date, Kind::phone, Kind::address, Kind::division,
                                      Kind::sex, Kind::text, Kind::number, Kind::category, Kind::code};
std::string_view name_of(Kind kind);
std::optional<Kind> kind_named(std::string_view name);
base::Text words_of(Kind kind);

/// How far two values agree, from nothing known to equal. Which levels a kind has: levels_of().
enum class Level : unsigned char {
  missing,   ///< one of the two is not there: no evidence either way
  differs,
  region,    ///< same county, same surname, same year and month: a wider group
  weak,      ///< much in common
  close,     ///< a few characters apart
  near,      ///< one typing mistake apart: a character, a digit, two neighbours swapped
  sound,     ///< written differently, sounds or looks alike; day and month swapped; digits hidden
  crossed,   ///< equal, but in each other's column
  equal,
};
inline constexpr std::size_t levels_count = 9;
std::string_view name_of(Level level);
std::optional<Level> level_named(std::string_view name);
base::Text words_of(Kind kind, Level level);
/// Highest first, without `missing`.
std::vector<Level> levels_of(Kind kind);

inline constexpr std::size_t fields_max = 16;
inline constexpr std::size_t keys_max = 32;

struct Field {
  std::string name;            ///< heads its weight in the output
  Kind kind = Kind::text;
  std::string left, right;     ///< column headings; right is empty where there is one table
  std::string left_else, right_else;  ///< an ID number from which a missing birth date or sex is taken
  std::string partner;         ///< another field of the same kind whose value may stand in this one's place
  std::vector<Level> levels;   ///< those told apart; empty: all of the kind. What is left out counts as the next lower
  bool frequency = true;       ///< equal values weigh more where they are rare
  base::Text why;
};

/// Which part of a value takes part in a key.
enum class Cut {
  whole,
  start,       ///< the first three letters, or the first character
  sound,       ///< as it sounds, roughly
  rest,        ///< a Chinese name without its surname
  tail,        ///< the last four digits or letters
  year,
  month_day,
};
std::string_view name_of(Cut cut);
std::optional<Cut> cut_named(std::string_view name);
std::vector<Cut> cuts_of(Kind kind);

struct KeyPart {
  std::string field;
  Cut cut = Cut::whole;
  bool operator==(const KeyPart&) const = default;
};

/// Two rows are compared when all parts of some key agree.
struct Key {
  std::vector<KeyPart> parts;
  bool repaired = false;       ///< ID numbers one digit or one swap away from a valid one
  base::Text why;
};

enum class GroupRule { connected, average };

struct Spec {
  std::string key_left, key_right;  ///< name the rows, never compared
  std::vector<Field> fields;
  std::vector<Key> keys;
  bool one_to_one = true;           ///< each row has at most one partner; only between two tables
  double threshold = 0.5;           ///< probability from which on a pair counts as linked
  GroupRule groups = GroupRule::average;
  std::string household_left, household_right;  ///< columns that name the family within its own table; may be empty
  std::size_t block_pairs_max = 400;  ///< a block with more pairs is split by a further field
};

/// The spec as YAML that a person can edit and --spec reads back.
std::string yaml_from_spec(const Spec& spec, base::Language language, bool two_tables);

}  // namespace yihu::link

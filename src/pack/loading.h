#pragma once
// What is known while packs are being read. Each section of a file has one reader that adds to it; references between
// sections are checked when all files have been read.

#include "pack/node.h"
#include "pack/pack.h"
#include "pack/roster.h"

#include <map>
#include <string>
#include <vector>

namespace yihu::pack {

enum class Named { unit, unit_or_group, code_list, ledger, rule, indicator };

/// A name that must be defined somewhere, and where it is used.
struct Reference {
  std::string id;
  base::Place place;
  Named what = Named::unit;
};

/// A measure that some plan must have.
struct MeasureReference {
  MeasureName name;
  base::Place place;
};

/// What a roster's column answers, or what accepting its word sets (`column` empty): table and column.
struct RosterTarget {
  std::string roster;
  std::string column;
  std::pair<std::string, std::string> target;
  base::Place place;
};

/// Two rosters whose words are held against each other.
struct RosterPair {
  std::string roster;
  std::string with;
  std::string column;
  std::string other;
  base::Place place;
};

/// Names of ledgers, columns, facts and parameters: they become names of tables, of columns and in expressions.
inline constexpr std::size_t name_length_max = 50;

struct Loading {
  const Vocabulary& vocabulary;
  Pack pack;
  Mistakes mistakes;
  std::vector<Reference> references = {};
  std::vector<MeasureReference> measures = {};
  Rosters rosters = {};
  std::vector<RosterTarget> roster_targets = {};
  std::vector<RosterPair> roster_pairs = {};
  std::vector<Division> areas = {};  ///< what `areas` says of divisions, in the order read
  std::size_t layer = 0;
  std::string layer_id = {};                 ///< of the pack being read
  int article = 0;                           ///< of the file being read; 0: none named
  std::map<std::string, std::string> texts = {};  ///< each file as it is written, to tell places within an expression
  bool whole = true;  ///< every file could be read
  /// "role leader" → the layer and place that defined it last, to tell replacing from repeating.
  std::map<std::string, std::pair<std::size_t, base::Place>> defined;

  /// Adds `item`, or replaces the one with its id from a lower layer.
  template <class T>
  void put(std::vector<T>& all, T item, const char* kind, const base::Place& place) {
    if (!define(std::string(kind) + ' ' + item.id, item.id, place)) return;
    for (T& other : all) {
      if (other.id == item.id) {
        other = std::move(item);
        return;
      }
    }
    all.push_back(std::move(item));
  }

 private:
  bool define(const std::string& key, const std::string& id, const base::Place& place);
};

void read_roles(const Value& section, Loading& loading);
void read_units(const Value& section, Loading& loading);
void read_groups(const Value& section, Loading& loading);
void read_plan(const Value& section, Loading& loading);
void read_divisions(const Value& section, Loading& loading);
void read_areas(const Value& section, Loading& loading);
void read_code_maps(const Value& section, Loading& loading);
void read_codes(const Value& section, Loading& loading);
void read_ledgers(const Value& section, Loading& loading);
void read_facts(const Value& section, Loading& loading);
void read_rules(const Value& section, Loading& loading);
void read_lights(const Value& section, Loading& loading);
void read_indicators(const Value& section, Loading& loading);
void read_goals(const Value& section, Loading& loading);
void read_parameters(const Value& section, Loading& loading);
void read_demo(const Value& section, Loading& loading);
void read_rosters(const Value& section, Loading& loading);
void read_rates(const Value& section, Loading& loading);

// What several sections write alike.
/// Whether `id` can be a name; the mistake is told otherwise.
bool check_name(const Value& value, std::string_view id);
std::optional<Subject> subject_from(const Value& value);
std::optional<ColumnType> column_type_from(const Value& value);
/// "十", "10" or "（十）"
std::optional<int> article_number(std::string_view written);
std::optional<int> article_from(const Value& value);
Source source_from(const Value& value, Loading& loading);
Expression expression_from(const Value& value);

/// After all files: what `areas` adds to the divisions and corrects in them.
void amend_divisions(Loading& loading);

/// After all files: references, parents that go round in circles, names that two units share.
void check_references(Loading& loading);
/// After all files: what rosters answer is there and of the same type.
void check_rosters(Loading& loading);
/// Every expression against the register (when the vocabulary knows it) and the ledgers.
void check_expressions(Loading& loading);
/// Columns that ask for what another asks for already.
void warn_of_burden(Loading& loading);

}  // namespace yihu::pack

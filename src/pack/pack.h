#pragma once
// A pack: a folder of YAML that holds policy as text. Packs layer: a later one adds, or replaces by id.

#include "base/date.h"
#include "base/result.h"
#include "pack/code_map.h"
#include "pack/demo.h"
#include "pack/divisions.h"
#include "pack/ledger.h"
#include "pack/parameter.h"
#include "pack/plan_facts.h"
#include "pack/rule.h"
#include "rule/schema.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::pack {

/// How far the holder of a post with this role sees.
enum class RoleScope {
  district,  ///< everything
  unit,      ///< the post's own unit
};

/// Whose households and people the holder sees, if he may see any.
enum class Reach {
  district,  ///< all
  area,      ///< those of the town or village his post or its unit stands for
  assigned,  ///< those whose helper he is
};

struct Role {
  std::string id;
  base::Text label;
  RoleScope scope = RoleScope::unit;
  Reach reach = Reach::area;             ///< `register:` in the pack; of scope district always `district`
  std::vector<std::string> permissions;  ///< names from Vocabulary::permissions
  base::Place place;                     ///< where it is written
};

struct Unit {
  std::string id;    ///< a short stable name: later packs replace by it, and the store remembers it
  base::Text name;   ///< in full
  base::Text short_name;
  std::string kind;  ///< one of unit_kinds
  std::optional<std::string> parent;   ///< id of a unit
  std::vector<std::string> aliases;    ///< other ways in which documents write it
  std::optional<std::string> division; ///< code of the division a town's unit stands for, such as 460108101
  std::optional<base::Date> from;      ///< first day on which it exists; missing: always did
  std::optional<base::Date> to;        ///< last day
  base::Place place;
};

/// Kinds of units: a government or party committee itself, party departments, government bureaus, local branches of
/// city bureaus, headquarters set up for one purpose, working groups, towns, people's organisations, courts and
/// prosecution, companies, villages, schools, other institutions.
inline constexpr std::string_view unit_kinds[] = {"government", "party",  "bureau",     "branch", "headquarters",
                                                  "group",      "town",   "mass",       "court",  "company",
                                                  "village",    "school", "institution"};

/// A name that stands for several units, such as 各镇党委政府.
struct Group {
  std::string id;
  base::Text name;
  std::vector<std::string> aliases;
  std::vector<std::string> members;  ///< ids of units
  bool unverified = false;           ///< nobody has checked the members against a source
  base::Text note;                   ///< why, and what would settle it
  base::Place place;
};

/// The office's own district, and how its units' names begin: 区财政局, 美兰区财政局 and 财政局 are one.
struct District {
  std::string code;  ///< "460108"
  base::Text name;
  std::vector<std::string> prefixes;
};

struct Layer {
  std::string id;
  base::Text title;
  std::string version;
  std::filesystem::path folder;
};

/// The article of the plan that a file is about, and what the file calls it.
struct Article {
  int number = 0;
  base::Text title;
  std::string layer;
  std::string file;
};

struct Pack {
  std::vector<Layer> layers;  ///< the undermost first
  std::optional<District> district;
  std::vector<Role> roles;
  std::vector<Unit> units;
  std::vector<Group> groups;
  std::vector<PlanFacts> plans;
  std::vector<Division> divisions;     ///< towns and villages
  std::vector<CodeMap> code_maps;
  std::vector<Article> articles;       ///< what the files call themselves, by number and layer
  std::vector<CodeList> codes;
  std::vector<Ledger> ledgers;
  std::vector<Fact> facts;
  std::vector<Rule> rules;
  std::vector<Light> lights;
  std::vector<Indicator> indicators;
  std::vector<Goal> goals;
  std::vector<Parameter> parameters;   ///< codes … parameters: in the order first defined, the undermost layer first
  DemoFacts demo;                      ///< what a made-up district is filled with
  std::vector<base::Error> warnings;   ///< what is allowed and yet unwise, such as asking twice for one fact

  const Role* role(std::string_view id) const;
  const Unit* unit(std::string_view id) const;
  const Group* group(std::string_view id) const;
  const CodeList* code_list(std::string_view id) const;
  const Ledger* ledger(std::string_view id) const;
  const Fact* fact(std::string_view id) const;
  const Rule* rule(std::string_view id) const;
  const Indicator* indicator(std::string_view id) const;
  const Parameter* parameter(std::string_view id) const;
};

/// Names a pack may use that a higher room defines.
struct Vocabulary {
  std::vector<std::string_view> permissions;
  /// The register's subjects, as rules see them. Without them expressions are taken as they are, unchecked.
  rule::Schema subjects = {};
};

/// A unit's name as it is compared: widths, brackets and case made equal, spaces and quotation marks gone.
std::string name_key(std::string_view name);

/// Limits that hold for every file of a pack.
inline constexpr std::size_t pack_file_bytes_max = 4u << 20;
inline constexpr std::size_t pack_files_max = 500;
inline constexpr std::size_t pack_mistakes_max = 200;

/// Reads the pack in `folder` and those it stands on (its siblings, named in pack.yaml), and checks all of it.
/// Errors: every mistake at once, each with file, line, column and what would mend it; file names relative to `folder`'s parent.
base::Result<Pack> load(const std::filesystem::path& folder, const Vocabulary& vocabulary);

}  // namespace yihu::pack

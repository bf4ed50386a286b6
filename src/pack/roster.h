#pragma once
// Rosters as packs declare them: a department's list that comes in to be compared with the register. Its columns are a
// ledger's columns, each with the field it answers and how far two values may lie apart; its rules say which
// differences count and who owns the fact. A new roster is YAML alone.

#include "pack/pack.h"

namespace yihu::pack {

enum class DiscrepancyKind {
  roster_only,    ///< on the roster, but not in the register, or the register does not say so
  register_only,  ///< the register expects him on the roster, which was delivered for his area and does not have him
  differs,        ///< a field says otherwise
  twice,          ///< the roster has the same person twice
  deceased,       ///< dead by the register and still on the roster
  contradicts,    ///< another department's roster says otherwise
  question,       ///< a hit that a person has to look at; it decides nothing
};
inline constexpr std::size_t discrepancy_kinds = 7;
/// As the pack writes it: "roster_only".
std::string_view name_of(DiscrepancyKind kind);
std::optional<DiscrepancyKind> discrepancy_kind_from(std::string_view name);

/// What a column of the roster is compared with.
struct Answers {
  std::string table;     ///< "person", "household", or a ledger's id
  std::string column;
  double tolerance = 0;  ///< numbers may lie so far apart, money in yuan, days in days
  std::vector<base::Text> also;  ///< other headings under which departments write the column
};

struct DiscrepancyRule {
  DiscrepancyKind kind = DiscrepancyKind::differs;
  std::string owner;      ///< unit that owns the fact and is asked to settle it
  int above = 0;          ///< more than so many of one cause become an entry of the owner's worklist
  Expression expected;    ///< roster_only, register_only: who the register says belongs on the roster
  bool strangers = false; ///< roster_only: rows about nobody in the register are reported too, and kept until settled
  std::string with;       ///< contradicts: the other roster
  std::string column;     ///< contradicts: of this roster; empty: being on both contradicts
  std::string other;      ///< contradicts: of the other roster
  std::string sets;       ///< roster_only, deceased …: "household.attribute", what accepting the department's word writes
  std::string value;      ///< what it becomes
  Source source;
  base::Text say;
  base::Place place;
};

struct Roster {
  std::string id;
  base::Text label;
  base::Text system;          ///< of the department, such as 社会救助信息管理平台; may be empty
  /// Columns, period, owner. A ledger of its own kind: its headings are remembered and its delivery recorded like a
  /// ledger's, but it has no table: what does not concern the register is not kept.
  Ledger sheet;
  std::vector<Answers> answers;  ///< one for each column of `sheet`; `table` empty: it only helps to find the person
  Expression authorisation;   ///< on the household: only where it is true is anybody compared. Empty: not needed
  std::vector<DiscrepancyRule> rules;
  Source source;

  const DiscrepancyRule* rule(DiscrepancyKind kind) const;
};
inline constexpr std::size_t rosters_max = 200;

/// A share of people that only a sample can tell, never the register itself: wrongful exits, omissions.
struct Rate {
  std::string id;
  base::Text label;
  Expression of;             ///< on the household: those that were sampled
  Expression count;          ///< on the household: those of them that count
  double limit_percent = 0;  ///< above it the year's work has failed
  Source source;
  base::Place place;
};

struct Rosters {
  std::vector<Roster> all;   ///< rows are about persons; a household's row names its head
  std::vector<Rate> rates;

  const Roster* find(std::string_view id) const;
};

/// pack.h's `load`, which tells mistakes of rosters too, with the rosters themselves.
base::Result<Pack> load(const std::filesystem::path& folder, const Vocabulary& vocabulary, Rosters& rosters);

}  // namespace yihu::pack

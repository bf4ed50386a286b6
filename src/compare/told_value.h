#pragma once
// One value of a roster against what the register or a ledger holds, with the tolerance of its column.

#include "compare/roster_file.h"

namespace yihu::compare {

struct ValueComparison {
  bool same = true;
  std::string theirs = {};  ///< as shown
  std::string ours = {};    ///< as shown; empty: nothing is known here
  std::string value = {};   ///< JSON of theirs, as the register's or the ledger's own functions take it
};

/// Reads what we hold once for each column.
class ToldValues {
 public:
  ToldValues(store::Session& session, const Rosters& rosters, base::Date today) : session_(session), rosters_(rosters), today_(today) {}

  /// What the roster leaves empty says nothing and is the same.
  base::Result<ValueComparison> compare(const pack::Roster& roster, std::size_t column, const store::Cell& theirs, const std::string& person,
                                        const std::string& household, std::string_view period);

 private:
  base::Result<store::Cell> register_value(const pack::Answers& answers, const std::string& person, const std::string& household);
  base::Result<store::Cell> ledger_value(const pack::Roster& roster, const pack::Answers& answers, const std::string& person,
                                         const std::string& household, std::string_view period);

  store::Session& session_;
  const Rosters& rosters_;
  base::Date today_;
  std::map<std::string, std::map<std::string, store::Cell>> columns_;  ///< "person.schooling" → id → value
};

/// The period of a ledger that a roster of `period` speaks of: the same, where both count alike; else today's.
std::string ledger_period(const pack::Ledger& ledger, const pack::Roster& roster, std::string_view period, base::Date today);

/// Whether two values lie apart by more than the tolerance; a value that is missing says nothing.
bool apart(const store::Cell& one, const store::Cell& other, pack::ColumnType type, double tolerance);

/// What two rosters say of one column, when they disagree.
std::optional<std::pair<std::string, std::string>> contradiction(const pack::Pack& pack, const pack::Roster& roster, std::string_view column,
                                                                 const RosterRow& row, const pack::Roster& other, std::string_view other_column,
                                                                 const RosterRow& other_row);

}  // namespace yihu::compare

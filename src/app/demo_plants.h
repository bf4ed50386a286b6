#pragma once
// One rule broken on a few households, and nothing else about them.

#include "app/demo_ledgers.h"
#include "ledger/ledgers.h"
#include "registry/record.h"

#include <functional>
#include <map>
#include <set>
#include <span>

namespace yihu::app {

/// Types of the columns that the values go into. Errors: input, for each target that is no column of the ledger.
base::Result<std::vector<pack::ColumnType>> types_of(const pack::Ledger& ledger, std::span<const pack::DemoValue> values);

/// Writes one year's income, over what is stored.
base::Done put_income(store::Transaction& transaction, const access::Viewer& viewer, const std::string& household,
                      const registry::Values& values, const registry::Why& why);

/// Writes fields of a household; status and monitoring are decided on their day, everything else was always so.
base::Done put_household(store::Transaction& transaction, const registry::Rooms& rooms, const registry::HouseholdId& household,
                         registry::Values values, const registry::Why& why);

struct DemoSoil {
  const pack::Pack& pack;
  const ledger::Ledgers& ledgers;
  const DemoValues& values;
  registry::Why why;  ///< of every change of the register, which is today's
};

class DemoPlants {
 public:
  DemoPlants(store::Store& store, DemoSoil soil) : store_(store), soil_(soil) {}

  /// @returns on how many subjects it could be planted: of those the rule is met by and nothing was planted on yet
  base::Result<int> plant(const pack::DemoPlant& plant);
  std::vector<Planted> take() { return std::move(planted_); }

 private:
  struct Place {
    std::string household;                       ///< empty for a village
    std::map<std::string, std::string> members;  ///< the first of each relation: person id
  };
  using Cells = registry::Values;
  /// What is to be written about one subject: register fields by id, ledger cells by ledger.
  struct Work {
    std::map<std::string, registry::Values> households, people, incomes;  ///< by id
    std::map<std::pair<std::string, std::string>, Cells> ledgers;         ///< ledger, subject
    std::set<std::string> second;                                         ///< ledgers that get a further row
    std::vector<std::pair<std::string, std::string>> without;             ///< ledger, subject
    registry::Values newborn;                                             ///< a child that is born; empty: none
    std::map<std::string, Cells> newborn_ledgers;
    std::string next_head;                                                ///< a member who becomes the head; empty: none
    std::string former_relation;                                          ///< what the head of before is to him
  };

  base::Result<std::vector<DemoSubject>> candidates(const pack::Rule& rule, const pack::DemoPlant& plant, std::span<const pack::DemoValue> cells) const;
  base::Result<pack::ColumnType> type_of(pack::Subject kind, const pack::DemoValue& value) const;
  base::Result<Place> place_of(store::Session& session, pack::Subject kind, const std::string& subject) const;
  Work work_for(const pack::Rule& rule, const pack::DemoPlant& plant, std::span<const pack::DemoValue> cells, const DemoSubject& subject,
                const Place& place) const;
  bool take_ground(const pack::Rule& rule, const pack::DemoPlant& plant, const DemoSubject& subject, const Place& place);
  base::Done write_durably(const std::function<base::Done(store::Transaction&)>& change);
  base::Done write(store::Transaction& transaction, const Work& work) const;
  base::Done write_register(store::Transaction& transaction, const Work& work) const;
  base::Done write_ledger(store::Transaction& transaction, const std::string& ledger, const std::string& subject, const Cells& cells, bool second) const;
  base::Done remove_rows(store::Transaction& transaction, const std::string& ledger, const std::string& subject) const;
  base::Done bear(store::Transaction& transaction, const Work& work, const DemoSubject& subject, const Place& place) const;
  base::Done gather(const pack::Rule& rule, const pack::Expression& whom, const DemoSubject& village);

  store::Store& store_;
  DemoSoil soil_;
  std::set<std::string> used_;  ///< households on which something was planted; of villages, also in which ledger
  std::vector<Planted> planted_;
};

}  // namespace yihu::app

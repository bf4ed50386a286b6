#pragma once
// One rule broken on a few households, and nothing else about them.

#include "app/demo_ledgers.h"
#include "ledger/ledgers.h"
#include "registry/record.h"

#include <map>
#include <set>

namespace yihu::app {

/// Types of the columns that the values go into. Errors: input, for each target that is no column of the ledger.
base::Result<std::vector<pack::ColumnType>> types_of(const pack::Ledger& ledger, std::span<const pack::DemoValue> values);

/// Writes one year's income, over what is stored.
base::Done put_income(store::Transaction& transaction, const access::Viewer& viewer, const std::string& household,
                      const registry::Values& values, const registry::Why& why);

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
    std::string household;  ///< empty for a village
    std::string person;     ///< the subject, when it is one
    std::string head;       ///< person id; empty when there is none
  };
  /// What is to be written about one subject: register fields by id, ledger cells by ledger.
  struct Work {
    std::map<std::string, registry::Values> households, people, incomes;  ///< by id
    std::map<std::pair<std::string, std::string>, std::map<std::string, store::Cell>> ledgers;  ///< ledger, subject
    std::vector<std::pair<std::string, std::string>> without;                                   ///< ledger, subject
  };

  base::Result<std::vector<DemoSubject>> candidates(const pack::Rule& rule, const pack::DemoPlant& plant);
  base::Result<pack::ColumnType> type_of(const pack::Rule& rule, const pack::DemoValue& value) const;
  base::Result<Place> place_of(store::Session& session, pack::Subject kind, const std::string& subject) const;
  base::Result<Work> work_for(const pack::Rule& rule, const pack::DemoPlant& plant, const DemoSubject& subject, const Place& place) const;
  base::Done write(store::Transaction& transaction, const Work& work) const;
  base::Done write_register(store::Transaction& transaction, const Work& work) const;
  base::Done write_ledger(store::Transaction& transaction, const std::string& ledger, const std::string& subject,
                          const std::map<std::string, store::Cell>& cells) const;
  base::Done remove_rows(store::Transaction& transaction, const std::string& ledger, const std::string& subject) const;

  store::Store& store_;
  DemoSoil soil_;
  std::set<std::string> used_;  ///< households and villages on which something was planted
  std::vector<Planted> planted_;
};

}  // namespace yihu::app

#pragma once
// What a made-up district is filled with, as a pack says it: values for the register and rows for the ledgers that meet
// every rule, and for each rule a way to break it and nothing else. The demo store and the test that screening finds
// exactly what was planted both come from here.

#include "pack/rule.h"

#include <string>
#include <vector>

namespace yihu::pack {

/// One value to enter. Exactly one of the four forms is there.
struct DemoValue {
  std::string target;               ///< a column or field; in a plant also "head.x", "<ledger>.x", "head.<ledger>.x"
  Expression expression;            ///< about the subject
  std::vector<std::string> choice;  ///< one of these codes or texts, by the subject
  std::vector<base::Date> days;     ///< two: a day between them, by the subject
  std::vector<double> range;        ///< two: a whole number between them (money: of yuan), by the subject
  base::Place place;
};

/// Values for one table, for those the expression is true of.
struct DemoFill {
  std::string of;        ///< "household", "person", "incomes", or a ledger
  Expression whom;       ///< truth about the table's subject; empty: everybody present
  std::string period;    ///< of a ledger with periods or of incomes; empty: the current one
  std::vector<DemoValue> values;
  base::Place place;
};

/// How a rule is broken.
struct DemoPlant {
  std::string id;                    ///< of the rule
  int subjects = 2;                  ///< how many it is planted on
  Expression whom;                   ///< a further choice among those the rule is met by; may be empty
  std::vector<DemoValue> values;
  std::vector<std::string> without;  ///< ledgers whose rows about the subject ("head.<ledger>": about its head) go
  std::vector<std::string> also;     ///< rules that cannot but be broken with it
  std::string layer;
  base::Place place;
};

struct DemoFacts {
  std::vector<DemoFill> fills;       ///< in the order written; later ones win
  std::vector<DemoPlant> plants;
  std::vector<std::string> undelivered;  ///< ledgers that nobody has delivered yet, so that something is not yet known
};

inline constexpr int demo_plant_subjects_max = 20;

}  // namespace yihu::pack

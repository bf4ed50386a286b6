#pragma once
// The made-up register of the demo: the year's two cohorts to the last person, monitored households, and ordinary ones
// around them. Names and numbers belong to nobody; the same seed makes the same people.

#include "base/cancel.h"
#include "base/date.h"
#include "registry/registration.h"
#include "store/store.h"

#include <string>
#include <vector>

namespace yihu::app {

struct DemoRegisterWish {
  base::Date today;
  int other_people = 20'000;         ///< about so many in ordinary households
  std::vector<std::string> towns;    ///< codes of the towns whose villages they live in
  base::Language language = base::Language::zh;
};

struct DemoRegister {
  std::vector<std::string> poor;     ///< households of the cohort that is to exit this year
  std::vector<std::string> exited;   ///< of the one that is to stay above the line
  int people = 0;                    ///< of both
  int others = 0;                    ///< people in ordinary households
  std::string village;               ///< one of the villages listed as poor, for a cadre to look at
  std::string town;                  ///< its town
  std::string cadre_name;            ///< made up, as the next
  std::string helper_name;
};

/// Errors: cancelled; what the register says.
base::Result<DemoRegister> fill_register(store::Store& store, const DemoRegisterWish& wish, const base::Progress& progress,
                                         const base::Cancel& cancel);

}  // namespace yihu::app

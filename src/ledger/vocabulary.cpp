#include "ledger/vocabulary.h"

#include "access/permission.h"
#include "registry/rule_subjects.h"

namespace yihu::ledger {

pack::Vocabulary vocabulary() {
  pack::Vocabulary out = access::vocabulary();
  registry::add_rule_subjects(out.subjects);
  return out;
}

}  // namespace yihu::ledger

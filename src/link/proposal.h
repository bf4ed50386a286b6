#pragma once
// A spec drawn up from the data: what each column holds, which columns of two tables belong together, which keys bring
// the same people together even when one or two fields are wrong or missing.

#include "base/result.h"
#include "link/blocking.h"
#include "link/source.h"
#include "link/spec.h"

#include <string>
#include <vector>

namespace yihu::link {

struct Wanted {
  std::string key_left, key_right;
  std::vector<std::string> ignored;   ///< columns never compared
};

struct ColumnReport {
  std::string table, heading;
  base::Text verdict;                 ///< what it was taken for, or why it is left out
};

struct Proposal {
  Spec spec;                          ///< without keys: these need packed rows, see propose_keys
  std::vector<ColumnReport> columns;
};

/// @param right none: duplicates within `left`
base::Result<Proposal> propose_fields(const Source& left, const Source* right, const Wanted& wanted);

/// Adds keys that together bring nearly all true pairs together at the least cost, by the usual rates of mistakes of
/// each kind of column and the missing values counted here.
void propose_keys(Spec& spec, const Layout& layout, const Dictionaries& dictionaries, const Records& left, const Records* right,
                  const Frequencies& frequencies, unsigned threads);

/// Pairs that each key of the spec would bring together, estimated from samples of the rows.
std::vector<double> estimated_pairs(const Spec& spec, const std::vector<Key>& keys, const Layout& layout, const Dictionaries& dictionaries,
                                    const Records& left, const Records* right, unsigned threads);

}  // namespace yihu::link

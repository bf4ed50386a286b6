#pragma once
// Which layer of a subject's chain stands on which: a layer copies all that the ones below have gathered.

#include "rule/scope.h"

namespace yihu::rule {

/// Brings the layers of `statement` under `top` into an order in which little is carried far: those that add few columns
/// lie at the bottom, each above those whose columns it names. The answers are the same in any such order.
void order_layers(Statement& statement, Select& top);

}  // namespace yihu::rule

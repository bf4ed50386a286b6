#pragma once
// The tables of tracked plans, 4xx.

#include "store/store.h"

#include <vector>

namespace yihu::plan {

std::vector<store::Migration> migrations();

}  // namespace yihu::plan

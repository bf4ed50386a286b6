#pragma once
// yihu link --index: who is this? Asks a saved index about one person or a table of them, or adds rows to it.

#include "app/command.h"
#include "base/result.h"

#include <string>
#include <vector>

namespace yihu::app {

struct IndexRequest {
  std::string index;              ///< its file
  std::string table, key;         ///< rows to ask about or to add; may be empty where `who` is given
  std::vector<std::string> who;   ///< "姓名=张伟", one person
  std::string out;
  bool add = false;
  bool many = false;              ///< every likely row rather than the best one
  unsigned threads = 1;
};

base::Done ask_index(const IndexRequest& request, const Common& common);

}  // namespace yihu::app

#include "pack/loading.h"

#include <algorithm>

namespace yihu::pack {

void read_code_maps(const Value& section, Loading& loading) {
  for (const auto& [id, value] : section.entries()) {
    Fields fields = value.fields();
    CodeMap map;
    map.id = id;
    map.place = value.place();
    map.label = fields.need("label").bilingual().value_or(base::Text{});
    map.unverified = fields.may("unverified").truth().value_or(false);
    map.note = fields.may("note").bilingual().value_or(base::Text{});
    for (const auto& [field, codes] : fields.need("fields").entries()) {
      auto& entries = map.fields[field];
      for (const auto& [outside, ours] : codes.entries()) {
        if (auto word = ours.id()) entries.push_back({outside, *std::move(word), ours.place()});
      }
    }
    loading.put(loading.pack.code_maps, std::move(map), "code_map", value.place());
  }
}

}  // namespace yihu::pack

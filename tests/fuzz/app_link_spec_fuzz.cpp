// Any text as the spec of a linkage: read, or refused with a reason; what is read is written and reads back the same.
#include "app/link_spec.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yihu;
  if (size == 0) return 0;
  const bool two_tables = (data[0] & 1) != 0;
  const std::string yaml(reinterpret_cast<const char*>(data), size);
  const auto spec = app::link_spec_from_yaml(yaml, "a.yaml", two_tables);
  if (!spec) {
    if (spec.error().text.en.empty()) std::abort();
    return 0;
  }
  const std::string written = link::yaml_from_spec(*spec, base::Language::en, two_tables);
  const auto again = app::link_spec_from_yaml(written, "b.yaml", two_tables);
  if (!again || link::yaml_from_spec(*again, base::Language::en, two_tables) != written) std::abort();
  return 0;
}

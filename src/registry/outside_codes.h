#pragma once
// An outside system's numbers and our words, as a pack maps them.

#include "pack/pack.h"
#include "registry/record.h"

#include <map>

namespace yihu::registry {

/// The map of one system. Without one only words and labels are understood: a bare number is never trusted.
class OutsideCodes {
 public:
  OutsideCodes() = default;
  /// Errors: input, every field or word of the map that the register does not know, with its place in the pack.
  static base::Result<OutsideCodes> from(const pack::CodeMap& map);

  /// Our word for what a cell says: one of our words, a label in either language, or a number of the map.
  /// @param subject "household", "person" or "income"
  std::optional<std::string> ours(std::string_view subject, const Field& field, std::string_view text) const;
  /// The system's number for our word; our label where it has none.
  std::string outside(std::string_view subject, const Field& field, std::string_view word) const;

 private:
  std::map<std::string, std::map<std::string, std::string>, std::less<>> to_ours_;
  std::map<std::string, std::map<std::string, std::string>, std::less<>> to_outside_;
};

/// Checks every map of a pack. Errors: input, all mistakes at once.
base::Done check_code_maps(const pack::Pack& pack);

}  // namespace yihu::registry

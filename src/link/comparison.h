#pragma once
// Two packed rows become a pattern: one level per field.

#include "link/records.h"
#include "link/similarity.h"

#include <array>
#include <cstdint>
#include <vector>

namespace yihu::link {

/// Four bits per field, the first field lowest.
using Pattern = std::uint64_t;
inline Level level_in(Pattern pattern, std::size_t field) { return static_cast<Level>(pattern >> (4 * field) & 0xf); }

class Comparison {
 public:
  Comparison(const Spec& spec, const Layout& layout, const Dictionaries& dictionaries);

  /// Similarities of pairs of values seen lately. One per thread.
  class Memory {
   public:
    explicit Memory(std::size_t fields) : seen_(fields << bits) {}

   private:
    friend class Comparison;
    static constexpr unsigned bits = 12;
    struct Seen {
      std::uint32_t one = 0, other = 0;
      Level level = Level::missing;
    };
    std::vector<Seen> seen_;
  };
  Memory memory() const { return Memory(layout_.slots.size()); }

  Pattern pattern(const std::uint32_t* left, const std::uint32_t* right, Memory& memory) const;
  /// Asks memory for the texts that pattern() will read of these rows.
  void fetch(const std::uint32_t* left, const std::uint32_t* right) const;
  /// One field's level, before partners are looked at.
  Level level(std::size_t field, Code left, Code right, Memory& memory) const;
  const Layout& layout() const { return layout_; }
  /// Index of the partner, or the number of fields.
  std::size_t partner(std::size_t field) const { return partners_[field]; }

 private:
  Level different(std::size_t field, Code left, Code right, Memory& memory) const;
  Pattern crossed(Pattern pattern, std::size_t field, const std::uint32_t* left, const std::uint32_t* right, Memory& memory) const;

  const Layout& layout_;
  const Dictionaries& dictionaries_;
  std::vector<std::size_t> partners_;
  std::vector<std::uint32_t> masks_;                            ///< lanes of each field
  std::vector<std::array<Level, levels_count>> kept_levels_;    ///< what each level counts as
  std::vector<std::pair<unsigned, const Dictionary*>> fetched_; ///< lanes of texts from dictionaries too large for the cache
  std::vector<std::pair<std::size_t, std::size_t>> partnered_;  ///< each pair of partners once
};

}  // namespace yihu::link

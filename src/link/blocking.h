#pragma once
// Which rows are compared: rows that agree in all parts of some key. Each key's rows are sorted into blocks; a block
// with too many pairs is split by further fields, and what that leaves out is counted.

#include "base/cancel.h"
#include "link/model.h"
#include "link/pair_store.h"
#include "link/records.h"
#include "link/spec.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace yihu::link {

/// Hashes of rows for each key.
class KeyHashes {
 public:
  KeyHashes(const Spec& spec, const Layout& layout, const Dictionaries& dictionaries, unsigned threads);
  /// 0 when a part is missing.
  std::uint32_t hash(std::size_t key, const std::uint32_t* row) const;
  std::uint64_t part(std::size_t key, std::size_t part, const std::uint32_t* row) const;
  /// hash() of many rows, the memory they need asked for ahead.
  void hashes(std::size_t key, const Records& records, std::size_t first, std::span<std::uint32_t> into) const;
  /// Hashes of valid ID numbers one slip away from the row's invalid one; for repaired keys.
  void repaired(std::size_t key, const std::uint32_t* row, std::vector<std::uint32_t>& hashes) const;
  std::size_t keys() const { return keys_.size(); }
  bool is_repaired(std::size_t key) const { return keys_[key].repaired; }
  const Slot& slot(std::size_t field) const { return layout_.slots[field]; }
  const Dictionary& dictionary(const Slot& slot) const { return *dictionaries_[slot.dictionary]; }

 private:
  struct Part {
    std::size_t field = 0;
    Cut cut = Cut::whole;
    std::size_t table = 0;     ///< of hashes by the dictionary's place; past the end for packed numbers
  };
  struct Prepared {
    std::vector<Part> parts;
    bool unordered = false;    ///< two partners: in either order
    bool repaired = false;
  };
  static constexpr std::size_t batch = 128;
  using Batch = std::array<std::uint64_t, batch>;
  std::uint32_t hash_of_text(const Part& part, std::string_view text) const;
  static std::uint64_t joined(const Prepared& prepared, std::size_t at, std::uint64_t hash, std::uint64_t part);
  void part_of_batch(const Part& part, const Records& records, std::size_t first, std::size_t count, Batch& into) const;

  const Layout& layout_;
  const Dictionaries& dictionaries_;
  std::vector<Prepared> keys_;
  std::vector<Buffer<std::uint32_t>> tables_;
};

/// Valid ID numbers that one wrong digit or one swap of neighbours turns into `code`.
std::vector<Code> repaired_ids(Code code);

struct KeyReport {
  std::uint64_t pairs = 0;           ///< brought together by this key, before counting each pair once
  std::uint64_t rows_without = 0;    ///< rows of both tables in which a part is missing
  std::uint64_t blocks_split = 0;    ///< too large for one
  std::uint64_t pairs_split_away = 0;   ///< in different parts of a split block
  std::uint64_t blocks_dropped = 0;  ///< too large even after splitting
  std::uint64_t pairs_dropped = 0;
};

struct Blocking {
  const Spec& spec;
  const KeyHashes& hashes;
  const Records& left;
  const Records* right;              ///< none: duplicates within `left`
  std::vector<std::size_t> split_fields;  ///< tried in this order
  unsigned threads = 2;
  base::Cancel cancel;
};

/// One key's hashes of a table, for looking up one row after the other.
class RowsByHash {
 public:
  RowsByHash(const Blocking& blocking, std::size_t key);
  /// Entries of the hash: the hash above, the row below.
  std::span<const std::uint64_t> find(std::uint32_t hash) const;

 private:
  unsigned bits_ = 0;
  Buffer<std::uint64_t> entries_;
  std::vector<std::size_t> begins_;
};

/// Arrays that one key after the other uses.
struct BlockingSpace {
  Buffer<std::uint32_t> hashes;
  Buffer<std::uint64_t> left, right;
};

/// Brings together the pairs of one key; they go to `pairs`.
KeyReport block(const Blocking& blocking, std::size_t key, PairStore& pairs, BlockingSpace& space);

}  // namespace yihu::link

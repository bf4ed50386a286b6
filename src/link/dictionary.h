#pragma once
// Each different text once, under a number. Several threads may add at the same time.

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace yihu::link {

class Dictionary {
 public:
  /// The number of a text, never 0; the same text always has the same number. Numbers differ from run to run.
  std::uint32_t number_of(std::string_view text);
  /// The number, or 0 when the text is not there.
  std::uint32_t find(std::string_view text) const;
  /// Stays where it is as long as the dictionary lives.
  std::string_view text(std::uint32_t number) const { return shards_[number & shard_mask].entry((number >> shard_bits) - 1).view(); }
  /// After the last addition: numbers become places 0 … size()-1.
  void finish();
  std::size_t place_of(std::uint32_t number) const { return first_[number & shard_mask] + (number >> shard_bits) - 1; }
  std::size_t size() const { return first_.back(); }
  /// Calls visit(number, text) for a shard's entries; shards 0 … shards-1 may be visited at the same time.
  template <class Visit>
  void visit(std::size_t shard, const Visit& visit) const {
    for (std::size_t i = 0; i < shards_[shard].size; ++i) visit(static_cast<std::uint32_t>((i + 1) << shard_bits | shard), shards_[shard].entry(i).view());
  }
  static constexpr unsigned shard_bits = 6;
  static constexpr std::size_t shards = 1 << shard_bits;

 private:
  static constexpr std::uint32_t shard_mask = shards - 1;
  /// Short texts, as most names are, lie in the entry itself.
  struct Entry {
    static constexpr std::size_t inside = 12;
    char bytes[inside];
    std::uint32_t size;
    std::string_view view() const {
      const char* text = bytes;
      if (size > inside) std::memcpy(&text, bytes, sizeof text);
      return {text, size};
    }
  };
  static constexpr std::size_t entries_per_block = 256;
  struct Shard {
    std::atomic_flag busy;
    std::vector<std::uint64_t> table;  ///< hash above, place of the entry plus one below
    std::vector<std::unique_ptr<Entry[]>> entries;
    std::size_t size = 0;
    std::vector<std::unique_ptr<char[]>> blocks;
    std::size_t block_used = 0;
    std::size_t block_size = 0;
    const Entry& entry(std::size_t at) const { return entries[at / entries_per_block][at % entries_per_block]; }
  };
  static void keep(Shard& shard, std::string_view text);
  static void grow(Shard& shard);

  std::array<Shard, shards> shards_;
  std::array<std::size_t, shards + 1> first_ = {};
};

}  // namespace yihu::link

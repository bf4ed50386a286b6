#pragma once
// Each different text once, under a number. Several threads may look up and add at the same time: looking up takes no lock.

#include "link/buffer.h"

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <string_view>

namespace yihu::link {

class Dictionary {
 public:
  /// The number of a text, never 0; the same text always has the same number. Numbers differ from run to run.
  std::uint32_t number_of(std::string_view text);
  /// @param hash hash_of(text)
  std::uint32_t number_of(std::string_view text, std::uint64_t hash);
  /// The number, or 0 when the text is not there.
  std::uint32_t find(std::string_view text) const;
  /// Asks memory for what a look-up will read: first the place in the table, then, a little later, the text there.
  void fetch_place(std::uint64_t hash) const;
  void fetch_text(std::uint64_t hash) const;
  /// Asks memory for what text() will read.
  void fetch_entry(std::uint32_t number) const { __builtin_prefetch(&shards_[number & shard_mask].entry((number >> shard_bits) - 1)); }
  /// Stays where it is as long as the dictionary lives.
  std::string_view text(std::uint32_t number) const { return shards_[number & shard_mask].entry((number >> shard_bits) - 1).view(); }
  /// Nobody else is adding: numbers given so far become places 0 … size()-1.
  void finish();
  /// Past the end for a number given after finish().
  std::size_t place_of(std::uint32_t number) const {
    const std::size_t shard = number & shard_mask, place = first_[shard] + (number >> shard_bits) - 1;
    return place < first_[shard + 1] ? place : static_cast<std::size_t>(-1);
  }
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
  /// Short texts, as most names are, lie in the entry itself, zeros behind.
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
  /// Entries lie in blocks, each twice as large as the one before, so that none moves.
  static constexpr std::size_t first_block = 64;
  static constexpr std::size_t blocks_max = 22;
  struct Table {
    std::size_t mask;
    std::atomic<std::uint64_t>* slots;  ///< hash above, place of the entry plus one below
  };
  struct Shard {
    std::atomic<const Table*> table = nullptr;            ///< some reader may still be in the one before
    std::array<std::atomic<Entry*>, blocks_max> blocks = {};
    std::size_t size = 0;
    std::mutex adding;
    char* long_texts = nullptr;                           ///< room for more of them
    std::size_t long_used = 0, long_size = 0;
    const Entry& entry(std::size_t at) const {
      const std::size_t block = std::bit_width(at / first_block + 1) - 1U;
      return blocks[block].load(std::memory_order_acquire)[at - ((std::size_t{1} << block) - 1) * first_block];
    }
  };
  static Entry entry_of(std::string_view text);
  static bool equal(const Entry& kept, const Entry& wanted, std::string_view text);
  static std::uint32_t search(const Shard& shard, std::uint32_t hash, const Entry& wanted, std::string_view text);
  void keep(Shard& shard, Entry entry, std::string_view text);
  void grow(Shard& shard);

  PagePool pool_;
  std::array<Shard, shards> shards_;
  std::array<std::size_t, shards + 1> first_ = {};
};

}  // namespace yihu::link

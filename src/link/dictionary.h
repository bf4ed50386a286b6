#pragma once
// Each different text once, under a number. Several threads may add at the same time.

#include <array>
#include <atomic>
#include <cstdint>
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
  std::string_view text(std::uint32_t number) const {
    const Shard& shard = shards_[number & shard_mask];
    const Entry& entry = shard.entries[(number >> shard_bits) - 1];
    return {entry.text, entry.size};
  }
  /// After the last addition: numbers become places 0 … size()-1.
  void finish();
  std::size_t place_of(std::uint32_t number) const { return first_[number & shard_mask] + (number >> shard_bits) - 1; }
  std::size_t size() const { return first_.back(); }
  /// Calls visit(number, text) for a shard's entries; shards 0 … shards-1 may be visited at the same time.
  template <class Visit>
  void visit(std::size_t shard, const Visit& visit) const {
    const auto& entries = shards_[shard].entries;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      visit(static_cast<std::uint32_t>((i + 1) << shard_bits | shard), std::string_view(entries[i].text, entries[i].size));
    }
  }
  static constexpr unsigned shard_bits = 6;
  static constexpr std::size_t shards = 1 << shard_bits;
  std::size_t bytes() const;

 private:
  static constexpr std::uint32_t shard_mask = shards - 1;
  struct Entry {
    const char* text;
    std::uint32_t size;
    std::uint32_t hash;
  };
  struct Shard {
    std::atomic_flag busy;
    std::vector<std::uint32_t> table;  ///< place of the entry plus one
    std::vector<Entry> entries;
    std::vector<std::unique_ptr<char[]>> blocks;
    std::size_t block_used = 0;
    std::size_t block_size = 0;
  };
  static const char* keep(Shard& shard, std::string_view text);
  static void grow(Shard& shard);

  std::array<Shard, shards> shards_;
  std::array<std::size_t, shards + 1> first_ = {};
};

}  // namespace yihu::link

#include "link/dictionary.h"

#include "link/value.h"

#include <algorithm>
#include <thread>

namespace yihu::link {
namespace {

constexpr std::size_t block_bytes_max = 1 << 18;

std::uint32_t hash_in(std::uint64_t slot) { return static_cast<std::uint32_t>(slot >> 32); }
std::uint32_t place_in(std::uint64_t slot) { return static_cast<std::uint32_t>(slot); }

}  // namespace

void Dictionary::keep(Shard& shard, std::string_view text) {
  if (shard.size % entries_per_block == 0) shard.entries.push_back(std::make_unique_for_overwrite<Entry[]>(entries_per_block));
  Entry& entry = shard.entries.back()[shard.size % entries_per_block];
  ++shard.size;
  entry.size = static_cast<std::uint32_t>(text.size());
  if (text.size() <= Entry::inside) {
    std::memcpy(entry.bytes, text.data(), text.size());
    return;
  }
  if (shard.block_size - shard.block_used < text.size()) {
    // Small at first: most dictionaries hold a few hundred words.
    shard.block_size = std::max(text.size(), shard.blocks.empty() ? std::size_t{512} : std::min(shard.block_size * 2, block_bytes_max));
    shard.blocks.push_back(std::make_unique_for_overwrite<char[]>(shard.block_size));
    shard.block_used = 0;
  }
  char* kept = shard.blocks.back().get() + shard.block_used;
  std::memcpy(kept, text.data(), text.size());
  shard.block_used += text.size();
  std::memcpy(entry.bytes, &kept, sizeof kept);
}

void Dictionary::grow(Shard& shard) {
  std::vector<std::uint64_t> table(std::max<std::size_t>(16, shard.table.size() * 2));
  for (const std::uint64_t slot : shard.table) {
    if (slot == 0) continue;
    std::size_t at = hash_in(slot) & (table.size() - 1);
    while (table[at] != 0) at = (at + 1) & (table.size() - 1);
    table[at] = slot;
  }
  shard.table = std::move(table);
}

std::uint32_t Dictionary::number_of(std::string_view text) {
  const std::uint64_t hash = hash_of(text);
  const std::size_t number = hash >> 58;
  Shard& shard = shards_[number];
  for (int tries = 0; shard.busy.test_and_set(std::memory_order_acquire); ++tries) {
    // Whoever holds the shard may have lost its core.
    if (tries > 64) std::this_thread::yield();
  }
  if (shard.size * 2 >= shard.table.size()) grow(shard);
  const auto short_hash = static_cast<std::uint32_t>(hash);
  const std::size_t mask = shard.table.size() - 1;
  std::size_t at = short_hash & mask;
  std::uint32_t place = 0;
  for (; shard.table[at] != 0; at = (at + 1) & mask) {
    if (hash_in(shard.table[at]) != short_hash || shard.entry(place_in(shard.table[at]) - 1).view() != text) continue;
    place = place_in(shard.table[at]);
    break;
  }
  if (place == 0) {
    keep(shard, text);
    place = static_cast<std::uint32_t>(shard.size);
    shard.table[at] = static_cast<std::uint64_t>(short_hash) << 32 | place;
  }
  shard.busy.clear(std::memory_order_release);
  return place << shard_bits | static_cast<std::uint32_t>(number);
}

std::uint32_t Dictionary::find(std::string_view text) const {
  const std::uint64_t hash = hash_of(text);
  const Shard& shard = shards_[hash >> 58];
  if (shard.table.empty()) return 0;
  const auto short_hash = static_cast<std::uint32_t>(hash);
  const std::size_t mask = shard.table.size() - 1;
  for (std::size_t at = short_hash & mask; shard.table[at] != 0; at = (at + 1) & mask) {
    const std::uint32_t place = place_in(shard.table[at]);
    if (hash_in(shard.table[at]) == short_hash && shard.entry(place - 1).view() == text) return place << shard_bits | static_cast<std::uint32_t>(hash >> 58);
  }
  return 0;
}

void Dictionary::finish() {
  for (std::size_t i = 0; i < shards; ++i) first_[i + 1] = first_[i] + shards_[i].size;
}

}  // namespace yihu::link

#include "link/dictionary.h"

#include "link/value.h"

#include <algorithm>
#include <cstring>

namespace yihu::link {

const char* Dictionary::keep(Shard& shard, std::string_view text) {
  if (shard.block_size - shard.block_used < text.size()) {
    // Small at first: most dictionaries hold a few hundred words.
    shard.block_size = std::max(text.size(), shard.blocks.empty() ? std::size_t{512} : std::min<std::size_t>(shard.block_size * 2, 1 << 18));
    shard.blocks.push_back(std::make_unique_for_overwrite<char[]>(shard.block_size));
    shard.block_used = 0;
  }
  char* kept = shard.blocks.back().get() + shard.block_used;
  std::memcpy(kept, text.data(), text.size());
  shard.block_used += text.size();
  return kept;
}

void Dictionary::grow(Shard& shard) {
  std::vector<std::uint32_t> table(std::max<std::size_t>(16, shard.table.size() * 2));
  for (std::size_t i = 0; i < shard.entries.size(); ++i) {
    std::size_t at = shard.entries[i].hash & (table.size() - 1);
    while (table[at] != 0) at = (at + 1) & (table.size() - 1);
    table[at] = static_cast<std::uint32_t>(i + 1);
  }
  shard.table = std::move(table);
}

std::uint32_t Dictionary::number_of(std::string_view text) {
  const std::uint64_t hash = hash_of(text);
  const std::size_t number = hash >> 58;
  Shard& shard = shards_[number];
  while (shard.busy.test_and_set(std::memory_order_acquire)) {
  }
  if (shard.entries.size() * 2 >= shard.table.size()) grow(shard);
  const auto short_hash = static_cast<std::uint32_t>(hash);
  const std::size_t mask = shard.table.size() - 1;
  std::size_t at = short_hash & mask;
  std::uint32_t place = 0;
  while ((place = shard.table[at]) != 0) {
    const Entry& entry = shard.entries[place - 1];
    if (entry.hash == short_hash && std::string_view(entry.text, entry.size) == text) break;
    at = (at + 1) & mask;
  }
  if (place == 0) {
    shard.entries.push_back({keep(shard, text), static_cast<std::uint32_t>(text.size()), short_hash});
    place = static_cast<std::uint32_t>(shard.entries.size());
    shard.table[at] = place;
  }
  shard.busy.clear(std::memory_order_release);
  return place << shard_bits | static_cast<std::uint32_t>(number);
}

std::uint32_t Dictionary::find(std::string_view text) const {
  const std::uint64_t hash = hash_of(text);
  const Shard& shard = shards_[hash >> 58];
  if (shard.table.empty()) return 0;
  const auto short_hash = static_cast<std::uint32_t>(hash);
  for (std::size_t at = short_hash & (shard.table.size() - 1);; at = (at + 1) & (shard.table.size() - 1)) {
    const std::uint32_t place = shard.table[at];
    if (place == 0) return 0;
    const Entry& entry = shard.entries[place - 1];
    if (entry.hash == short_hash && std::string_view(entry.text, entry.size) == text) {
      return place << shard_bits | static_cast<std::uint32_t>(hash >> 58);
    }
  }
}

void Dictionary::finish() {
  for (std::size_t i = 0; i < shards; ++i) first_[i + 1] = first_[i] + shards_[i].entries.size();
}

std::size_t Dictionary::bytes() const {
  std::size_t total = 0;
  for (const Shard& shard : shards_) {
    total += shard.entries.capacity() * sizeof(Entry) + shard.table.size() * sizeof(std::uint32_t) + shard.blocks.size() * shard.block_size;
  }
  return total;
}

}  // namespace yihu::link

#include "link/dictionary.h"

#include "link/value.h"

#include <algorithm>

namespace yihu::link {
namespace {

constexpr std::size_t block_bytes_max = 1 << 18;
constexpr std::size_t table_first = 64;

std::uint32_t hash_in(std::uint64_t slot) { return static_cast<std::uint32_t>(slot >> 32); }
std::uint32_t place_in(std::uint64_t slot) { return static_cast<std::uint32_t>(slot); }

}  // namespace

Dictionary::Entry Dictionary::entry_of(std::string_view text) {
  Entry entry;
  entry.size = static_cast<std::uint32_t>(text.size());
  if (text.size() > Entry::inside) return entry;
  const std::uint64_t low = word_of(text.substr(0, 8));
  const auto high = static_cast<std::uint32_t>(text.size() > 8 ? word_of(text.substr(8)) : 0);
  std::memcpy(entry.bytes, &low, sizeof low);
  std::memcpy(entry.bytes + sizeof low, &high, sizeof high);
  return entry;
}

bool Dictionary::equal(const Entry& kept, const Entry& wanted, std::string_view text) {
  if (wanted.size > Entry::inside) return kept.view() == text;
  std::uint64_t a[2], b[2];
  std::memcpy(a, &kept, sizeof a);
  std::memcpy(b, &wanted, sizeof b);
  return a[0] == b[0] && a[1] == b[1];
}

std::uint32_t Dictionary::search(const Shard& shard, std::uint32_t hash, const Entry& wanted, std::string_view text) {
  const Table* table = shard.table.load(std::memory_order_acquire);
  if (table == nullptr) return 0;
  for (std::size_t at = hash & table->mask;; at = (at + 1) & table->mask) {
    const std::uint64_t slot = table->slots[at].load(std::memory_order_acquire);
    if (slot == 0) return 0;
    if (hash_in(slot) == hash && equal(shard.entry(place_in(slot) - 1), wanted, text)) return place_in(slot);
  }
}

void Dictionary::keep(Shard& shard, Entry entry, std::string_view text) {
  if (text.size() > Entry::inside) {
    if (shard.long_size - shard.long_used < text.size()) {
      // Small at first: most dictionaries hold a few hundred words.
      shard.long_size = std::max(text.size(), shard.long_texts == nullptr ? std::size_t{512} : std::min(shard.long_size * 2, block_bytes_max));
      shard.long_texts = pool_.take<char>(shard.long_size);
      shard.long_used = 0;
    }
    char* kept = shard.long_texts + shard.long_used;
    std::memcpy(kept, text.data(), text.size());
    shard.long_used += text.size();
    std::memcpy(entry.bytes, &kept, sizeof kept);
  }
  const std::size_t block = std::bit_width(shard.size / first_block + 1) - 1U;
  Entry* entries = shard.blocks[block].load(std::memory_order_relaxed);
  if (entries == nullptr) {
    entries = pool_.take<Entry>(first_block << block);
    shard.blocks[block].store(entries, std::memory_order_release);
  }
  entries[shard.size - ((std::size_t{1} << block) - 1) * first_block] = entry;
  ++shard.size;
}

void Dictionary::grow(Shard& shard) {
  const Table* old = shard.table.load(std::memory_order_relaxed);
  const std::size_t size = old == nullptr ? table_first : 2 * (old->mask + 1);
  auto* table = pool_.take<Table>(1);
  *table = {size - 1, pool_.take<std::atomic<std::uint64_t>>(size)};
  for (std::size_t i = 0; old != nullptr && i <= old->mask; ++i) {
    const std::uint64_t slot = old->slots[i].load(std::memory_order_relaxed);
    if (slot == 0) continue;
    std::size_t at = hash_in(slot) & table->mask;
    while (table->slots[at].load(std::memory_order_relaxed) != 0) at = (at + 1) & table->mask;
    table->slots[at].store(slot, std::memory_order_relaxed);
  }
  shard.table.store(table, std::memory_order_release);
}

std::uint32_t Dictionary::number_of(std::string_view text) { return number_of(text, hash_of(text)); }

std::uint32_t Dictionary::number_of(std::string_view text, std::uint64_t hash) {
  const std::size_t number = hash >> (64 - shard_bits);
  const auto short_hash = static_cast<std::uint32_t>(hash);
  Shard& shard = shards_[number];
  const Entry wanted = entry_of(text);
  std::uint32_t place = search(shard, short_hash, wanted, text);
  if (place == 0) {
    const std::lock_guard lock(shard.adding);
    place = search(shard, short_hash, wanted, text);
    if (place == 0) {
      const Table* full = shard.table.load(std::memory_order_relaxed);
      if (full == nullptr || shard.size * 2 >= full->mask) grow(shard);
      keep(shard, wanted, text);
      place = static_cast<std::uint32_t>(shard.size);
      const Table& table = *shard.table.load(std::memory_order_relaxed);
      std::size_t at = short_hash & table.mask;
      while (table.slots[at].load(std::memory_order_relaxed) != 0) at = (at + 1) & table.mask;
      table.slots[at].store(static_cast<std::uint64_t>(short_hash) << 32 | place, std::memory_order_release);
    }
  }
  return place << shard_bits | static_cast<std::uint32_t>(number);
}

std::uint32_t Dictionary::find(std::string_view text) const {
  const std::uint64_t hash = hash_of(text);
  const std::uint32_t place = search(shards_[hash >> (64 - shard_bits)], static_cast<std::uint32_t>(hash), entry_of(text), text);
  return place == 0 ? 0 : place << shard_bits | static_cast<std::uint32_t>(hash >> (64 - shard_bits));
}

void Dictionary::fetch_place(std::uint64_t hash) const {
  const Table* table = shards_[hash >> (64 - shard_bits)].table.load(std::memory_order_acquire);
  if (table != nullptr) __builtin_prefetch(&table->slots[static_cast<std::uint32_t>(hash) & table->mask]);
}

void Dictionary::fetch_text(std::uint64_t hash) const {
  const Shard& shard = shards_[hash >> (64 - shard_bits)];
  const Table* table = shard.table.load(std::memory_order_acquire);
  if (table == nullptr) return;
  const std::uint64_t slot = table->slots[static_cast<std::uint32_t>(hash) & table->mask].load(std::memory_order_acquire);
  if (slot != 0) __builtin_prefetch(&shard.entry(place_in(slot) - 1));
}

void Dictionary::finish() {
  for (std::size_t i = 0; i < shards; ++i) first_[i + 1] = first_[i] + shards_[i].size;
}

}  // namespace yihu::link

#include "link/blocking.h"

#include "link/parallel.h"

#include <algorithm>
#include <bit>
#include <map>

namespace yihu::link {
namespace {

using Entry = std::uint64_t;  // hash above, row below
constexpr std::size_t entries_per_bucket = 4096;
constexpr unsigned bucket_bits_max = 13;

std::uint32_t row_in(Entry entry) { return static_cast<std::uint32_t>(entry); }
std::uint32_t hash_in(Entry entry) { return static_cast<std::uint32_t>(entry >> 32); }

/// Sorts by hash: one pass by the bits below the bucket's brings each entry next to its place.
void sort_entries(std::vector<Entry>& entries, std::vector<Entry>& scratch, unsigned bits_above) {
  if (entries.size() < 32) return std::sort(entries.begin(), entries.end());
  const unsigned bits = std::min(14, static_cast<int>(std::bit_width(entries.size())));
  const auto place = [&](Entry entry) { return entry << bits_above >> (64 - bits); };
  std::array<std::uint32_t, 1 << 14> counts;
  std::fill_n(counts.begin(), std::size_t{1} << bits, 0U);
  for (const Entry entry : entries) ++counts[place(entry)];
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < std::size_t{1} << bits; ++i) sum += std::exchange(counts[i], sum);
  scratch.resize(entries.size());
  for (const Entry entry : entries) scratch[counts[place(entry)]++] = entry;
  entries.swap(scratch);
  std::size_t moves = 0;
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const Entry entry = entries[i];
    std::size_t at = i;
    for (; at > 0 && hash_in(entries[at - 1]) > hash_in(entry); --at) entries[at] = entries[at - 1];
    entries[at] = entry;
    moves += i - at;
    // Several large blocks came to lie in one place.
    if (moves > 16 * entries.size()) return std::sort(entries.begin(), entries.end());
  }
}

void make_room(auto& buffer, std::size_t size) {
  if (buffer.size() < size) buffer = std::remove_reference_t<decltype(buffer)>(size);
}

/// One table's entries for a key, by bucket.
struct Sorted {
  const Buffer<Entry>* entries = nullptr;
  std::vector<std::size_t> begins;
  std::uint64_t rows_without = 0;
};

Sorted bucketed(const Blocking& blocking, const Records& records, std::size_t key, unsigned bits, Buffer<std::uint32_t>& hashes, Buffer<Entry>& entries) {
  const std::size_t buckets = std::size_t{1} << bits;
  const std::size_t chunks = std::max<std::size_t>(1, blocking.threads * 4);
  const auto begin_of = [&](std::size_t chunk) { return records.size * chunk / chunks; };
  const auto bucket_of = [&](std::uint32_t hash) { return bits == 0 ? 0U : hash >> (32 - bits); };
  make_room(hashes, records.size + 1);
  std::vector<std::vector<Entry>> extra(chunks);
  std::vector<std::vector<std::size_t>> counts(chunks);
  std::vector<std::uint64_t> without(chunks);
  in_parallel(blocking.threads, chunks, [&](std::size_t chunk, unsigned) {
    auto& count = counts[chunk];
    count.assign(buckets, 0);
    std::vector<std::uint32_t> more;
    blocking.hashes.hashes(key, records, begin_of(chunk), hashes.span().subspan(begin_of(chunk), begin_of(chunk + 1) - begin_of(chunk)));
    for (std::size_t row = begin_of(chunk); row < begin_of(chunk + 1); ++row) {
      const std::uint32_t hash = hashes[row];
      if (hash != 0) ++count[bucket_of(hash)]; else ++without[chunk];
      if (!blocking.hashes.is_repaired(key)) continue;
      more.clear();
      blocking.hashes.repaired(key, records.row(row), more);
      for (const std::uint32_t other : more) {
        ++count[bucket_of(other)];
        extra[chunk].push_back(static_cast<Entry>(other) << 32 | row);
      }
    }
  });
  Sorted sorted;
  sorted.begins.assign(buckets + 1, 0);
  std::size_t sum = 0;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    sorted.begins[bucket] = sum;
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) sum += std::exchange(counts[chunk][bucket], sum);
  }
  sorted.begins[buckets] = sum;
  for (const std::uint64_t n : without) sorted.rows_without += n;
  make_room(entries, sum);
  sorted.entries = &entries;
  in_parallel(blocking.threads, chunks, [&](std::size_t chunk, unsigned) {
    auto& next = counts[chunk];
    for (std::size_t row = begin_of(chunk); row < begin_of(chunk + 1); ++row) {
      if (const std::uint32_t hash = hashes[row]; hash != 0) entries[next[bucket_of(hash)]++] = static_cast<Entry>(hash) << 32 | row;
    }
    for (const Entry entry : extra[chunk]) entries[next[bucket_of(hash_in(entry))]++] = entry;
  });
  return sorted;
}

/// Joins one bucket after the other; one per thread.
class Joining {
 public:
  Joining(const Blocking& blocking, PairStore& pairs, unsigned thread) : blocking_(blocking), pairs_(pairs), thread_(thread) {}

  void join(std::span<const Entry> left, std::span<const Entry> right, unsigned bits) {
    left_.assign(left.begin(), left.end());
    sort_entries(left_, scratch_, bits);
    if (blocking_.right == nullptr) {
      each_run(left_, [&](std::span<const Entry> run) { block(run, run, 0); });
      return;
    }
    right_.assign(right.begin(), right.end());
    sort_entries(right_, scratch_, bits);
    join_sorted(left_, right_, 0);
  }
  KeyReport report;

 private:
  template <class Visit>
  static void each_run(std::span<const Entry> entries, const Visit& visit) {
    for (std::size_t i = 0, end = 0; i < entries.size(); i = end) {
      for (end = i + 1; end < entries.size() && hash_in(entries[end]) == hash_in(entries[i]); ++end) {
      }
      if (end > i + 1) visit(entries.subspan(i, end - i));
    }
  }

  void join_sorted(std::span<const Entry> left, std::span<const Entry> right, std::size_t depth) {
    std::size_t i = 0, j = 0;
    while (i < left.size() && j < right.size()) {
      const std::uint32_t a = hash_in(left[i]), b = hash_in(right[j]);
      if (a < b) {
        ++i;
      } else if (b < a) {
        ++j;
      } else {
        std::size_t i_end = i + 1, j_end = j + 1;
        while (i_end < left.size() && hash_in(left[i_end]) == a) ++i_end;
        while (j_end < right.size() && hash_in(right[j_end]) == a) ++j_end;
        block(left.subspan(i, i_end - i), right.subspan(j, j_end - j), depth);
        i = i_end;
        j = j_end;
      }
    }
  }

  std::uint64_t pairs_of(std::size_t left, std::size_t right) const {
    return blocking_.right == nullptr ? left * (left - 1) / 2 : static_cast<std::uint64_t>(left) * right;
  }

  void block(std::span<const Entry> left, std::span<const Entry> right, std::size_t depth) {
    const std::uint64_t count = pairs_of(left.size(), right.size());
    if (count > blocking_.spec.block_pairs_max) return split(left, right, depth, count);
    report.pairs += count;
    if (blocking_.right == nullptr) {
      for (std::size_t i = 0; i < left.size(); ++i) {
        for (std::size_t j = i + 1; j < left.size(); ++j) add(row_in(left[i]), row_in(left[j]));
      }
    } else {
      for (const Entry a : left) {
        for (const Entry b : right) pairs_.add(thread_, row_in(a), row_in(b));
      }
    }
  }

  void add(std::uint32_t one, std::uint32_t other) {
    if (one != other) pairs_.add(thread_, std::min(one, other), std::max(one, other));
  }

  void split(std::span<const Entry> left, std::span<const Entry> right, std::size_t depth, std::uint64_t count) {
    if (depth >= blocking_.split_fields.size()) {
      ++report.blocks_dropped;
      report.pairs_dropped += count;
      return;
    }
    if (depth == 0) ++report.blocks_split;
    const Slot& slot = layout_slot(depth);
    const auto again = [&](std::span<const Entry> entries, const Records& records) {
      std::vector<Entry> sub;
      sub.reserve(entries.size());
      for (const Entry entry : entries) {
        const Code code = code_in(slot, records.row(row_in(entry)));
        const std::uint64_t hash = code == 0 || !is_text(slot, code) ? mixed(code) : hash_of(blocking_.hashes.dictionary(slot).text(text_number(slot, code)));
        sub.push_back((hash | 1) << 32 | row_in(entry));
      }
      std::sort(sub.begin(), sub.end());
      return sub;
    };
    const std::uint64_t before = report.pairs + report.pairs_dropped + report.pairs_split_away;
    const std::vector<Entry> sub_left = again(left, blocking_.left);
    if (blocking_.right == nullptr) {
      each_run(sub_left, [&](std::span<const Entry> run) { block(run, run, depth + 1); });
    } else {
      join_sorted(sub_left, again(right, *blocking_.right), depth + 1);
    }
    report.pairs_split_away += count - (report.pairs + report.pairs_dropped + report.pairs_split_away - before);
  }

  const Slot& layout_slot(std::size_t depth) const { return blocking_.hashes.slot(blocking_.split_fields[depth]); }

  const Blocking& blocking_;
  PairStore& pairs_;
  unsigned thread_;
  std::vector<Entry> left_, right_, scratch_;
};

}  // namespace

KeyHashes::KeyHashes(const Spec& spec, const Layout& layout, const Dictionaries& dictionaries, unsigned threads)
    : layout_(layout), dictionaries_(dictionaries) {
  std::map<std::tuple<std::size_t, Kind, Cut>, std::size_t> made;
  for (const Key& key : spec.keys) {
    Prepared prepared;
    prepared.repaired = key.repaired;
    for (const KeyPart& part : key.parts) {
      const auto field = static_cast<std::size_t>(std::find_if(spec.fields.begin(), spec.fields.end(), [&](const Field& f) { return f.name == part.field; }) - spec.fields.begin());
      const Slot& slot = layout.slots[field];
      Part ready{field, part.cut, static_cast<std::size_t>(-1)};
      // Hashes of the texts, not of their numbers: these differ from run to run.
      if (slot.form == Form::text) {
        const auto [found, fresh] = made.try_emplace({slot.dictionary, slot.kind, part.cut}, made.size());
        ready.table = found->second;
        if (fresh) {
          const Dictionary& dictionary = *dictionaries[slot.dictionary];
          tables_.emplace_back(dictionary.size() + 1);
          in_parallel(threads, Dictionary::shards, [&](std::size_t shard, unsigned) {
            dictionary.visit(shard, [&](std::uint32_t number, std::string_view text) {
              tables_.back()[dictionary.place_of(number)] = hash_of_text(ready, text);
            });
          });
        }
      }
      prepared.parts.push_back(ready);
    }
    prepared.unordered = prepared.parts.size() >= 2 && spec.fields[prepared.parts[0].field].partner == spec.fields[prepared.parts[1].field].name &&
                         prepared.parts[0].cut == prepared.parts[1].cut;
    keys_.push_back(std::move(prepared));
  }
}

std::uint32_t KeyHashes::hash_of_text(const Part& part, std::string_view text) const {
  return static_cast<std::uint32_t>((part.cut == Cut::whole ? hash_of(text) : cut_of_text(layout_.slots[part.field].kind, part.cut, text)) >> 32);
}

std::uint64_t KeyHashes::part(std::size_t key, std::size_t at, const std::uint32_t* row) const {
  const Part& part = keys_[key].parts[at];
  const Slot& slot = layout_.slots[part.field];
  const Code code = code_in(slot, row);
  if (code == 0) return 0;
  if (part.table < tables_.size()) {
    const Dictionary& dictionary = *dictionaries_[slot.dictionary];
    const std::size_t place = dictionary.place_of(static_cast<std::uint32_t>(code));
    // A text that came after the tables were made has no place in them.
    return place < dictionary.size() ? tables_[part.table][place] : hash_of_text(part, dictionary.text(static_cast<std::uint32_t>(code)));
  }
  return is_text(slot, code) ? hash_of(dictionaries_[slot.dictionary]->text(text_number(slot, code))) | 1 : cut_of_code(slot.kind, part.cut, code);
}

std::uint64_t KeyHashes::joined(const Prepared& prepared, std::size_t at, std::uint64_t hash, std::uint64_t part) {
  if (at == 1 && prepared.unordered) return hash + mixed(part);
  hash = hash * 0x9e3779b97f4a7c15ULL + mixed(part);
  return at == 0 && !prepared.unordered ? mixed(hash) : hash;
}

std::uint32_t KeyHashes::hash(std::size_t key, const std::uint32_t* row) const {
  const Prepared& prepared = keys_[key];
  std::uint64_t hash = 0;
  for (std::size_t at = 0; at < prepared.parts.size(); ++at) {
    const std::uint64_t part = this->part(key, at, row);
    if (part == 0) return 0;
    hash = joined(prepared, at, hash, part);
  }
  return static_cast<std::uint32_t>(mixed(hash) >> 32) | 1;
}

void KeyHashes::hashes(std::size_t key, const Records& records, std::size_t first, std::span<std::uint32_t> into) const {
  const Prepared& prepared = keys_[key];
  Batch parts, sums;
  std::array<bool, batch> known;
  for (std::size_t begin = 0; begin < into.size(); begin += batch) {
    const std::size_t count = std::min(batch, into.size() - begin);
    sums.fill(0);
    known.fill(true);
    for (std::size_t at = 0; at < prepared.parts.size(); ++at) {
      part_of_batch(prepared.parts[at], records, first + begin, count, parts);
      for (std::size_t i = 0; i < count; ++i) {
        known[i] = known[i] && parts[i] != 0;
        sums[i] = joined(prepared, at, sums[i], parts[i]);
      }
    }
    for (std::size_t i = 0; i < count; ++i) into[begin + i] = known[i] ? static_cast<std::uint32_t>(mixed(sums[i]) >> 32) | 1 : 0;
  }
}

void KeyHashes::part_of_batch(const Part& part, const Records& records, std::size_t first, std::size_t count, Batch& into) const {
  const Slot& slot = layout_.slots[part.field];
  const Dictionary& dictionary = *dictionaries_[slot.dictionary];
  if (part.table < tables_.size()) {
    const Buffer<std::uint32_t>& table = tables_[part.table];
    std::array<const std::uint32_t*, batch> places;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t code = records.row(first + i)[slot.lane];
      places[i] = code == 0 ? nullptr : &table[dictionary.place_of(code)];
      if (code != 0) __builtin_prefetch(places[i]);
    }
    for (std::size_t i = 0; i < count; ++i) into[i] = places[i] == nullptr ? 0 : *places[i];
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Code code = code_in(slot, records.row(first + i));
    into[i] = code == 0 ? 0 : is_text(slot, code) ? hash_of(dictionary.text(text_number(slot, code))) | 1 : cut_of_code(slot.kind, part.cut, code);
  }
}

void KeyHashes::repaired(std::size_t key, const std::uint32_t* row, std::vector<std::uint32_t>& hashes) const {
  const Part& part = keys_[key].parts.front();
  const Slot& slot = layout_.slots[part.field];
  const Code code = code_in(slot, row);
  if (code == 0 || is_text(slot, code) || (code & id_invalid) == 0) return;
  for (const Code valid : repaired_ids(code)) {
    hashes.push_back(static_cast<std::uint32_t>(mixed(mixed(mixed(cut_of_code(slot.kind, part.cut, valid)))) >> 32) | 1);
  }
}

std::vector<Code> repaired_ids(Code code) {
  // All eighteen digits, each times its weight, make 1 modulo 11; few changes of a wrong number do, and only those are read.
  static constexpr std::array<int, 18> weights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1};
  std::vector<Code> found;
  std::string text = id_text(code);
  const auto digit_at = [&](std::size_t i) { return text[i] == 'X' ? 10 : text[i] - '0'; };
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * digit_at(i);
  const auto consider = [&](int change) {
    if (((sum + change) % 11 + 11) % 11 != 1) return;
    if (const Code other = id_code(text); (other & id_valid) != 0) found.push_back(other);
  };
  const auto each_digit = [&](std::size_t i, std::string_view digits) {
    const char kept = text[i];
    const int weighed = weights[i] * digit_at(i);
    for (const char digit : digits) {
      text[i] = digit;
      if (digit != kept) consider(weights[i] * digit_at(i) - weighed);
    }
    text[i] = kept;
  };
  for (std::size_t i = 0; i < 17; ++i) {
    each_digit(i, "0123456789");
    if (i == 16 || text[i] == text[i + 1]) continue;
    const int change = (weights[i] - weights[i + 1]) * (digit_at(i + 1) - digit_at(i));
    std::swap(text[i], text[i + 1]);
    consider(change);
    std::swap(text[i], text[i + 1]);
  }
  each_digit(17, "0123456789X");
  return found;
}

RowsByHash::RowsByHash(const Blocking& blocking, std::size_t key)
    : bits_(std::min(bucket_bits_max, static_cast<unsigned>(std::bit_width(blocking.left.size / entries_per_bucket)))) {
  Buffer<std::uint32_t> hashes;
  begins_ = bucketed(blocking, blocking.left, key, bits_, hashes, entries_).begins;
  struct Space {
    std::vector<Entry> entries, scratch;
  };
  std::vector<Space> spaces(blocking.threads);
  in_parallel(blocking.threads, begins_.size() - 1, [&](std::size_t bucket, unsigned thread) {
    auto& [entries, scratch] = spaces[thread];
    entries.assign(entries_.data() + begins_[bucket], entries_.data() + begins_[bucket + 1]);
    sort_entries(entries, scratch, bits_);
    std::copy(entries.begin(), entries.end(), entries_.data() + begins_[bucket]);
  });
}

std::span<const std::uint64_t> RowsByHash::find(std::uint32_t hash) const {
  const std::size_t bucket = bits_ == 0 ? 0 : hash >> (32 - bits_);
  const Entry* const end = entries_.data() + begins_[bucket + 1];
  const auto below = [](Entry entry, std::uint32_t wanted) { return hash_in(entry) < wanted; };
  const auto above = [](std::uint32_t wanted, Entry entry) { return wanted < hash_in(entry); };
  const Entry* const first = std::lower_bound(entries_.data() + begins_[bucket], end, hash, below);
  return {first, std::upper_bound(first, end, hash, above)};
}

KeyReport block(const Blocking& blocking, std::size_t key, PairStore& pairs, BlockingSpace& space) {
  const std::size_t rows = blocking.left.size + (blocking.right == nullptr ? 0 : blocking.right->size);
  const unsigned bits = std::min(bucket_bits_max, static_cast<unsigned>(std::bit_width(rows / entries_per_bucket)));
  const Sorted left = bucketed(blocking, blocking.left, key, bits, space.hashes, space.left);
  const Sorted right = blocking.right == nullptr ? Sorted{} : bucketed(blocking, *blocking.right, key, bits, space.hashes, space.right);
  std::vector<Joining> joinings;
  for (unsigned thread = 0; thread < blocking.threads; ++thread) joinings.emplace_back(blocking, pairs, thread);
  in_parallel(blocking.threads, std::size_t{1} << bits, [&](std::size_t bucket, unsigned thread) {
    if (blocking.cancel.asked()) return;
    const auto part = [&](const Sorted& sorted) {
      return sorted.begins.empty() ? std::span<const Entry>() : sorted.entries->span().subspan(sorted.begins[bucket], sorted.begins[bucket + 1] - sorted.begins[bucket]);
    };
    joinings[thread].join(part(left), part(right), bits);
  });
  KeyReport report;
  report.rows_without = left.rows_without + right.rows_without;
  for (const Joining& joining : joinings) {
    report.pairs += joining.report.pairs;
    report.blocks_split += joining.report.blocks_split;
    report.pairs_split_away += joining.report.pairs_split_away;
    report.blocks_dropped += joining.report.blocks_dropped;
    report.pairs_dropped += joining.report.pairs_dropped;
  }
  return report;
}

}  // namespace yihu::link

#include "link/comparison.h"

#include <algorithm>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace yihu::link {
namespace {

constexpr std::size_t cached_texts = 16'384;

struct Lanes {
  std::uint32_t equal = 0;
  std::uint32_t left_empty = 0, right_empty = 0;
};

/// One bit per lane; rows are a multiple of four lanes long.
Lanes lanes_of(const std::uint32_t* left, const std::uint32_t* right, unsigned count) {
  Lanes lanes;
#if defined(__SSE2__)
  const __m128i zero = _mm_setzero_si128();
  for (unsigned i = 0; i < count; i += 4) {
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(left + i));
    const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(right + i));
    const auto bits = [](__m128i equal) { return static_cast<std::uint32_t>(_mm_movemask_ps(_mm_castsi128_ps(equal))); };
    lanes.equal |= bits(_mm_cmpeq_epi32(a, b)) << i;
    lanes.left_empty |= bits(_mm_cmpeq_epi32(a, zero)) << i;
    lanes.right_empty |= bits(_mm_cmpeq_epi32(b, zero)) << i;
  }
#else
  for (unsigned i = 0; i < count; ++i) {
    lanes.equal |= static_cast<std::uint32_t>(left[i] == right[i]) << i;
    lanes.left_empty |= static_cast<std::uint32_t>(left[i] == 0) << i;
    lanes.right_empty |= static_cast<std::uint32_t>(right[i] == 0) << i;
  }
#endif
  return lanes;
}

Pattern with_level(Pattern pattern, std::size_t field, Level level) {
  return (pattern & ~(Pattern{0xf} << (4 * field))) | static_cast<Pattern>(level) << (4 * field);
}

}  // namespace

Comparison::Comparison(const Spec& spec, const Layout& layout, const Dictionaries& dictionaries)
    : layout_(layout), dictionaries_(dictionaries), partners_(spec.fields.size(), spec.fields.size()) {
  for (std::size_t field = 0; field < spec.fields.size(); ++field) {
    const Slot& slot = layout.slots[field];
    const bool compares_text = slot.form == Form::text && slot.kind != Kind::sex && slot.kind != Kind::category;
    if (compares_text && dictionaries[slot.dictionary]->size() > cached_texts) fetched_.emplace_back(slot.lane, dictionaries[slot.dictionary].get());
    masks_.push_back((slot.form == Form::wide ? 3U : 1U) << slot.lane);
    for (std::size_t other = 0; other < spec.fields.size(); ++other) {
      if (other != field && spec.fields[other].name == spec.fields[field].partner) partners_[field] = other;
    }
    std::array<Level, levels_count> kept = {};
    const std::vector<Level> all = levels_of(spec.fields[field].kind);
    const std::vector<Level>& levels = spec.fields[field].levels.empty() ? all : spec.fields[field].levels;
    Level lower = Level::differs;
    for (std::size_t level = 1; level < levels_count; ++level) {
      if (std::find(levels.begin(), levels.end(), static_cast<Level>(level)) != levels.end()) lower = static_cast<Level>(level);
      kept[level] = lower;
    }
    kept_levels_.push_back(kept);
  }
  for (std::size_t field = 0; field < partners_.size(); ++field) {
    const std::size_t other = partners_[field];
    if (other < partners_.size() && (field < other || partners_[other] != field)) partnered_.emplace_back(field, other);
  }
}

Level Comparison::different(std::size_t field, Code left, Code right, Memory& memory) const {
  const Slot& slot = layout_.slots[field];
  const bool left_text = is_text(slot, left), right_text = is_text(slot, right);
  if (!left_text && !right_text) {
    if (slot.kind == Kind::id_number) return level_of_ids(left, right);
    return slot.form == Form::date ? level_of_dates(static_cast<std::uint32_t>(left), static_cast<std::uint32_t>(right)) : level_of_phones(left, right);
  }
  if (slot.kind == Kind::sex || slot.kind == Kind::category) return Level::differs;
  if (left_text && right_text) {
    const std::uint32_t one = text_number(slot, left), other = text_number(slot, right);
    const Dictionary& dictionary = *dictionaries_[slot.dictionary];
    auto& seen = memory.seen_[field << Memory::bits | mixed(static_cast<std::uint64_t>(one) << 32 | other) >> (64 - Memory::bits)];
    if (seen.one != one || seen.other != other) seen = {one, other, level_of_texts(slot.kind, dictionary.text(one), dictionary.text(other))};
    return seen.level;
  }
  return level_of_texts(slot.kind, shown(slot, left, dictionaries_), shown(slot, right, dictionaries_));
}

Level Comparison::level(std::size_t field, Code left, Code right, Memory& memory) const {
  if (left == 0 || right == 0) return Level::missing;
  return kept_levels_[field][static_cast<std::size_t>(left == right ? Level::equal : different(field, left, right, memory))];
}

Pattern Comparison::crossed(Pattern pattern, std::size_t field, const std::uint32_t* left, const std::uint32_t* right, Memory& memory) const {
  const std::size_t other = partners_[field];
  const Level straight = level_in(pattern, field), straight_other = level_in(pattern, other);
  if (straight >= Level::near || straight_other >= Level::near) return pattern;
  const Slot& slot = layout_.slots[field];
  const Slot& other_slot = layout_.slots[other];
  const Code a = code_in(slot, left), a_other = code_in(other_slot, left);
  const Code b = code_in(slot, right), b_other = code_in(other_slot, right);
  const Level one = level(field, a, b_other, memory), two = level(other, a_other, b, memory);
  if (std::max(one, two) < Level::equal || (std::min(one, two) != Level::missing && std::min(one, two) < Level::close)) return pattern;
  const auto as_crossed = [&](std::size_t at, Level cross) {
    if (cross == Level::missing) return Level::missing;
    return cross >= Level::near ? kept_levels_[at][static_cast<std::size_t>(Level::crossed)] : cross;
  };
  return with_level(with_level(pattern, field, as_crossed(field, one)), other, as_crossed(other, two));
}

void Comparison::fetch(const std::uint32_t* left, const std::uint32_t* right) const {
  for (const auto& [lane, dictionary] : fetched_) {
    if (left[lane] == right[lane] || left[lane] == 0 || right[lane] == 0) continue;
    dictionary->fetch_entry(left[lane]);
    dictionary->fetch_entry(right[lane]);
  }
}

Pattern Comparison::pattern(const std::uint32_t* left, const std::uint32_t* right, Memory& memory) const {
  const Lanes lanes = lanes_of(left, right, layout_.lanes);
  Pattern pattern = 0;
  for (std::size_t field = 0; field < masks_.size(); ++field) {
    const std::uint32_t mask = masks_[field];
    const bool missing = (lanes.left_empty & mask) == mask || (lanes.right_empty & mask) == mask;
    if (missing) continue;
    Level level = kept_levels_[field][static_cast<std::size_t>(Level::equal)];
    if ((lanes.equal & mask) != mask) {
      const Slot& slot = layout_.slots[field];
      level = kept_levels_[field][static_cast<std::size_t>(different(field, code_in(slot, left), code_in(slot, right), memory))];
    }
    pattern |= static_cast<Pattern>(level) << (4 * field);
  }
  for (const auto& [field, other] : partnered_) pattern = crossed(pattern, field, left, right, memory);
  return pattern;
}

}  // namespace yihu::link

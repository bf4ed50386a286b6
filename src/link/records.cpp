#include "link/records.h"

#include "link/parallel.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

namespace yihu::link {
namespace {

constexpr std::size_t rows_for_order = 20'000;  ///< looked at to see whether dates begin with the month

/// A cell's length and its first and last eight bytes: all there is to a short one.
struct Ends {
  std::uint64_t head = 0, tail = 0;
  std::uint32_t size = 0;
  static Ends of(std::string_view cell) {
    const std::size_t known = std::min<std::size_t>(cell.size(), 8);
    return {word_of(cell.substr(0, known)), word_of(cell.substr(cell.size() - known)), static_cast<std::uint32_t>(cell.size())};
  }
};

/// Cells of text seen lately, by their place in the source: most columns repeat a few values.
class Memory {
 public:
  struct Seen {
    std::uint64_t head = 0, tail = 0;
    const char* cell = nullptr;
    std::uint32_t size = 0;
    std::uint32_t code = 0;
    bool is(std::string_view wanted, const Ends& ends) const {
      if (tail != ends.tail || head != ends.head || size != ends.size || cell == nullptr) return false;
      return size <= 16 || std::memcmp(cell + 8, wanted.data() + 8, size - 16) == 0;
    }
  };
  static_assert(sizeof(Seen) == 32);
  Seen& at(const Ends& ends) {
    // The first byte, the last ones and the length tell most values apart.
    const std::uint64_t word = ends.tail ^ static_cast<std::uint64_t>(ends.size) << 56 ^ ends.head << 40;
    return seen_[(word * 0x9e3779b97f4a7c15ULL) >> (64 - bits)];
  }

 private:
  static constexpr unsigned bits = 12;
  std::vector<Seen> seen_ = std::vector<Seen>(std::size_t{1} << bits);
};

/// Texts on their way into a dictionary: what a look-up will read is asked for while others are looked up.
class Waiting {
 public:
  struct Text {
    Dictionary& dictionary;
    std::string_view value, cell;
    std::uint32_t& lane;
    Memory::Seen& seen;
    std::uint64_t hash = 0;
  };
  /// @param passing the value must be copied, since it lies in a buffer used for the next one too
  void add(Text text, bool passing) {
    if (passing) {
      if (copied_ + text.value.size() > copies_.size()) settle();
      if (text.value.size() > copies_.size()) return settle(text);
      char* kept = copies_.data() + copied_;
      std::memcpy(kept, text.value.data(), text.value.size());
      copied_ += text.value.size();
      text.value = {kept, text.value.size()};
    }
    text.hash = hash_of(text.value);
    text.dictionary.fetch_place(text.hash);
    texts_.push_back(text);
    if (texts_.size() == texts_max) settle();
  }
  void settle() {
    for (const Text& text : texts_) text.dictionary.fetch_text(text.hash);
    for (const Text& text : texts_) settle(text);
    texts_.clear();
    copied_ = 0;
  }

 private:
  static void settle(const Text& text) {
    text.lane = text.hash == 0 ? text.dictionary.number_of(text.value) : text.dictionary.number_of(text.value, text.hash);
    const Ends ends = Ends::of(text.cell);
    text.seen = {ends.head, ends.tail, text.cell.data(), ends.size, text.lane};
  }
  static constexpr std::size_t texts_max = 32;
  std::vector<Text> texts_;
  std::size_t copied_ = 0;
  std::array<char, 8192> copies_;
};

std::string_view sex_word(std::string_view cell) {
  static constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"男", "m"}, {"女", "f"}, {"m", "m"}, {"f", "f"}, {"1", "m"}, {"2", "f"}, {"male", "m"}, {"female", "f"},
      {"男性", "m"}, {"女性", "f"}, {"0", ""}, {"9", ""}, {"u", ""}, {"未知", ""}};
  for (const auto& [word, meaning] : words) {
    if (word == cell) return meaning;
  }
  return cell;
}

std::size_t column_of(const Source& source, const std::string& heading) {
  const auto& headings = source.headings();
  return static_cast<std::size_t>(std::find(headings.begin(), headings.end(), heading) - headings.begin());
}

/// Whether dates with a year at the end begin with the month: some second number is above twelve, no first is.
bool begins_with_month(const Source& source, std::size_t column) {
  bool first_above = false, second_above = false;
  if (source.parts() == 0) return false;
  const auto looked = source.visit(0, rows_for_order, [&](std::size_t, Cells cells) {
    const std::string_view cell = cells[column];
    const std::size_t slash = cell.find_first_of("/-.");
    if (slash == cell.npos || slash == 0 || slash > 2) return;
    const std::size_t next = cell.find_first_of("/-.", slash + 1);
    if (next == cell.npos || next > slash + 3 || next == slash + 1) return;
    const auto number = [&](std::size_t from, std::size_t to) {
      int value = 0;
      for (std::size_t i = from; i < to; ++i) value = value * 10 + (cell[i] - '0');
      return value;
    };
    first_above = first_above || number(0, slash) > 12;
    second_above = second_above || number(slash + 1, next) > 12;
  });
  return looked && second_above && !first_above;
}

struct Column {
  std::size_t at = 0;
  std::size_t otherwise = 0;  ///< an ID number; past the end when there is none
  bool month_first = false;
};

class Packer {
 public:
  Packer(const Source& source, const Spec& spec, Side side, const Layout& layout, Dictionaries& dictionaries, const Packing& packing)
      : source_(source), layout_(layout), dictionaries_(dictionaries), packing_(packing), stable_(source.stable_bytes()) {
    const bool left = side == Side::left;
    for (const Field& field : spec.fields) {
      Column column{column_of(source, left ? field.left : field.right), column_of(source, left ? field.left_else : field.right_else), false};
      if (field.kind == Kind::date) column.month_first = begins_with_month(source, column.at);
      columns_.push_back(column);
      records_.months_first.push_back(column.month_first);
    }
    key_ = column_of(source, left ? spec.key_left : spec.key_right);
    household_ = column_of(source, left ? spec.household_left : spec.household_right);
    records_.source = &source;
    records_.size = source.rows();
    records_.lanes = layout.lanes;
    records_.rows = Buffer<std::uint32_t>(records_.size * layout.lanes, packing.spill_folder);
    records_.keys = Buffer<RowKey>(records_.size, packing.spill_folder);
    if (household_ < source.headings().size()) records_.households = Buffer<std::uint32_t>(records_.size, packing.spill_folder);
  }

  base::Result<Records> pack() {
    std::vector<base::Done> ends(source_.parts());
    in_parallel(packing_.threads, source_.parts(), [&](std::size_t part, unsigned) {
      if (packing_.cancel.asked()) return;
      if (memories_free_.test_and_set()) return pack_part(part, ends[part], make_memories());
      // The first free set of memories is kept from part to part by one thread; others make their own.
      pack_part(part, ends[part], kept_);
      memories_free_.clear();
    });
    if (packing_.cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已取消。", "Cancelled."));
    for (base::Done& end : ends) {
      if (!end) return base::fail(std::move(end).error());
    }
    if (const std::size_t row = bad_row_; row != no_row) {
      return base::fail(base::Error{base::ErrorKind::input, "encoding_mixed",
                                    base::text("这一行不是 UTF-8，文件里可能混有几种编码。", "This row is not UTF-8; the file may mix encodings."),
                                    base::text("请另存为 UTF-8 再试。", "Save the file as UTF-8 and try again."),
                                    {source_.name(), static_cast<int>(source_.line_of(row)), 0, {}, {}}, {}});
    }
    return std::move(records_);
  }

 private:
  using Memories = std::vector<Memory>;
  static constexpr std::size_t no_row = static_cast<std::size_t>(-1);

  Memories make_memories() const { return Memories(columns_.size() + 1); }
  bool stays(std::string_view cell) const { return cell.data() >= stable_.data() && cell.data() < stable_.data() + stable_.size(); }

  void pack_part(std::size_t part, base::Done& end, Memories&& memories) { pack_part(part, end, memories); }
  void pack_part(std::size_t part, base::Done& end, Memories& memories) {
    if (memories.empty()) memories = make_memories();
    std::string scratch;
    Waiting waiting;
    end = source_.visit(part, [&](std::size_t row, Cells cells) { pack_row(row, cells, memories, scratch, waiting); });
    waiting.settle();
    source_.release(part);
  }

  void pack_row(std::size_t row, Cells cells, Memories& memories, std::string& scratch, Waiting& waiting) {
    std::uint32_t* lanes = records_.rows.data() + row * layout_.lanes;
    for (std::size_t field = 0; field < columns_.size(); ++field) {
      const Slot& slot = layout_.slots[field];
      const Column& column = columns_[field];
      const std::string_view cell = cells[column.at];
      Code code = 0;
      if (!cell.empty()) {
        if (slot.form == Form::text && stays(cell) && column.otherwise >= cells.size()) {
          later(row, slot, cell, lanes[slot.lane], memories[field], scratch, waiting);
          continue;
        }
        code = now(row, slot, cell, column, memories[field], scratch);
      }
      if (code == 0 && column.otherwise < cells.size() && !cells[column.otherwise].empty()) {
        code = code_from_id(slot, cells[column.otherwise], *dictionaries_[slot.dictionary]);
      }
      store(slot, code, lanes);
    }
    std::string_view key = cells[key_];
    if (key.size() > RowKey::inside && !stays(key)) key = records_.key_texts->text(records_.key_texts->number_of(key));
    records_.keys[row] = RowKey::of(key);
    if (household_ < cells.size() && !cells[household_].empty()) records_.households[row] = static_cast<std::uint32_t>(hash_of(cells[household_]) >> 32) | 1;
  }

  /// Text of the source: its number is taken from the memory, or waits for the dictionary.
  void later(std::size_t row, const Slot& slot, std::string_view cell, std::uint32_t& lane, Memory& memory, std::string& scratch, Waiting& waiting) {
    const Ends ends = Ends::of(cell);
    Memory::Seen& seen = memory.at(ends);
    if (seen.is(cell, ends)) {
      lane = seen.code;
      return;
    }
    const auto text = cleaned(slot.kind, cell, scratch);
    if (!text) mark_bad(row);
    const std::string_view value = !text ? std::string_view() : slot.kind == Kind::sex ? sex_word(*text) : *text;
    if (value.empty()) seen = {ends.head, ends.tail, cell.data(), ends.size, 0};
    else waiting.add({*dictionaries_[slot.dictionary], value, cell, lane, seen}, value.data() == scratch.data());
  }

  Code now(std::size_t row, const Slot& slot, std::string_view cell, const Column& column, Memory& memory, std::string& scratch) {
    bool bad = false;
    if (slot.form != Form::text || !stays(cell)) {
      const Code code = packed(slot, cell, column.month_first, *dictionaries_[slot.dictionary], scratch, bad);
      if (bad) mark_bad(row);
      return code;
    }
    const Ends ends = Ends::of(cell);
    Memory::Seen& seen = memory.at(ends);
    if (seen.is(cell, ends)) return seen.code;
    const Code code = packed(slot, cell, column.month_first, *dictionaries_[slot.dictionary], scratch, bad);
    if (bad) mark_bad(row);
    seen = {ends.head, ends.tail, cell.data(), ends.size, static_cast<std::uint32_t>(code)};
    return code;
  }

  void mark_bad(std::size_t row) {
    std::size_t before = bad_row_;
    while (row < before && !bad_row_.compare_exchange_weak(before, row)) {
    }
  }

  const Source& source_;
  const Layout& layout_;
  Dictionaries& dictionaries_;
  const Packing& packing_;
  std::string_view stable_;
  std::vector<Column> columns_;
  std::size_t key_ = 0, household_ = 0;
  Records records_;
  Memories kept_;
  std::atomic_flag memories_free_;
  std::atomic<std::size_t> bad_row_ = no_row;
};

}  // namespace

Form form_of(Kind kind) {
  switch (kind) {
    case Kind::id_number:
    case Kind::phone: return Form::wide;
    case Kind::date: return Form::date;
    case Kind::name:
    case Kind::address:
    case Kind::division:
    case Kind::sex:
    case Kind::text:
    case Kind::number:
    case Kind::category:
    case Kind::code: return Form::text;
  }
  return Form::text;
}

Layout layout_of(const Spec& spec) {
  Layout layout;
  for (const Field& field : spec.fields) {
    Slot slot{field.kind, form_of(field.kind), layout.lanes, layout.dictionaries};
    for (std::size_t other = 0; other < layout.slots.size(); ++other) {
      if (spec.fields[other].name == field.partner) slot.dictionary = layout.slots[other].dictionary;
    }
    layout.dictionaries = std::max(layout.dictionaries, slot.dictionary + 1);
    layout.lanes += slot.form == Form::wide ? 2 : 1;
    layout.slots.push_back(slot);
  }
  layout.lanes = (layout.lanes + 3) / 4 * 4;
  return layout;
}

Code code_from_id(const Slot& slot, std::string_view id, Dictionary& dictionary) {
  const Code code = id_code(id);
  if (slot.form == Form::date) return birth_of_id(code);
  const int sex = sex_of_id(code);
  return sex == 0 ? 0 : dictionary.number_of(sex == 1 ? "m" : "f");
}

Code packed(const Slot& slot, std::string_view cell, bool month_first, Dictionary& dictionary, std::string& scratch, bool& bad) {
  if (slot.kind == Kind::id_number) {
    if (const Code code = id_code(cell); code != 0) return code;
  } else if (slot.kind == Kind::phone) {
    if (const Code code = phone_code(cell); code != 0) return code;
  } else if (slot.kind == Kind::date) {
    if (cell.size() == 18 || cell.size() == 15) {
      if (const std::uint32_t birth = birth_of_id(id_code(cell)); birth != 0) return birth;
    }
    if (const std::uint32_t date = date_code(cell, month_first); date != 0) return date;
  }
  const auto text = cleaned(slot.kind, cell, scratch);
  bad = !text;
  if (!text || text->empty()) return 0;
  const std::string_view value = slot.kind == Kind::sex ? sex_word(*text) : *text;
  if (value.empty()) return 0;
  const std::uint32_t number = dictionary.number_of(value);
  switch (slot.form) {
    case Form::text: return number;
    case Form::date: return number | date_is_text;
    case Form::wide: return number | wide_is_text;
  }
  return number;
}

std::string shown(const Slot& slot, Code code, const Dictionaries& dictionaries) {
  if (code == 0) return {};
  if (is_text(slot, code)) {
    const std::string text(dictionaries[slot.dictionary]->text(text_number(slot, code)));
    return slot.kind != Kind::sex ? text : text == "m" ? "男" : text == "f" ? "女" : text;
  }
  if (slot.kind == Kind::id_number) return id_text(code);
  if (slot.kind == Kind::phone) return std::to_string(code).substr(1);
  return fmt::format("{:04}-{:02}-{:02}", code / 10'000, code / 100 % 100, code % 100);
}

base::Result<Records> pack(const Source& source, const Spec& spec, Side side, const Layout& layout, Dictionaries& dictionaries,
                           const Packing& packing) {
  return Packer(source, spec, side, layout, dictionaries, packing).pack();
}

}  // namespace yihu::link

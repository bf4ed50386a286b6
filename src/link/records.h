#pragma once
// Rows packed to a few dozen bytes: one or two 32-bit lanes per field, 0 where nothing is known.

#include "base/cancel.h"
#include "base/result.h"
#include "link/buffer.h"
#include "link/dictionary.h"
#include "link/source.h"
#include "link/spec.h"
#include "link/value.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace yihu::link {

/// How a field's values lie in a row.
enum class Form {
  text,  ///< one lane: a number of the field's dictionary
  date,  ///< one lane: yyyymmdd, or text with date_is_text set
  wide,  ///< two lanes, low first: an ID number or phone, or text with wide_is_text set
};
inline constexpr std::uint32_t date_is_text = 1U << 31;
inline constexpr Code wide_is_text = 1ULL << 63;
Form form_of(Kind kind);

struct Slot {
  Kind kind = Kind::text;
  Form form = Form::text;
  unsigned lane = 0;
  std::size_t dictionary = 0;  ///< partners share one
};

struct Layout {
  std::vector<Slot> slots;     ///< by field
  unsigned lanes = 0;          ///< of a row; a multiple of four
  std::size_t dictionaries = 0;
};
Layout layout_of(const Spec& spec);

inline Code code_in(const Slot& slot, const std::uint32_t* row) {
  const std::uint32_t* at = row + slot.lane;
  return slot.form == Form::wide ? at[0] | static_cast<Code>(at[1]) << 32 : at[0];
}
inline bool is_text(const Slot& slot, Code code) {
  return slot.form == Form::text || (slot.form == Form::date ? (code & date_is_text) != 0 : (code & wide_is_text) != 0);
}
inline std::uint32_t text_number(const Slot& slot, Code code) {
  return static_cast<std::uint32_t>(slot.form == Form::date ? code & ~Code{date_is_text} : code);
}

using Dictionaries = std::vector<std::unique_ptr<Dictionary>>;

/// What names a row; short ones lie here, longer ones elsewhere.
struct RowKey {
  static constexpr std::size_t inside = 12;
  char bytes[inside];
  std::uint32_t size;
  static RowKey of(std::string_view text) {
    RowKey key;
    key.size = static_cast<std::uint32_t>(text.size());
    const char* at = text.data();
    if (text.size() > inside) std::memcpy(key.bytes, &at, sizeof at);
    else std::copy(text.begin(), text.end(), key.bytes);
    return key;
  }
  std::string_view view() const {
    const char* at = bytes;
    if (size > inside) std::memcpy(&at, bytes, sizeof at);
    return {at, size};
  }
};

struct Records {
  const Source* source = nullptr;
  std::size_t size = 0;
  unsigned lanes = 0;
  Buffer<std::uint32_t> rows;
  Buffer<RowKey> keys;
  Buffer<std::uint32_t> households;  ///< hash of its household's name, 0 without; empty where no column names it
  std::vector<bool> months_first;    ///< by field: dates with the year at the end begin with the month
  std::unique_ptr<Dictionary> key_texts = std::make_unique<Dictionary>();  ///< of long keys that do not stay in the source

  const std::uint32_t* row(std::size_t i) const { return rows.data() + i * lanes; }
  std::string_view key(std::size_t i) const { return keys[i].view(); }
};

enum class Side { left, right };

struct Packing {
  unsigned threads = 2;
  base::Cancel cancel;
  const std::filesystem::path* spill_folder = nullptr;
};

/// Packs one table. Columns that the spec names must be there (see check_spec).
base::Result<Records> pack(const Source& source, const Spec& spec, Side side, const Layout& layout, Dictionaries& dictionaries,
                           const Packing& packing);

/// One value as pack() stores it, adding to the dictionary. `bad` is set when the cell is not UTF-8.
/// @param scratch kept by the caller between calls
Code packed(const Slot& slot, std::string_view cell, bool month_first, Dictionary& dictionary, std::string& scratch, bool& bad);

/// A birth date or sex taken from an ID number; 0 when it holds none.
Code code_from_id(const Slot& slot, std::string_view id, Dictionary& dictionary);
inline void store(const Slot& slot, Code code, std::uint32_t* row) {
  row[slot.lane] = static_cast<std::uint32_t>(code);
  if (slot.form == Form::wide) row[slot.lane + 1] = static_cast<std::uint32_t>(code >> 32);
}

/// The cleaned text of a stored value, for people.
std::string shown(const Slot& slot, Code code, const Dictionaries& dictionaries);

}  // namespace yihu::link

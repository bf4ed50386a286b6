#pragma once
// What a column holds, judged by its heading and a sample of its values.

#include "link/source.h"
#include "link/spec.h"
#include "link/value.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::link {

/// Different values with their counts, as few bytes as they need.
class ValueCounts {
 public:
  void add(std::string_view value);
  std::size_t size() const { return used_; }
  bool contains(std::string_view value) const { return size() > 0 && slots_[place(value, hash_of(value))].count > 0; }
  /// In an order that depends on the values alone.
  template <class Visit>
  void each(const Visit& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.count > 0) visit(text(slot), std::size_t{slot.count});
    }
  }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t begin = 0, size = 0, count = 0;
  };
  std::string_view text(const Slot& slot) const { return std::string_view(bytes_).substr(slot.begin, slot.size); }
  std::size_t place(std::string_view value, std::uint64_t hash) const;
  void grow();
  std::vector<Slot> slots_;
  std::string bytes_;
  std::size_t used_ = 0;
};

struct Column {
  std::string heading;
  std::string meaning;       ///< what the heading says, such as "given_name" or "birth"; empty when it says nothing known
  Kind kind = Kind::text;
  bool household = false;    ///< names the family within its table
  std::size_t rows = 0;      ///< looked at
  std::size_t filled = 0;
  std::size_t distinct = 0;  ///< among those looked at
  ValueCounts values;        ///< cleaned
};

/// One per heading; looks at some ten thousand rows from several places of the table.
base::Result<std::vector<Column>> columns_of(const Source& source);

/// Letters and digits of a heading in lower case; 出生日期 and "Date of  birth" keep their words.
std::string folded_heading(std::string_view heading);

}  // namespace yihu::link

#pragma once
// One field of the register: what it holds, what it is called, and how the national workbook calls it. The tables in
// fields.h are made of these; column lists, forms, checks, the rules' schema and the workbooks all come from there.

#include "base/text.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace yihu::registry {

enum class FieldType {
  text,
  code,      ///< one of `codes`; kept as its short word
  truth,     ///< 0 or 1
  integer,
  real,
  money,     ///< fen
  date,      ///< "2019-04-30"
  area,      ///< 12 digits, a village
};

/// One value of a code list. The words are ours; numbers of outside systems are mapped by packs (code_maps).
struct CodeWord {
  std::string_view code;
  std::string_view zh;
  std::string_view en;
  base::Text label() const { return {std::string(zh), std::string(en)}; }
};

enum class Writing {
  entered,   ///< typed by a person or read from a workbook, by change_household or change_person
  derived,   ///< computed when something else is written
  event,     ///< changes only through a function of its own: membership, status, identity
};

/// `{}` members stand for "no limit". Missing values are NULL, which means unknown.
struct Field {
  std::string_view id;          ///< column and name in rules
  FieldType type = FieldType::text;
  std::string_view zh;
  std::string_view en;
  std::string_view national = {};   ///< column of the national system's workbook, such as AAC006; empty for none
  std::span<const CodeWord> codes = {};
  Writing writing = Writing::entered;
  bool private_ = false;        ///< sealed in the store, masked on reading, never seen by rules
  double min = 0;               ///< of integer, real and money; inclusive
  double max = 0;               ///< inclusive; equal to `min`: no limits
  int length_max = 60;          ///< of text, in characters

  base::Text label() const { return {std::string(zh), std::string(en)}; }
  const CodeWord* word(std::string_view code) const {
    for (const CodeWord& one : codes) {
      if (one.code == code) return &one;
    }
    return nullptr;
  }
};

}  // namespace yihu::registry

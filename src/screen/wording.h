#pragma once
// Values in words, and sentences with values in them.

#include "pack/pack.h"
#include "rule/schema.h"
#include "store/session.h"

#include <map>
#include <set>
#include <string>

namespace yihu::screen {

/// What stands in {braces} in either language.
std::set<std::string> placeholders(const base::Text& sentence);

/// A placeholder that stands for a person's name: filled in for those who look, and kept nowhere.
bool is_name(std::string_view placeholder);

using Values = std::map<std::string, base::Text, std::less<>>;

/// @returns the sentence with its placeholders filled; one without a value is left out with its braces' place kept as "…"
base::Text filled(const base::Text& sentence, const Values& values);

/// A value as people read it: 4,000.00 元, 是, 2019-04-30, a code's label, 不详.
/// @param codes id of the code list of a text; empty for free text
base::Text words_of(const store::Cell& cell, rule::Kind kind, const std::string& codes, const pack::Pack& pack);

/// 1234567 fen → "12,345.67"
std::string yuan_text(std::int64_t fen);

}  // namespace yihu::screen

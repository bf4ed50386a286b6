#include "registry/outside_codes.h"

#include <algorithm>

namespace yihu::registry {
namespace {

std::string key_of(std::string_view subject, std::string_view field) { return std::string(subject) + '.' + std::string(field); }

const Field* field_of(std::string_view key) {
  const auto dot = key.find('.');
  if (dot == key.npos) return nullptr;
  const std::string_view subject = key.substr(0, dot), id = key.substr(dot + 1);
  if (subject == "household") return find_field(household_fields, id);
  if (subject == "person") return find_field(person_fields, id);
  if (subject == "income") return find_field(income_fields, id);
  return nullptr;
}

/// "01" and "1" are one number; a spreadsheet program drops the zero.
std::string without_zeros(std::string_view text) {
  const bool digits = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  while (digits && text.size() > 1 && text.front() == '0') text.remove_prefix(1);
  return std::string(text);
}

}  // namespace

base::Result<OutsideCodes> OutsideCodes::from(const pack::CodeMap& map) {
  OutsideCodes out;
  std::vector<base::Error> mistakes;
  for (const auto& [key, entries] : map.fields) {
    const Field* field = field_of(key);
    if (field == nullptr || field->codes.empty()) {
      mistakes.push_back({base::ErrorKind::input, "code_map_field", base::text("登记项目里没有“{}”。", "The register has no field \"{}\" with codes.", key), {},
                          entries.empty() ? map.place : entries.front().place, {}});
      continue;
    }
    for (const pack::CodeMap::Entry& entry : entries) {
      if (field->word(entry.ours) == nullptr) {
        mistakes.push_back({base::ErrorKind::input, "code_map_word", base::text("“{}”没有选项“{}”。", "\"{}\" has no value \"{}\".", key, entry.ours), {}, entry.place, {}});
      }
      out.to_ours_[key].emplace(without_zeros(entry.outside), entry.ours);
      out.to_outside_[key].emplace(entry.ours, entry.outside);
    }
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  return out;
}

std::optional<std::string> OutsideCodes::ours(std::string_view subject, const Field& field, std::string_view text) const {
  for (const CodeWord& word : field.codes) {
    if (text == word.code || text == word.zh || text == word.en) return std::string(word.code);
  }
  const auto map = to_ours_.find(key_of(subject, field.id));
  if (map == to_ours_.end()) return std::nullopt;
  const auto at = map->second.find(without_zeros(text));
  return at == map->second.end() ? std::nullopt : std::optional(at->second);
}

std::string OutsideCodes::outside(std::string_view subject, const Field& field, std::string_view word) const {
  if (const auto map = to_outside_.find(key_of(subject, field.id)); map != to_outside_.end()) {
    if (const auto at = map->second.find(std::string(word)); at != map->second.end()) return at->second;
  }
  const CodeWord* known = field.word(word);
  return std::string(known == nullptr ? word : known->zh);
}

base::Done check_code_maps(const pack::Pack& pack) {
  std::vector<base::Error> mistakes;
  for (const pack::CodeMap& map : pack.code_maps) {
    if (auto read = OutsideCodes::from(map); !read) {
      base::Error error = std::move(read).error();
      for (base::Error& also : error.also) mistakes.push_back(std::move(also));
      error.also.clear();
      mistakes.insert(mistakes.begin(), std::move(error));
    }
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  return {};
}

}  // namespace yihu::registry

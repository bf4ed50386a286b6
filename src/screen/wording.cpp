#include "screen/wording.h"

namespace yihu::screen {
namespace {

template <class Take>
void each_placeholder(const std::string& sentence, Take take) {
  std::size_t at = 0;
  for (;;) {
    const auto open = sentence.find('{', at);
    const auto close = open == sentence.npos ? sentence.npos : sentence.find('}', open);
    if (close == sentence.npos) break;
    take(std::string_view(sentence).substr(at, open - at), std::string_view(sentence).substr(open + 1, close - open - 1));
    at = close + 1;
  }
  take(std::string_view(sentence).substr(at), std::string_view());
}

std::string filled_in(const std::string& sentence, const Values& values, base::Language language) {
  std::string out;
  each_placeholder(sentence, [&](std::string_view before, std::string_view name) {
    out += before;
    if (name.empty()) return;
    const auto found = values.find(name);
    out += found == values.end() ? "…" : found->second.in(language);
  });
  return out;
}

base::Text both(std::string text) { return {text, text}; }

std::string number_text(double number) {
  std::string out = fmt::format("{:.2f}", number);
  out.erase(out.find_last_not_of('0') + 1);
  if (out.ends_with('.')) out.pop_back();
  return out;
}

}  // namespace

std::set<std::string> placeholders(const base::Text& sentence) {
  std::set<std::string> out;
  for (const std::string* text : {&sentence.zh, &sentence.en}) {
    each_placeholder(*text, [&](std::string_view, std::string_view name) {
      if (!name.empty()) out.emplace(name);
    });
  }
  return out;
}

bool is_name(std::string_view placeholder) { return placeholder == "person.name" || placeholder.ends_with(".head_name"); }

base::Text filled(const base::Text& sentence, const Values& values) {
  return {filled_in(sentence.zh, values, base::Language::zh), filled_in(sentence.en, values, base::Language::en)};
}

std::string yuan_text(std::int64_t fen) {
  const bool negative = fen < 0;
  const auto whole = negative ? -static_cast<std::uint64_t>(fen) : static_cast<std::uint64_t>(fen);
  std::string yuan = std::to_string(whole / 100);
  for (std::size_t at = yuan.size(); at > 3; at -= 3) yuan.insert(at - 3, 1, ',');
  return fmt::format("{}{}.{:02}", negative ? "-" : "", yuan, whole % 100);
}

base::Text words_of(const store::Cell& cell, rule::Kind kind, const std::string& codes, const pack::Pack& pack) {
  if (std::holds_alternative<std::monostate>(cell)) return base::text("不详", "not known");
  if (const auto* real = std::get_if<double>(&cell)) return both(number_text(*real));
  if (const auto* text = std::get_if<std::string>(&cell)) {
    const pack::CodeList* list = codes.empty() ? nullptr : pack.code_list(codes);
    const pack::CodeValue* value = list == nullptr ? nullptr : list->value(*text);
    return value == nullptr ? both(*text) : value->label;
  }
  const std::int64_t number = std::get<std::int64_t>(cell);
  if (kind == rule::Kind::truth) return number != 0 ? base::text("是", "yes") : base::text("否", "no");
  if (kind == rule::Kind::money) {
    const std::string yuan = yuan_text(number);
    return base::text("{} 元", "{} yuan", yuan);
  }
  return both(std::to_string(number));
}

}  // namespace yihu::screen

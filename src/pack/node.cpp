#include "pack/node.h"

#include "base/nearest.h"
#include "base/utf8.h"
#include "pack/pack.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>

namespace yihu::pack {
namespace {

constexpr std::size_t text_points_max = 4000;

base::Text quoted_list(std::span<const std::string_view> names) {
  base::Text out;
  for (const std::string_view name : names) {
    if (!out.zh.empty()) {
      out.zh += "、";
      out.en += ", ";
    }
    out.zh += name;
    out.en += name;
  }
  return out;
}

bool control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
  });
}

}  // namespace

void Mistakes::add(base::Place place, std::string code, base::Text text, base::Text mend) {
  if (mistakes_.size() >= pack_mistakes_max) {
    ++dropped_;
    return;
  }
  mistakes_.push_back({base::ErrorKind::input, std::move(code), std::move(text), std::move(mend), std::move(place), {}});
}

base::Error Mistakes::take() {
  std::ranges::stable_sort(mistakes_, {}, [](const base::Error& error) {
    return std::tie(error.place.file, error.place.line, error.place.column);
  });
  // One slip may be met on two ways (a name that stands as full and as short name); it is told once.
  const auto repeated = std::ranges::unique(mistakes_, [](const base::Error& one, const base::Error& other) {
    return one.place == other.place && one.text == other.text;
  });
  mistakes_.erase(repeated.begin(), repeated.end());
  if (dropped_ > 0) {
    mistakes_.push_back({base::ErrorKind::input, "pack_more_mistakes",
                         base::text("另有 {} 处错误未列出。", "{} more mistakes are not listed.", dropped_), {}, {}, {}});
  }
  return base::fail_all(std::exchange(mistakes_, {})).error();
}

base::Text suggestion(std::string_view name, const std::vector<std::string_view>& known) {
  const auto near = base::nearest(name, known, 1);
  if (near.empty()) return {};
  return base::text("是不是“{0}”？", "Did you mean \"{0}\"?", known[near.front()]);
}

base::Place Value::place() const {
  if (node_ == nullptr) return {.file = *file_, .line = 0, .column = 0, .cell = {}, .field = {}};
  return {.file = *file_, .line = node_->line, .column = node_->column, .cell = {}, .field = {}};
}

void Value::mistake(std::string code, base::Text text, base::Text mend) const {
  mistakes_->add(place(), std::move(code), std::move(text), std::move(mend));
}

const std::string* Value::scalar(const base::Text& wanted) const {
  if (node_ == nullptr) return nullptr;
  if (node_->kind == Node::Kind::scalar) return &node_->scalar;
  mistake("pack_value", {"这里应当是" + wanted.zh + "。", "This should be " + wanted.en + "."});
  return nullptr;
}

std::optional<std::string> Value::text() const {
  const std::string* held = scalar({"文字", "a text"});
  if (held == nullptr) return std::nullopt;
  if (held->empty() || control(*held)) {
    mistake("pack_text", base::text("这里应当是文字，不能为空，也不能有控制字符。",
                                    "This should be a text, not empty and without control characters."));
    return std::nullopt;
  }
  if (base::count_code_points(*held) > text_points_max) {
    mistake("pack_text", base::text("文字超过 {} 个字。", "The text is longer than {} characters.", text_points_max));
    return std::nullopt;
  }
  return *held;
}

std::optional<std::string> Value::id() const {
  const std::string* held = scalar({"编号", "an id"});
  if (held == nullptr) return std::nullopt;
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const bool good = !held->empty() && held->size() <= 80 && plain(held->front()) &&
                    std::ranges::all_of(*held, [&](char c) { return plain(c) || c == '.' || c == '-' || c == '_'; });
  if (good) return *held;
  mistake("pack_id", base::text("“{}”不能作编号。", "\"{}\" cannot be an id.", base::first_code_points(*held, 40)),
          base::text("编号用小写字母、数字、点、短横和下划线，不超过 80 个。",
                     "An id has lower-case letters, digits, dots, dashes and underscores, 80 at most."));
  return std::nullopt;
}

std::optional<std::int64_t> Value::integer(std::int64_t min, std::int64_t max) const {
  const std::string* held = scalar({"整数", "a whole number"});
  if (held == nullptr) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(held->data(), held->data() + held->size(), number);
  if (error == std::errc() && end == held->data() + held->size() && number >= min && number <= max) return number;
  mistake("pack_integer", base::text("这里应当是 {} 到 {} 的整数。", "This should be a whole number from {} to {}.", min, max));
  return std::nullopt;
}

std::optional<double> Value::number() const {
  const std::string* held = scalar({"数", "a number"});
  if (held == nullptr) return std::nullopt;
  double number = 0;
  const auto [end, error] =
      std::from_chars(held->data(), held->data() + held->size(), number, std::chars_format::fixed);
  if (error == std::errc() && end == held->data() + held->size() && std::isfinite(number)) return number;
  mistake("pack_number", base::text("“{}”不是数。", "\"{}\" is not a number.", base::first_code_points(*held, 40)),
          base::text("请写成 90 或 1.5 的样子，单位另写。", "Write it like 90 or 1.5; the unit stands apart."));
  return std::nullopt;
}

std::optional<bool> Value::truth() const {
  const std::string* held = scalar({" true 或 false", "true or false"});
  if (held == nullptr) return std::nullopt;
  if (!node_->quoted && (*held == "true" || *held == "false")) return *held == "true";
  mistake("pack_truth", base::text("这里应当是 true 或 false。", "This should be true or false."));
  return std::nullopt;
}

std::optional<base::Date> Value::date() const {
  const std::string* held = scalar({"日期", "a date"});
  if (held == nullptr) return std::nullopt;
  auto date = base::parse_date(*held);
  if (date) return *date;
  mistake("pack_date", base::text("“{}”不是日期。", "\"{}\" is not a date.", base::first_code_points(*held, 40)),
          date.error().mend);
  return std::nullopt;
}

std::optional<base::Text> Value::bilingual(Single single) const {
  if (node_ == nullptr) return std::nullopt;
  if (single == Single::allowed && node_->kind == Node::Kind::scalar) {
    auto both = text();
    if (!both) return std::nullopt;
    return base::Text{*both, *both};
  }
  if (node_->kind != Node::Kind::map) {
    mistake("pack_bilingual", base::text("这里应当有中文和英文。", "This should be in Chinese and English."),
            base::text("请写成 {{zh: 中文, en: English}}。", "Write it as {{zh: 中文, en: English}}."));
    return std::nullopt;
  }
  Fields languages = fields();
  auto zh = languages.need("zh").text();
  auto en = languages.need("en").text();
  if (!zh || !en) return std::nullopt;
  return base::Text{std::move(*zh), std::move(*en)};
}

std::optional<std::string> Value::one_of(std::span<const std::string_view> names) const {
  const base::Text list = quoted_list(names);
  const std::string* held = scalar({"下列之一：" + list.zh, "one of " + list.en});
  if (held == nullptr) return std::nullopt;
  if (std::ranges::find(names, *held) != names.end()) return *held;
  base::Text mend = suggestion(*held, {names.begin(), names.end()});
  if (mend.empty()) mend = {"可用的有：" + list.zh + "。", "It may be one of " + list.en + "."};
  mistake("pack_choice", base::text("“{}”不在可用的值里。", "\"{}\" is not one of the values allowed here.",
                                    base::first_code_points(*held, 40)),
          std::move(mend));
  return std::nullopt;
}

std::vector<Value> Value::list() const {
  std::vector<Value> out;
  if (node_ == nullptr) return out;
  if (node_->kind != Node::Kind::list) {
    mistake("pack_list", base::text("这里应当是列表。", "This should be a list."),
            base::text("请写成 [甲, 乙]，没有就写 []。", "Write it as [a, b]; [] for none."));
    return out;
  }
  for (const Node& item : node_->items) out.emplace_back(&item, *file_, *mistakes_);
  return out;
}

Fields Value::fields() const {
  const Node* map = node_ != nullptr && node_->kind == Node::Kind::map ? node_ : nullptr;
  if (node_ != nullptr && map == nullptr) {
    mistake("pack_map", base::text("这里应当是“键: 值”的形式。", "This should be keys with values."));
  }
  return Fields(*this, map, *file_, *mistakes_);
}

std::vector<std::pair<std::string, Value>> Value::entries() const {
  std::vector<std::pair<std::string, Value>> out;
  if (node_ == nullptr) return out;
  if (node_->kind != Node::Kind::map) {
    if (node_->kind != Node::Kind::empty) {
      mistake("pack_map", base::text("这里应当是“编号: 内容”的形式。", "This should be ids with their content."));
    }
    return out;
  }
  for (const auto& [key, value] : node_->entries) {
    if (auto id = Value(&key, *file_, *mistakes_).id()) {
      out.emplace_back(std::move(*id), Value(&value, *file_, *mistakes_));
    }
  }
  return out;
}

Fields::Fields(Value of, const Node* map, const std::string& file, Mistakes& mistakes)
    : of_(of), map_(map), file_(&file), mistakes_(&mistakes) {}

Fields::~Fields() {
  if (map_ == nullptr) return;
  for (const auto& [key, value] : map_->entries) {
    if (std::ranges::find(asked_, key.scalar) != asked_.end()) continue;
    base::Text mend = suggestion(key.scalar, asked_);
    if (mend.empty()) {
      const base::Text list = quoted_list(asked_);
      mend = {"这里可用的键：" + list.zh + "。", "Keys used here: " + list.en + "."};
    }
    mistakes_->add({.file = *file_, .line = key.line, .column = key.column, .cell = {}, .field = {}}, "pack_key_unknown",
                   base::text("没有“{}”这个键。", "There is no key \"{}\" here.", base::first_code_points(key.scalar, 40)),
                   std::move(mend));
  }
}

const Node* Fields::find(std::string_view key) {
  asked_.push_back(key);
  if (map_ == nullptr) return nullptr;
  const auto found = std::ranges::find_if(map_->entries, [&](const auto& entry) { return entry.key.scalar == key; });
  return found == map_->entries.end() ? nullptr : &found->value;
}

Value Fields::need(std::string_view key) {
  const Node* node = find(key);
  if (map_ != nullptr && (node == nullptr || node->kind == Node::Kind::empty)) {
    of_.mistake("pack_key_missing", base::text("缺少“{}”。", "\"{}\" is missing.", key));
    node = nullptr;
  }
  return {node, *file_, *mistakes_};
}

Value Fields::may(std::string_view key) {
  const Node* node = find(key);
  if (node != nullptr && node->kind == Node::Kind::empty) node = nullptr;
  return {node, *file_, *mistakes_};
}

}  // namespace yihu::pack

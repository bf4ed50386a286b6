#include "link/spec.h"

#include <algorithm>

namespace yihu::link {
namespace {

struct KindWords {
  Kind kind;
  std::string_view name, zh, en;
};
constexpr KindWords kinds[] = {
    {Kind::name, "name", "姓名", "personal name"},      {Kind::id_number, "id_number", "身份证号", "ID number"},
    {Kind::date, "date", "日期", "date"},               {Kind::phone, "phone", "电话", "phone"},
    {Kind::address, "address", "地址", "address"},      {Kind::division, "division", "区划代码", "division code"},
    {Kind::sex, "sex", "性别", "sex"},                  {Kind::text, "text", "文字", "free text"},
    {Kind::number, "number", "数字", "number"},         {Kind::category, "category", "类别", "category"},
    {Kind::code, "code", "编号", "code"},
};
constexpr std::string_view level_names[] = {"missing", "differs", "region", "weak", "close", "near", "sound", "crossed", "equal"};
constexpr std::string_view cut_names[] = {"whole", "start", "sound", "rest", "tail", "year", "month_day"};

}  // namespace

std::string_view name_of(Kind kind) { return kinds[static_cast<std::size_t>(kind)].name; }
base::Text words_of(Kind kind) {
  const auto& words = kinds[static_cast<std::size_t>(kind)];
  return {std::string(words.zh), std::string(words.en)};
}
std::optional<Kind> kind_named(std::string_view name) {
  for (const KindWords& words : kinds) {
    if (words.name == name) return words.kind;
  }
  return std::nullopt;
}

std::string_view name_of(Level level) { return level_names[static_cast<std::size_t>(level)]; }
std::optional<Level> level_named(std::string_view name) {
  const auto found = std::find(std::begin(level_names), std::end(level_names), name);
  if (found == std::end(level_names)) return std::nullopt;
  return static_cast<Level>(found - std::begin(level_names));
}

base::Text words_of(Kind kind, Level level) {
  switch (level) {
    case Level::missing: return base::text("缺失", "missing");
    case Level::differs: return base::text("不同", "different");
    case Level::region:
      if (kind == Kind::name) return base::text("同姓或首字母相同", "same surname or initial");
      if (kind == Kind::date) return base::text("相差一年以内", "within a year");
      if (kind == Kind::id_number) return base::text("不同，且有一个号码不合校验", "different, one fails the checksum");
      return base::text("同县", "same county");
    case Level::weak:
      if (kind == Kind::date) return base::text("相差一月以内或两位数字", "within a month, or two digits apart");
      return base::text("部分相同", "much in common");
    case Level::close: return kind == Kind::division ? base::text("同镇", "same town") : base::text("相近", "close");
    case Level::near: return base::text("相差一处", "one slip apart");
    case Level::sound:
      if (kind == Kind::date) return base::text("日月互换", "day and month swapped");
      if (kind == Kind::name) return base::text("音近或形近", "sounds or looks alike");
      if (kind == Kind::id_number || kind == Kind::phone || kind == Kind::code) return base::text("可见部分相同", "visible part equal");
      return base::text("写法不同", "written differently");
    case Level::crossed: return base::text("填在对方的栏里", "in each other's column");
    case Level::equal: return base::text("相同", "equal");
  }
  return {};
}

std::vector<Level> levels_of(Kind kind) {
  using enum Level;
  switch (kind) {
    case Kind::name: return {equal, crossed, sound, near, close, weak, region, differs};
    case Kind::id_number: return {equal, sound, near, close, region, differs};
    case Kind::date: return {equal, sound, near, close, weak, region, differs};
    case Kind::phone: return {equal, sound, near, differs};
    case Kind::address:
    case Kind::text: return {equal, crossed, sound, near, close, weak, differs};
    case Kind::division: return {equal, near, close, region, differs};
    case Kind::number:
    case Kind::code: return {equal, crossed, sound, near, close, differs};
    case Kind::sex:
    case Kind::category: return {equal, differs};
  }
  return {};
}

std::string_view name_of(Cut cut) { return cut_names[static_cast<std::size_t>(cut)]; }
std::optional<Cut> cut_named(std::string_view name) {
  const auto found = std::find(std::begin(cut_names), std::end(cut_names), name);
  if (found == std::end(cut_names)) return std::nullopt;
  return static_cast<Cut>(found - std::begin(cut_names));
}

std::vector<Cut> cuts_of(Kind kind) {
  using enum Cut;
  switch (kind) {
    case Kind::name: return {whole, start, sound, rest};
    case Kind::id_number: return {whole};
    case Kind::date: return {whole, year, month_day};
    case Kind::phone: return {whole, tail};
    case Kind::address:
    case Kind::text: return {whole, start};
    case Kind::division:
    case Kind::sex:
    case Kind::category: return {whole};
    case Kind::number:
    case Kind::code: return {whole, start, tail};
  }
  return {};
}

namespace {

/// A YAML scalar that reads back as the same text.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string yaml_from_field(const Field& field, base::Language language, bool two_tables) {
  std::string out;
  if (!field.why.empty()) out += fmt::format("  # {}\n", field.why.in(language));
  out += fmt::format("  - name: {}\n    kind: {}\n    left: {}\n", quoted(field.name), name_of(field.kind), quoted(field.left));
  if (two_tables) out += fmt::format("    right: {}\n", quoted(field.right));
  if (!field.left_else.empty()) out += fmt::format("    left_else: {}\n", quoted(field.left_else));
  if (!field.right_else.empty()) out += fmt::format("    right_else: {}\n", quoted(field.right_else));
  if (!field.partner.empty()) out += fmt::format("    partner: {}\n", quoted(field.partner));
  if (!field.frequency) out += "    frequency: false\n";
  if (!field.levels.empty()) {
    out += "    levels: [";
    for (std::size_t i = 0; i < field.levels.size(); ++i) out += fmt::format("{}{}", i == 0 ? "" : ", ", name_of(field.levels[i]));
    out += "]\n";
  }
  return out;
}

}  // namespace

std::string yaml_from_spec(const Spec& spec, base::Language language, bool two_tables) {
  std::string out = fmt::format("# {}\n", language == base::Language::en ? "Linkage spec for yihu link --spec; docs/link.md says what each line means."
                                                                         : "yihu link --spec 用的比对方案；各项含义见 docs/link.md。");
  out += fmt::format("key_left: {}\n", quoted(spec.key_left));
  if (two_tables) out += fmt::format("key_right: {}\n", quoted(spec.key_right));
  if (two_tables) out += fmt::format("one_to_one: {}\n", spec.one_to_one);
  out += fmt::format("threshold: {}\ngroups: {}\n", spec.threshold, spec.groups == GroupRule::connected ? "connected" : "average");
  if (!spec.household_left.empty()) out += fmt::format("household_left: {}\n", quoted(spec.household_left));
  if (!spec.household_right.empty()) out += fmt::format("household_right: {}\n", quoted(spec.household_right));
  out += fmt::format("block_pairs_max: {}\nfields:\n", spec.block_pairs_max);
  for (const Field& field : spec.fields) out += yaml_from_field(field, language, two_tables);
  out += "keys:\n";
  for (const Key& key : spec.keys) {
    if (!key.why.empty()) out += fmt::format("  # {}\n", key.why.in(language));
    out += "  - parts: [";
    for (std::size_t i = 0; i < key.parts.size(); ++i) {
      const KeyPart& part = key.parts[i];
      out += fmt::format("{}{}", i == 0 ? "" : ", ", quoted(part.cut == Cut::whole ? part.field : fmt::format("{}:{}", part.field, name_of(part.cut))));
    }
    out += "]\n";
    if (key.repaired) out += "    repaired: true\n";
  }
  return out;
}

}  // namespace yihu::link

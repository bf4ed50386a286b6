#include "app/link_spec.h"

#include "pack/node.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace yihu::app {
namespace {

constexpr std::string_view truths[] = {"true", "false"};
constexpr std::string_view group_rules[] = {"connected", "average"};

class Reading {
 public:
  Reading(const std::string& path, bool two_tables, pack::Mistakes& mistakes) : path_(path), two_tables_(two_tables), mistakes_(mistakes) {}

  link::Spec spec(const pack::Node& root) {
    link::Spec spec;
    pack::Fields top = pack::Value(&root, path_, mistakes_).fields();
    spec.key_left = top.need("key_left").text().value_or("");
    // A spec for two tables may be kept for one as well.
    if (two_tables_) spec.key_right = top.need("key_right").text().value_or("");
    else top.may("key_right");
    if (const auto value = top.may("one_to_one").truth()) spec.one_to_one = *value;
    if (const pack::Value value = top.may("threshold"); value.present()) {
      const auto number = value.number();
      if (number && (*number <= 0 || *number >= 1)) value.mistake("threshold_outside", base::text("threshold 要在 0 和 1 之间。", "threshold lies between 0 and 1."));
      else if (number) spec.threshold = *number;
    }
    if (const auto rule = top.may("groups").one_of(group_rules)) spec.groups = *rule == "connected" ? link::GroupRule::connected : link::GroupRule::average;
    spec.household_left = top.may("household_left").text().value_or("");
    spec.household_right = top.may("household_right").text().value_or("");
    if (const auto pairs = top.may("block_pairs_max").integer(1, 100'000'000)) spec.block_pairs_max = static_cast<std::size_t>(*pairs);
    for (const pack::Value& value : top.need("fields").list()) spec.fields.push_back(field(value, spec));
    check_partners(spec);
    for (const pack::Value& value : top.may("keys").list()) spec.keys.push_back(key(value, spec));
    return spec;
  }

 private:
  link::Field field(const pack::Value& value, const link::Spec& spec) {
    link::Field field;
    pack::Fields fields = value.fields();
    const pack::Value name = fields.need("name");
    field.name = name.text().value_or("");
    if (has_field(spec, field.name)) name.mistake("field_twice", base::text("字段“{}”写了两次。", "The field “{}” stands twice.", field.name));
    std::vector<std::string_view> kinds;
    for (const link::Kind kind : link::every_kind) kinds.push_back(link::name_of(kind));
    if (const auto kind = fields.need("kind").one_of(kinds)) field.kind = *link::kind_named(*kind);
    field.left = fields.need("left").text().value_or("");
    if (two_tables_) field.right = fields.need("right").text().value_or("");
    else fields.may("right");
    field.left_else = fields.may("left_else").text().value_or("");
    field.right_else = fields.may("right_else").text().value_or("");
    const pack::Value partner = fields.may("partner");
    field.partner = partner.text().value_or("");
    if (const auto frequency = fields.may("frequency").truth()) field.frequency = *frequency;
    std::vector<std::string_view> levels;
    for (const link::Level level : link::levels_of(field.kind)) levels.push_back(link::name_of(level));
    for (const pack::Value& level : fields.may("levels").list()) {
      if (const auto known = level.one_of(levels)) field.levels.push_back(*link::level_named(*known));
    }
    partners_.push_back({field.partner, partner});
    return field;
  }

  void check_partners(const link::Spec& spec) {
    for (const auto& [name, value] : partners_) {
      if (name.empty() || has_field(spec, name)) continue;
      value.mistake("field_unknown", base::text("没有字段“{}”。", "There is no field “{}”.", name));
    }
  }

  link::Key key(const pack::Value& value, const link::Spec& spec) {
    link::Key key;
    pack::Fields fields = value.fields();
    for (const pack::Value& part : fields.need("parts").list()) {
      if (const auto text = part.text()) key.parts.push_back(key_part(*text, part, spec));
    }
    if (const auto repaired = fields.may("repaired").truth()) key.repaired = *repaired;
    if (key.repaired && (key.parts.size() != 1 || !is_kind(spec, key.parts.front().field, link::Kind::id_number))) {
      value.mistake("repaired_alone", base::text("repaired 只用于单独一个身份证号字段。", "repaired goes with one ID number field alone."));
    }
    return key;
  }

  /// "姓名" or "姓名:sound"; a heading may hold a colon itself.
  link::KeyPart key_part(const std::string& text, const pack::Value& value, const link::Spec& spec) {
    if (has_field(spec, text)) return {text, link::Cut::whole};
    const std::size_t colon = text.rfind(':');
    const std::string field = text.substr(0, colon);
    const auto cut = colon == text.npos ? std::nullopt : link::cut_named(std::string_view(text).substr(colon + 1));
    if (!has_field(spec, field)) {
      value.mistake("field_unknown", base::text("没有字段“{}”。", "There is no field “{}”.", field));
      return {};
    }
    const link::Kind kind = std::find_if(spec.fields.begin(), spec.fields.end(), [&](const link::Field& f) { return f.name == field; })->kind;
    const std::vector<link::Cut> cuts = link::cuts_of(kind);
    if (!cut || std::find(cuts.begin(), cuts.end(), *cut) == cuts.end()) {
      std::string known;
      for (const link::Cut one : cuts) known += (known.empty() ? "" : ", ") + std::string(link::name_of(one));
      value.mistake("cut_unknown", base::text("字段“{}”可取的部分是：{}。", "The parts of the field “{}” are: {}.", field, known));
      return {field, link::Cut::whole};
    }
    return {field, *cut};
  }

  static bool has_field(const link::Spec& spec, const std::string& name) {
    return std::any_of(spec.fields.begin(), spec.fields.end(), [&](const link::Field& field) { return field.name == name; });
  }
  static bool is_kind(const link::Spec& spec, const std::string& name, link::Kind kind) {
    return std::any_of(spec.fields.begin(), spec.fields.end(), [&](const link::Field& field) { return field.name == name && field.kind == kind; });
  }

  const std::string& path_;
  bool two_tables_;
  pack::Mistakes& mistakes_;
  std::vector<std::pair<std::string, pack::Value>> partners_;
};

}  // namespace

base::Result<link::Spec> link_spec_from_file(const std::string& path, bool two_tables) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return base::fail(base::ErrorKind::input, "file_not_read", base::text("读不了文件 {}。", "Cannot read the file {}.", path));
  return link_spec_from_yaml({std::istreambuf_iterator<char>(stream), {}}, path, two_tables);
}

base::Result<link::Spec> link_spec_from_yaml(const std::string& yaml, const std::string& path, bool two_tables) {
  pack::Mistakes mistakes;
  link::Spec spec;
  if (const auto root = pack::node_from_yaml(yaml, path, mistakes)) spec = Reading(path, two_tables, mistakes).spec(*root);
  if (!mistakes.empty()) return base::fail(mistakes.take());
  return spec;
}

}  // namespace yihu::app

#include "plan/reading/unit_list.h"

#include <algorithm>
#include <array>

namespace yihu::plan {
namespace {

constexpr std::size_t name_length_max = 40;
constexpr std::size_t rule_sentence_max = 60;
constexpr int rule_places_max = 10'000;

bool one_of(char32_t point, std::u32string_view set) { return set.find(point) != set.npos; }

bool is_separator(char32_t folded) { return one_of(folded, U"、,;/。|"); }

/// Characters that a unit's full name begins with: a level of government, or a word for several.
bool begins_like_unit(std::u32string_view name) {
  return !name.empty() && one_of(name.front(), U"区县市省州旗盟国中各镇乡街团驻相有其");
}

struct Piece {
  std::size_t begin = 0;
  std::size_t end = 0;
  char32_t separator = 0;  ///< the one before it
};

/// Spaces separate names only where both sides are whole; a line end only in a list without other separators.
bool space_separates(const Characters& characters, std::size_t begin, std::size_t at, std::size_t end, bool other_separators) {
  auto next = at;
  bool literal = false;
  while (next < end && is_space(characters.folded[next])) {
    literal = literal || characters.folded[next] == U' ' || characters.folded[next] == U'\t';
    ++next;
  }
  if (!literal && other_separators) return false;
  const auto left = characters.view(begin, at);
  return left.size() >= 3 && ends_like_unit(left) && begins_like_unit(characters.view(next, end));
}

/// 区教育局和区财政局: the word joins two names if both are whole, and is part of one name otherwise.
bool word_separates(const Characters& characters, std::size_t begin, std::size_t at, std::size_t length, std::size_t end) {
  const auto left = characters.view(begin, at);
  const auto right = characters.view(at + length, end);
  return left.size() >= 3 && ends_like_unit(left) && right.size() >= 2 && one_of(right.front(), U"区县市省州旗各镇乡团驻");
}

std::vector<Piece> pieces_of(const Characters& characters, std::size_t begin, std::size_t end) {
  const auto whole = characters.view(begin, end);
  const bool separators = std::ranges::any_of(whole, is_separator);
  std::vector<Piece> pieces;
  auto from = begin;
  char32_t before = 0;
  int depth = 0;
  const auto cut = [&](std::size_t at, std::size_t next, char32_t separator) {
    pieces.push_back({from, at, before});
    from = next;
    before = separator;
  };
  for (auto i = begin; i < end; ++i) {
    const char32_t point = characters.folded[i];
    if (point == U'(') ++depth;
    if (point == U')' && depth > 0) --depth;
    if (depth > 0) continue;
    if (is_separator(point)) cut(i, i + 1, point);
    else if (is_space(point) && i > from && space_separates(characters, from, i, end, separators)) cut(i, i + 1, U' ');
    else if ((point == U'和' || point == U'与' || point == U'及') && word_separates(characters, from, i, 1, end)) cut(i, i + 1, U'、');
    else if (point == U'以' && i + 1 < end && characters.folded[i + 1] == U'及' && word_separates(characters, from, i, 2, end)) cut(i, i + 2, U'、');
  }
  pieces.push_back({from, end, before});
  return pieces;
}

void trim(const Characters& name, std::size_t& begin, std::size_t& end) {
  constexpr std::u32string_view outside = U" .:-“”*·、,;。";
  while (begin < end && one_of(name.folded[begin], outside)) ++begin;
  while (end > begin && one_of(name.folded[end - 1], outside)) --end;
}

/// Takes 等, 等单位, 等有关部门 off the end. True if it was there.
bool drop_and_others(const Characters& name, std::size_t begin, std::size_t& end) {
  const auto text = name.view(begin, end);
  const auto at = text.rfind(U'等');
  if (at == text.npos || at < 2) return false;
  const auto rest = text.substr(at + 1);
  constexpr auto rests = std::to_array<std::u32string_view>(
      {U"", U"单位", U"部门", U"有关单位", U"有关部门", U"相关单位", U"相关部门", U"成员单位", U"有关单位和部门", U"部门和单位"});
  if (std::ranges::find(rests, rest) == rests.end()) return false;
  end = begin + at;
  return true;
}

bool readable(std::u32string_view name) {
  if (name.size() < 2 || name.size() > name_length_max) return false;
  const auto han = std::ranges::count_if(name, is_han);
  const bool blanks = std::ranges::any_of(name, [](char32_t point) { return one_of(point, U"?□×�_*<>=。"); });
  return han >= 2 && !blanks;
}

/// Departments that a list may name without repeating 区 or 县 before each.
bool is_bare_department(std::u32string_view name) {
  constexpr auto stems = std::to_array<std::u32string_view>({
      U"财政", U"民政", U"教育", U"住建", U"住房", U"农业", U"农林", U"农委", U"水务", U"水利", U"卫健", U"卫生", U"卫计", U"医保", U"医疗保障", U"人社", U"人力资源",
      U"发改", U"发展", U"审计", U"林业", U"交通", U"自然资源", U"国土", U"公安", U"司法", U"文旅", U"旅游", U"旅文", U"文化", U"文体", U"文广", U"商务", U"市场监管", U"扶贫", U"乡村振兴",
      U"残联", U"妇联", U"总工会", U"科协", U"科工信", U"科技", U"工信", U"经信", U"统计", U"生态环境", U"环保", U"环境保护", U"应急", U"信访", U"档案", U"城管", U"供销", U"气象", U"组织部",
      U"宣传部", U"统战部", U"政法委", U"编办", U"工商", U"红十字会", U"文明办", U"金融办", U"金融工作", U"国资委", U"机关事务", U"政务服务", U"招商", U"退役军人", U"民宗", U"民族", U"融媒体",
      U"广电", U"体育", U"粮食", U"畜牧", U"渔业", U"海洋", U"税务", U"法院", U"检察院", U"移民", U"老干部局", U"史志", U"规划", U"数据", U"行政审批", U"综合执法", U"烟草", U"邮政"});
  const bool known = std::ranges::any_of(stems, [&](std::u32string_view stem) { return name.starts_with(stem); });
  return known && one_of(name.back(), U"局委办部会联协心院队行社");
}

bool is_party_department(std::u32string_view name) {
  return std::ranges::any_of(std::to_array<std::u32string_view>({U"组织部", U"宣传部", U"统战部", U"政法委", U"编办", U"老干部局"}),
                             [&](std::u32string_view stem) { return name.starts_with(stem); });
}

/// 美兰区教育局 → 美兰区; 县委组织部 → 县. Empty if the name is not a place and a department.
std::u32string_view prefix_of(std::u32string_view name) {
  for (std::size_t i = 0; i < name.size() && i < 8; ++i) {
    if (!one_of(name[i], U"区县市旗州省")) continue;
    const auto rest = name.substr(i + 1);
    if (is_bare_department(rest)) return name.substr(0, i + 1);
    if (rest.starts_with(U"委") && is_party_department(rest.substr(1))) return name.substr(0, i + 1);
  }
  return {};
}

struct Name {
  std::u32string shown;
  std::u32string folded;
  char32_t separator = 0;
};

/// 区：教育局、财政局 or 县直：教育局 states the prefix as a label of its own.
std::u32string take_prefix_label(Name& name) {
  const auto colon = name.folded.find(U':');
  if (colon == name.folded.npos || colon == 0 || colon > 8) return {};
  auto label = name.shown.substr(0, colon);
  if (label.ends_with(U"直部门") || label.ends_with(U"直单位")) label.resize(label.size() - 3);
  else if (label.ends_with(U"直")) label.pop_back();
  if (label.empty() || !one_of(label.back(), U"区县市旗州省")) return {};
  name.shown.erase(0, colon + 1);
  name.folded.erase(0, colon + 1);
  return label;
}

bool supply_prefix(std::vector<Name>& names) {
  if (names.empty()) return false;
  std::u32string prefix = take_prefix_label(names.front());
  bool supplied = false;
  for (auto& name : names) {
    if (const auto own = prefix_of(name.folded); !own.empty()) {
      if (prefix.empty()) prefix = own;
    } else if (!prefix.empty() && is_bare_department(name.folded)) {
      const std::u32string whole = prefix + (is_party_department(name.folded) ? U"委" : U"");
      name.shown = whole + name.shown;
      name.folded = whole + name.folded;
      supplied = true;
    }
  }
  return supplied;
}

}  // namespace

bool ends_like_unit(std::u32string_view name) {
  return !name.empty() && one_of(name.back(), U"局委办部会院队组所站处室厅社团联协心府司业构位门镇乡道行校县市区署库馆台园场厂村户等)");
}

UnitList units_from_characters(const Characters& characters, std::size_t begin, std::size_t end) {
  UnitList list;
  std::vector<Name> names;
  for (const auto& piece : pieces_of(characters, begin, end)) {
    const auto name = sentence(characters, piece.begin, piece.end);
    if (piece.separator == U',' && !list.before_comma) list.before_comma = names.size();
    if (piece.separator == U';' && !list.before_semicolon) list.before_semicolon = names.size();
    std::size_t from = 0;
    std::size_t to = name.size();
    trim(name, from, to);
    if (from == to) continue;
    if (drop_and_others(name, from, to)) list.open_ended = true;
    for (const std::u32string_view word : {U"以及", U"及", U"和"}) {
      if (name.view(from, to).starts_with(word) && to - from > word.size() + 1) from += word.size();
    }
    const auto shown = name.shown.substr(from, to - from);
    const std::u32string folded(name.view(from, to));
    // 各镇党委、政府 is one name.
    if (folded == U"政府" && !names.empty() && names.back().folded.ends_with(U"党委")) {
      names.back().shown += U"、" + shown;
      names.back().folded += U"、" + folded;
    } else if (folded == U"等" || folded == U"有关部门等") {
      list.open_ended = true;
    } else if (readable(folded)) {
      names.push_back({shown, folded, piece.separator});
    } else {
      list.unreadable.push_back(shown);
    }
  }
  list.prefix_supplied = supply_prefix(names);
  for (auto& name : names) list.names.push_back(base::utf8(name.shown));
  return list;
}

bool looks_like_units(const Characters& characters, std::size_t begin, std::size_t end) {
  const auto list = units_from_characters(characters, begin, end);
  if (list.names.empty() || !list.unreadable.empty()) return false;
  return std::ranges::all_of(list.names, [](const std::string& name) {
    const auto points = base::code_points(name);
    constexpr std::u32string_view endings = U"局委办部会院队联协府社";
    const bool several = points.front() == U'各' && one_of(points.back(), U"镇乡村道区位门组");
    return points.size() >= 3 && (several || (one_of(points.back(), endings) && (begins_like_unit(points) || is_bare_department(points))));
  });
}

LeadRule lead_rule_from_text(std::u32string_view folded) {
  struct Saying { std::u32string_view words; LeadRule rule; };
  constexpr auto sayings = std::to_array<Saying>({
      {U"逗号前", LeadRule::before_comma},   {U"逗号之前", LeadRule::before_comma},   {U"分号前", LeadRule::before_semicolon},
      {U"分号之前", LeadRule::before_semicolon}, {U"首位", LeadRule::first_unit},      {U"第一位", LeadRule::first_unit},
      {U"排名第一", LeadRule::first_unit},   {U"排位第一", LeadRule::first_unit},     {U"排在第一", LeadRule::first_unit},
      {U"列第一", LeadRule::first_unit},     {U"第一个单位", LeadRule::first_unit},   {U"第一家单位", LeadRule::first_unit},
      {U"排名首", LeadRule::first_unit},     {U"排在最前", LeadRule::first_unit},     {U"列在首", LeadRule::first_unit},
  });
  int looked = 0;
  for (auto at = folded.find(U"牵头"); at != folded.npos && looked < rule_places_max; at = folded.find(U"牵头", at + 2), ++looked) {
    const auto from = at > rule_sentence_max ? at - rule_sentence_max : 0;
    auto around = folded.substr(from, at - from + rule_sentence_max / 2);
    if (const auto stop = around.rfind(U'。', at - from); stop != around.npos) around = around.substr(stop + 1);
    if (around.find(U"单位") == around.npos && around.find(U"部门") == around.npos) continue;
    for (const auto& saying : sayings) {
      if (around.find(saying.words) != around.npos) return saying.rule;
    }
  }
  return LeadRule::none;
}

}  // namespace yihu::plan

#include "plan/reading/target.h"

#include "plan/reading/demand.h"
#include "plan/reading/figure.h"

#include <algorithm>
#include <array>

namespace yihu::plan {
namespace {

// How far before a bare number the verb may stand that makes it a target: 创建1-2个, 新增就业岗位200个.
constexpr std::size_t verb_reach = 16;
constexpr std::size_t operator_reach = 8;

struct Unit {
  std::u32string_view text;
  std::string_view name;
  double scale = 1;
  bool countable = true;  ///< false: a length of time or a rank, which is a target only with an operator
};

// Longer units stand before those they begin with.
constexpr auto units = std::to_array<Unit>({
    {U"个百分点", "个百分点"}, {U"%", "%"}, {U"‰", "‰"}, {U"万元", "元", 10'000}, {U"亿元", "元", 100'000'000}, {U"元", "元"},
    {U"人次", "人次"}, {U"户次", "户次"}, {U"场次", "场次"}, {U"人", "人"}, {U"名", "名"}, {U"户", "户"}, {U"平方米", "平方米"},
    {U"㎡", "平方米"}, {U"平方公里", "平方公里"}, {U"立方米", "立方米"}, {U"公顷", "公顷"}, {U"亩", "亩"}, {U"公里", "公里"},
    {U"千米", "公里"}, {U"米", "米"}, {U"公斤", "公斤"}, {U"千克", "公斤"}, {U"吨", "吨"}, {U"斤", "斤"}, {U"千瓦", "千瓦"},
    {U"个工作日", "个工作日", 1, false}, {U"个月", "个月", 1, false}, {U"小时", "小时", 1, false}, {U"天", "天", 1, false},
    {U"岁", "岁", 1, false}, {U"个", "个"}, {U"家", "家"}, {U"处", "处"}, {U"所", "所"}, {U"座", "座"}, {U"条", "条"}, {U"种", "种"},
    {U"项", "项"}, {U"件", "件"}, {U"门", "门"}, {U"篇", "篇"}, {U"间", "间"}, {U"套", "套"}, {U"栋", "栋"}, {U"眼", "眼"}, {U"口井", "口"},
    {U"头", "头"}, {U"只", "只"}, {U"羽", "羽"}, {U"株", "株"}, {U"棵", "棵"}, {U"台", "台"}, {U"辆", "辆"}, {U"对", "对"}, {U"份", "份"},
    {U"册", "册"}, {U"张", "张"}, {U"床", "床"}, {U"支", "支"}, {U"盏", "盏"}, {U"片", "片"}, {U"批", "批"}, {U"村", "村"}, {U"倍", "倍", 1, false},
    {U"分", "分", 1, false}, {U"次", "次", 1, false}, {U"遍", "遍", 1, false}, {U"轮", "轮", 1, false}, {U"场", "场"}, {U"期", "期"},
});

struct Operator {
  std::u32string_view text;
  std::string_view op;
};

// Before the number; longer words stand before those that end them.
constexpr auto before = std::to_array<Operator>({
    {U"不低于", ">="}, {U"不少于", ">="}, {U"不小于", ">="}, {U"不得低于", ">="}, {U"不得少于", ">="}, {U"不下于", ">="}, {U"至少", ">="}, {U"最少", ">="}, {U"最低", ">="},
    {U"不高于", "<="}, {U"不超过", "<="}, {U"不得超过", "<="}, {U"不多于", "<="}, {U"不大于", "<="}, {U"不得高于", "<="}, {U"至多", "<="}, {U"最多", "<="}, {U"最高", "<="},
    {U"控制在", "<="}, {U"高于", ">"}, {U"大于", ">"}, {U"超过", ">"}, {U"多于", ">"}, {U"突破", ">"}, {U"低于", "<"}, {U"少于", "<"}, {U"小于", "<"}, {U"不足", "<"}, {U"不到", "<"},
    {U"达到", ">="}, {U"达", ">="}, {U"提高到", ">="}, {U"提升到", ">="}, {U"提高至", ">="}, {U"提升至", ">="}, {U"增加到", ">="}, {U"增长到", ">="}, {U"完成", ">="},
    {U"降到", "<="}, {U"降至", "<="}, {U"下降到", "<="}, {U"降低到", "<="}, {U"≥", ">="}, {U"≤", "<="}, {U">=", ">="}, {U"<=", "<="}, {U"＞", ">"}, {U">", ">"}, {U"<", "<"},
});

// Behind the number and its unit.
constexpr auto behind = std::to_array<Operator>({
    {U"及以上", ">="}, {U"或以上", ">="}, {U"以上", ">="}, {U"及以下", "<="}, {U"以下", "<="}, {U"以内", "<="}, {U"之内", "<="},
});

// Verbs that make the number behind them something to reach.
constexpr auto verbs = std::to_array<std::u32string_view>({
    U"创建", U"新建", U"建设", U"建成", U"改建", U"打造", U"培育", U"培养", U"推出", U"发展", U"新增", U"增加", U"新发展", U"完成", U"实现", U"确保", U"力争", U"奖励", U"补助", U"补贴",
    U"投入", U"安排", U"筹集", U"培训", U"改造", U"修建", U"安装", U"种植", U"养殖", U"脱贫", U"退出", U"巩固", U"带动", U"帮助", U"引进", U"扶持", U"认定", U"开发", U"解决", U"转移", U"发放", U"选派", U"评选",
    U"整治", U"硬化", U"举办", U"打井", U"治理", U"组建", U"成立", U"设立", U"建立", U"消费", U"销售", U"减贫", U"减少", U"更换", U"修复", U"维修", U"铺设", U"配备", U"聘请", U"招聘", U"招录", U"采购", U"购置", U"开展", U"申报", U"争取", U"拨付", U"监测", U"检测", U"鉴定", U"修", U"建",
});

bool starts(std::u32string_view text, std::size_t at, std::u32string_view word) { return at <= text.size() && text.substr(at).starts_with(word); }

const Unit* unit_at(std::u32string_view text, std::size_t at) {
  const auto found = std::ranges::find_if(units, [&](const Unit& unit) { return starts(text, at, unit.text); });
  return found == units.end() ? nullptr : &*found;
}

/// The operator that ends at `at`, with only 的, 在 or spaces between.
const Operator* operator_before(std::u32string_view text, std::size_t at, std::size_t& begin) {
  const auto from = at > operator_reach ? at - operator_reach : 0;
  auto window = text.substr(from, at - from);
  while (!window.empty() && (window.back() == U' ' || window.back() == U'约' || window.back() == U'的')) window.remove_suffix(1);
  // 至少有1名, 至少发展1名, 至少建设1个: a short verb may stand between.
  for (const std::u32string_view between : {U"有", U"要有", U"召开", U"发展", U"建设", U"创建", U"培育", U"开展", U"配备", U"安排", U"举办", U"打造", U"带动", U"保持在", U"为"}) {
    if (!window.ends_with(between)) continue;
    const auto shorter = window.substr(0, window.size() - between.size());
    if (shorter.ends_with(U"至少") || shorter.ends_with(U"不少于") || shorter.ends_with(U"最少")) window = shorter;
  }
  for (const auto& op : before) {
    if (!window.ends_with(op.text)) continue;
    begin = from + window.size() - op.text.size();
    return &op;
  }
  return nullptr;
}

bool ends_clause(char32_t point) {
  constexpr std::u32string_view stops = U",。;!?";
  return stops.find(point) != stops.npos;
}

/// A verb in the same clause, not far before the number, makes a bare number a target.
bool governed(std::u32string_view text, std::size_t at) {
  auto from = at;
  while (from > 0 && at - from < verb_reach && !ends_clause(text[from - 1])) --from;
  const auto clause = text.substr(from, at - from);
  // 这2个, 上述4处 and 出列的2个 point at things that are there already; only to hold them can be a goal.
  auto end = clause.size();
  while (end > 0 && clause[end - 1] == U' ') --end;
  if (end > 0 && (clause[end - 1] == U'这' || clause[end - 1] == U'该' || clause[end - 1] == U'述')) return false;
  if (end > 0 && clause[end - 1] == U'的') {
    return std::ranges::any_of(std::array<std::u32string_view, 3>{U"巩固", U"确保", U"实现"}, [&](std::u32string_view verb) { return clause.find(verb) != clause.npos; });
  }
  return std::ranges::any_of(verbs, [&](std::u32string_view verb) { return clause.find(verb) != clause.npos; });
}

/// Right behind the verb, perhaps with 每村 between: 创建1-2个, 建设 1 个.
bool directly_governed(std::u32string_view text, std::size_t at) {
  auto end = at;
  while (end > 0 && text[end - 1] == U' ') --end;
  const auto window = text.substr(end > 8 ? end - 8 : 0, std::min<std::size_t>(end, 8));
  return std::ranges::any_of(verbs, [&](std::u32string_view verb) { return window.ends_with(verb); });
}

struct Quantity {
  double value = 0;
  std::optional<double> value_max;
  const Unit* unit = nullptr;
  std::size_t end = 0;
  bool chinese = false;
};

void skip_spaces(std::u32string_view text, std::size_t& at) {
  while (at < text.size() && text[at] == U' ') ++at;
}

bool take_range_mark(std::u32string_view text, std::size_t& at) {
  if (starts(text, at, U"--")) at += 2;
  else if (starts(text, at, U"-") || starts(text, at, U"至") || starts(text, at, U"到")) at += 1;
  else return false;
  return true;
}

/// 90%, 1-2个, 10万元至20万元, 百分之九十, 10±2个.
std::optional<Quantity> quantity_at(std::u32string_view text, std::size_t at) {
  Quantity quantity;
  if (starts(text, at, U"百分之")) {
    const auto figure = figure_at(text, at + 3);
    if (!figure) return std::nullopt;
    quantity.value = figure->value;
    quantity.unit = &*std::ranges::find(units, "%", &Unit::name);
    quantity.end = at + 3 + figure->length;
    return quantity;
  }
  const auto figure = figure_at(text, at);
  if (!figure) return std::nullopt;
  auto end = at + figure->length;
  skip_spaces(text, end);
  const Unit* first = unit_at(text, end);
  auto behind_first = first ? end + first->text.size() : end;
  auto range = behind_first;
  const bool spread = starts(text, range, U"±");
  if (spread ? (++range, true) : take_range_mark(text, range)) {
    skip_spaces(text, range);
    if (const auto second = figure_at(text, range)) {
      auto second_end = range + second->length;
      skip_spaces(text, second_end);
      if (const Unit* unit = unit_at(text, second_end)) {
        const double scale = first ? first->scale : unit->scale;
        quantity.value = spread ? (figure->value - second->value) * unit->scale : figure->value * scale;
        quantity.value_max = spread ? (figure->value + second->value) * unit->scale : second->value * unit->scale;
        quantity.unit = unit;
        quantity.end = second_end + unit->text.size();
        quantity.chinese = figure->chinese && second->chinese;
        if (*quantity.value_max > quantity.value) return quantity;
      }
    }
    quantity = {};
  }
  if (!first) return std::nullopt;
  quantity.value = figure->value * first->scale;
  quantity.unit = first;
  quantity.end = behind_first;
  quantity.chinese = figure->chinese;
  return quantity;
}

/// 40户131人: a group of households that is counted is a target wherever it stands.
bool is_cohort(std::u32string_view text, const Quantity& quantity, std::size_t begin) {
  if (quantity.unit->name == "户") {
    const auto next = quantity_at(text, quantity.end);
    return next && next->unit->name == "人";
  }
  if (quantity.unit->name != "人" || begin == 0) return false;
  return text[begin - 1] == U'户';
}

Target target_from(const Characters& sentence, const Quantity& quantity, std::string_view op, std::size_t begin, std::size_t end) {
  Target target;
  target.value = quantity.value;
  target.value_max = quantity.value_max;
  target.unit = quantity.unit->name;
  target.op = quantity.value_max ? "in" : op;
  target.text = sentence.text(begin, end);
  target.span = sentence.span(begin, end);
  return target;
}

/// The target whose number begins at `at`, if it is one.
std::optional<Target> target_at(const Characters& sentence, std::size_t at, std::size_t& end) {
  const std::u32string_view text = sentence.folded;
  const auto quantity = quantity_at(text, at);
  if (!quantity) return std::nullopt;
  if (at > 0 && (text[at - 1] == U'第' || text[at - 1] == U'“')) return std::nullopt;
  auto begin = at;
  const auto* leading = operator_before(text, at, begin);
  end = quantity->end;
  const Operator* trailing = nullptr;
  auto behind_unit = end;
  skip_spaces(text, behind_unit);
  for (const auto& op : behind) {
    if (!trailing && starts(text, behind_unit, op.text)) trailing = &op;
  }
  if (trailing) end = behind_unit + trailing->text.size();
  // 达4000元以上 is ≥; 超过1000元以上 too; 控制在3%以内 is ≤.
  if (trailing) return target_from(sentence, *quantity, trailing->op, begin, end);
  if (leading && !(leading->text == U"完成" && !quantity->unit->countable)) {
    return target_from(sentence, *quantity, leading->op, begin, end);
  }
  const auto name = quantity->unit->name;
  const bool rate = name == "%" || name == "‰" || name == "元" || name == "个百分点";
  if (rate && !quantity->chinese) return target_from(sentence, *quantity, "=", at, end);
  if (is_cohort(text, *quantity, at)) return target_from(sentence, *quantity, "=", at, end);
  if (!quantity->unit->countable) return std::nullopt;
  // 百村 in 百企帮百村 is a way of speaking; 二百个 is a number.
  const bool spoken = quantity->chinese && (quantity->value < 10 || is_numeral(text[at]) != is_numeral(text[at + 1]));
  if (spoken ? !directly_governed(text, at) : !quantity->value_max && !governed(text, at)) return std::nullopt;
  // 一批, 一项 after a verb are ways of speaking.
  if (quantity->chinese && quantity->value == 1) return std::nullopt;
  return target_from(sentence, *quantity, "=", at, end);
}

struct Saying {
  std::u32string_view text;
  double value;
  std::string_view unit;
};

// Targets without a digit.
constexpr auto sayings = std::to_array<Saying>({
    {U"率为零", 0, "%"},     {U"率为0", 0, "%"},     {U"率保持为零", 0, "%"}, {U"率控制为零", 0, "%"}, {U"率降为零", 0, "%"}, {U"率降至零", 0, "%"},
    {U"实现全覆盖", 100, "%"}, {U"达到全覆盖", 100, "%"}, {U"做到全覆盖", 100, "%"}, {U"确保全覆盖", 100, "%"}, {U"全部清零", 0, ""}, {U"清零", 0, ""},
});

std::optional<Target> saying_at(const Characters& sentence, std::size_t at, std::size_t& end) {
  const std::u32string_view text = sentence.folded;
  for (const auto& saying : sayings) {
    if (!starts(text, at, saying.text)) continue;
    auto begin = at;
    // 辍学率为零: the words before 率 say which rate.
    while (text[at] == U'率' && begin > 0 && at - begin < 4 && is_han(text[begin - 1])) --begin;
    end = at + saying.text.size();
    Target target;
    target.value = saying.value;
    target.unit = saying.unit;
    target.op = "=";
    target.text = sentence.text(begin, end);
    target.span = sentence.span(begin, end);
    return target;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Target> targets_in(const Characters& sentence, const std::vector<base::Span>& taken) {
  std::vector<Target> targets;
  const std::u32string_view text = sentence.folded;
  std::size_t next_taken = 0;
  for (std::size_t i = 0; i < text.size() && targets.size() < demands_max;) {
    while (next_taken < taken.size() && taken[next_taken].end <= i) ++next_taken;
    if (next_taken < taken.size() && i >= taken[next_taken].begin) {
      i = taken[next_taken].end;
      continue;
    }
    std::size_t end = 0;
    const char32_t point = text[i];
    std::optional<Target> target;
    if (is_digit(point) || is_numeral(point) || point == U'百') target = target_at(sentence, i, end);
    else if (point == U'率' || point == U'实' || point == U'达' || point == U'做' || point == U'确' || point == U'清' || point == U'全') target = saying_at(sentence, i, end);
    if (target) {
      targets.push_back(std::move(*target));
      i = end;
      continue;
    }
    const auto quoted = point == U'《' ? quoted_end(text, i) : i;
    i = quoted > i ? quoted : i + 1;
  }
  return targets;
}

std::vector<Allocation> allocations_in(const Characters& sentence) {
  constexpr std::size_t place_length_max = 8;
  const std::u32string_view text = sentence.folded;
  std::vector<Allocation> out;
  std::vector<Allocation> run;
  std::size_t run_end = 0;
  const auto close = [&] {
    if (run.size() >= 2) out.insert(out.end(), run.begin(), run.end());
    run.clear();
  };
  for (std::size_t i = 1; i < text.size() && out.size() + run.size() < demands_max; ++i) {
    constexpr std::u32string_view places = U"镇乡村区场道居";
    if (places.find(text[i - 1]) == places.npos) continue;
    auto number = i;
    if (text[number] == U':') ++number;
    skip_spaces(text, number);
    if (number >= text.size() || !is_digit(text[number])) continue;
    const auto quantity = quantity_at(text, number);
    if (!quantity || quantity->value_max) continue;
    auto begin = i;
    while (begin > 0 && i - begin < place_length_max && is_han(text[begin - 1])) --begin;
    if (i - begin < 2) continue;
    const bool goes_on = !run.empty() && begin <= run_end + 2 && run.back().unit == quantity->unit->name;
    if (!goes_on) close();
    // Behind 其中 and 分配 the place's name begins.
    for (const std::u32string_view word : {U"其中", U"分配", U"包括", U"下达"}) {
      const auto found = text.substr(begin, i - begin).rfind(word);
      if (found != text.npos) begin += found + word.size();
    }
    if (i - begin < 2) continue;
    run.push_back({sentence.text(begin, i), quantity->value, std::string(quantity->unit->name), sentence.span(begin, quantity->end)});
    run_end = quantity->end;
  }
  close();
  return out;
}

}  // namespace yihu::plan

#include "plan/reading/defect.h"

#include "plan/reading/figure.h"
#include "plan/reading/unit_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace yihu::plan {
namespace {

constexpr std::size_t compared_names_max = 400;
constexpr std::size_t announced_list_reach = 240;

class Check {
 public:
  Check(const Flow& flow, const Characters& characters, PlanDocument& plan) : flow_(flow), characters_(characters), plan_(plan) {}

  void run() {
    owners();
    days();
    allocations();
    spellings();
    announced_numbers();
    stray_words();
  }

 private:
  void warn(std::string code, const Task* task, std::optional<int> measure, base::Text text, std::optional<base::Span> span) {
    plan_.warnings.push_back({std::move(code), task ? std::optional(task->no) : std::nullopt, measure, std::move(text), span,
                              task ? std::optional(task->position) : std::nullopt});
  }

  static bool unowned(const Measure& measure) { return measure.lead.empty() && measure.responsible.empty(); }

  void owners() {
    const auto all_unowned = [](const Task& task) { return std::ranges::all_of(task.measures, unowned); };
    if (std::ranges::all_of(plan_.tasks, all_unowned)) {
      warn("owner_missing", nullptr, std::nullopt, base::text("全文没有写明任何责任单位。", "The document names no unit at all."), std::nullopt);
      return;
    }
    for (const auto& task : plan_.tasks) {
      if (task.measures.empty()) continue;
      if (all_unowned(task)) {
        warn("owner_missing", &task, std::nullopt, base::text("这项任务没有责任单位。", "This task has no unit."), task.span);
        continue;
      }
      for (const auto& measure : task.measures) {
        if (unowned(measure)) warn("owner_missing", &task, measure.position, base::text("第{}项没有责任单位。", "Measure {} has no unit.", measure.position), measure.span);
      }
    }
  }

  void days() {
    const auto check = [&](const Task& task, std::optional<int> measure, const std::vector<Deadline>& deadlines) {
      for (const auto& deadline : deadlines) {
        if (!deadline.by) {
          warn("date_unclear", &task, measure, base::text("期限“{}”看不出是哪一天。", "Which day “{}” means is not clear.", deadline.text), deadline.span);
        } else if (plan_.date && *deadline.by < *plan_.date) {
          warn("date_before_document", &task, measure, base::text("期限“{}”（{}）早于文件日期{}。", "The deadline “{}” ({}) is before the document's own day, {}.", deadline.text, *deadline.by, *plan_.date), deadline.span);
        }
      }
    };
    for (const auto& task : plan_.tasks) {
      check(task, std::nullopt, task.demands.deadlines);
      for (const auto& measure : task.measures) check(task, measure.position, measure.deadlines);
    }
  }

  /// 全年60户，其中灵山镇20户、演丰镇15户: the shares must make the whole.
  void allocations() {
    for (const auto& task : plan_.tasks) {
      check_shares(task, std::nullopt, task.demands.targets, task.demands.allocations);
      for (const auto& measure : task.measures) check_shares(task, measure.position, measure.targets, measure.allocations);
    }
  }

  void check_shares(const Task& task, std::optional<int> measure, const std::vector<Target>& targets, const std::vector<Allocation>& shares) {
    if (shares.empty()) return;
    std::map<std::string, double> sums;
    for (const auto& share : shares) sums[share.unit] += share.value;
    for (const auto& [unit, sum] : sums) {
      const auto whole = std::ranges::find_if(targets, [&](const Target& target) { return target.unit == unit && target.span.end <= shares.front().span.begin; });
      if (whole == targets.end() || whole->value_max || whole->value == sum) continue;
      warn("allocation_sum_differs", &task, measure,
           base::text("分配到各地的数合计{}{}，与总数“{}”不符。", "The shares add up to {} {}, not to “{}”.", sum, unit, whole->text), whole->span);
    }
  }

  /// One unit written in two ways within the text; the rarer one is reported where it first stands.
  void spellings() {
    struct Use { int count = 0; const Task* task = nullptr; const Measure* measure = nullptr; };
    std::map<std::string, Use> uses;
    for (const auto& task : plan_.tasks) {
      for (const auto& measure : task.measures) {
        for (const auto* names : {&measure.lead, &measure.responsible}) {
          for (const auto& name : *names) {
            auto& use = uses[name];
            if (use.count++ == 0) use = {1, &task, &measure};
          }
        }
      }
    }
    if (uses.size() > compared_names_max) return;
    for (auto left = uses.begin(); left != uses.end(); ++left) {
      for (auto right = std::next(left); right != uses.end(); ++right) {
        if (!differ_by_a_word(left->first, right->first)) continue;
        const auto& rare = left->second.count <= right->second.count ? *left : *right;
        const auto& usual = left->second.count <= right->second.count ? *right : *left;
        warn("unit_name_varies", rare.second.task, rare.second.measure->position,
             base::text("正文里单位名称“{}”与“{}”只差一个词，可能是同一单位。", "In the text, “{}” and “{}” differ by a word and may be one unit.", rare.first, usual.first),
             rare.second.measure->owners_span);
      }
    }
  }

  /// …坚持甲、坚持乙的“七个坚持”: the list should have as many as it says.
  void announced_numbers() {
    const std::u32string_view text = flow_.folded;
    for (auto open = text.find(U'“'); open != text.npos; open = text.find(U'“', open + 1)) {
      Reader reader(text, open + 1);
      const auto count = reader.take_number(2, 30);
      if (!count || !reader.take(U"个")) continue;
      const auto word_begin = reader.at();
      auto word_end = word_begin;
      while (word_end < text.size() && word_end - word_begin < 5 && is_han(text[word_end])) ++word_end;
      if (word_end - word_begin < 2 || word_end >= text.size() || text[word_end] != U'”') continue;
      const auto word = text.substr(word_begin, word_end - word_begin);
      auto from = open;
      while (from > 0 && open - from < announced_list_reach && text[from - 1] != U'。' && text[from - 1] != U'\n') --from;
      // Only members of the list that ends right before: each behind a 、 or at its beginning.
      int listed = 0;
      for (auto at = text.find(word, from); at < open; at = text.find(word, at + word.size())) ++listed;
      if (listed < 2 || listed == *count || text[open - 1] != U'的') continue;
      warn("announced_number_differs", nullptr, std::nullopt,
           base::text("文中说“{}个{}”，前面只列出{}个。", "The text speaks of {} “{}” but lists {}.", *count, base::utf8(word), listed), flow_.span(open, word_end + 1));
    }
  }

  /// A lone English word between Chinese ones is a slip of whoever converted the file.
  void stray_words() {
    const std::u32string_view text = characters_.folded;
    for (std::size_t i = 1; i < text.size(); ++i) {
      if (!is_letter(text[i]) || text[i - 1] != U' ') continue;
      auto end = i;
      while (end < text.size() && is_letter(text[end])) ++end;
      const auto word = text.substr(i, end - i);
      const bool stray = word == U"and" || word == U"or" || word == U"the" || word == U"of" || word == U"with";
      if (stray && i >= 2 && is_han(text[i - 2]) && end + 1 < text.size() && is_han(text[end + 1])) {
        warn("stray_word", nullptr, std::nullopt, base::text("中文里夹着英文“{}”，可能是转换时的差错。", "A stray “{}” stands in the Chinese text.", base::utf8(word)), characters_.span(i, end));
      }
      i = end;
    }
  }

  const Flow& flow_;
  const Characters& characters_;
  PlanDocument& plan_;
};

}  // namespace

void add_defects(const Flow& flow, const Characters& characters, PlanDocument& plan) {
  Check(flow, characters, plan).run();
}

}  // namespace yihu::plan

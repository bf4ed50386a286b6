#include "base/chinese_number.h"
#include "plan/reading/plan_document.h"

#include <fmt/format.h>

#include <algorithm>

namespace yihu::plan {
namespace {

constexpr std::size_t text_length_max = 40;

struct Words {
  std::string_view title, number, issuer, date, year, table, warnings, none, lead, responsible, by, per, target, share, unclear;
};
constexpr Words chinese{"标题：", "文号：", "发文：", "日期：", "年度：", "速览表：{}项任务，{}条措施", "提示：{}条", "（未写）", "牵头：", "责任：", "期限：", "频次：", "指标：", "分配：", "不明确"};
constexpr Words english{"title: ", "number: ", "issuer: ", "date: ", "year: ", "table: {} tasks, {} measures", "warnings: {}", "(not given)", "lead: ", "responsible: ", "by: ", "every: ", "target: ", "share: ", "unclear"};

std::string period(const std::string& per, base::Language language) {
  if (language == base::Language::en) return per;
  if (per == "day") return "日";
  if (per == "week") return "周";
  if (per == "half_month") return "半月";
  if (per == "month") return "月";
  if (per == "quarter") return "季度";
  if (per == "half_year") return "半年";
  if (per == "term") return "学期";
  return "年";
}

/// 3 and 2.5, never 3.000000.
std::string plain(double value) { return fmt::format("{}", value); }

std::string shortened(const std::string& text) {
  if (base::count_code_points(text) <= text_length_max) return text;
  return std::string(base::first_code_points(text, text_length_max)) + "…";
}

class Outline {
 public:
  Outline(const PlanDocument& plan, base::Language language) : plan_(plan), language_(language), words_(language == base::Language::en ? english : chinese) {}

  std::string write() {
    head();
    std::size_t next_part = 0;
    for (const auto& task : plan_.tasks) {
      while (next_part < plan_.parts.size() && (part_before(task, plan_.parts[next_part]))) part(plan_.parts[next_part++]);
      write_task(task);
    }
    while (next_part < plan_.parts.size()) part(plan_.parts[next_part++]);
    if (!plan_.table.empty()) {
      std::size_t measures = 0;
      for (const auto& task : plan_.table) measures += task.measures.size();
      line(fmt::format(fmt::runtime(words_.table), plan_.table.size(), measures));
    }
    if (!plan_.warnings.empty()) warnings();
    return std::move(out_);
  }

 private:
  void line(std::string_view text) { out_ += fmt::format("{}\n", text); }

  void head() {
    const auto field = [&](std::string_view name, const std::string& value) { line(fmt::format("{}{}", name, value.empty() ? words_.none : value)); };
    field(words_.title, plan_.title);
    field(words_.number, plan_.number);
    field(words_.issuer, plan_.issuer);
    field(words_.date, plan_.date.value_or(""));
    field(words_.year, plan_.year ? std::to_string(*plan_.year) : "");
  }

  /// A plan read from a table has parts without a place: they stand before the tasks.
  bool part_before(const Task& task, const Part& part) const { return part.span.begin <= task.span.begin; }

  void part(const Part& part) { line(fmt::format("{}、{}", base::chinese_from_number(part.no), part.title)); }

  void write_task(const Task& task) {
    const auto number = task.no > 0 && task.no < 10'000 ? base::chinese_from_number(task.no) : "·";
    line(fmt::format("  （{}）{}{}", number, task.title, demands(task.demands.deadlines, task.demands.recurrences, task.demands.targets, task.demands.allocations)));
    for (const auto& measure : task.measures) {
      const auto no = measure.no ? fmt::format("{}. ", *measure.no) : std::string("· ");
      std::string owners;
      if (!measure.lead.empty()) owners += fmt::format("【{}{}】", words_.lead, fmt::join(measure.lead, "、"));
      if (!measure.responsible.empty()) owners += fmt::format("【{}{}】", words_.responsible, fmt::join(measure.responsible, "、"));
      line(fmt::format("    {}{}{}{}", no, shortened(measure.text), owners, demands(measure.deadlines, measure.recurrences, measure.targets, measure.allocations)));
    }
  }

  std::string demands(const std::vector<Deadline>& deadlines, const std::vector<Recurrence>& recurrences, const std::vector<Target>& targets,
                      const std::vector<Allocation>& allocations) const {
    std::string out;
    for (const auto& item : deadlines) {
      const auto from = item.from ? *item.from + "～" : std::string();
      out += fmt::format("【{}{}{}】", words_.by, from, item.by ? *item.by : fmt::format("{}“{}”", words_.unclear, item.text));
    }
    for (const auto& item : recurrences) out += fmt::format("【{}{}×{}】", words_.per, period(item.per, language_), item.times);
    for (const auto& item : targets) {
      const auto value = item.value_max ? fmt::format("{}～{}", plain(item.value), plain(*item.value_max)) : item.op + plain(item.value);
      out += fmt::format("【{}{}{}】", words_.target, value, item.unit);
    }
    if (!allocations.empty()) {
      out += fmt::format("【{}", words_.share);
      for (std::size_t i = 0; i < allocations.size(); ++i) out += fmt::format("{}{}{}{}", i > 0 ? "、" : "", allocations[i].to, plain(allocations[i].value), allocations[i].unit);
      out += "】";
    }
    return out;
  }

  void warnings() {
    line(fmt::format(fmt::runtime(words_.warnings), plan_.warnings.size()));
    for (const auto& warning : plan_.warnings) {
      std::string place;
      if (warning.task) place = *warning.task > 0 ? fmt::format("（{}）", base::chinese_from_number(*warning.task)) : "（·）";
      if (warning.measure) place += fmt::format("{}.", *warning.measure);
      line(fmt::format("  {}{}{} {}", warning.code, place.empty() ? "" : " ", place, warning.text.in(language_)));
    }
  }

  const PlanDocument& plan_;
  base::Language language_;
  const Words& words_;
  std::string out_;
};

}  // namespace

std::string outline_from_plan(const PlanDocument& plan, base::Language language) { return Outline(plan, language).write(); }

}  // namespace yihu::plan

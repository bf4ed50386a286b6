// Indicators and goals: the figures of a plan that come from facts.

#include "pack/loading.h"

#include "base/utf8.h"

#include <charconv>
#include <cmath>

namespace yihu::pack {
namespace {

/// "100%", ">= 1", "<= 2%". Without a sign the figure is to be reached.
std::optional<Target> target_from(std::string_view written) {
  Target out{.op = ">=", .value = 0, .percent = false};
  for (const std::string_view op : {">=", "<=", ">", "<", "="}) {
    if (!written.starts_with(op)) continue;
    out.op = op;
    written.remove_prefix(op.size());
    break;
  }
  while (written.starts_with(' ')) written.remove_prefix(1);
  if (written.ends_with('%')) {
    out.percent = true;
    written.remove_suffix(1);
  }
  while (written.ends_with(' ')) written.remove_suffix(1);
  const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), out.value, std::chars_format::fixed);
  if (error != std::errc() || end != written.data() + written.size() || !std::isfinite(out.value)) return std::nullopt;
  return out;
}

std::optional<Target> target(const Value& value) {
  const auto written = value.text();
  if (!written) return std::nullopt;
  auto out = target_from(*written);
  if (!out) {
    value.mistake("pack_target", base::text("“{}”不是目标值。", "\"{}\" is not a target.", base::first_code_points(*written, 20)),
                  base::text("请写成 100%、>= 1 或 <= 2% 的样子。", "Write it like 100%, >= 1 or <= 2%."));
  }
  return out;
}

std::optional<MeasureName> measure(const Value& value, Loading& loading) {
  const auto written = value.text();
  if (!written) return std::nullopt;
  const auto dot = written->find('.');
  const auto task = article_number(std::string_view(*written).substr(0, dot));
  int number = 0;
  if (dot != written->npos) std::from_chars(written->data() + dot + 1, written->data() + written->size(), number);
  if (!task || number < 1) {
    value.mistake("pack_measure", base::text("“{}”不是措施。", "\"{}\" is not a measure.", base::first_code_points(*written, 20)),
                  base::text("请写成 十.7 的样子：第十项任务的第 7 条措施。", "Write it like 十.7: measure 7 of task 10."));
    return std::nullopt;
  }
  loading.measures.push_back({{*task, number}, value.place()});
  return MeasureName{*task, number};
}

void read_figure(Fields& fields, const Value& value, Indicator& out, Loading& loading) {
  const Value rule = fields.may("rule");
  const Value count = fields.may("count");
  const Value of = fields.may("of");
  if (auto id = rule.id()) {
    loading.references.push_back({*id, rule.place(), Named::rule});
    out.rule = std::move(*id);
  }
  out.count = expression_from(count);
  out.of = expression_from(of);
  if (rule.present() == count.present()) {
    value.mistake("pack_indicator", base::text("指标要么写 rule，要么写 count。", "An indicator has either `rule` or `count`."));
  }
  if (of.present() && !count.present()) {
    of.mistake("pack_indicator", base::text("of 只与 count 一起用。", "`of` goes with `count` only."));
  }
  const Value subject = fields.may("subject");
  const auto named = subject_from(subject);
  out.subject = named.value_or(Subject::household);
  if (count.present() && !named) {
    value.mistake("pack_indicator", base::text("写 count 的指标必须写 subject。", "An indicator with `count` needs `subject`."));
  }
  if (named == Subject::none) {
    subject.mistake("pack_rule_subject", base::text("指标必须针对户、人或村。", "An indicator is about households, persons or villages."));
  }
}

}  // namespace

void read_indicators(const Value& section, Loading& loading) {
  for (const auto& [id, value] : section.entries()) {
    Fields fields = value.fields();
    Indicator out;
    out.id = id;
    out.place = value.place();
    out.layer = loading.layer_id;
    out.article = loading.article;
    out.label = fields.need("label").bilingual().value_or(base::Text{});
    read_figure(fields, value, out, loading);
    out.unit = fields.may("unit").bilingual(Value::Single::allowed).value_or(base::Text{});
    out.target = target(fields.may("target"));
    out.measure = measure(fields.may("measure"), loading);
    out.source = source_from(fields.may("source"), loading);
    loading.put(loading.pack.indicators, std::move(out), "indicator", value.place());
  }
}

void read_goals(const Value& section, Loading& loading) {
  for (const auto& [id, value] : section.entries()) {
    Fields fields = value.fields();
    Goal out;
    out.id = id;
    out.place = value.place();
    out.layer = loading.layer_id;
    out.label = fields.need("label").bilingual().value_or(base::Text{});
    out.cohort = fields.may("cohort").id().value_or("");
    out.households = static_cast<int>(fields.may("households").integer(0, 10'000'000).value_or(0));
    out.people = static_cast<int>(fields.may("people").integer(0, 100'000'000).value_or(0));
    out.list = expression_from(fields.may("list"));
    out.holds = expression_from(fields.need("holds"));
    out.subject = subject_from(fields.may("subject")).value_or(Subject::household);
    out.measure = measure(fields.may("measure"), loading);
    out.source = source_from(fields.may("source"), loading);
    loading.put(loading.pack.goals, std::move(out), "goal", value.place());
  }
}

}  // namespace yihu::pack

#include "pack/burden.h"

#include "pack/loading.h"

#include <map>

namespace yihu::pack {
namespace {

/// What every ledger may have of its own without asking anybody twice.
constexpr std::string_view shared_labels[] = {"备注", "说明", "开始日期", "结束日期", "日期", "金额", "金额（元）", "数量", "名称", "地点", "状态", "类别", "类型", "负责人"};

std::string label_key(const Ledger& ledger, const Column& column) {
  return std::string(name_of(ledger.subject)) + " " + name_key(column.label.zh);
}

bool is_shared(const Column& column) {
  for (const std::string_view label : shared_labels) {
    if (column.label.zh == label) return true;
  }
  return false;
}

}  // namespace

int times_per_year(Period period) {
  switch (period) {
    case Period::none:
    case Period::year: return 1;
    case Period::half_year: return 2;
    case Period::quarter: return 4;
    case Period::month: return 12;
  }
  return 1;
}

std::vector<AskedFact> asked_facts(const Pack& pack) {
  std::vector<AskedFact> out;
  std::map<std::string, std::size_t> by_fact;
  std::map<std::string, std::size_t> by_label;
  for (const Ledger& ledger : pack.ledgers) {
    for (const Column& column : ledger.columns) {
      const std::string own = std::string(name_of(ledger.subject)) + "." + ledger.id + "." + column.id;
      const std::string fact = column.fact.empty() ? own : column.fact;
      auto at = by_fact.find(fact);
      // Ledgers about nobody share words without sharing facts: every project has a place and an amount.
      const bool by_words = ledger.subject != Subject::none && !is_shared(column);
      if (at == by_fact.end() && by_words) {
        if (const auto same = by_label.find(label_key(ledger, column)); same != by_label.end()) {
          at = by_fact.emplace(fact, same->second).first;
        }
      }
      if (at == by_fact.end()) {
        at = by_fact.emplace(fact, out.size()).first;
        out.push_back({fact, column.label, {}});
      }
      if (by_words) by_label.emplace(label_key(ledger, column), at->second);
      out[at->second].askers.push_back({&ledger, &column});
    }
  }
  return out;
}

void warn_of_burden(Loading& loading) {
  for (const AskedFact& asked : asked_facts(loading.pack)) {
    for (std::size_t i = 1; i < asked.askers.size(); ++i) {
      const auto& first = asked.askers.front();
      const auto& other = asked.askers[i];
      base::Error warning{base::ErrorKind::input, "pack_asked_twice",
                          base::text("“{0}”与 {1} 第 {2} 行的“{3}·{4}”记的是同一件事。",
                                     "\"{5}\" records the same as \"{6} · {7}\" in {1}, line {2}.", other.column->label.zh,
                                     first.column->place.file, first.column->place.line, first.ledger->label.zh,
                                     first.column->label.zh, other.column->label.en, first.ledger->label.en, first.column->label.en),
                          base::text("请只在一处填写，另一处用事实引用。", "Ask for it in one place and refer to it by a fact elsewhere."),
                          other.column->place,
                          {}};
      loading.pack.warnings.push_back(std::move(warning));
    }
  }
}

}  // namespace yihu::pack

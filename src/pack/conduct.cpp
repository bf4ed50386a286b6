#include "pack/conduct.h"

#include "pack/rule_schema.h"

#include <algorithm>

namespace yihu::pack {
namespace {

// Whole words of an id: "water_rating" is about water, "credit_rating" about a person.
constexpr std::string_view id_words[] = {"conduct",   "behaviour",  "behavior", "morality",  "credit_rating", "credit_score",
                                         "complaint", "complaints", "petition", "petitions", "blacklist",     "dishonest",
                                         "reputation", "sanction",  "sanctions", "grievance", "grievances"};
constexpr std::string_view label_words[] = {"信用评级", "信用等级", "信用评分", "信用得分", "信访", "上访", "投诉", "举报", "失信",
                                            "道德评", "道德积分", "文明积分", "表现评", "现实表现", "思想表现", "品行", "红黑榜",
                                            "黑名单", "惩戒", "好逸恶劳", "懒汉"};

bool has_word(std::string_view id, std::string_view word) {
  for (auto at = id.find(word); at != id.npos; at = id.find(word, at + 1)) {
    const bool begins = at == 0 || id[at - 1] == '_';
    const bool ends = at + word.size() == id.size() || id[at + word.size()] == '_';
    if (begins && ends) return true;
  }
  return false;
}

/// What the expression reads that it must not: the words people know it by.
std::optional<base::Text> conduct_read(const Pack& pack, const rule::Reads& reads) {
  for (const Ledger& ledger : pack.ledgers) {
    const std::string table = table_of(ledger);
    const bool whole = is_about_conduct(ledger.id, ledger.label);
    for (const auto& read : reads.columns) {
      if (read.table != table) continue;
      if (whole) return ledger.label;
      const Column* column = ledger.column(read.column);
      if (column != nullptr && is_about_conduct(column->id, column->label)) return column->label;
    }
    if (whole && reads.ledgers.contains(ledger.id)) return ledger.label;
  }
  return std::nullopt;
}

}  // namespace

bool is_about_conduct(std::string_view id, const base::Text& label) {
  return std::ranges::any_of(id_words, [&](std::string_view word) { return has_word(id, word); }) ||
         std::ranges::any_of(label_words, [&](std::string_view word) { return label.zh.find(word) != label.zh.npos; });
}

void refuse_conduct(Loading& loading, const Rule& rule, const Expression& expression, const rule::Reads& reads) {
  if (rule.kind != RuleKind::guarantee && rule.kind != RuleKind::entitlement) return;
  const auto read = conduct_read(loading.pack, reads);
  if (!read) return;
  loading.mistakes.add(expression.place, "pack_conduct_decides",
                       base::text("“{0}”不能决定保障或待遇：这条规则读了它。", "This rule reads \"{1}\", which may not decide on aid.", read->zh, read->en),
                       base::text("请去掉这个条件；表现、评级、投诉和信访都不得作为给不给帮扶的依据。",
                                  "Leave that condition out: conduct, ratings, complaints and petitions never decide who is helped."));
}

}  // namespace yihu::pack

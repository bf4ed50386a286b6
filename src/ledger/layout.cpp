#include "ledger/layout.h"

#include "base/nearest.h"
#include "sheet/cell_value.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace yihu::ledger {
namespace {

using base::ErrorKind;
using base::Result;
using pack::Subject;
using store::Sql;

constexpr Sql layout_find = "SELECT choices FROM ledger_layout WHERE ledger = :ledger AND headings = :headings";
constexpr Sql layout_put =
    "INSERT INTO ledger_layout (ledger, headings, choices, at) VALUES (:ledger, :headings, :choices, :at)"
    " ON CONFLICT (ledger, headings) DO UPDATE SET choices = :choices, at = :at";

struct KeyWord {
  std::string_view target;
  std::string_view word;
};
// As headings write them. "姓名" of a household's ledger is its head's name.
constexpr KeyWord key_words[] = {
    {"@id_number", "证件号码"},   {"@id_number", "身份证号"},     {"@id_number", "身份证号码"},   {"@id_number", "公民身份号码"},
    {"@id_number", "身份证"},     {"@id_number", "证件号"},       {"@id_number", "户主证件号码"}, {"@id_number", "户主身份证号"},
    {"@id_number", "户主身份证号码"}, {"@id_number", "ID number"},  {"@code", "人员编号"},          {"@code", "人编号"},
    {"@code", "户编号"},          {"@code", "户号"},              {"@code", "Number"},            {"@name", "姓名"},
    {"@name", "户主姓名"},        {"@name", "户主"},              {"@name", "人员姓名"},          {"@name", "Name"},
    {"@birth", "出生日期"},       {"@birth", "出生年月日"},       {"@birth", "Date of birth"},    {"@village", "行政村"},
    {"@village", "村"},           {"@village", "村名"},           {"@village", "所在村"},         {"@village", "村委会"},
    {"@village", "村社区"},       {"@village", "Village"},        {"@village_code", "行政村代码"}, {"@village_code", "村代码"},
    {"@village_code", "区划代码"}, {"@village_code", "Village code"}, {"@period", "期间"},        {"@period", "年度"},
    {"@period", "年份"},          {"@period", "填报期"},          {"@period", "季度"},            {"@period", "月份"},
    {"@period", "Period"}};

constexpr std::string_view matches[] = {"id_number", "code", "name_birth_village", "village", "none"};

bool key_applies(const pack::Ledger& ledger, std::string_view target) {
  if (target == "@period") return ledger.period != pack::Period::none;
  switch (ledger.subject) {
    case Subject::person: return true;
    case Subject::household: return target != "@birth";
    case Subject::village: return target == "@village" || target == "@village_code";
    case Subject::none: return false;
  }
  return false;
}

/// heading key → target, the ledger's own columns before what says whom it is about.
std::map<std::string, std::string> targets_of(const LedgerTable& table) {
  std::map<std::string, std::string> out;
  for (const pack::Column& column : table.ledger().columns) {
    for (const std::string& word : {column.label.zh, column.label.en, column.id}) out.emplace(sheet::heading_key(word), column.id);
  }
  for (const KeyWord& key : key_words) {
    if (key_applies(table.ledger(), key.target)) out.emplace(sheet::heading_key(key.word), key.target);
  }
  return out;
}

std::map<std::string, std::string> remembered_targets(const std::string& json) {
  std::map<std::string, std::string> out;
  boost::json::error_code problem;
  const auto parsed = boost::json::parse(json, problem);
  if (problem || !parsed.is_object()) return out;
  for (const auto& [heading, target] : parsed.get_object()) {
    if (target.is_string()) out.emplace(heading, std::string(target.get_string()));
  }
  return out;
}

std::string suggested(const LedgerTable& table, const std::string& heading) {
  std::vector<std::string> keys;
  for (const pack::Column& column : table.ledger().columns) keys.push_back(sheet::heading_key(column.label.zh));
  const std::vector<std::string_view> views(keys.begin(), keys.end());
  const std::string key = sheet::heading_key(heading);
  const auto near = base::nearest(key, views, 1);
  if (!near.empty()) return table.ledger().columns[near.front()].id;
  // "参保情况（是/否）" for 是否参保: one heading inside the other.
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (key.size() >= 6 && keys[i].size() >= 6 && (keys[i].find(key) != std::string::npos || key.find(keys[i]) != std::string::npos)) {
      return table.ledger().columns[i].id;
    }
  }
  return {};
}

base::Error wrong(std::string code, base::Text text, base::Text mend = {}) {
  return {ErrorKind::input, std::move(code), std::move(text), std::move(mend), {}, {}};
}

std::string_view word_of(std::string_view target) {
  for (const KeyWord& key : key_words) {
    if (key.target == target) return key.word;
  }
  return target;
}

std::size_t headings_of_ours(const sheet::TableHead& head, const std::map<std::string, std::string>& targets) {
  std::set<std::string> found;
  for (const sheet::TableColumn& column : head.columns) {
    auto match = targets.find(sheet::heading_key(column.heading));
    if (match == targets.end() && !column.parts.empty()) match = targets.find(sheet::heading_key(column.parts.back()));
    if (match != targets.end()) found.insert(match->second);
  }
  return found.size();
}

/// The sheet with most of our headings, the first of several; or the one that was chosen.
Result<std::pair<std::size_t, sheet::TableHead>> head_of(const LedgerTable& table, sheet::Workbook& workbook, const ImportChoices& choices,
                                                         const base::Cancel& cancel) {
  const auto known = known_headings(table);
  if (choices.sheet) {
    const auto index = static_cast<std::size_t>(*choices.sheet - 1);
    if (*choices.sheet < 1 || index >= workbook.sheets().size()) {
      return base::fail(wrong("sheet_unknown", base::text("没有第 {} 张工作表。", "There is no sheet {}.", *choices.sheet)));
    }
    auto head = TRY(sheet::table_head(workbook, index, known, cancel));
    return std::pair{index, std::move(head)};
  }
  std::optional<base::Error> first;
  std::optional<std::pair<std::size_t, sheet::TableHead>> best;
  std::size_t most = 0;
  const auto targets = targets_of(table);
  for (std::size_t index = 0; index < workbook.sheets().size(); ++index) {
    if (workbook.sheets()[index].hidden) continue;
    auto head = sheet::table_head(workbook, index, known, cancel);
    if (head) {
      const std::size_t ours = headings_of_ours(*head, targets);
      if (workbook.sheets().size() == 1) return std::pair{index, std::move(*head)};
      // Instructions, covers and summaries may look like a table too; they have none of our columns, or few.
      if (ours > most) {
        most = ours;
        best.emplace(index, std::move(*head));
      }
      if (ours > 0) continue;
      if (!first) {
        first = wrong("headings_unknown", base::text("没有一张工作表的标题与台账“{0}”相符。", "No sheet has headings of the ledger \"{1}\".",
                                                     table.ledger().label.zh, table.ledger().label.en),
                      base::text("请用台账的模板，或指明工作表和各列。", "Use the ledger's template, or name the sheet and its columns."));
      }
      continue;
    }
    if (head.error().kind == ErrorKind::cancelled) return base::fail(std::move(head).error());
    if (!first) first = std::move(head).error();
  }
  if (best) return std::move(*best);
  return base::fail(first.value_or(wrong("sheet_empty", base::text("工作簿里没有表格。", "The workbook holds no table."))));
}

/// Of two headings that say the same of a row, the one that is about the ledger's subject counts: 姓名 beside 户主姓名 in a
/// ledger of people, 户主姓名 in one of households. Else the first.
bool make_room(Layout& layout, const std::string& target, const std::string& heading, Subject subject) {
  const auto taken = layout.position(target);
  if (!taken) return true;
  LayoutColumn& other = layout.columns[*taken];
  const auto fits = [&](const std::string& text) { return text.starts_with("户主") == (subject == Subject::household); };
  if (target.front() != '@' || other.how != LayoutColumn::How::heading || fits(other.heading) || !fits(heading)) return false;
  other.target.clear();
  other.how = LayoutColumn::How::unmatched;
  return true;
}

/// A heading that is there twice gets its place behind it, so that each can be chosen and remembered by itself.
void number_repeated(sheet::TableHead& head) {
  std::map<std::string, int> seen;
  for (sheet::TableColumn& column : head.columns) {
    if (const int count = ++seen[column.heading]; count > 1) column.heading += fmt::format("({})", count);
  }
}

base::Done check_units(const LedgerTable& table, const sheet::TableHead& head, const Layout& layout) {
  std::vector<base::Error> mistakes;
  for (const LayoutColumn& column : layout.columns) {
    const pack::Column* declared = table.ledger().column(column.target);
    if (declared == nullptr || declared->type != pack::ColumnType::money) continue;
    if (auto in_yuan = sheet::expect_yuan(head, column.heading, column.address); !in_yuan) mistakes.push_back(std::move(in_yuan).error());
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  return {};
}

}  // namespace

std::string_view name_of(Match match) { return matches[static_cast<std::size_t>(match)]; }

std::optional<Match> match_from(std::string_view name) {
  for (std::size_t i = 0; i < std::size(matches); ++i) {
    if (matches[i] == name) return static_cast<Match>(i);
  }
  return std::nullopt;
}

std::optional<std::size_t> Layout::position(std::string_view target) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].target == target) return i;
  }
  return std::nullopt;
}

std::string json_from(const ImportChoices& choices) {
  boost::json::object targets;
  for (const auto& [heading, target] : choices.targets) targets[heading] = target;
  boost::json::object out{{"targets", std::move(targets)}, {"create", choices.create}, {"clear_empty", choices.clear_empty}, {"period", choices.period}};
  out["sheet"] = choices.sheet ? boost::json::value(*choices.sheet) : boost::json::value(nullptr);
  out["match"] = choices.match ? boost::json::value(name_of(*choices.match)) : boost::json::value(nullptr);
  return boost::json::serialize(out);
}

Result<ImportChoices> choices_from(std::string_view json) {
  ImportChoices out;
  boost::json::error_code problem;
  const auto parsed = boost::json::parse(json, problem);
  if (problem || !parsed.is_object()) return base::fail(wrong("choices_unreadable", base::text("导入选项不可读。", "The choices cannot be read.")));
  for (const auto& [key, value] : parsed.get_object()) {
    if (value.is_null()) continue;
    if (key == "targets" && value.is_object()) {
      for (const auto& [heading, target] : value.get_object()) {
        if (target.is_string()) out.targets[std::string(heading)] = std::string(target.get_string());
      }
    } else if (key == "create" && value.is_bool()) {
      out.create = value.get_bool();
    } else if (key == "clear_empty" && value.is_bool()) {
      out.clear_empty = value.get_bool();
    } else if (key == "period" && value.is_string()) {
      out.period = std::string(value.get_string());
    } else if (key == "sheet" && value.is_int64()) {
      out.sheet = static_cast<int>(value.get_int64());
    } else if (key == "match" && value.is_string() && match_from(value.get_string())) {
      out.match = match_from(value.get_string());
    } else {
      return base::fail(wrong("choices_unreadable", base::text("导入选项“{}”不可读。", "The choice \"{}\" cannot be read.", std::string_view(key))));
    }
  }
  return out;
}

std::vector<std::string> known_headings(const LedgerTable& table) {
  std::vector<std::string> out;
  for (const pack::Column& column : table.ledger().columns) {
    out.push_back(column.label.zh);
    out.push_back(column.label.en);
  }
  for (const KeyWord& key : key_words) {
    if (key_applies(table.ledger(), key.target)) out.emplace_back(key.word);
  }
  return out;
}

Result<Layout> layout_of(const LedgerTable& table, sheet::Workbook& workbook, const ImportChoices& choices, store::Session& session,
                         const base::Cancel& cancel) {
  auto [index, head] = TRY(head_of(table, workbook, choices, cancel));
  number_repeated(head);
  Layout out;
  out.sheet = index;
  out.sheet_name = head.sheet;
  out.head_row = head.last_row;
  for (const sheet::TableColumn& column : head.columns) out.headings += sheet::heading_key(column.heading) + "\n";
  const auto stored = TRY(session.find(layout_find, {{"ledger", table.ledger().id}, {"headings", out.headings}}));
  const auto remembered = stored ? remembered_targets(stored->text(0)) : std::map<std::string, std::string>();
  const auto targets = targets_of(table);
  for (const sheet::TableColumn& column : head.columns) {
    LayoutColumn one{column.column, column.heading, column.address, {}, LayoutColumn::How::unmatched, {}};
    const auto found = [&](const std::string& heading) { return targets.find(sheet::heading_key(heading)); };
    auto match = found(column.heading);
    // "参保情况/是否参保": the lowest line of a two-line heading names the column.
    if (match == targets.end() && column.parts.size() > 1) match = found(column.parts.back());
    if (const auto chosen = choices.targets.find(column.heading); chosen != choices.targets.end()) {
      one.target = chosen->second;
      one.how = LayoutColumn::How::chosen;
    } else if (const auto known = remembered.find(column.heading); known != remembered.end()) {
      one.target = known->second;
      one.how = LayoutColumn::How::remembered;
    } else if (match != targets.end() && make_room(out, match->second, column.heading, table.ledger().subject)) {
      one.target = match->second;
      one.how = LayoutColumn::How::heading;
    } else if (match == targets.end()) {
      one.suggestion = suggested(table, column.heading);
    }
    out.columns.push_back(std::move(one));
  }
  TRY(check_units(table, head, out));
  for (LayoutColumn& column : out.columns) {
    if (!column.suggestion.empty() && out.position(column.suggestion)) column.suggestion.clear();
  }
  return out;
}

std::optional<Match> likely_match(const LedgerTable& table, const Layout& layout) {
  const auto has = [&](std::string_view target) { return layout.position(target).has_value(); };
  const bool village = has("@village") || has("@village_code");
  switch (table.ledger().subject) {
    case Subject::none: return Match::none;
    case Subject::village: return village ? std::optional(Match::village) : std::nullopt;
    case Subject::person:
    case Subject::household:
      if (has("@id_number")) return Match::id_number;
      if (has("@code")) return Match::code;
      if (has("@name") && village && (table.ledger().subject == Subject::household || has("@birth"))) return Match::name_birth_village;
      return std::nullopt;
  }
  return std::nullopt;
}

base::Done check_layout(const LedgerTable& table, const Layout& layout, Match match) {
  std::vector<base::Error> mistakes;
  std::map<std::string, const LayoutColumn*> taken;
  bool any = false;
  for (const LayoutColumn& column : layout.columns) {
    if (column.target.empty()) continue;
    const bool key = column.target.front() == '@';
    any = any || !key;
    const bool known = key ? std::ranges::any_of(key_words, [&](const KeyWord& word) { return word.target == column.target; })
                           : table.ledger().column(column.target) != nullptr;
    if (!known) {
      mistakes.push_back(wrong("column_unknown", base::text("台账没有“{}”列。", "The ledger has no column \"{}\".", column.target)));
    } else if (const auto [at, added] = taken.emplace(column.target, &column); !added) {
      mistakes.push_back(wrong("column_twice", base::text("“{}”与“{}”都对应同一列。", "\"{}\" and \"{}\" stand for the same column.",
                                                          at->second->heading, column.heading),
                               base::text("请只选一个。", "Choose one of them.")));
    } else {
      continue;
    }
    mistakes.back().place.cell = column.address;
  }
  const auto need = [&](std::initializer_list<std::string_view> any_of) {
    if (std::ranges::any_of(any_of, [&](std::string_view target) { return taken.contains(std::string(target)); })) return;
    mistakes.push_back(wrong("key_missing", base::text("缺少“{}”列，不知道每一行说的是谁。", "The column \"{}\" is missing, which says whom a row is about.",
                                                       word_of(*any_of.begin())),
                             base::text("请补上这一列，或换一种匹配方式。", "Add it, or match in another way.")));
  };
  switch (match) {
    case Match::id_number: need({"@id_number"}); break;
    case Match::code: need({"@code"}); break;
    case Match::name_birth_village:
      need({"@name"});
      need({"@village", "@village_code"});
      if (table.ledger().subject == Subject::person) need({"@birth"});
      break;
    case Match::village: need({"@village", "@village_code"}); break;
    case Match::none: break;
  }
  if (!any) {
    mistakes.push_back(wrong("columns_missing", base::text("没有一列与台账的列对应。", "No column of the sheet is a column of the ledger.")));
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  return {};
}

base::Done remember(store::Transaction& transaction, const LedgerTable& table, const Layout& layout) {
  boost::json::object targets;
  for (const LayoutColumn& column : layout.columns) targets[column.heading] = column.target;
  TRY(transaction.execute(layout_put, {{"ledger", table.ledger().id}, {"headings", layout.headings},
                                       {"choices", boost::json::serialize(targets)}, {"at", transaction.now()}}));
  return {};
}

}  // namespace yihu::ledger

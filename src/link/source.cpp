#include "link/source.h"

#include <algorithm>
#include <set>

namespace yihu::link {
namespace {

constexpr std::size_t rows_per_part = 65'536;

/// Length of a blank at the front of `text`; 0 when there is none.
std::size_t blank_at_front(std::string_view text) {
  if (text.front() == ' ' || text.front() == '\t' || text.front() == '\r') return 1;
  if (text.starts_with("\xC2\xA0")) return 2;
  if (text.starts_with("\xE3\x80\x80") || text.starts_with("\xEF\xBB\xBF") || text.starts_with("\xE2\x80\x8B")) return 3;
  return 0;
}

std::size_t blank_at_back(std::string_view text) {
  if (text.back() == ' ' || text.back() == '\t' || text.back() == '\r') return 1;
  if (text.ends_with("\xC2\xA0")) return 2;
  if (text.ends_with("\xE3\x80\x80") || text.ends_with("\xEF\xBB\xBF") || text.ends_with("\xE2\x80\x8B")) return 3;
  return 0;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty()) {
    const std::size_t blank = blank_at_front(text);
    if (blank == 0) break;
    text.remove_prefix(blank);
  }
  while (!text.empty()) {
    const std::size_t blank = blank_at_back(text);
    if (blank == 0) break;
    text.remove_suffix(blank);
  }
  return text;
}

base::Done Source::set_headings(std::vector<std::string> headings, const std::string& name) {
  const auto wrong = [&](std::string code, base::Text text) {
    return base::fail(base::Error{base::ErrorKind::input, std::move(code), std::move(text), {}, {name, 1, 0, {}, {}}, {}});
  };
  if (headings.size() > columns_max) {
    return wrong("columns_too_many", base::text("表里有 {} 列，最多 {} 列。", "The table has {} columns; at most {} can be read.", headings.size(), columns_max));
  }
  std::set<std::string> seen;
  for (std::string& heading : headings) {
    heading = std::string(trimmed(heading));
    if (heading.empty()) return wrong("heading_empty", base::text("第 {} 列没有列名。", "Column {} has no heading.", seen.size() + 1));
    if (!seen.insert(heading).second) return wrong("heading_twice", base::text("列名“{}”出现了两次。", "The heading “{}” stands twice.", heading));
  }
  if (headings.empty()) return wrong("table_empty", base::text("表是空的，连列名也没有。", "The table is empty; it has not even headings."));
  headings_ = std::move(headings);
  return {};
}

base::Result<TableSource> TableSource::from(std::string name, std::vector<std::vector<std::string>> rows) {
  TableSource source;
  source.name_ = std::move(name);
  std::vector<std::string> headings;
  if (!rows.empty()) headings = std::move(rows.front());
  TRY(source.set_headings(std::move(headings), source.name_));
  if (!rows.empty()) rows.erase(rows.begin());
  for (auto& row : rows) row.resize(source.headings().size());
  source.rows_ = std::move(rows);
  return source;
}

std::size_t TableSource::parts() const { return (rows_.size() + rows_per_part - 1) / rows_per_part; }
std::size_t TableSource::first_row(std::size_t part) const { return std::min(part * rows_per_part, rows_.size()); }

base::Done TableSource::visit(std::size_t part, std::size_t rows_wanted, const RowVisitor& visitor) const {
  std::vector<std::string_view> cells(headings().size());
  const std::size_t end = std::min(first_row(part + 1), first_row(part) + rows_wanted);
  for (std::size_t row = first_row(part); row < end; ++row) {
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = trimmed(rows_[row][i]);
    visitor(row, cells);
  }
  return {};
}

}  // namespace yihu::link

// Any bytes as a plan's text, and any cut of them as a table: reading must end, and every span must lie in the text.

#include "plan/reading/plan_document.h"

#include <cstdint>
#include <cstdlib>

namespace yihu {
namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

void check(base::Span span, std::size_t size) { expect(span.begin <= span.end && span.end <= size); }

/// The first bytes make a table out of a part of the text, merged cells and all.
void add_table(const std::uint8_t* data, std::size_t size, sheet::Document& document, std::size_t points) {
  if (size < 8 || data[0] % 4 != 0 || points < 8) return;
  sheet::Table table;
  table.rows = 1 + data[1] % 6;
  table.columns = 1 + data[2] % 6;
  const auto begin = data[3] % points;
  const auto step = 1 + data[4] % 9;
  auto at = begin;
  for (int row = 0; row < table.rows; ++row) {
    for (int column = 0; column < table.columns; ++column) {
      const auto end = std::min(points, at + static_cast<std::size_t>(step));
      // Spans that lie outside the table are what a broken converter might hand over.
      table.cells.push_back({row, column, 1 + (data[5] >> column) % 3, 1 + (data[6] >> row) % 3, "", {std::min(at, end), end}});
      at = end;
    }
  }
  table.span = {begin, at};
  document.tables.push_back(std::move(table));
}

void read(const std::uint8_t* data, std::size_t size) {
  sheet::Document document;
  document.text = base::utf8(base::code_points({reinterpret_cast<const char*>(data), size}));
  document.format = "txt";
  const auto points = base::count_code_points(document.text);
  add_table(data, size, document, points);
  const auto plan = plan::read_plan(document);
  if (!plan) return;
  for (const auto& task : plan->tasks) {
    check(task.span, points);
    for (const auto& measure : task.measures) {
      check(measure.span, points);
      if (measure.owners_span) check(*measure.owners_span, points);
      for (const auto& item : measure.deadlines) check(item.span, points);
      for (const auto& item : measure.recurrences) check(item.span, points);
      for (const auto& item : measure.targets) check(item.span, points);
      for (const auto& item : measure.allocations) check(item.span, points);
    }
  }
  for (const auto& warning : plan->warnings) {
    if (warning.span) check(*warning.span, points);
  }
  expect(!plan::json_from_plan(*plan, base::Language::zh).empty());
  expect(!plan::outline_from_plan(*plan, base::Language::en).empty());
}

}  // namespace
}  // namespace yihu

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  yihu::read(data, size);
  return 0;
}

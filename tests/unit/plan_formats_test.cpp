// One plan in every format an office may send it in: the same plan must come out, wherever its words stood.

#include "../documents/office_file.h"
#include "plan/reading/plan_document.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace yihu::plan {
namespace {

using namespace test;

/// A cell of the overview table; `rows` below it are merged with it, and name nothing there.
struct Cell {
  std::string text;
  int rows = 1;
};
using Row = std::vector<Cell>;
using Rows = std::vector<Row>;

const std::vector<std::string> paragraphs = {
    "清水区2021年脱贫攻坚工作要点",
    "一、民生",
    "（一）就学保障。1.摸清适龄儿童少年底数，建立台账，逐户核实在校情况，做到一个不少，一个不漏。2.劝返辍学学生，明确劝学责任人。"
    "3.落实教育资助政策，每学期至少核对一次。4.开展家访。（牵头单位：区教育局；责任单位：各镇党委政府、区扶贫办）",
    "（二）饮水安全。1.4月底前逐村逐户登记水量、水质、取水方便程度和供水保证率四项指标，形成清单报区扶贫办。2.每季度检测水质一次。"
    "（牵头单位：区水务局、区卫生健康委；责任单位：各镇党委政府、区生态环境局）",
    "二、督查",
    "（三）督查。1.开展专项督查，每月通报一次。2.建立问题台账，销号管理。（牵头单位：区委督查室；责任单位：区纪委监委、区委组织部）",
    "清水区2021年脱贫攻坚工作要点一览表"};

const Rows merged = {
    {{"目标"}, {"任务"}, {"措施"}, {"牵头单位"}, {"责任单位"}},
    {{"一、民生", 6}, {"（一）就学保障", 4}, {"1、摸清适龄儿童少年底数，建立台账，逐户核实在校情况，做到一个不少，一个不漏"}, {"区教育局", 4}, {"各镇党委政府、区扶贫办", 4}},
    {{"", 0}, {"", 0}, {"2、劝返辍学学生，明确劝学责任人"}, {"", 0}, {"", 0}},
    {{"", 0}, {"", 0}, {"3、落实教育资助政策，每学期至少核对一次"}, {"", 0}, {"", 0}},
    {{"", 0}, {"", 0}, {"4、开展家访"}, {"", 0}, {"", 0}},
    {{"", 0}, {"（二）饮水安全", 2}, {"1、4月底前逐村逐户登记水量、水质、取水方便程度和供水保证率四项指标，形成清单报区扶贫办"}, {"区水务局、区卫生健康委", 2}, {"各镇党委政府、区生态环境局", 2}},
    {{"", 0}, {"", 0}, {"2、每季度检测水质一次"}, {"", 0}, {"", 0}},
    {{"二、督查", 2}, {"（三）督查", 2}, {"1、开展专项督查，每月通报一次"}, {"区委督查室", 2}, {"区纪委监委、区委组织部", 2}},
    {{"", 0}, {"", 0}, {"2、建立问题台账，销号管理"}, {"", 0}, {"", 0}}};

/// The same with the units in every row.
Rows with_own_units() {
  Rows rows = merged;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    for (const std::size_t column : {3, 4}) {
      if (rows[i][column].rows == 0) rows[i][column].text = rows[i - 1][column].text;
    }
  }
  for (Row& row : rows) row[3].rows = row[4].rows = 1;
  return rows;
}

std::string txt(const Rows& table) {
  std::string out;
  for (const auto& paragraph : paragraphs) out += paragraph + "\n";
  for (const Row& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) out += (i > 0 ? "\t" : "") + row[i].text;
    out += "\n";
  }
  return out;
}

std::string docx(const Rows& table) {
  std::string body;
  for (const auto& paragraph : paragraphs) body += word_paragraph(paragraph);
  body += "<w:tbl>";
  for (const Row& row : table) {
    body += "<w:tr>";
    for (const Cell& cell : row) {
      body += word_cell(cell.text, cell.rows == 0 ? "<w:vMerge/>" : cell.rows > 1 ? "<w:vMerge w:val=\"restart\"/>" : "");
    }
    body += "</w:tr>";
  }
  return docx_of(body + "</w:tbl>");
}

std::string odt(const Rows& table) {
  std::string body;
  for (const auto& paragraph : paragraphs) body += "<text:p>" + paragraph + "</text:p>";
  body += "<table:table>";
  for (const Row& row : table) {
    body += "<table:table-row>";
    for (const Cell& cell : row) {
      if (cell.rows == 0) body += "<table:covered-table-cell/>";
      else body += fmt::format("<table:table-cell table:number-rows-spanned=\"{}\"><text:p>{}</text:p></table:table-cell>", cell.rows, cell.text);
    }
    body += "</table:table-row>";
  }
  return odt_of(body + "</table:table>");
}

std::string html(const Rows& table) {
  std::string out = "<!DOCTYPE html><html><body>";
  for (const auto& paragraph : paragraphs) out += "<p>" + paragraph + "</p>";
  out += "<table>";
  for (const Row& row : table) {
    out += "<tr>";
    for (const Cell& cell : row) {
      if (cell.rows > 0) out += fmt::format("<td rowspan=\"{}\">{}</td>", cell.rows, cell.text);
    }
    out += "</tr>";
  }
  return out + "</table></body></html>";
}

/// Prints the plan on A4 pages the way a word processor does: what is wider than its column is wrapped, merged cells are
/// centred over their rows and begin again on the next page, where the head is printed once more.
class Press {
 public:
  Press(const Rows& rows, bool ruled) : table_(rows), ruled_(ruled) { next_page(); }

  std::string print() {
    for (const auto& paragraph : paragraphs) {
      double left = body_left;
      for (const auto& line : wrapped(paragraph, body_right - body_left)) {
        place(left, y_, line);
        y_ -= pitch;
      }
      y_ -= 4;
    }
    print_rows(0, 3);
    next_page();
    print_row(table_[0]);
    print_rows(3, static_cast<int>(table_.size()));
    return pdf_of(pages_, lines_);
  }

 private:
  static constexpr double size = 12;
  static constexpr double pitch = 15;
  static constexpr double body_left = 76;
  static constexpr double body_right = 520;
  /// Without lines columns must stand further apart to be told.
  double padding() const { return ruled_ ? 5 : 11; }
  static constexpr double edges[] = {76, 124, 184, 364, 436, 520};

  /// A closing sign never begins a line: the one before it comes down with it.
  static std::vector<std::string> wrapped(const std::string& text, double width) {
    std::vector<std::string> lines(1);
    double used = 0;
    std::u32string points = base::code_points(text);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto advance = [](char32_t c) { return c < 128 ? size / 2 : size; };
      double need = advance(points[i]);
      if (i + 1 < points.size() && std::u32string_view(U"，。、；：）").find(points[i + 1]) != std::u32string_view::npos) need += size;
      if (used + need > width) {
        lines.emplace_back();
        used = 0;
      }
      lines.back() += base::utf8(points[i]);
      used += advance(points[i]);
    }
    return lines;
  }

  void next_page() {
    pages_.emplace_back();
    lines_.emplace_back();
    y_ = 740;
  }
  void place(double left, double bottom, const std::string& text) { pages_.back().push_back({left, bottom, size, text}); }
  void draw(double left, double bottom, double right, double top) {
    if (ruled_) lines_.back().push_back({left, bottom, right, top});
  }
  std::vector<std::string> lines_of(const Cell& cell, std::size_t column) const {
    return wrapped(cell.text, edges[column + 1] - edges[column] - 2 * padding());
  }
  double height_of(const Row& row) const {
    std::size_t lines = 1;
    for (std::size_t column = 0; column < row.size(); ++column) {
      if (row[column].rows == 1) lines = std::max(lines, lines_of(row[column], column).size());
    }
    return pitch * static_cast<double>(lines) + 9;
  }

  /// Text in the middle of the place, or at its top when nothing is drawn: nobody could tell otherwise.
  void put(const Cell& cell, std::size_t column, double top, double bottom) {
    const auto lines = lines_of(cell, column);
    double y = top - (ruled_ ? (top - bottom - pitch * static_cast<double>(lines.size())) / 2 : 3) - size;
    for (const auto& line : lines) {
      if (!line.empty()) place(edges[column] + padding(), y, line);
      y -= pitch;
    }
  }

  void print_row(const Row& row) {
    for (std::size_t column = 0; column < row.size(); ++column) put(row[column], column, y_, y_ - 24);
    for (const double edge : edges) draw(edge, y_ - 24, edge, y_);
    draw(edges[0], y_, edges[5], y_);
    draw(edges[0], y_ - 24, edges[5], y_ - 24);
    y_ -= 24;
  }

  void print_rows(int begin, int end) {
    std::vector<double> tops;
    double y = y_;
    for (int row = begin; row <= end; ++row) {
      tops.push_back(y);
      if (row < end) y -= row == 0 ? 24 : height_of(table_[static_cast<std::size_t>(row)]);
    }
    draw(edges[0], tops.front(), edges[5], tops.front());
    draw(edges[0], tops.back(), edges[5], tops.back());
    for (const double edge : edges) draw(edge, tops.back(), edge, tops.front());
    for (std::size_t column = 0; column < 5; ++column) {
      for (int row = begin; row < end; ++row) {
        // A merged cell that the page end has cut is empty on the second page, but for the lines around it.
        const Cell& cell = table_[static_cast<std::size_t>(row)][column];
        if (cell.rows == 0) continue;
        const int last = std::min(row + cell.rows, end);
        const double bottom = tops[static_cast<std::size_t>(last - begin)];
        if (last < end) draw(edges[column], bottom, edges[column + 1], bottom);
        if (row > begin) draw(edges[column], tops[static_cast<std::size_t>(row - begin)], edges[column + 1], tops[static_cast<std::size_t>(row - begin)]);
        put(cell, column, tops[static_cast<std::size_t>(row - begin)], bottom);
      }
    }
    y_ = y;
  }

  const Rows& table_;
  bool ruled_;
  double y_ = 0;
  std::vector<std::vector<Printed>> pages_;
  std::vector<std::vector<Drawn>> lines_;
};

/// Where words stood differs between formats; nothing else may.
void forget_spans(boost::json::value& json) {
  if (auto* object = json.if_object()) {
    for (auto& [key, value] : *object) {
      if (key.ends_with("span")) value = nullptr;
      else forget_spans(value);
    }
  } else if (auto* array = json.if_array()) {
    for (auto& item : *array) forget_spans(item);
  }
}

std::string read(const std::string& bytes, const std::string& name) {
  const auto document = sheet::read_document(bytes, name);
  if (!document) return base::describe(document.error(), base::Language::en);
  const auto plan = read_plan(*document);
  if (!plan) return base::describe(plan.error(), base::Language::en);
  auto json = boost::json::parse(json_from_plan(*plan, base::Language::en));
  forget_spans(json);
  // A line for each object, so that a failure shows where the two part.
  std::string lines;
  for (const char letter : boost::json::serialize(json)) lines += letter == '{' ? "\n{" : std::string(1, letter);
  return lines;
}

TEST(PlanFormats, TheTextHoldsTheWholePlan) {
  const auto document = sheet::read_document(txt(merged), "要点.txt");
  ASSERT_TRUE(document);
  const auto plan = read_plan(*document);
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->tasks.size(), 3U);
  EXPECT_EQ(plan->tasks[0].measures.size(), 4U);
  EXPECT_EQ(plan->tasks[1].measures.size(), 2U);
  ASSERT_EQ(plan->table.size(), 3U);
  ASSERT_EQ(plan->table[0].measures.size(), 4U);
  EXPECT_EQ(plan->table[0].measures[3].responsible, (std::vector<std::string>{"各镇党委政府", "区扶贫办"}));
  EXPECT_TRUE(plan->warnings.empty()) << plan->warnings.front().text.zh;
}

TEST(PlanFormats, EveryFormatGivesTheSamePlan) {
  const std::string expected = read(txt(merged), "要点.txt");
  EXPECT_EQ(read(docx(merged), "要点.docx"), expected);
  EXPECT_EQ(read(odt(merged), "要点.odt"), expected);
  EXPECT_EQ(read(html(merged), "要点.html"), expected);
  EXPECT_EQ(read(Press(merged, true).print(), "要点.pdf"), expected);
}

TEST(PlanFormats, APdfWithoutLinesGivesItToo) {
  const Rows rows = with_own_units();
  EXPECT_EQ(read(Press(rows, false).print(), "要点.pdf"), read(txt(rows), "要点.txt"));
}

}  // namespace
}  // namespace yihu::plan

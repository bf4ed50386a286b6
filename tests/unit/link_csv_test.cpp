// The csv reader of the linkage engine against a slow one that reads a byte at a time.
#include "link/csv.h"

#include <gtest/gtest.h>

#include <random>

namespace yihu {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// A byte at a time; cells as they are without blanks at both ends, blank lines passed over, missing cells empty.
Rows slow_rows(const std::string& text, std::size_t columns) {
  Rows rows;
  std::vector<std::string> cells(1);
  bool inside = false, quoted = false;
  const auto end_row = [&] {
    for (std::string& cell : cells) cell = std::string(link::trimmed(cell));
    if (cells.size() > 1 || !cells[0].empty()) {
      cells.resize(columns);
      rows.push_back(cells);
    }
    cells.assign(1, "");
    quoted = false;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (inside) {
      if (c == '"' && at + 1 < text.size() && text[at + 1] == '"') cells.back() += text[++at];
      else if (c == '"') inside = false;
      else cells.back() += c;
    } else if (c == '"' && cells.back().find_first_not_of(' ') == std::string::npos && !quoted) {
      cells.back().clear();
      inside = quoted = true;
    } else if (c == ',') {
      cells.emplace_back();
      quoted = false;
    } else if (c == '\n') {
      end_row();
    } else if (!quoted) {
      cells.back() += c;
    }
  }
  end_row();
  return rows;
}

std::string random_text(std::mt19937& random, std::size_t size, bool quotes) {
  std::string text;
  while (text.size() < size) {
    switch (random() % 12) {
      case 0: text += random() % 3 == 0 ? "\r\n" : "\n"; break;
      case 1: text += random() % 3 == 0 ? "\r\n" : "\n\n"; break;
      default:
        for (int cell = 0; cell < 3; ++cell) {
          if (cell > 0) text += ',';
          if (quotes && random() % 4 == 0) text += random() % 2 == 0 ? "\"a \"\"b\"\"\nc,d\"" : "\" \"";
          else text += std::string(random() % 9, static_cast<char>('a' + random() % 26)) + (random() % 8 == 0 ? " 张 " : "x");
          if (random() % 9 == 0) break;
        }
        text += random() % 3 == 0 ? "\r\n" : "\n";
    }
  }
  if (random() % 2 == 0) text += "last,row";
  return text;
}

TEST(LinkCsv, ReadsWhatTheSlowReaderReads) {
  std::mt19937 random(3);
  for (int round = 0; round < 60; ++round) {
    // A few are large enough to be read in several parts.
    const std::size_t size = round < 4 ? 5'000'000 : random() % 400;
    const std::string body = random_text(random, size, round % 2 == 1);
    const auto source = link::CsvSource::from_text("a.csv", "k,b,c\n" + body, 2);
    ASSERT_TRUE(source);
    const Rows wanted = slow_rows(body, 3);
    ASSERT_EQ((*source)->rows(), wanted.size()) << round;
    std::size_t next = 0;
    for (std::size_t part = 0; part < (*source)->parts(); ++part) {
      ASSERT_EQ((*source)->first_row(part), next);
      const auto visited = (*source)->visit(part, [&](std::size_t row, link::Cells cells) {
        ASSERT_EQ(row, next);
        ASSERT_EQ(std::vector<std::string>(cells.begin(), cells.end()), wanted[next]) << round << " row " << row;
        ++next;
      });
      ASSERT_TRUE(visited);
    }
    EXPECT_EQ(next, wanted.size());
  }
}

TEST(LinkCsv, VisitsNoMoreRowsThanWanted) {
  const auto source = link::CsvSource::from_text("a.csv", "k,b\n1,x\n2,y\n3,z\n", 2);
  ASSERT_TRUE(source);
  std::size_t seen = 0;
  ASSERT_TRUE((*source)->visit(0, 2, [&](std::size_t, link::Cells) { ++seen; }));
  EXPECT_EQ(seen, 2U);
}

}  // namespace
}  // namespace yihu

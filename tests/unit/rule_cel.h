#pragma once
// Asks the scripts of tests/conformance, which speak for CEL itself; scripts/cel/fetch brings what they need.

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace yihu::rule {

inline bool cel_fetched() { return std::filesystem::exists(".cache/cel/.complete"); }

/// What a script prints, one JSON value a line, when it is given `input` the same way.
inline std::vector<boost::json::value> answers_of(const std::string& script, const std::vector<boost::json::value>& input = {}) {
  const std::filesystem::path file = std::filesystem::temp_directory_path() / ("yihu_cel_" + std::to_string(::getpid()));
  {
    std::ofstream stream(file);
    for (const boost::json::value& line : input) stream << boost::json::serialize(line) << '\n';
  }
  std::vector<boost::json::value> lines;
  FILE* pipe = ::popen(("node tests/conformance/" + script + " <" + file.string()).c_str(), "r");
  std::string text;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    if (c != '\n') {
      text += static_cast<char>(c);
      continue;
    }
    lines.push_back(boost::json::parse(text));
    text.clear();
  }
  EXPECT_EQ(::pclose(pipe), 0) << script;
  std::filesystem::remove(file);
  return lines;
}

}  // namespace yihu::rule

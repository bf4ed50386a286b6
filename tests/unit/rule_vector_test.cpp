// CEL's public vectors. Whatever of them can be written as a rule must yield what they say, on every engine.
#include "rule_cel.h"
#include "rule_engines.h"

#include "rule/compiler.h"

#include <algorithm>
#include <cmath>

namespace yihu::rule {
namespace {

constexpr int wanted_min = 400;

struct Vector {
  std::string suite;
  std::string text;      ///< of the expression, made to yield a single value
  bool fails = false;    ///< an error in CEL, unknown here
  Cell wanted;
  Schema schema;
};

std::string string_of(const boost::json::value& value, const char* key) { return std::string(value.at(key).as_string()); }

/// A value that the script wrote down as CEL's text.
Constant constant_of(const boost::json::value& written) {
  const std::string kind = string_of(written, "kind");
  const std::string text = string_of(written, "text");
  if (kind == "truth") return {Kind::truth, text == "true"};
  if (kind == "integer") return {Kind::integer, static_cast<std::int64_t>(std::stoll(text))};
  if (kind == "real") return {Kind::real, std::stod(text)};
  return {Kind::text, std::string(boost::json::parse(text).as_string())};
}

Vector vector_of(const boost::json::value& line) {
  Vector vector{string_of(line, "suite"), string_of(line, "expr"), false, {}, {}};
  vector.schema.rows["one"] = {.name = "one", .table = "one", .subject = true};
  for (const auto& [name, bound] : line.at("variables").as_object()) {
    const Constant constant = constant_of(bound);
    vector.schema.parameters.push_back({std::string(name), constant.kind, {{base::make_date(1900, 1, 1), constant}}});
  }
  const std::string kind = string_of(line, "kind");
  if (kind == "error") {
    vector.fails = true;
  } else if (kind == "list") {
    // Lists are no answers of rules, so the vector's list is compared within.
    vector.text = "(" + vector.text + "\n) == " + string_of(line, "text");
    vector.wanted = std::int64_t{1};
  } else {
    const Constant constant = constant_of(line);
    if (kind == "truth") vector.wanted = std::int64_t{std::get<bool>(constant.value)};
    if (kind == "integer") vector.wanted = std::get<std::int64_t>(constant.value);
    if (kind == "real") vector.wanted = std::get<double>(constant.value);
    if (kind == "text") vector.wanted = std::get<std::string>(constant.value);
  }
  return vector;
}

TEST(RuleVector, WhatCanBeWrittenYieldsWhatCelSays) {
  if (!cel_fetched()) GTEST_SKIP() << "CEL's vectors are not here; scripts/cel/fetch brings them";
  const auto all = databases();
  for (const auto& database : all) database->fill("one", {{"id", Kind::text}}, {{std::string("x")}});
  int passed = 0;
  int refused = 0;
  std::map<std::string, int> outside;
  for (const boost::json::value& line : answers_of("cel_vectors.mjs")) {
    const Vector vector = vector_of(line);
    // Not a number is a number in CEL and unknown here, as docs/packs.md says.
    if (vector.text.find("0.0/0.0") != vector.text.npos) continue;
    const auto compiler = Compiler::make(vector.schema);
    const auto expression = compiler->compile("one", vector.text);
    if (!expression) {
      // What CEL finds wrong when it runs is found here beforehand, where types alone tell.
      if (vector.fails) ++refused;
      else ++outside[vector.suite];
      if (std::getenv("YIHU_SHOW_OUTSIDE")) fmt::print("{}: {}: {}\n", vector.suite, vector.text, base::describe(expression.error(), base::Language::en));
      continue;
    }
    bool same = true;
    for (const auto& database : all) {
      const std::string sql = fuse(*compiler, std::span(&*expression, 1), {.engine = database->engine(), .today = base::make_date(2019, 4, 30)}).front().sql;
      std::string said;
      const auto rows = database->ask(sql, said);
      const Cell found = rows ? rows->front()[1] : Cell{"failed: " + said};
      same = same && rows && found == vector.wanted;
      EXPECT_TRUE(found == vector.wanted) << vector.suite << ": " << vector.text << "\n" << words(found) << ", wanted " << words(vector.wanted)
                                          << " on " << name_of(database->engine()) << "\n" << sql;
    }
    if (same) ++passed;
  }
  int left_out = 0;
  for (const auto& [suite, count] : outside) left_out += count;
  fmt::print("CEL's vectors: {} pass on {} engines; {} are refused as mistakes where CEL fails; {} are outside the language\n", passed, all.size(), refused, left_out);
  RecordProperty("passed", passed);
  EXPECT_GE(passed, wanted_min);
}

}  // namespace
}  // namespace yihu::rule

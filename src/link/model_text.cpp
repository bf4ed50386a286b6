// A trained model as text: one line per field and level, in words a person can check.

#include "link/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

namespace yihu::link {
namespace {

constexpr std::string_view first_words = "yihu link model ";

base::Error unreadable(const std::string& file, int line, base::Text text) {
  return {base::ErrorKind::input, "model_unreadable", std::move(text), base::text("模型文件由 --save-model 写出。", "Model files are written by --save-model."), {file, line, 0, {}, {}}, {}};
}

std::optional<double> number_from(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Words separated by blanks.
std::vector<std::string> words_in(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

}  // namespace

std::string text_from_model(const Model& model, base::Language language) {
  std::string out = fmt::format("{}{}\n", first_words, Model::version);
  out += language == base::Language::en ? "# m: share of the level among pairs of one person; u: among pairs of two; bits: log2(m/u)\n"
                                        : "# m：同一人的配对中该级别的比例；u：两个人的配对中的比例；bits：log2(m/u)\n";
  out += fmt::format("match_share {}\nrounds {}\nlabelled {}\n", model.match_share, model.rounds, model.labelled);
  for (const FieldModel& field : model.fields) {
    out += fmt::format("field {} {}\n", name_of(field.kind), field.field);
    for (std::size_t level = 1; level < levels_count; ++level) {
      if (field.m[level] == 0 && field.u[level] == 0) continue;
      out += fmt::format("  {:<8} {} {}  # {:+.4f}\n", name_of(static_cast<Level>(level)), field.m[level], field.u[level], weight_of(field.m[level], field.u[level]) / weights_per_bit);
    }
  }
  return out;
}

base::Result<Model> model_from_text(const std::string& text, const std::string& file) {
  Model model;
  std::istringstream stream(text);
  std::string line;
  int number = 0;
  while (std::getline(stream, line)) {
    ++number;
    if (number == 1) {
      if (!line.starts_with(first_words)) return base::fail(unreadable(file, 1, base::text("这不是比对模型文件。", "This is no model file.")));
      const auto version = number_from(std::string_view(line).substr(first_words.size()));
      if (version != Model::version) return base::fail(unreadable(file, 1, base::text("模型的版本是 {}，本程序读版本 {}。", "The model has version {}; this program reads version {}.", line.substr(first_words.size()), Model::version)));
      continue;
    }
    if (const std::size_t comment = line.find('#'); comment != line.npos && (comment == 0 || line[comment - 1] == ' ')) {
      if (!line.starts_with("field ")) line.erase(comment);
    }
    const std::vector<std::string> words = words_in(line);
    if (words.empty()) continue;
    const auto value = words.size() > 1 ? number_from(words[1]) : std::nullopt;
    const auto level = level_named(words[0]);
    if (words[0] == "match_share" && value) model.match_share = std::clamp(*value, 1e-12, 0.5);
    else if (words[0] == "rounds" && value) model.rounds = static_cast<int>(*value);
    else if (words[0] == "labelled" && value) model.labelled = static_cast<std::size_t>(*value);
    else if (words[0] == "field" && words.size() > 2 && kind_named(words[1])) model.fields.push_back({line.substr(line.find(words[1]) + words[1].size() + 1), *kind_named(words[1]), {}, {}});
    else if (level && words.size() >= 3 && value && number_from(words[2]) && !model.fields.empty()) {
      model.fields.back().m[static_cast<std::size_t>(*level)] = std::clamp(*value, 0.0, 1.0);
      model.fields.back().u[static_cast<std::size_t>(*level)] = std::clamp(*number_from(words[2]), 0.0, 1.0);
    } else {
      return base::fail(unreadable(file, number, base::text("这一行读不懂。", "This line makes no sense.")));
    }
  }
  if (number == 0 || model.fields.empty()) return base::fail(unreadable(file, number, base::text("模型文件里没有字段。", "The model file holds no field.")));
  return model;
}

base::Result<Model> model_for_spec(const Model& model, const Spec& spec, const std::string& file) {
  Model ordered = model;
  ordered.fields.clear();
  for (const Field& field : spec.fields) {
    const auto found = std::find_if(model.fields.begin(), model.fields.end(), [&](const FieldModel& trained) { return trained.field == field.name && trained.kind == field.kind; });
    if (found == model.fields.end()) {
      return base::fail(unreadable(file, 0, base::text("模型里没有字段“{}”（{}）。", "The model has no field “{}” ({}).", field.name, name_of(field.kind))));
    }
    ordered.fields.push_back(*found);
  }
  return ordered;
}

}  // namespace yihu::link

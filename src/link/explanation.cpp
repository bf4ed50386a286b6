#include "link/explanation.h"

#include "link/output.h"

#include <fmt/format.h>

#include <algorithm>

namespace yihu::link {
namespace {

constexpr std::int64_t weight_per_block = 10'000;   ///< one character of a bar is one bit
constexpr std::size_t bar_max = 40;

base::Result<std::uint32_t> row_with_key(const Records& records, std::string_view key) {
  for (std::uint32_t row = 0; row < records.size; ++row) {
    if (records.key(row) == key) return row;
  }
  return base::fail(base::ErrorKind::not_found, "row_unknown", base::text("表 {} 里没有键为“{}”的行。", "The table {} has no row with the key “{}”.", records.source->name(), key));
}

std::string key_words(const Key& key, base::Language language) {
  std::string words;
  for (const KeyPart& part : key.parts) {
    if (!words.empty()) words += " + ";
    words += part.cut == Cut::whole ? part.field : fmt::format("{}:{}", part.field, name_of(part.cut));
  }
  if (key.repaired) words += language == base::Language::en ? " (repaired)" : "（可修复）";
  return words;
}

void explain_keys(const Linkage& linkage, const std::uint32_t* left, const std::uint32_t* right, Explanation& explanation) {
  const KeyHashes& hashes = linkage.hashes();
  for (std::size_t key = 0; key < hashes.keys(); ++key) {
    const Key& words = linkage.spec().keys[key];
    const std::uint32_t one = hashes.hash(key, left), other = hashes.hash(key, right);
    bool shared = one != 0 && one == other;
    if (!shared && hashes.is_repaired(key)) {
      std::vector<std::uint32_t> a, b;
      hashes.repaired(key, left, a);
      hashes.repaired(key, right, b);
      const auto holds = [](const std::vector<std::uint32_t>& in, std::uint32_t wanted) { return std::find(in.begin(), in.end(), wanted) != in.end(); };
      shared = (other != 0 && holds(a, other)) || (one != 0 && holds(b, one));
    }
    if (shared) {
      explanation.keys_shared.push_back(key_words(words, base::Language::zh));
      continue;
    }
    base::Text missed{key_words(words, base::Language::zh) + "：", key_words(words, base::Language::en) + ": "};
    for (std::size_t part = 0; part < words.parts.size(); ++part) {
      const std::uint64_t a = hashes.part(key, part, left), b = hashes.part(key, part, right);
      const std::string& field = words.parts[part].field;
      if (a == 0 || b == 0) missed = base::text("{}{}缺失", "{}{} is missing", missed.zh, field), missed.en = key_words(words, base::Language::en) + ": " + field + " is missing";
      else if (a != b) missed = base::text("{}{}不同", "{}{} differs", missed.zh, field), missed.en = key_words(words, base::Language::en) + ": " + field + " differs";
      else continue;
      break;
    }
    explanation.keys_missed.push_back(std::move(missed));
  }
}

base::Text verdict_of(const Linkage& linkage, const Explanation& explanation) {
  const double threshold = linkage.spec().threshold;
  if (explanation.linked) return base::text("判为同一人。", "Linked.");
  if (explanation.keys_shared.empty()) return base::text("没有一个分组键把这两行聚到一起，所以没有比过。", "No key brought the two rows together, so they were never compared.");
  if (explanation.probability >= threshold) return base::text("分数够，但其中一行配给了更好的，或合并会与别的行矛盾。", "The score is enough, but one of the rows went to a better partner, or joining them would contradict other rows.");
  return base::text("概率 {:.4f} 低于门槛 {}。", "The probability {:.4f} is below the threshold {}.", explanation.probability, threshold);
}

std::string bar_of(std::int64_t weight) {
  std::string bar;
  const auto blocks = std::min(bar_max, static_cast<std::size_t>((std::abs(weight) + weight_per_block / 2) / weight_per_block));
  for (std::size_t i = 0; i < blocks; ++i) bar += weight < 0 ? "░" : "█";
  return bar;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') out += "&lt;";
    else if (c == '&') out += "&amp;";
    else if (c == '>') out += "&gt;";
    else out += c;
  }
  return out;
}

struct Step {
  std::string label;
  std::int64_t weight = 0;
};

std::vector<Step> steps_of(const Explanation& explanation, base::Language language) {
  const bool english = language == base::Language::en;
  std::vector<Step> steps;
  for (const FieldWeight& field : explanation.fields) {
    steps.push_back({fmt::format("{} ({})", field.field, field.words.in(language)), field.level_weight});
    if (field.frequency_weight != 0) {
      steps.push_back({english ? fmt::format("{}: the value stands in {} rows", field.field, field.rows_with_value) : fmt::format("{}：该值出现 {} 次", field.field, field.rows_with_value),
                       field.frequency_weight});
    }
  }
  if (explanation.household_weight != 0) steps.push_back({english ? "household" : "同户成员", explanation.household_weight});
  return steps;
}

}  // namespace

base::Result<Explanation> explain(const Linkage& linkage, std::string_view left_key, std::string_view right_key) {
  std::uint32_t left = TRY(row_with_key(linkage.left(), left_key));
  std::uint32_t right = TRY(row_with_key(linkage.right(), right_key));
  if (linkage.within() && left > right) std::swap(left, right);
  const std::uint32_t* a = linkage.left().row(left);
  const std::uint32_t* b = linkage.right().row(right);
  Explanation explanation;
  explanation.left_key = linkage.left().key(left);
  explanation.right_key = linkage.right().key(right);
  Comparison::Memory memory = linkage.comparison().memory();
  const Pattern pattern = linkage.comparison().pattern(a, b, memory);
  for (std::size_t field = 0; field < linkage.spec().fields.size(); ++field) {
    const Slot& slot = linkage.layout().slots[field];
    FieldWeight weight;
    weight.field = linkage.spec().fields[field].name;
    weight.left = shown(slot, code_in(slot, a), linkage.dictionaries());
    weight.right = shown(slot, code_in(slot, b), linkage.dictionaries());
    weight.level = level_in(pattern, field);
    weight.words = words_of(slot.kind, weight.level);
    weight.level_weight = linkage.weights().of(field, weight.level);
    if (weight.level == Level::equal) {
      weight.frequency_weight = linkage.weights().frequency(field, code_in(slot, a));
      weight.rows_with_value = linkage.frequencies().count(field, code_in(slot, a));
    }
    explanation.score += weight.level_weight + weight.frequency_weight;
    explanation.fields.push_back(std::move(weight));
  }
  const auto same = [&](const Candidate& pair) { return pair.left == left && pair.right == right; };
  const auto& near = linkage.candidates();
  if (const auto found = std::find_if(near.begin(), near.end(), same); found != near.end()) {
    explanation.household_weight = static_cast<Weight>(found->score - explanation.score);
    explanation.score = found->score;
  }
  explanation.prior = linkage.weights().prior();
  explanation.probability = probability_of(explanation.score + explanation.prior);
  explanation.linked = std::any_of(linkage.links().begin(), linkage.links().end(), same);
  explain_keys(linkage, a, b, explanation);
  explanation.verdict = verdict_of(linkage, explanation);
  return explanation;
}

std::string text_from_explanation(const Explanation& explanation, base::Language language) {
  const bool english = language == base::Language::en;
  std::string out = fmt::format("{}  —  {}\n{}\n\n", explanation.left_key, explanation.right_key, explanation.verdict.in(language));
  for (const FieldWeight& field : explanation.fields) {
    out += fmt::format("{:>10}  {}  [{}]  {} | {}  {}\n", text_from_weight(field.level_weight), field.field, field.words.in(language), field.left, field.right, bar_of(field.level_weight));
    if (field.frequency_weight != 0) {
      out += fmt::format("{:>10}    {}  {}\n", text_from_weight(field.frequency_weight),
                         english ? fmt::format("the value stands in {} rows", field.rows_with_value) : fmt::format("该值在两表共出现 {} 次", field.rows_with_value), bar_of(field.frequency_weight));
    }
  }
  if (explanation.household_weight != 0) out += fmt::format("{:>10}  {}\n", text_from_weight(explanation.household_weight), english ? "other members of the household" : "同户其他成员");
  out += fmt::format("{:>10}  = {}\n", text_from_weight(explanation.score), english ? "score" : "得分");
  out += fmt::format("{:>10}  {}\n", text_from_weight(explanation.prior), english ? "before anything is known" : "先验");
  out += fmt::format("{:>10}  → {} {:.6f}\n", text_from_weight(explanation.score + explanation.prior), english ? "probability" : "概率", explanation.probability);
  for (const std::string& key : explanation.keys_shared) out += fmt::format("{} {}\n", english ? "brought together by" : "聚到一起的键：", key);
  for (const base::Text& key : explanation.keys_missed) out += fmt::format("{} {}\n", english ? "not by" : "没有聚到一起的键：", key.in(language));
  return out;
}

std::string svg_from_explanation(const Explanation& explanation, base::Language language) {
  constexpr int row_height = 26, label_width = 320, bit_width = 8, margin = 16;
  const std::vector<Step> steps = steps_of(explanation, language);
  std::int64_t low = 0, high = 0, sum = 0;
  for (const Step& step : steps) {
    sum += step.weight;
    low = std::min(low, sum);
    high = std::max(high, sum);
  }
  const auto x_of = [&](std::int64_t weight) { return label_width + margin + static_cast<double>(weight - low) / weights_per_bit * bit_width; };
  const double width = x_of(high) + 90;
  const int height = margin * 2 + row_height * (static_cast<int>(steps.size()) + 1);
  std::string out = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{:.0f}\" height=\"{}\" font-family=\"sans-serif\" font-size=\"13\">\n", width, height);
  out += fmt::format("<title>{} — {}</title>\n", escaped(explanation.left_key), escaped(explanation.right_key));
  sum = 0;
  int y = margin;
  const auto row = [&](const std::string& label, std::int64_t from, std::int64_t to, const char* colour, std::int64_t value) {
    out += fmt::format("<text x=\"{}\" y=\"{}\">{}</text>\n", margin, y + 17, escaped(label));
    out += fmt::format("<rect x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"18\" fill=\"{}\"/>\n", x_of(std::min(from, to)), y + 3, x_of(std::max(from, to)) - x_of(std::min(from, to)) + 1, colour);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{}\">{}</text>\n", x_of(std::max(from, to)) + 6, y + 17, text_from_weight(value));
    y += row_height;
  };
  for (const Step& step : steps) {
    row(step.label, sum, sum + step.weight, step.weight < 0 ? "#c45656" : "#529b2e", step.weight);
    sum += step.weight;
  }
  row(language == base::Language::en ? fmt::format("score, probability {:.4f}", explanation.probability) : fmt::format("得分，概率 {:.4f}", explanation.probability), 0, sum, "#337ecc", sum);
  return out + "</svg>\n";
}

}  // namespace yihu::link

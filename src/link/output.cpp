#include "link/output.h"

#include "link/parallel.h"
#include "link/whole_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

namespace yihu::link {
namespace {

constexpr std::size_t pairs_per_task = 32'768;

/// Text that grows at its end, its room kept from one use to the next.
class Text {
 public:
  void clear() { used_ = 0; }
  /// Where up to `size` more bytes may be written; `end` says how far they were.
  char* room(std::size_t size) {
    if (bytes_.size() - used_ < size) bytes_.resize(2 * (used_ + size));
    return bytes_.data() + used_;
  }
  void end(const char* at) { used_ = static_cast<std::size_t>(at - bytes_.data()); }
  std::string_view view() const { return {bytes_.data(), used_}; }

 private:
  std::vector<char> bytes_;
  std::size_t used_ = 0;
};

constexpr std::size_t number_bytes_max = 24;

char* put_weight(char* at, std::int64_t weight) {
  if (weight < 0) *at++ = '-';
  const auto value = static_cast<std::uint64_t>(weight < 0 ? -weight : weight);
  std::uint64_t whole = value / 10'000;
  auto fraction = static_cast<std::uint32_t>(value % 10'000);
  char digits[number_bytes_max];
  char* front = digits + sizeof digits;
  do {
    *--front = static_cast<char>('0' + whole % 10);
    whole /= 10;
  } while (whole != 0);
  const auto count = static_cast<std::size_t>(digits + sizeof digits - front);
  std::memcpy(at, front, count);
  at += count;
  *at = '.';
  for (int i = 4; i > 0; --i, fraction /= 10) at[i] = static_cast<char>('0' + fraction % 10);
  return at + 5;
}

/// Six decimals.
char* put_probability(char* at, double probability) {
  auto millionths = static_cast<std::uint32_t>(probability * 1e6 + 0.5);
  at[0] = static_cast<char>('0' + millionths / 1'000'000);
  at[1] = '.';
  for (int i = 7; i > 1; --i, millionths /= 10) at[i] = static_cast<char>('0' + millionths % 10);
  return at + 8;
}

/// At most twice the cell's bytes and two more.
char* put_cell(char* at, std::string_view cell) {
  // What asks for quotes stands before all letters and digits; most cells are told by that.
  const bool plain = std::none_of(cell.begin(), cell.end(), [](char c) { return static_cast<unsigned char>(c) <= ','; });
  if (plain || cell.find_first_of(",\"\n\r") == cell.npos) return std::copy(cell.begin(), cell.end(), at);
  *at++ = '"';
  for (const char c : cell) {
    if (c == '"') *at++ = '"';
    *at++ = c;
  }
  *at++ = '"';
  return at;
}

void append_cell(std::string& out, std::string_view cell) {
  const std::size_t before = out.size();
  out.resize(before + 2 * cell.size() + 2);
  out.resize(static_cast<std::size_t>(put_cell(out.data() + before, cell) - out.data()));
}

/// Weights as text, those seen lately remembered: few differ.
class WeightTexts {
 public:
  char* put(char* at, Weight weight) {
    Known& known = known_[static_cast<std::uint32_t>(weight) * 0x9e3779b1U >> (32 - bits)];
    if (known.weight != weight || known.size == 0) {
      known.weight = weight;
      known.size = static_cast<std::uint8_t>(put_weight(known.text, weight) - known.text);
    }
    std::memcpy(at, known.text, sizeof known.text);
    return at + known.size;
  }

 private:
  static constexpr unsigned bits = 10;
  struct Known {
    Weight weight = 0;
    std::uint8_t size = 0;
    char text[16];
  };
  std::vector<Known> known_ = std::vector<Known>(std::size_t{1} << bits);
};

/// Pairs written together: what their rows hold is gathered first, so that memory answers for many at once.
constexpr std::size_t batch = 64;
struct Gathered {
  std::array<RowKey, batch> left, right;
};

void gather(const Linkage& linkage, std::span<const Candidate> pairs, Gathered& into) {
  for (std::size_t i = 0; i < pairs.size(); ++i) into.right[i] = linkage.right().keys[pairs[i].right];
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    into.left[i] = linkage.left().keys[pairs[i].left];
    fetch_score(linkage.weights(), linkage.layout(), pairs[i].pattern, linkage.left().row(pairs[i].left));
  }
}

void append_row(Text& out, WeightTexts& texts, const Linkage& linkage, const Candidate& pair, std::string_view left, std::string_view right) {
  const std::size_t fields = linkage.spec().fields.size();
  char* at = out.room(2 * (left.size() + right.size()) + 8 + (fields + 3) * (number_bytes_max + 1));
  at = put_cell(at, left);
  *at++ = ',';
  at = put_cell(at, right);
  *at++ = ',';
  at = put_weight(at, pair.score);
  *at++ = ',';
  // Beyond 22 bits all six decimals are known.
  const bool certain = std::int64_t{pair.score} + linkage.weights().prior() > 22 * weights_per_bit;
  at = certain ? std::copy_n("1.000000", 8, at) : put_probability(at, linkage.probability(pair));
  std::int64_t sum = 0;
  for (std::size_t field = 0; field < fields; ++field) {
    const Weight weight = linkage.weight(pair, field);
    sum += weight;
    *at++ = ',';
    at = texts.put(at, weight);
  }
  if (linkage.report().household.used) {
    *at++ = ',';
    at = put_weight(at, pair.score - sum);
  }
  *at++ = '\n';
  out.end(at);
}

}  // namespace

std::string text_from_weight(std::int64_t weight) {
  char text[number_bytes_max];
  return {text, put_weight(text, weight)};
}

std::vector<std::string> link_headings(const Linkage& linkage) {
  std::vector<std::string> headings = {"left", "right", "score", "probability"};
  for (const Field& field : linkage.spec().fields) headings.push_back(field.name);
  if (linkage.report().household.used) headings.push_back("household");
  return headings;
}

std::vector<std::string> link_row(const Linkage& linkage, const Candidate& pair) {
  std::vector<std::string> row = {std::string(linkage.left().key(pair.left)), std::string(linkage.right().key(pair.right)), text_from_weight(pair.score)};
  char probability[number_bytes_max];
  row.emplace_back(probability, put_probability(probability, linkage.probability(pair)));
  for (std::size_t field = 0; field < linkage.spec().fields.size(); ++field) row.push_back(text_from_weight(linkage.weight(pair, field)));
  if (linkage.report().household.used) row.push_back(text_from_weight(linkage.household_weight(pair)));
  return row;
}

base::Done write_links(const Linkage& linkage, const std::filesystem::path& path, unsigned threads, const base::Cancel& cancel) {
  WholeFile writing(path);
  std::string heading;
  for (const std::string& cell : link_headings(linkage)) {
    if (!heading.empty()) heading += ',';
    append_cell(heading, cell);
  }
  heading += '\n';
  std::atomic<bool> good = writing.add_at(heading, 0);
  const auto& links = linkage.links();
  const std::size_t tasks = (links.size() + pairs_per_task - 1) / pairs_per_task;
  std::vector<Text> texts(threads);
  std::vector<WeightTexts> weight_texts(threads);
  std::vector<Gathered> gathered(threads);
  // Each task's text begins where the one before it ends. Tasks are handed out in order, so the one waited for is under way.
  constexpr std::size_t not_known = 0;
  std::vector<std::atomic<std::size_t>> places(tasks + 1);
  places[0] = heading.size();
  in_parallel(threads, tasks, [&](std::size_t task, unsigned thread) {
    Text& text = texts[thread];
    text.clear();
    const std::size_t begin = task * pairs_per_task, end = std::min(begin + pairs_per_task, links.size());
    try {
      for (std::size_t at = begin; at < end && good && !cancel.asked(); at += batch) {
        const std::span<const Candidate> pairs(&links[at], std::min(batch, end - at));
        gather(linkage, pairs, gathered[thread]);
        for (std::size_t i = 0; i < pairs.size(); ++i) append_row(text, weight_texts[thread], linkage, pairs[i], gathered[thread].left[i].view(), gathered[thread].right[i].view());
      }
    } catch (const std::bad_alloc&) {
      good = false;
    }
    places[task].wait(not_known);
    const std::size_t place = places[task];
    places[task + 1] = place + text.view().size();
    places[task + 1].notify_all();
    if (good && !writing.add_at(text.view(), place)) good = false;
  });
  return writing.finish(good, cancel);
}

base::Done write_answers(const Index& index, std::span<const Asked> asked, const std::filesystem::path& path, const base::Cancel& cancel) {
  WholeFile writing(path);
  std::string text = "left,right,score,probability";
  for (const Field& field : index.spec().fields) {
    text += ',';
    append_cell(text, field.name);
  }
  text += '\n';
  for (const auto& [key, answer] : asked) {
    append_cell(text, index.key(answer.row));
    text += ',';
    append_cell(text, key);
    text += ',' + text_from_weight(answer.score) + ',';
    char probability[number_bytes_max];
    text.append(probability, put_probability(probability, index.probability(answer)));
    for (std::size_t field = 0; field < index.spec().fields.size(); ++field) text += ',' + text_from_weight(index.weight(answer, field));
    text += '\n';
  }
  return writing.finish(writing.add(text), cancel);
}

base::Done write_groups(const Linkage& linkage, const std::filesystem::path& path, const base::Cancel& cancel) {
  WholeFile writing(path);
  std::string text = "group,key\n";
  bool good = true;
  std::size_t number = 0;
  for (const auto& members : linkage.groups().members) {
    ++number;
    for (const std::uint32_t row : members) {
      text += std::to_string(number);
      text += ',';
      append_cell(text, linkage.left().key(row));
      text += '\n';
    }
    if (text.size() < (1 << 20)) continue;
    good = good && writing.add(text);
    text.clear();
  }
  good = good && (text.empty() || writing.add(text));
  return writing.finish(good, cancel);
}

}  // namespace yihu::link

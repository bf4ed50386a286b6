#include "app/command_link_index.h"

#include "app/link_tables.h"
#include "link/index.h"
#include "link/output.h"
#include "link/parallel.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

namespace yihu::app {
namespace {

constexpr std::size_t shown_of_one = 5;

class Asking {
 public:
  Asking(const IndexRequest& request, const Common& common, link::Index& index) : request_(request), common_(common), index_(index) {}

  base::Done one() {
    link::Person person{"", std::vector<std::string>(index_.spec().fields.size())};
    for (const std::string& given : request_.who) {
      const std::size_t sign = std::min(given.find('='), given.size());
      const std::string name = given.substr(0, sign);
      const auto& fields = index_.spec().fields;
      const auto found = std::find_if(fields.begin(), fields.end(), [&](const link::Field& field) { return field.name == name || field.left == name || field.right == name; });
      if (found == fields.end() || sign == given.size()) {
        std::string names;
        for (const link::Field& field : fields) names += (names.empty() ? "" : "、") + field.name;
        return base::fail(base::ErrorKind::input, "who_unreadable", base::text("“{}”要写成 列名=值，列名可以是：{}。", "“{}” must be COLUMN=VALUE with one of the columns {}.", given, names));
      }
      person.values[static_cast<std::size_t>(found - fields.begin())] = given.substr(sign + 1);
    }
    const std::vector<link::Answer> answers = TRY(index_.ask(person, shown_of_one));
    if (common_.json) {
      fmt::print("[");
      for (std::size_t i = 0; i < answers.size(); ++i) {
        fmt::print("{}{{\"key\":{},\"probability\":{:.6f},\"score\":{}}}", i == 0 ? "" : ",", json_text(index_.key(answers[i].row)), index_.probability(answers[i]), link::text_from_weight(answers[i].score));
      }
      fmt::print("]\n");
      return {};
    }
    if (answers.empty()) fmt::print("{}\n", base::text("没有相近的人。", "Nobody comes near.").in(common_.language));
    for (const link::Answer& answer : answers) fmt::print("{}  {:.6f}  {}\n", index_.key(answer.row), index_.probability(answer), link::text_from_weight(answer.score));
    return {};
  }

  base::Done table() {
    const auto source = TRY(link_table_from_file(request_.table, request_.threads, common_.cancel));
    const std::vector<link::Person> people = TRY(people_of(*source));
    if (request_.add) {
      TRY(index_.add_to_file(request_.index, people));
      if (common_.json) fmt::print("{{\"added\":{},\"rows\":{}}}\n", people.size(), index_.rows());
      else fmt::print("{}\n", base::text("加了 {} 行，索引现有 {} 行。", "{} rows added; the index holds {}.", people.size(), index_.rows()).in(common_.language));
      return {};
    }
    std::vector<std::vector<link::Answer>> answers(people.size());
    std::vector<base::Done> ends(people.size());
    link::in_parallel(request_.threads, people.size(), [&](std::size_t i, unsigned) {
      if (common_.cancel.asked()) return;
      auto found = index_.ask(people[i]);
      if (found) answers[i] = std::move(*found);
      else ends[i] = base::fail(std::move(found).error());
    });
    std::vector<link::Asked> asked;
    std::size_t known = 0;
    for (std::size_t i = 0; i < people.size(); ++i) {
      TRY(std::move(ends[i]));
      std::erase_if(answers[i], [&](const link::Answer& answer) { return index_.probability(answer) < index_.spec().threshold; });
      if (!request_.many && answers[i].size() > 1) answers[i].resize(1);
      known += answers[i].empty() ? 0 : 1;
      for (const link::Answer& answer : answers[i]) asked.push_back({people[i].key, answer});
    }
    if (!request_.out.empty()) TRY(link::write_answers(index_, asked, request_.out, common_.cancel));
    if (common_.json) fmt::print("{{\"asked\":{},\"known\":{},\"passed_over\":{}}}\n", people.size(), known, index_.rows_passed_over());
    else fmt::print("{}\n", base::text("问了 {} 行，其中 {} 行在索引里。", "{} rows asked; {} of them are in the index.", people.size(), known).in(common_.language));
    return {};
  }

 private:
  static std::string json_text(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') quoted += '\\';
      if (static_cast<unsigned char>(c) < 0x20) quoted += fmt::format("\\u{:04x}", static_cast<int>(c));
      else quoted += c;
    }
    return quoted + "\"";
  }

  /// The rows with their columns in the order of the fields. Columns are named as in either table of the index.
  base::Result<std::vector<link::Person>> people_of(const link::Source& source) const {
    constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
    const auto& headings = source.headings();
    const auto column = [&](const std::string& heading) {
      const auto found = std::find(headings.begin(), headings.end(), heading);
      return heading.empty() || found == headings.end() ? nowhere : static_cast<std::size_t>(found - headings.begin());
    };
    const link::Spec& spec = index_.spec();
    std::vector<std::size_t> columns;
    for (const link::Field& field : spec.fields) columns.push_back(column(field.left) != nowhere ? column(field.left) : column(field.right));
    std::size_t key = column(request_.key);
    if (request_.key.empty()) key = column(spec.key_left) != nowhere ? column(spec.key_left) : column(spec.key_right);
    if (key == nowhere || std::all_of(columns.begin(), columns.end(), [&](std::size_t at) { return at == nowhere; })) {
      const std::string wanted = key == nowhere ? (request_.key.empty() ? spec.key_left : request_.key) : spec.fields.front().left;
      return base::fail(base::Error{base::ErrorKind::input, "column_missing", base::text("表里没有列“{}”。", "The table has no column “{}”.", wanted), {}, {source.name(), 0, 0, {}, {}}, {}});
    }
    std::vector<link::Person> people;
    people.reserve(source.rows());
    for (std::size_t part = 0; part < source.parts(); ++part) {
      TRY(source.visit(part, [&](std::size_t, link::Cells cells) {
        link::Person& person = people.emplace_back();
        person.key = cells[key];
        for (const std::size_t at : columns) person.values.emplace_back(at == nowhere ? std::string_view() : cells[at]);
      }));
    }
    return people;
  }

  const IndexRequest& request_;
  const Common& common_;
  link::Index& index_;
};

}  // namespace

base::Done ask_index(const IndexRequest& request, const Common& common) {
  const auto index = TRY(link::Index::open(request.index, request.threads));
  Asking asking(request, common, *index);
  if (!request.who.empty()) TRY(asking.one());
  if (!request.table.empty()) TRY(asking.table());
  return {};
}

}  // namespace yihu::app

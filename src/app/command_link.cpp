// yihu link A [B]: which rows are about the same person. Needs no store. docs/link.md explains every option.

#include "app/command.h"
#include "app/command_link_index.h"
#include "app/link_spec.h"
#include "app/link_tables.h"
#include "link/explanation.h"
#include "link/output.h"
#include "link/parallel.h"
#include "link/truth.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>

#include <unistd.h>

namespace yihu::app {
namespace {

struct LinkOptions {
  std::string left, right;
  std::string key, key_right;
  std::string spec, save_spec, model, save_model, labels, truth, out, groups, drawing, memory, index, save_index;
  std::vector<std::string> ignored, explained, who;
  bool plan = false, labels_only = false, many = false, add = false;
  double threshold = 0;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
};

struct Option {
  const char* name;
  std::string LinkOptions::* value;
  const char* type_zh;
  const char* type_en;
  const char* zh;
  const char* en;
};

constexpr Option text_options[] = {
    {"--key", &LinkOptions::key, "列名", "COLUMN", "给每行编号的列，不参与比对", "the column that names a row; never compared"},
    {"--key-right", &LinkOptions::key_right, "列名", "COLUMN", "第二张表的编号列（默认同 --key）", "the same of the second table (default: as --key)"},
    {"-o,--out", &LinkOptions::out, "文件", "FILE", "配对结果（csv 或 xlsx）", "the linked pairs (csv or xlsx)"},
    {"--groups", &LinkOptions::groups, "文件", "FILE", "查重时的分组结果（csv）", "the groups of duplicates (csv)"},
    {"--spec", &LinkOptions::spec, "文件", "FILE", "比对方案（YAML）；不给则由数据提出", "the spec (YAML); without it one is proposed from the data"},
    {"--save-spec", &LinkOptions::save_spec, "文件", "FILE", "保存所用的方案", "save the spec that was used"},
    {"--model", &LinkOptions::model, "文件", "FILE", "用已保存的模型，不再训练", "use a saved model instead of training"},
    {"--save-model", &LinkOptions::save_model, "文件", "FILE", "保存训练出的模型", "save the trained model"},
    {"--labels", &LinkOptions::labels, "文件", "FILE", "已知为同一人的配对（两列键）", "pairs known to be the same person (two columns of keys)"},
    {"--truth", &LinkOptions::truth, "文件或列", "FILE|COLUMN", "真值：配对文件，或两表共有的一列", "the truth: a file of pairs, or a column of both tables"},
    {"--drawing", &LinkOptions::drawing, "文件", "FILE", "把 --explain 画成 svg", "draw --explain as svg"},
    {"--save-index", &LinkOptions::save_index, "文件", "FILE", "把第一张表存成索引，随时可问", "keep the first table as an index that can be asked"},
    {"--index", &LinkOptions::index, "文件", "FILE", "不比对两表，而向索引问", "ask this index instead of comparing tables"},
    {"--memory", &LinkOptions::memory, "大小", "SIZE", "内存上限，如 2G；超出的写到磁盘", "memory limit such as 2G; what exceeds it goes to disk"},
};

std::string content_of(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

base::Result<std::size_t> bytes_from(const std::string& text) {
  std::size_t end = 0;
  double number = 0;
  try {
    number = std::stod(text, &end);
  } catch (const std::exception&) {
    end = 0;
  }
  const std::string unit = text.substr(end);
  const double factor = unit == "G" || unit == "GB" ? 1 << 30 : unit == "M" || unit == "MB" ? 1 << 20 : 0;
  if (end == 0 || factor == 0 || number <= 0) return base::fail(base::ErrorKind::input, "memory_unreadable", base::text("--memory 要写成 2G 或 500M 这样。", "--memory is written like 2G or 500M."));
  return static_cast<std::size_t>(number * factor);
}

class Linking {
 public:
  Linking(LinkOptions& options, const Common& common) : options_(options), common_(common) {}

  base::Done run() {
    if (!options_.index.empty()) {
      return ask_index({options_.index, options_.left, options_.key, options_.who, options_.out, options_.add, options_.many, options_.threads}, common_);
    }
    std::array<base::Result<std::unique_ptr<link::Source>>, 2> tables;
    link::in_parallel(2, options_.right.empty() ? 1 : 2, [&](std::size_t side, unsigned) {
      tables[side] = link_table_from_file(side == 0 ? options_.left : options_.right, options_.threads, common_.cancel);
    });
    left_ = TRY(std::move(tables[0]));
    right_ = TRY(std::move(tables[1]));
    link::Settings settings = TRY(settings_of());
    linkage_ = TRY(link::Linkage::prepare(*left_, right_.get(), std::move(settings)));
    if (!options_.save_spec.empty()) TRY(write_whole(options_.save_spec, link::yaml_from_spec(linkage_->spec(), common_.language, right_ != nullptr)));
    if (options_.plan) {
      show_plan();
      return {};
    }
    TRY(linkage_->run());
    clear_progress();
    if (!options_.save_model.empty()) TRY(write_whole(options_.save_model, link::text_from_model(linkage_->model(), common_.language)));
    if (!options_.out.empty()) {
      TRY(options_.out.ends_with(".xlsx") ? write_links_workbook(*linkage_, options_.out, common_.language, common_.cancel)
                                          : link::write_links(*linkage_, options_.out, options_.threads, common_.cancel));
    }
    if (!options_.groups.empty()) TRY(link::write_groups(*linkage_, options_.groups, common_.cancel));
    show_summary();
    if (!options_.truth.empty()) TRY(show_truth());
    if (!options_.explained.empty()) TRY(show_explanation());
    if (options_.save_index.empty()) return {};
    return TRY(link::Index::from(std::move(linkage_)))->save(options_.save_index, common_.cancel);
  }

 private:
  bool english() const { return common_.language == base::Language::en; }

  base::Result<link::Settings> settings_of() {
    link::Settings settings;
    settings.key_left = options_.key;
    settings.key_right = options_.key_right.empty() ? options_.key : options_.key_right;
    settings.ignored = options_.ignored;
    truth_is_column_ = !options_.truth.empty() && std::find(left_->headings().begin(), left_->headings().end(), options_.truth) != left_->headings().end();
    if (truth_is_column_) settings.ignored.push_back(options_.truth);
    if (!options_.spec.empty()) {
      settings.spec = TRY(link_spec_from_file(options_.spec, right_ != nullptr));
      if (!options_.key.empty()) settings.spec->key_left = settings.key_left;
      if (!options_.key_right.empty()) settings.spec->key_right = settings.key_right;
    } else if (options_.key.empty()) {
      return base::fail(base::ErrorKind::input, "key_missing", base::text("请用 --key 说明哪一列是行的编号。", "Say with --key which column names the rows."));
    }
    if (!options_.spec.empty()) adjust(*settings.spec);
    if (!options_.labels.empty()) {
      const auto source = TRY(link_table_from_file(options_.labels, options_.threads, common_.cancel));
      settings.labels = TRY(link::truth_from_pairs(*source));
    }
    settings.labels_only = options_.labels_only;
    settings.many_to_many = options_.many;
    if (options_.threshold > 0) settings.threshold = options_.threshold;
    settings.threads = options_.threads;
    settings.cancel = common_.cancel;
    if (!options_.memory.empty()) settings.memory_max = TRY(bytes_from(options_.memory));
    if (!options_.out.empty()) settings.spill_folder = std::filesystem::absolute(options_.out).parent_path();
    if (::isatty(STDERR_FILENO) == 1) settings.progress = [this](std::string_view step, std::int64_t done, std::int64_t total) { show_progress(step, done, total); };
    if (!options_.model.empty()) {
      settings.model = TRY(link::model_from_text(content_of(options_.model), options_.model));
      settings.model_file = options_.model;
    }
    return settings;
  }

  void adjust(link::Spec& spec) const {
    if (options_.many) spec.one_to_one = false;
    if (options_.threshold > 0) spec.threshold = options_.threshold;
  }

  void show_progress(std::string_view step, std::int64_t done, std::int64_t total) {
    if (total > 0) fmt::print(stderr, "\r\x1b[K{} {}%", step, 100 * done / total);
    else fmt::print(stderr, "\r\x1b[K{}", step);
  }
  void clear_progress() const {
    if (::isatty(STDERR_FILENO) == 1) fmt::print(stderr, "\r\x1b[K");
  }

  void show_plan() const {
    clear_progress();
    fmt::print("{}", link::yaml_from_spec(linkage_->spec(), common_.language, right_ != nullptr));
    for (const link::ColumnReport& column : linkage_->report().columns) fmt::print("# {} {}: {}\n", column.table, column.heading, column.verdict.in(common_.language));
    double total = 0;
    const std::vector<double> estimates = linkage_->estimated();
    for (std::size_t key = 0; key < estimates.size(); ++key) {
      fmt::print("# {} {}: {:.0f}\n", english() ? "pairs expected of key" : "预计配对数，键", key + 1, estimates[key]);
      total += estimates[key];
    }
    fmt::print("# {} {:.0f}\n", english() ? "at most together" : "合计最多", total);
  }

  void show_summary() const {
    const link::Report& report = linkage_->report();
    if (common_.json) {
      fmt::print("{{\"links\":{},\"groups\":{},\"pairs\":{},\"refused_ids\":{},\"spilled_bytes\":{},\"seconds\":{{", linkage_->links().size(), linkage_->groups().members.size(), report.pairs,
                 report.refused_ids, report.spilled_bytes);
      for (std::size_t i = 0; i < report.seconds.size(); ++i) fmt::print("{}\"{}\":{:.3f}", i == 0 ? "" : ",", report.seconds[i].first, report.seconds[i].second);
      fmt::print("}}}}\n");
      return;
    }
    if (english()) fmt::print("{} pairs compared, {} linked", report.pairs, linkage_->links().size());
    else fmt::print("比对了 {} 对，判为同一人的 {} 对", report.pairs, linkage_->links().size());
    if (linkage_->within()) fmt::print(fmt::runtime(english() ? " in {} groups" : "，分为 {} 组"), linkage_->groups().members.size());
    fmt::print("{}\n", english() ? "." : "。");
    if (report.refused_ids > 0) fmt::print(fmt::runtime(english() ? "{} joins refused: two valid ID numbers differ.\n" : "{} 次合并因两个有效身份证号不同而没有做。\n"), report.refused_ids);
    for (std::size_t key = 0; key < report.keys.size(); ++key) {
      const link::KeyReport& each = report.keys[key];
      if (each.pairs_split_away + each.pairs_dropped == 0) continue;
      fmt::print(fmt::runtime(english() ? "Key {}: {} blocks were too large and split ({} pairs not compared), {} dropped ({} pairs).\n"
                                        : "键 {}：{} 个组过大而拆分（{} 对未比），{} 个组放弃（{} 对）。\n"),
                 key + 1, each.blocks_split, each.pairs_split_away, each.blocks_dropped, each.pairs_dropped);
    }
  }

  base::Done show_truth() const {
    link::KeyPairs truth;
    if (truth_is_column_) {
      truth = TRY(link::truth_from_column(*left_, right_.get(), linkage_->spec().key_left, linkage_->spec().key_right, options_.truth));
    } else {
      const auto source = TRY(link_table_from_file(options_.truth, options_.threads, common_.cancel));
      truth = TRY(link::truth_from_pairs(*source));
    }
    const link::Metrics metrics = link::metrics_of(*linkage_, truth);
    fmt::print("{} {:.5f} [{:.5f}, {:.5f}]  ({}/{})\n", english() ? "precision" : "准确率", metrics.precision.value, metrics.precision.low, metrics.precision.high, metrics.right, metrics.linked);
    fmt::print("{} {:.5f} [{:.5f}, {:.5f}]  ({}/{})\n", english() ? "recall" : "召回率", metrics.recall.value, metrics.recall.low, metrics.recall.high, metrics.right, metrics.true_pairs);
    fmt::print("F1 {:.5f} [{:.5f}, {:.5f}]\n", metrics.f1, metrics.f1_low, metrics.f1_high);
    fmt::print("{}\n", english() ? "threshold  precision  recall   F1   (single pairs, before partners and groups are decided)" : "门槛     准确率   召回率   F1   （按单对计，未作一对一和分组）");
    for (const link::CurvePoint& point : metrics.curve) fmt::print("{:<8} {:.5f}  {:.5f}  {:.5f}\n", point.threshold, point.precision, point.recall, point.f1);
    for (const auto& [one, other] : metrics.wrong) fmt::print("{} {} {}\n", english() ? "wrong" : "误配", one, other);
    for (const auto& [one, other] : metrics.missed) fmt::print("{} {} {}\n", english() ? "missed" : "漏配", one, other);
    return {};
  }

  base::Done show_explanation() const {
    const auto explanation = TRY(link::explain(*linkage_, options_.explained[0], options_.explained[1]));
    fmt::print("{}", link::text_from_explanation(explanation, common_.language));
    if (options_.drawing.empty()) return {};
    return write_whole(options_.drawing, link::svg_from_explanation(explanation, common_.language));
  }

  LinkOptions& options_;
  const Common& common_;
  std::unique_ptr<link::Source> left_, right_;
  std::unique_ptr<link::Linkage> linkage_;
  bool truth_is_column_ = false;
};

}  // namespace

void add_link_command(CLI::App& program, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  auto options = std::make_shared<LinkOptions>();
  CLI::App* command = program.add_subcommand("link", english ? "link two tables of people, or find duplicates in one" : "比对两张人员表，或在一张表里查重");
  const char* file = english ? "FILE" : "文件";
  command->add_option("left", options->left, english ? "the first table (csv or workbook)" : "第一张表（csv 或工作簿）")->type_name(file);
  command->add_option("right", options->right, english ? "the second table; without it duplicates in the first are found" : "第二张表；不给则在第一张表里查重")->type_name(file);
  for (const Option& option : text_options) {
    command->add_option(option.name, (*options).*option.value, english ? option.en : option.zh)->type_name(english ? option.type_en : option.type_zh);
  }
  command->add_option("--who", options->who, english ? "with --index: one person, COLUMN=VALUE each" : "配合 --index：问一个人，逐项写 列名=值")->type_name(english ? "COLUMN=VALUE" : "列名=值");
  command->add_flag("--add", options->add, english ? "with --index: add the table's rows to it" : "配合 --index：把表里的行加进索引");
  command->add_option("--ignore", options->ignored, english ? "columns left out of the comparison" : "不参与比对的列")->type_name(english ? "COLUMN" : "列名");
  command->add_option("--explain", options->explained, english ? "why these two keys were linked or not" : "说明这两个键为何判为或不判为同一人")->expected(2)->type_name(english ? "KEY" : "键");
  command->add_option("--threshold", options->threshold, english ? "probability from which a pair is linked (default 0.5)" : "判为同一人的概率门槛（默认 0.5）")
      ->check(CLI::Range(0.000001, 0.999999))->type_name(english ? "P" : "概率");
  command->add_option("--threads", options->threads, english ? "threads (default: all cores)" : "线程数（默认全部核心）")->check(CLI::Range(1, 256))->type_name(english ? "N" : "数");
  command->add_flag("--plan", options->plan, english ? "show spec and expected pairs, compare nothing" : "只显示方案和预计配对数，不比对");
  command->add_flag("--labels-only", options->labels_only, english ? "train on the labels alone" : "只用标注训练");
  command->add_flag("--many", options->many, english ? "a row may have several partners" : "一行可以配多行");
  command->callback([options, &common, &chosen] {
    if (options->left.empty() && (options->index.empty() || options->who.empty())) throw CLI::RequiredError("left");
    chosen.run = [options, &common] {
      const auto done = Linking(*options, common).run();
      return done ? Exit::done : report(done.error(), common);
    };
  });
}

}  // namespace yihu::app

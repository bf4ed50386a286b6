#include "plan/reading/task.h"

#include "plan/reading/deadline.h"
#include "plan/reading/demand.h"
#include "plan/reading/item.h"
#include "plan/reading/recurrence.h"

#include <algorithm>
#include <array>

namespace yihu::plan {
namespace {

/// Tasks that say what the plan is about, and ask nothing of anybody.
bool is_general(std::string_view title) {
  constexpr auto words = std::to_array<std::string_view>({"指导思想", "总体要求", "基本原则", "工作原则", "总体目标", "目标任务", "工作目标", "主要目标", "总体思路", "工作思路", "总体任务", "重要意义", "年度目标", "目标要求", "编制依据"});
  return std::ranges::any_of(words, [&](std::string_view word) { return title.find(word) != title.npos && title.size() <= 3 * 12; });
}

class Assembly {
 public:
  Assembly(const Findings& findings, PlanDocument& plan) : flow_(findings.flow), findings_(findings), plan_(plan) {
    bracketed_items_ = std::ranges::none_of(findings.headings, [](const Heading& heading) { return heading.style == MarkerStyle::bracketed_chinese; });
  }

  void run() {
    for (const auto& heading : findings_.headings) {
      if (heading.level == HeadingLevel::part) add_part(heading);
      if (heading.level == HeadingLevel::task) add_task(heading);
    }
  }

 private:
  std::string title_of(const Heading& heading) const {
    const auto title = sentence(flow_, heading.title_begin, heading.title_end);
    auto end = title.size();
    while (end > 0 && (title.folded[end - 1] == U';' || title.folded[end - 1] == U',' || title.folded[end - 1] == U'.')) --end;
    return title.text(0, end);
  }

  base::Span title_span(const Heading& heading) const {
    const auto end = std::max(heading.title_end, heading.begin + 1);
    const auto begin = heading.title_begin < end ? heading.title_begin : heading.begin;
    return flow_.span(begin, end);
  }

  void warn(std::string code, std::optional<int> measure, base::Text text, std::optional<base::Span> span) {
    const bool in_task = !plan_.tasks.empty() && task_open_;
    plan_.warnings.push_back({std::move(code), in_task ? std::optional(plan_.tasks.back().no) : std::nullopt, measure, std::move(text), span,
                              in_task ? std::optional(plan_.tasks.back().position) : std::nullopt});
  }

  void add_part(const Heading& heading) {
    task_open_ = false;
    plan_.parts.push_back({heading.number, title_of(heading), title_span(heading)});
    const int number = heading.number;
    if (last_part_ > 0 && number == last_part_) {
      warn("repeated_part_number", std::nullopt, base::text("部分序号“{}”重复。", "Part number {} stands twice.", number), title_span(heading));
    } else if (number > last_part_ + 1) {
      warn("skipped_part_number", std::nullopt, base::text("部分序号从{}跳到{}。", "Part numbers skip from {} to {}.", last_part_, number), title_span(heading));
    }
    last_part_ = number;
    fresh_part_ = true;
    const auto blocks = blocks_in(findings_.blocks, heading.content, heading.end);
    part_owners_ = blocks.empty() ? nullptr : &blocks.front();
  }

  void add_task(const Heading& heading) {
    Task task;
    task.no = heading.number;
    task.position = static_cast<int>(plan_.tasks.size()) + 1;
    task.part = plan_.parts.empty() ? 0 : plan_.parts.back().no;
    task.title = title_of(heading);
    task.span = title_span(heading);
    plan_.tasks.push_back(std::move(task));
    task_open_ = true;
    if (heading.number > 0) check_task_number(heading);
    read_content(heading);
  }

  void check_task_number(const Heading& heading) {
    const int number = heading.number;
    const bool restarts = fresh_part_ && number == 1;
    if (!restarts && last_task_ > 0 && number <= last_task_) {
      warn("repeated_task_number", std::nullopt, base::text("任务序号“{}”重复或倒退。", "Task number {} stands twice or falls back.", number), title_span(heading));
    } else if (!restarts && number > last_task_ + 1) {
      warn("skipped_task_number", std::nullopt, base::text("任务序号从{}跳到{}。", "Task numbers skip from {} to {}.", last_task_, number), title_span(heading));
    }
    last_task_ = number;
    fresh_part_ = false;
  }

  void read_content(const Heading& heading) {
    auto items = items_in(findings_.places, heading.content, heading.end, last_item_, bracketed_items_);
    const auto blocks = blocks_in(findings_.blocks, heading.title_end, heading.end);
    const auto intro_end = items.empty() ? heading.end : items.front().marker;
    const auto intro_blocks = blocks_in(blocks, heading.title_end, intro_end);
    if (items.empty() && intro_blocks.size() > 1 && read_paragraphs(heading, intro_blocks)) return;
    const auto intro = without_blocks(heading.content, intro_end, intro_blocks);
    auto& task = plan_.tasks.back();
    if (items.empty()) {
      read_single(heading, intro_blocks, intro);
      return;
    }
    task.text = intro.text(0, intro.size());
    task.demands = demands_from_sentence(intro, findings_.year);
    check_item_numbers(items);
    // Owners before the first item are those of all of them.
    const OwnerBlock* all = intro_blocks.empty() ? part_owners_ : &intro_blocks.front();
    if (!intro_blocks.empty()) check_block(*all, std::nullopt);
    std::size_t unowned = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      add_measure(items[i], static_cast<int>(i) + 1);
      const auto inside = blocks_in(blocks, items[i].begin, items[i].end);
      for (const auto& block : inside) {
        // A block serves the items since the last one; where the task has owners of its own, only its item.
        const auto first = all ? i : unowned;
        for (auto k = first; k <= i; ++k) give(task.measures[k], block);
        check_block(block, static_cast<int>(i) + 1);
        unowned = i + 1;
      }
    }
    for (auto& measure : task.measures) {
      if (all && measure.lead.empty() && measure.responsible.empty()) give(measure, *all);
    }
  }

  /// A task without numbered items is one measure, if it asks something of somebody.
  void read_single(const Heading& heading, std::span<const OwnerBlock> blocks, const Characters& intro) {
    auto& task = plan_.tasks.back();
    const bool owned = !blocks.empty() || part_owners_;
    const bool title_only = intro.size() == 0;
    const auto text = title_only ? sentence(flow_, heading.title_begin, heading.title_end) : intro;
    const std::string part_title = plan_.parts.empty() ? "" : plan_.parts.back().title;
    if (text.size() == 0 || (!owned && (title_only || is_general(task.title) || is_general(part_title)))) {
      task.text = intro.text(0, intro.size());
      task.demands = demands_from_sentence(intro, findings_.year);
      return;
    }
    Measure measure;
    measure.position = 1;
    fill(measure, text);
    if (blocks.empty() && part_owners_) give(measure, *part_owners_);
    for (const auto& block : blocks) give(measure, block);
    task.measures.push_back(std::move(measure));
    for (const auto& block : blocks) check_block(block, 1);
  }

  /// Several owner blocks, each behind its own sentences: measures without numbers.
  bool read_paragraphs(const Heading& heading, std::span<const OwnerBlock> blocks) {
    auto& task = plan_.tasks.back();
    std::vector<Measure> measures;
    auto from = heading.content;
    for (const auto& block : blocks) {
      const auto text = from < block.begin ? trimmed(from, block.begin) : Characters{};
      from = block.end;
      if (text.size() == 0 && measures.empty()) return false;  // owners of the whole task stand before its text
      if (text.size() > 0) {
        measures.emplace_back();
        measures.back().position = static_cast<int>(measures.size());
        fill(measures.back(), text);
      }
      give(measures.back(), block);
      check_block(block, static_cast<int>(measures.size()));
    }
    const auto rest = from < heading.end ? trimmed(from, heading.end) : Characters{};
    if (rest.size() > 0) warn_unplaced(rest);
    task.measures = std::move(measures);
    return true;
  }

  void check_item_numbers(const std::vector<Item>& items) {
    int last = last_item_ > 0 && items.front().number == last_item_ + 1 ? last_item_ : 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const int number = *items[i].number;
      const auto position = static_cast<int>(i) + 1;
      const auto span = flow_.span(items[i].marker, items[i].begin);
      if (number == last) {
        warn("repeated_item_number", position, base::text("序号“{}”重复，本项是任务中的第{}项。", "Number {} stands twice; this is item {} of the task.", number, position), span);
      } else if (number > last + 1) {
        warn("skipped_item_number", position, base::text("序号从{}跳到{}。", "Numbers skip from {} to {}.", last, number), span);
      } else if (number < last) {
        warn("fallen_item_number", position, base::text("序号从{}退到{}。", "Numbers fall from {} back to {}.", last, number), span);
      }
      last = number;
    }
    last_item_ = last;
  }

  /// The sentence in [begin, end) with owner blocks left out, and text that belongs to nothing.
  Characters without_blocks(std::size_t begin, std::size_t end, std::span<const OwnerBlock> blocks) {
    Characters rest;
    auto from = begin;
    bool behind = false;
    const auto take = [&](std::size_t to) {
      if (from >= to) return;
      auto text = trimmed(from, to);
      if (text.size() == 0) return;
      // Behind the owners a new paragraph is no longer what they were given for.
      if (behind && new_paragraph(from, to)) warn_unplaced(text);
      else rest.append(text, 0, text.size());
    };
    for (const auto& block : blocks) {
      if (block.begin >= from) take(std::min(block.begin, end));
      from = std::max(from, std::min(block.end, end));
      behind = rest.size() > 0;  // owners right behind the title are those of what follows
    }
    take(end);
    return rest;
  }

  bool new_paragraph(std::size_t from, std::size_t to) const {
    for (auto i = from; i < to && is_space(flow_.folded[i]); ++i) {
      if (flow_.folded[i] == paragraph_end || flow_.folded[i] == doubtful_end) return true;
    }
    return false;
  }

  /// Without what only separates: spaces and stray stops at both ends.
  Characters trimmed(std::size_t from, std::size_t to) const {
    const auto loose = [](char32_t point) { return is_space(point) || point == U':' || point == U'、' || point == U','; };
    const auto stop = [&](char32_t point) { return loose(point) || point == U'。' || point == U';' || point == U'.' || point == U')'; };
    while (from < to && stop(flow_.folded[from])) ++from;
    while (to > from && loose(flow_.folded[to - 1])) --to;
    return sentence(flow_, from, to);
  }

  void warn_unplaced(const Characters& text) {
    if (text.size() < 2 || text.text(0, text.size()) == plan_.issuer || (text.size() < 50 && text.folded.find(U'。') == std::u32string::npos)) return;
    warn("text_unplaced", std::nullopt, base::text("责任单位之后的一段文字不属于任何措施，未读入。", "A paragraph behind the units belongs to no measure and was not read."),
         text.span(0, text.size()));
  }

  void fill(Measure& measure, const Characters& text) {
    measure.text = text.text(0, text.size());
    measure.span = text.span(0, text.size());
    auto demands = demands_from_sentence(text, findings_.year);
    measure.deadlines = std::move(demands.deadlines);
    measure.recurrences = std::move(demands.recurrences);
    measure.targets = std::move(demands.targets);
    measure.allocations = std::move(demands.allocations);
  }

  void add_measure(const Item& item, int position) {
    const auto blocks = blocks_in(findings_.blocks, item.begin, item.end);
    auto text = without_blocks(item.begin, item.end, blocks);
    Measure measure;
    measure.no = item.number;
    measure.position = position;
    if (text.size() == 0) {
      measure.span = flow_.span(item.marker, item.begin);
      warn("item_empty", position, base::text("第{}项没有内容。", "Item {} has no text.", position), measure.span);
    } else {
      fill(measure, text);
    }
    plan_.tasks.back().measures.push_back(std::move(measure));
  }

  void give(Measure& measure, const OwnerBlock& block) const {
    const auto add = [](std::vector<std::string>& names, const std::vector<std::string>& more) {
      for (const auto& name : more) {
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);
      }
    };
    add(measure.lead, block.owners.lead);
    add(measure.responsible, block.owners.responsible);
    if (!block.owners.empty()) measure.owners_span = flow_.span(block.begin, block.end);
    for (const auto& span : block.owners.deadlines) {
      const auto text = sentence(flow_, span.begin, span.end);
      std::vector<base::Span> taken;
      for (auto& found : recurrences_in(text)) {
        taken.push_back(found.within);
        const bool known = std::ranges::find(measure.recurrences, found.recurrence) != measure.recurrences.end();
        if (!known) measure.recurrences.push_back(std::move(found.recurrence));
      }
      auto found = deadlines_in(text, findings_.year.value_or(0), taken, true);
      for (auto& deadline : found) {
        if (std::ranges::find(measure.deadlines, deadline.span, &Deadline::span) == measure.deadlines.end()) measure.deadlines.push_back(std::move(deadline));
      }
    }
  }

  void check_block(const OwnerBlock& block, std::optional<int> position) {
    const auto span = flow_.span(block.begin, block.end);
    const auto& owners = block.owners;
    if (block.mended && !owners.empty()) {
      warn("owner_block_mended", position, base::text("责任单位的括号或标签不完整，已按上下文补全，请核对。", "The bracket or label of the units is broken; it was mended, please check."), span);
    }
    if (!owners.unreadable.empty()) {
      warn("owner_unreadable", position, base::text("责任单位中“{}”读不出单位名称，请补正。", "“{}” among the units is not a readable name; please correct it.", base::utf8(owners.unreadable.front())), span);
    } else if (owners.empty() && owners.deadlines.empty()) {
      warn("owner_unreadable", position, base::text("这里有责任单位的标签，但没有单位名称，请补正。", "There is a label for units here, but no name; please correct it."), span);
    }
    if (owners.open_ended) {
      warn("owner_list_open", position, base::text("责任单位以“等”结尾，没有列全。", "The list of units ends with “and others”."), span);
    }
    if (owners.prefix_supplied) {
      warn("unit_prefix_supplied", position, base::text("名单只在开头写了地名，其余单位已补上，请核对。", "The list states the place only once; it was supplied to the other names, please check."), span);
    }
  }

  const Flow& flow_;
  const Findings& findings_;
  PlanDocument& plan_;
  const OwnerBlock* part_owners_ = nullptr;
  bool bracketed_items_ = false;  ///< （一） numbers items, because it numbers no task
  bool task_open_ = false;
  bool fresh_part_ = true;
  int last_part_ = 0;
  int last_task_ = 0;
  int last_item_ = 0;
};

}  // namespace

void add_tasks(const Findings& findings, PlanDocument& plan) { Assembly(findings, plan).run(); }

}  // namespace yihu::plan

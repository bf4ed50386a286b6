#include "plan/reading/owner_block.h"

#include "plan/reading/marker.h"

#include <algorithm>
#include <limits>

namespace yihu::plan {
namespace {

// Longer brackets are not owner blocks: something is broken, and the block is taken to end sooner.
constexpr std::size_t block_length_max = 2'000;
constexpr std::size_t unlabelled_length_max = 200;
// Stray characters between the bracket and its label: （责 责任单位：…
constexpr std::size_t stray_length_max = 6;
constexpr auto nowhere = std::numeric_limits<std::uint32_t>::max();

/// For each bracket the place of its partner; `nowhere` for one without, and for other characters.
std::vector<std::uint32_t> bracket_partners(const Flow& flow) {
  std::vector<std::uint32_t> partner(flow.size(), nowhere);
  std::vector<std::uint32_t> open;
  for (std::size_t i = 0; i < flow.size(); ++i) {
    const char32_t point = flow.folded[i];
    if (point == U'(') open.push_back(static_cast<std::uint32_t>(i));
    if (point == text_end) open.clear();
    if (point == U')' && !open.empty()) {
      partner[open.back()] = static_cast<std::uint32_t>(i);
      partner[i] = open.back();
      open.pop_back();
    }
  }
  return partner;
}

struct Labelled {
  OwnerRole role;
  std::size_t begin;  ///< of the label
  std::size_t names;  ///< behind it
};

/// A label counts if a colon follows it, or if it stands where a name would begin.
std::vector<Labelled> labels_in(const Characters& characters, std::size_t begin, std::size_t end) {
  std::vector<Labelled> labels;
  const auto text = characters.view(0, end);
  bool fresh = true;
  for (auto i = begin; i < end; ++i) {
    const char32_t point = text[i];
    const auto label = owner_label_at(text, i);
    // 牵头 or 配合 alone are verbs unless a colon follows.
    if (label && (label->colon || (fresh && label->length >= 4))) {
      labels.push_back({label->role, i, i + label->length});
      i += label->length - 1;
      fresh = false;
      continue;
    }
    fresh = point == U';' || point == U',' || point == U'。' || point == U'(' || (fresh && is_space(point));
  }
  return labels;
}

/// 区教育局牵头, 各镇配合, 由区水务局负责: the role stands behind the names. Takes the verb off the end.
std::optional<OwnerRole> take_verb(const Characters& characters, std::size_t begin, std::size_t& end) {
  struct Verb { std::u32string_view text; OwnerRole role; };
  constexpr Verb verbs[] = {
      {U"按职责分工分别负责", OwnerRole::responsible}, {U"按职责分工负责", OwnerRole::responsible}, {U"按职责分工配合", OwnerRole::responsible},
      {U"按职责负责", OwnerRole::responsible},         {U"按分工负责", OwnerRole::responsible},     {U"分工负责", OwnerRole::responsible},
      {U"牵头负责", OwnerRole::lead},                  {U"牵头落实", OwnerRole::lead},              {U"牵头实施", OwnerRole::lead},
      {U"牵头", OwnerRole::lead},                      {U"主办", OwnerRole::lead},                  {U"分别负责", OwnerRole::responsible},
      {U"共同负责", OwnerRole::responsible},           {U"负责落实", OwnerRole::responsible},       {U"负责", OwnerRole::responsible},
      {U"参与配合", OwnerRole::responsible},           {U"配合", OwnerRole::responsible},           {U"协办", OwnerRole::responsible},
      {U"参与", OwnerRole::responsible},               {U"落实", OwnerRole::responsible},
  };
  while (end > begin && (is_space(characters.folded[end - 1]) || characters.folded[end - 1] == U'。')) --end;
  for (const auto& verb : verbs) {
    if (!characters.view(begin, end).ends_with(verb.text)) continue;
    end -= verb.text.size();
    return verb.role;
  }
  return std::nullopt;
}

void put(Owners& owners, UnitList list, OwnerRole role) {
  auto& names = role == OwnerRole::lead ? owners.lead : owners.responsible;
  for (auto& name : list.names) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  owners.unreadable.insert(owners.unreadable.end(), list.unreadable.begin(), list.unreadable.end());
  owners.open_ended = owners.open_ended || list.open_ended;
  owners.prefix_supplied = owners.prefix_supplied || list.prefix_supplied;
}

/// Only 责任单位 and a rule of the document: some of the names lead.
void put_by_rule(Owners& owners, UnitList list, LeadRule rule) {
  std::optional<std::size_t> leading;
  switch (rule) {
    case LeadRule::none: break;
    case LeadRule::before_comma: leading = list.before_comma; break;
    case LeadRule::before_semicolon: leading = list.before_semicolon; break;
    case LeadRule::first_unit: leading = 1; break;
  }
  if (!leading && rule != LeadRule::none && list.names.size() == 1) leading = 1;  // one unit alone leads
  const auto count = std::min(leading.value_or(0), list.names.size());
  UnitList first;
  first.names.assign(list.names.begin(), list.names.begin() + static_cast<std::ptrdiff_t>(count));
  list.names.erase(list.names.begin(), list.names.begin() + static_cast<std::ptrdiff_t>(count));
  put(owners, std::move(first), OwnerRole::lead);
  put(owners, std::move(list), OwnerRole::responsible);
}

/// (区教育局牵头，区财政局、各镇配合) and (区教育局、区民政局): no label, but nothing else than units.
std::optional<Owners> unlabelled_owners(const Characters& characters, std::size_t begin, std::size_t end) {
  if (end - begin < 3 || end - begin > unlabelled_length_max) return std::nullopt;
  Owners owners;
  bool verb = false;
  for (auto from = begin; from < end;) {
    auto to = from;
    while (to < end && characters.folded[to] != U',' && characters.folded[to] != U';') ++to;
    auto names_end = to;
    if (characters.view(from, to).starts_with(U"由")) ++from;
    const auto role = take_verb(characters, from, names_end);
    if (names_end <= from || !looks_like_units(characters, from, names_end)) return std::nullopt;
    verb = verb || role;
    // In 区教育局，各镇党委政府负责 the verb at the end is that of both.
    put(owners, units_from_characters(characters, from, names_end), role.value_or(OwnerRole::responsible));
    from = to + 1;
  }
  return owners;
}

class Finder {
 public:
  Finder(const Flow& flow, LeadRule rule) : flow_(flow), rule_(rule), partner_(bracket_partners(flow)) {}

  std::vector<OwnerBlock> find() {
    std::vector<OwnerBlock> blocks;
    for (std::size_t i = 0; i < flow_.size();) {
      auto block = flow_.folded[i] == U'(' ? bracketed(i) : bare(i, blocks.empty() ? 0 : blocks.back().end);
      if (!block) {
        ++i;
        continue;
      }
      i = std::max(block->end, i + 1);
      blocks.push_back(std::move(*block));
    }
    return blocks;
  }

 private:
  std::optional<OwnerBlock> bracketed(std::size_t open) const {
    const auto reach = std::min(flow_.size(), open + 1 + stray_length_max);
    std::size_t stray = 0;
    std::optional<std::size_t> label_at;
    for (auto k = open + 1; k < reach && !label_at; ++k) {
      const auto label = owner_label_at(flow_.folded, k);
      if (label && (label->colon || (stray == 0 && label->length >= 4))) label_at = k;
      else if (flow_.folded[k] == U'(' || flow_.folded[k] == U')') stray += flow_.folded[k] == U')' ? stray_length_max : 0;
      else if (!is_space(flow_.folded[k])) ++stray;
    }
    return label_at && stray < stray_length_max ? labelled(open, *label_at, stray > 0) : unlabelled(open);
  }

  OwnerBlock labelled(std::size_t open, std::size_t label, bool mended) const {
    const auto close = partner_[open];
    const auto broken_end = end_without_bracket(label);
    OwnerBlock block;
    block.begin = open;
    std::size_t names_end = 0;
    if (close != nowhere && close - open <= block_length_max && close <= broken_end.second) {
      names_end = close;
      block.end = close + 1;
    } else {
      names_end = broken_end.first;
      block.end = names_end < flow_.size() && flow_.folded[names_end] == U')' ? names_end + 1 : names_end;
      mended = true;
    }
    block.owners = owners_from_characters(flow_, label, names_end, OwnerRole::responsible, rule_);
    block.mended = mended;
    return block;
  }

  /// Where a block ends whose bracket does not close: at a stop, at the paragraph's end, or at the next block.
  /// The second is how far a closing bracket is still believed.
  std::pair<std::size_t, std::size_t> end_without_bracket(std::size_t from) const {
    const auto reach = std::min(flow_.size(), from + block_length_max);
    std::size_t first_stop = 0;
    for (auto i = from; i < reach; ++i) {
      const char32_t point = flow_.folded[i];
      if (point == text_end || point == paragraph_end || point == doubtful_end) return {first_stop > 0 ? first_stop : i, i};
      if (point == U'(' && i > from) {
        const auto label = owner_label_at(flow_.folded, i + 1);
        if (label && (label->colon || label->length >= 4)) return {first_stop > 0 ? first_stop : i, i};
      }
      if (first_stop == 0 && (point == U'。' || (point == U')' && !opened_within(from, i)))) first_stop = i;
    }
    return {first_stop > 0 ? first_stop : reach, reach};
  }

  bool opened_within(std::size_t from, std::size_t close) const { return partner_[close] != nowhere && partner_[close] >= from; }

  std::optional<OwnerBlock> unlabelled(std::size_t open) const {
    const auto close = partner_[open];
    if (close == nowhere || close - open > unlabelled_length_max) return std::nullopt;
    // Only behind a sentence, or at its very end, does a bracket say who does it.
    auto next = close + std::size_t{1};
    while (next < flow_.size() && flow_.folded[next] == U' ') ++next;
    const bool at_end = next >= flow_.size() || is_space(flow_.folded[next]) || flow_.folded[next] == U'。' || flow_.folded[next] == U';' ||
                        (open > 0 && ends_sentence(flow_.folded[open - 1]));
    if (!at_end) return std::nullopt;
    auto owners = unlabelled_owners(flow_, open + 1, close);
    if (!owners) return std::nullopt;
    return OwnerBlock{open, close + std::size_t{1}, std::move(*owners), false};
  }

  /// 责任单位：… without a bracket, at the beginning of a paragraph or behind a sentence.
  std::optional<OwnerBlock> bare(std::size_t at, std::size_t last_end) {
    const auto label = owner_label_at(flow_.folded, at);
    if (!label || !label->colon) return std::nullopt;
    auto before = at;
    while (before > last_end && flow_.folded[before - 1] == U' ') --before;
    const bool fresh = before == 0 || before == last_end || is_space(flow_.folded[before - 1]) || ends_sentence(flow_.folded[before - 1]);
    const auto end = std::min(bare_end(at + label->length), at + block_length_max);
    const bool bracket = end < flow_.size() && flow_.folded[end] == U')';
    if (!fresh && !bracket) return std::nullopt;
    OwnerBlock block{at, end, owners_from_characters(flow_, at, end, OwnerRole::responsible, rule_), bracket};
    if (end < flow_.size() && (bracket || flow_.folded[end] == U'。')) ++block.end;
    return block;
  }

  /// The next place where a block without brackets ends. Remembered, so that many labels on one line stay cheap.
  std::size_t bare_end(std::size_t from) {
    if (bare_end_ >= from) return bare_end_;
    for (bare_end_ = from; bare_end_ < flow_.size(); ++bare_end_) {
      const char32_t point = flow_.folded[bare_end_];
      if (point == paragraph_end || point == doubtful_end || point == text_end || point == U'。') break;
      if (point == U')' && !opened_within(from, bare_end_)) break;
    }
    return bare_end_;
  }

  const Flow& flow_;
  LeadRule rule_;
  std::size_t bare_end_ = 0;
  std::vector<std::uint32_t> partner_;
};

/// Blocks with nothing between them are one: 牵头单位：… on a line, 责任单位：… on the next.
std::vector<OwnerBlock> joined(const Flow& flow, std::vector<OwnerBlock> blocks) {
  std::vector<OwnerBlock> out;
  for (auto& block : blocks) {
    const bool adjacent = !out.empty() && std::ranges::all_of(flow.view(out.back().end, block.begin), [](char32_t point) {
      return is_space(point) && point != text_end;
    });
    if (!adjacent) {
      out.push_back(std::move(block));
      continue;
    }
    auto& owners = out.back().owners;
    for (auto& name : block.owners.lead) owners.lead.push_back(std::move(name));
    for (auto& name : block.owners.responsible) owners.responsible.push_back(std::move(name));
    owners.deadlines.insert(owners.deadlines.end(), block.owners.deadlines.begin(), block.owners.deadlines.end());
    owners.unreadable.insert(owners.unreadable.end(), block.owners.unreadable.begin(), block.owners.unreadable.end());
    owners.open_ended = owners.open_ended || block.owners.open_ended;
    owners.prefix_supplied = owners.prefix_supplied || block.owners.prefix_supplied;
    out.back().mended = out.back().mended || block.mended;
    out.back().end = block.end;
  }
  return out;
}

}  // namespace

Owners owners_from_characters(const Characters& characters, std::size_t begin, std::size_t end, OwnerRole first, LeadRule rule) {
  Owners owners;
  const auto labels = labels_in(characters, begin, end);
  const bool leads = std::ranges::any_of(labels, [](const Labelled& label) { return label.role == OwnerRole::lead; });
  owners.labelled = !labels.empty();
  const auto take = [&](std::size_t from, std::size_t to, OwnerRole role) {
    if (from >= to) return;
    switch (role) {
      case OwnerRole::person: return;
      case OwnerRole::deadline: owners.deadlines.push_back({from, to}); return;
      case OwnerRole::lead: put(owners, units_from_characters(characters, from, to), role); return;
      case OwnerRole::responsible: {
        auto list = units_from_characters(characters, from, to);
        if (leads) put(owners, std::move(list), role);
        else put_by_rule(owners, std::move(list), rule);
        return;
      }
    }
  };
  // In 团区委；责任单位：各镇 the names before the label lead.
  const auto names_end = labels.empty() ? end : labels.front().begin;
  take(begin, names_end, labels.empty() || labels.front().role == OwnerRole::lead ? first : OwnerRole::lead);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    take(labels[i].names, i + 1 < labels.size() ? labels[i + 1].begin : end, labels[i].role);
  }
  return owners;
}

std::vector<OwnerBlock> owner_blocks_from_flow(const Flow& flow, LeadRule rule) {
  return joined(flow, Finder(flow, rule).find());
}

}  // namespace yihu::plan

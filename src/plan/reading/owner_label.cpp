#include "plan/reading/owner_label.h"

#include "plan/reading/characters.h"

#include <array>

namespace yihu::plan {
namespace {

struct Word {
  std::u32string_view text;
  OwnerRole role;
};

// Longer words stand before those they contain.
constexpr auto words = std::to_array<Word>({
    {U"主要牵头单位", OwnerRole::lead},        {U"牵头责任单位", OwnerRole::lead},        {U"责任牵头单位", OwnerRole::lead},
    {U"牵头责任部门", OwnerRole::lead},        {U"总牵头单位", OwnerRole::lead},          {U"牵头单位", OwnerRole::lead},
    {U"牵头部门", OwnerRole::lead},            {U"牵头领导", OwnerRole::person},          {U"牵头区领导", OwnerRole::person},
    {U"牵头县领导", OwnerRole::person},        {U"牵头人", OwnerRole::person},            {U"牵头", OwnerRole::lead},
    {U"主办单位", OwnerRole::lead},            {U"主办部门", OwnerRole::lead},            {U"主办", OwnerRole::lead},
    {U"主要责任单位", OwnerRole::lead},        {U"第一责任单位", OwnerRole::lead},        {U"主责单位", OwnerRole::lead},
    {U"主责部门", OwnerRole::lead},            {U"具体责任单位", OwnerRole::responsible}, {U"责任单位", OwnerRole::responsible},
    {U"责任部门", OwnerRole::responsible},     {U"责任主体", OwnerRole::responsible},     {U"责任科室", OwnerRole::responsible},
    {U"责任领导", OwnerRole::person},          {U"责任人", OwnerRole::person},            {U"配合单位", OwnerRole::responsible},
    {U"配合部门", OwnerRole::responsible},     {U"配合", OwnerRole::responsible},         {U"协办单位", OwnerRole::responsible},
    {U"协办部门", OwnerRole::responsible},     {U"协办", OwnerRole::responsible},         {U"协助单位", OwnerRole::responsible},
    {U"协同单位", OwnerRole::responsible},     {U"协作单位", OwnerRole::responsible},     {U"参与单位", OwnerRole::responsible},
    {U"参加单位", OwnerRole::responsible},     {U"落实单位", OwnerRole::responsible},     {U"实施单位", OwnerRole::responsible},
    {U"承办单位", OwnerRole::responsible},     {U"成员单位", OwnerRole::responsible},     {U"完成时限", OwnerRole::deadline},
    {U"完成时间", OwnerRole::deadline},        {U"完成日期", OwnerRole::deadline},        {U"时限要求", OwnerRole::deadline},
    {U"时间要求", OwnerRole::deadline},        {U"时间节点", OwnerRole::deadline},        {U"办结时限", OwnerRole::deadline},
    {U"时限", OwnerRole::deadline},            {U"分管领导", OwnerRole::person},          {U"包联领导", OwnerRole::person},
    {U"联系领导", OwnerRole::person},          {U"区领导", OwnerRole::person},            {U"县领导", OwnerRole::person},
    {U"联系人", OwnerRole::person},
});

constexpr std::size_t spaces_between_max = 2;

/// How much of `folded` from `at` spells `word`, not counting spaces; 0 if it does not.
std::size_t spelled(std::u32string_view folded, std::size_t at, std::u32string_view word) {
  auto k = at;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (i > 0) {
      for (std::size_t spaces = 0; spaces < spaces_between_max && k < folded.size() && is_space(folded[k]); ++spaces) ++k;
    }
    if (k >= folded.size() || folded[k] != word[i]) return 0;
    ++k;
  }
  return k - at;
}

bool may_begin_label(char32_t point) {
  constexpr std::u32string_view first = U"主牵责总第具配协参落实承成完时办分包联区县";
  return first.find(point) != first.npos;
}

}  // namespace

std::optional<OwnerLabel> owner_label_at(std::u32string_view folded, std::size_t at) {
  if (at >= folded.size() || !may_begin_label(folded[at])) return std::nullopt;
  for (const auto& word : words) {
    const auto length = spelled(folded, at, word.text);
    if (length == 0) continue;
    auto end = at + length;
    auto colon = end;
    while (colon < folded.size() && colon < end + spaces_between_max && is_space(folded[colon])) ++colon;
    const bool has_colon = colon < folded.size() && folded[colon] == U':';
    if (has_colon) end = colon + 1;
    return OwnerLabel{word.role, end - at, has_colon};
  }
  return std::nullopt;
}

std::optional<OwnerRole> owner_role_of_heading(std::u32string_view heading) {
  for (std::size_t at = 0; at < heading.size() && at < 12; ++at) {
    if (const auto label = owner_label_at(heading, at)) return label->role;
  }
  return std::nullopt;
}

}  // namespace yihu::plan

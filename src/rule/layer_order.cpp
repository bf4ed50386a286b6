#include "rule/layer_order.h"

#include <algorithm>
#include <cassert>
#include <set>
#include <utility>

namespace yihu::rule {
namespace {

/// What layers add is called "#…", in quotes, and nothing else is.
constexpr std::string_view mark = "\"#";

void add_names(std::string_view sql, std::set<std::string, std::less<>>& names) {
  for (auto at = sql.find(mark); at != sql.npos; at = sql.find(mark, at)) {
    const auto end = sql.find('"', at + 1);
    names.emplace(sql.substr(at, end + 1 - at));
    at = end + 1;
  }
}

struct Layer {
  std::string name;
  std::unique_ptr<Select> select;
  std::set<std::string, std::less<>> needs;  ///< names of columns
};

Layer layer_of(std::string name, std::unique_ptr<Select> select) {
  Layer layer{std::move(name), std::move(select), {}};
  for (const Output& output : layer.select->outputs) add_names(output.sql, layer.needs);
  for (const Join& join : layer.select->joins) add_names(join.on, layer.needs);
  add_names(layer.select->where, layer.needs);
  return layer;
}

/// Takes the layers that `top` stands on out of the statement, the lowest last. What else is named there stays.
std::vector<Layer> taken_out(Statement& statement, const Select& top) {
  std::vector<Layer> chain;
  auto& named = statement.named;
  for (std::string below = top.table;;) {
    const auto found = std::ranges::find(named, below, [](const auto& one) -> const std::string& { return one.first; });
    if (found == named.end()) return chain;
    below = found->second->table;
    chain.push_back(layer_of(std::move(found->first), std::move(found->second)));
    named.erase(found);
  }
}

}  // namespace

void order_layers(Statement& statement, Select& top) {
  std::vector<Layer> waiting = taken_out(statement, top);
  if (waiting.empty()) return;
  std::set<std::string, std::less<>> missing;
  for (const Layer& layer : waiting) {
    for (const Output& output : layer.select->outputs) missing.insert(output.name);
  }
  // The lowest hands on the subject's key; all others rest on it.
  auto best = waiting.end() - 1;
  top.table = best->select->table;
  while (true) {
    for (const Output& output : best->select->outputs) missing.erase(output.name);
    best->select->table = std::exchange(top.table, best->name);
    statement.named.emplace_back(std::move(best->name), std::move(best->select));
    waiting.erase(best);
    if (waiting.empty()) return;
    best = waiting.end();
    for (auto one = waiting.begin(); one != waiting.end(); ++one) {
      const bool ready = std::ranges::none_of(one->needs, [&](const std::string& name) { return missing.contains(name); });
      if (ready && (best == waiting.end() || one->select->outputs.size() < best->select->outputs.size())) best = one;
    }
    assert(best != waiting.end());
  }
}

}  // namespace yihu::rule

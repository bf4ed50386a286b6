#include "http/router.h"

#include "base/utf8.h"

#include <boost/url/parse.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <array>
#include <cassert>

namespace yihu::http {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 5> method_names{{{Method::get, "GET"},
                                                                           {Method::post, "POST"},
                                                                           {Method::put, "PUT"},
                                                                           {Method::patch, "PATCH"},
                                                                           {Method::remove, "DELETE"}}};

/// Takes the first segment off: "/a/b" → "a", leaving "/b".
std::string_view take_segment(std::string_view& rest) {
  rest.remove_prefix(1);
  const std::string_view segment = rest.substr(0, rest.find('/'));
  rest.remove_prefix(segment.size());
  return segment;
}

bool usable(std::string_view text) { return base::is_utf8(text) && text.find('\0') == text.npos; }

base::Error target_broken() {
  return {base::ErrorKind::input, "address_broken", base::text("网址不正确。", "The address is not well-formed."),
          base::text("请检查网址中的百分号编码。", "Check its percent-encoding."), {}, {}};
}

std::optional<std::string> decoded(std::string_view encoded, bool plus_is_space) {
  const auto text = boost::urls::make_pct_string_view(boost::core::string_view(encoded.data(), encoded.size()));
  if (!text) return std::nullopt;
  boost::urls::encoding_opts options;
  options.space_as_plus = plus_is_space;
  std::string out;
  out.reserve(text->decoded_size());
  text->decode(options, boost::urls::string_token::append_to(out));
  if (!usable(out)) return std::nullopt;
  return out;
}

}  // namespace

std::string_view name_of(Method method) {
  for (const auto& [known, name] : method_names) {
    if (known == method) return name;
  }
  return "";
}

std::optional<Method> method_from(std::string_view name) {
  for (const auto& [method, known] : method_names) {
    if (known == name) return method;
  }
  return std::nullopt;
}

std::optional<std::string> decoded_segment(std::string_view encoded) { return decoded(encoded, false); }

base::Result<Target> target_from(std::string_view text) {
  Target target;
  const auto question = text.find('?');
  target.path = text.substr(0, question);
  if (!target.path.starts_with('/')) return base::fail(target_broken());
  if (question == text.npos) return target;
  std::string_view rest = text.substr(question + 1);
  for (std::size_t count = 0; !rest.empty(); ++count) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = decoded(pair.substr(0, equals), true);
    auto value = decoded(equals == pair.npos ? std::string_view() : pair.substr(equals + 1), true);
    if (!name || !value || count >= query_parameters_max) return base::fail(target_broken());
    target.query.add(*std::move(name), *std::move(value));
  }
  return target;
}

std::vector<std::string> parameter_names(std::string_view path) {
  std::vector<std::string> names;
  for (auto open = path.find('{'); open != path.npos; open = path.find('{', open + 1)) {
    names.emplace_back(path.substr(open + 1, path.find('}', open) - open - 1));
  }
  return names;
}

Router::Router(const std::vector<Route>& routes) {
  for (const Route& route : routes) add(route);
}

void Router::add(const Route& route) {
  Node* node = &root_;
  std::string_view rest = route.path;
  while (!rest.empty()) {
    const std::string_view segment = take_segment(rest);
    if (!segment.starts_with('{')) {
      auto& next = node->fixed[std::string(segment)];
      if (!next) next = std::make_unique<Node>();
      node = next.get();
      continue;
    }
    const std::string suffix(segment.substr(segment.find('}') + 1));
    auto& parameters = node->parameters;
    auto found = std::find_if(parameters.begin(), parameters.end(),
                              [&](const Node::Parameter& one) { return one.suffix == suffix; });
    if (found == parameters.end()) {
      found = std::find_if(parameters.begin(), parameters.end(),
                           [&](const Node::Parameter& one) { return one.suffix.size() < suffix.size(); });
      found = parameters.insert(found, {suffix, std::make_unique<Node>()});
    }
    node = found->node.get();
  }
  [[maybe_unused]] const bool added = node->routes.emplace(route.method, &route).second;
  assert(added && "two routes answer the same request");
}

const Router::Node* Router::walk(const Node& node, std::string_view rest, std::vector<std::string_view>& values) {
  if (rest.empty()) return node.routes.empty() ? nullptr : &node;
  const std::string_view segment = take_segment(rest);
  if (const auto fixed = node.fixed.find(segment); fixed != node.fixed.end()) {
    if (const Node* end = walk(*fixed->second, rest, values)) return end;
  }
  for (const Node::Parameter& parameter : node.parameters) {
    if (segment.size() <= parameter.suffix.size() || !segment.ends_with(parameter.suffix)) continue;
    values.push_back(segment.substr(0, segment.size() - parameter.suffix.size()));
    if (const Node* end = walk(*parameter.node, rest, values)) return end;
    values.pop_back();
  }
  return nullptr;
}

Router::Match Router::find(Method method, std::string_view path) const {
  Match match;
  std::vector<std::string_view> values;
  const Node* node = path.starts_with('/') ? walk(root_, path, values) : nullptr;
  if (!node) return match;
  const auto found = node->routes.find(method);
  if (found == node->routes.end()) {
    for (const auto& [known, route] : node->routes) match.methods.push_back(known);
    return match;
  }
  std::size_t index = 0;
  for (std::string& name : parameter_names(found->second->path)) {
    auto value = decoded_segment(values[index++]);
    if (!value) return match;   // as if there were no such thing
    match.path.add(std::move(name), *std::move(value));
  }
  match.route = found->second;
  return match;
}

}  // namespace yihu::http

#pragma once
// Finds the route of a request. Compiled once from the table; a fixed segment wins over a parameter.

#include "http/route.h"

#include <map>
#include <memory>

namespace yihu::http {

/// A request's target, split and decoded where it needs to be.
struct Target {
  std::string_view path;   ///< still percent-encoded, without the query
  Named query;
};

constexpr std::size_t query_parameters_max = 64;

/// Errors: input, for a target that is no path, or whose percent-encoding or UTF-8 is broken.
/// The result refers to `text`.
base::Result<Target> target_from(std::string_view text);

/// Percent-decoding of one segment; nothing when it is broken, not UTF-8, or holds a zero character.
std::optional<std::string> decoded_segment(std::string_view encoded);

/// Whether it goes through the store's writer.
inline bool writes(const Route& route) { return std::holds_alternative<Prepare>(route.handler); }
/// Whether only a page of ours may send it: all but plain links, so also a question whose words belong in no address.
inline bool is_sent(const Route& route) { return writes(route) || route.method != Method::get; }

class Router {
 public:
  /// The table must outlive the router. Two routes with the same method and shape of path are our bug and assert.
  explicit Router(const std::vector<Route>& routes);

  struct Match {
    const Route* route = nullptr;   ///< nullptr: no such path, or not with this method
    Named path;
    std::vector<Method> methods;    ///< those the path knows, when it does not know this one
  };
  Match find(Method method, std::string_view path) const;

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
    struct Parameter {
      std::string suffix;           ///< of "{secret}.ics": ".ics"
      std::unique_ptr<Node> node;
    };
    std::vector<Parameter> parameters;   ///< longest suffix first
    std::map<Method, const Route*> routes;
  };
  void add(const Route& route);
  static const Node* walk(const Node& node, std::string_view rest, std::vector<std::string_view>& values);

  Node root_;
};

/// The names in braces, in order: "/plans/{a}/difference/{b}" → a, b.
std::vector<std::string> parameter_names(std::string_view path);

std::string_view name_of(Method method);
std::optional<Method> method_from(std::string_view name);

}  // namespace yihu::http

#pragma once
// YAML as a tree in which every value knows its line and column, and the reading of it with checks:
// whoever reads asks for what he expects, and every disappointment becomes a mistake with its place.

#include "base/date.h"
#include "base/error.h"
#include "base/text.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihu::pack {

struct Entry;

struct Node {
  enum class Kind { empty, scalar, list, map };
  Kind kind = Kind::empty;
  std::string scalar;
  bool quoted = false;  ///< "12" is text, 12 is a number
  std::vector<Node> items;
  std::vector<Entry> entries;  ///< in the order written; keys are scalars and differ
  int line = 0;
  int column = 0;
};

struct Entry {
  Node key;
  Node value;
};

/// Collects what is wrong, up to pack_mistakes_max; the rest is counted.
class Mistakes {
 public:
  void add(base::Place place, std::string code, base::Text text, base::Text mend = {});
  bool empty() const { return mistakes_.empty(); }
  /// In order of file, line and column. Must not be empty.
  base::Error take();

 private:
  std::vector<base::Error> mistakes_;
  std::size_t dropped_ = 0;
};

/// One YAML document. Aliases, tags and several documents in one file are refused: a pack says what it means, once.
/// Nothing when a mistake made the tree unreadable; the mistake is in `mistakes` then.
std::optional<Node> node_from_yaml(std::string_view yaml, const std::string& file, Mistakes& mistakes);

/// 1-based name of what stands at a place: "did you mean …?" for a name that is not one of `known`. Empty if none is near.
base::Text suggestion(std::string_view name, const std::vector<std::string_view>& known);

class Fields;

/// A node being read. An absent value (a missing key) answers every question with nothing, quietly.
class Value {
 public:
  Value(const Node* node, const std::string& file, Mistakes& mistakes)
      : node_(node), file_(&file), mistakes_(&mistakes) {}

  bool present() const { return node_ != nullptr; }
  bool is_scalar() const { return node_ != nullptr && node_->kind == Node::Kind::scalar; }
  /// A scalar as it is written, unchecked; empty for anything else.
  std::string scalar_text() const { return is_scalar() ? node_->scalar : std::string(); }
  base::Place place() const;
  void mistake(std::string code, base::Text text, base::Text mend = {}) const;

  /// Not empty, at most 4,000 characters, without control characters.
  std::optional<std::string> text() const;
  /// Lower-case letters, digits, dots, dashes and underscores; begins with a letter or digit.
  std::optional<std::string> id() const;
  std::optional<std::int64_t> integer(std::int64_t min, std::int64_t max) const;
  std::optional<double> number() const;
  std::optional<bool> truth() const;
  std::optional<base::Date> date() const;
  /// `{zh: …, en: …}`, both needed; or one text that serves for both where `single` allows it.
  enum class Single { refused, allowed };
  std::optional<base::Text> bilingual(Single single = Single::refused) const;
  std::optional<std::string> one_of(std::span<const std::string_view> names) const;

  std::vector<Value> list() const;
  /// Must be a map; its keys are asked for by name.
  Fields fields() const;
  /// Must be a map from ids to whatever.
  std::vector<std::pair<std::string, Value>> entries() const;

 private:
  const std::string* scalar(const base::Text& wanted) const;

  const Node* node_;
  const std::string* file_;
  Mistakes* mistakes_;
};

/// The keys of one map. When it goes out of scope, keys that nobody asked for are mistakes.
class Fields {
 public:
  explicit Fields(Value of, const Node* map, const std::string& file, Mistakes& mistakes);
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;
  ~Fields();

  Value need(std::string_view key);
  Value may(std::string_view key);

 private:
  const Node* find(std::string_view key);

  Value of_;
  const Node* map_;
  const std::string* file_;
  Mistakes* mistakes_;
  std::vector<std::string_view> asked_;
};

}  // namespace yihu::pack

#include "base/utf8.h"
#include "pack/node.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>

namespace yihu::pack {
namespace {

constexpr std::size_t depth_max = 40;
constexpr std::size_t nodes_max = 400'000;

/// Thrown through yaml-cpp to stop it; never leaves this file.
struct Stop {
  base::Error error;
};

/// yaml-cpp counts columns in bytes from 0; we say code points from 1.
class Columns {
 public:
  explicit Columns(std::string_view yaml) : yaml_(yaml) {
    starts_.push_back(0);
    for (std::size_t i = 0; i < yaml.size(); ++i) {
      if (yaml[i] == '\n') starts_.push_back(i + 1);
    }
  }
  base::Place place(const YAML::Mark& mark, const std::string& file) const {
    base::Place place{.file = file, .line = mark.line + 1, .column = mark.column + 1, .cell = {}, .field = {}};
    if (mark.line < 0 || mark.column < 0) return {.file = file, .line = 1, .column = 1, .cell = {}, .field = {}};
    const auto line = static_cast<std::size_t>(mark.line);
    if (line < starts_.size()) {
      const std::string_view bytes = yaml_.substr(starts_[line], static_cast<std::size_t>(mark.column));
      place.column = static_cast<int>(base::count_code_points(bytes)) + 1;
    }
    return place;
  }

 private:
  std::string_view yaml_;
  std::vector<std::size_t> starts_;
};

class Builder final : public YAML::EventHandler {
 public:
  Builder(const Columns& columns, const std::string& file, Mistakes& mistakes)
      : columns_(columns), file_(file), mistakes_(mistakes) {}

  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    put(start(mark, Node::Kind::empty));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    stop(mark, "pack_alias", base::text("这里用了 YAML 别名（*），政策包不允许。", "A YAML alias (*) stands here; packs do not use them."),
         base::text("请把内容原样写出。", "Write the content out."));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    const bool quoted = tag == "!";
    Node node = start(mark, Node::Kind::scalar);
    node.quoted = quoted;
    node.scalar = value;
    if (!quoted && (value == "~" || value == "null" || value.empty())) {
      node.kind = Node::Kind::empty;
      node.scalar.clear();
    }
    put(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Node node;
    std::optional<Node> key;
    std::map<std::string, int, std::less<>> lines;  ///< of the keys so far
  };

  [[noreturn]] void stop(const YAML::Mark& mark, std::string code, base::Text text, base::Text mend) {
    throw Stop{base::Error{base::ErrorKind::input, std::move(code), std::move(text), std::move(mend),
                           columns_.place(mark, file_), {}}};
  }
  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor == 0) return;
    stop(mark, "pack_alias", base::text("这里用了 YAML 锚点（&），政策包不允许。", "A YAML anchor (&) stands here; packs do not use them."),
         base::text("请把内容原样写出。", "Write the content out."));
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    stop(mark, "pack_tag", base::text("这里用了 YAML 标记（!），政策包不允许。", "A YAML tag (!) stands here; packs do not use them."),
         base::text("请去掉标记。", "Take the tag away."));
  }

  Node start(const YAML::Mark& mark, Node::Kind kind) {
    if (++count_ > nodes_max) {
      stop(mark, "pack_too_large", base::text("文件内容超过 {} 项。", "The file holds more than {} values.", nodes_max),
           base::text("请分成几个文件。", "Split it into several files."));
    }
    const base::Place place = columns_.place(mark, file_);
    Node node;
    node.kind = kind;
    node.line = place.line;
    node.column = place.column;
    return node;
  }
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (frames_.size() == depth_max) {
      stop(mark, "pack_too_deep", base::text("嵌套超过 {} 层。", "Values are nested more than {} deep.", depth_max),
           base::text("请减少嵌套。", "Nest less."));
    }
    frames_.push_back({start(mark, kind), std::nullopt, {}});
  }
  void close() {
    Node node = std::move(frames_.back().node);
    frames_.pop_back();
    put(std::move(node));
  }

  void put(Node node) {
    if (frames_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = frames_.back();
    if (frame.node.kind == Node::Kind::list) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.key) {
      frame.key = std::move(node);
    } else {
      entry(frame, std::move(node));
    }
  }

  void entry(Frame& frame, Node value) {
    Node key = std::move(*frame.key);
    frame.key.reset();
    const base::Place place{.file = file_, .line = key.line, .column = key.column, .cell = {}, .field = {}};
    if (key.kind != Node::Kind::scalar) {
      mistakes_.add(place, "pack_key", base::text("键必须是一个词。", "A key must be one word."));
      return;
    }
    if (const auto [same, added] = frame.lines.emplace(key.scalar, key.line); !added) {
      mistakes_.add(place, "pack_key_repeated",
                    base::text("键“{}”重复，第 {} 行已经有了。", "Key \"{}\" is repeated; it stands on line {} already.",
                               key.scalar, same->second),
                    base::text("请只保留一处。", "Keep one of them."));
      return;
    }
    frame.node.entries.push_back({std::move(key), std::move(value)});
  }

  const Columns& columns_;
  const std::string& file_;
  Mistakes& mistakes_;
  Node root_;
  std::vector<Frame> frames_;
  std::size_t count_ = 0;
};

/// yaml-cpp explains itself in English; the Chinese says only that it could not be read, and where.
base::Text unreadable(const std::string& reason) {
  return {"这里不是正确的 YAML。", "This is not correct YAML: " + reason + "."};
}

}  // namespace

std::optional<Node> node_from_yaml(std::string_view yaml, const std::string& file, Mistakes& mistakes) {
  if (!base::is_utf8(yaml)) {
    mistakes.add({.file = file, .line = 0, .column = 0, .cell = {}, .field = {}}, "pack_encoding",
                 base::text("文件不是 UTF-8 编码。", "The file is not UTF-8."),
                 base::text("请另存为 UTF-8。", "Save it as UTF-8."));
    return std::nullopt;
  }
  if (yaml.starts_with("\xef\xbb\xbf")) yaml.remove_prefix(3);
  const Columns columns(yaml);
  try {
    std::istringstream stream{std::string(yaml)};
    YAML::Parser parser(stream);
    Builder builder(columns, file, mistakes);
    if (!parser.HandleNextDocument(builder)) return Node{};
    Node root = builder.take();
    Builder second(columns, file, mistakes);
    if (parser.HandleNextDocument(second)) {
      mistakes.add({.file = file, .line = 0, .column = 0, .cell = {}, .field = {}}, "pack_documents",
                   base::text("一个文件只能有一份内容（不能有第二个 ---）。", "A file holds one document (no second ---)."),
                   base::text("请分成几个文件。", "Split it into several files."));
    }
    return root;
  } catch (Stop& stop) {
    mistakes.add(stop.error.place, stop.error.code, stop.error.text, stop.error.mend);
  } catch (const YAML::Exception& failure) {
    mistakes.add(columns.place(failure.mark, file), "pack_yaml", unreadable(failure.msg),
                 base::text("请检查缩进、冒号后的空格和引号。", "Check indentation, the space after colons, and quotes."));
  } catch (const std::exception& failure) {
    mistakes.add({.file = file, .line = 0, .column = 0, .cell = {}, .field = {}}, "pack_yaml", unreadable(failure.what()));
  }
  return std::nullopt;
}

}  // namespace yihu::pack

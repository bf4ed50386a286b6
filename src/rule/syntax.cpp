// The grammar is CEL's (github.com/google/cel-spec, doc/langdef.md), less maps, messages and the null literal.

#include "rule/compiler.h"
#include "rule/syntax.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace yihu::rule {
namespace {

class Parser {
 public:
  Parser(const Source& source, std::vector<Token> tokens, Mistakes& mistakes)
      : source_(source), tokens_(std::move(tokens)), mistakes_(mistakes) {}

  SyntaxPointer whole() {
    SyntaxPointer tree = expression();
    if (tree && now().kind != TokenKind::end) return fail_here();
    return tree;
  }

 private:
  const Token& now() const { return tokens_[i_]; }
  bool at(std::string_view symbol) const { return now().kind == TokenKind::symbol && now().text == symbol; }
  bool take(std::string_view symbol) {
    if (!at(symbol)) return false;
    ++i_;
    return true;
  }

  SyntaxPointer fail(base::Text text, base::Text mend = {}) {
    mistakes_.add(source_, now().span, "rule_syntax", std::move(text), std::move(mend));
    return nullptr;
  }
  SyntaxPointer fail_here() {
    if (now().kind == TokenKind::end) {
      return fail(base::text("表达式还没有写完。", "The expression ends too early."));
    }
    const std::string found = base::utf8(
        std::u32string_view(source_.points()).substr(now().span.begin, now().span.end - now().span.begin));
    if (found == "{") return fail(base::text("规则里没有映射（{{}}）。", "There are no maps ({{}}) in rules."));
    return fail(base::text("这里不该出现“{}”。", "\"{}\" cannot stand here.", found));
  }
  SyntaxPointer fail_deep() {
    mistakes_.add(source_, now().span, "rule_limit",
                  base::text("表达式嵌套超过 {} 层。", "The expression is nested more than {} deep.", depth_max),
                  base::text("把其中一部分写成事实（facts）。", "Make a part of it a fact."));
    return nullptr;
  }

  /// Counts how deep the parser stands, so that a row of brackets cannot exhaust its stack.
  struct Level {
    explicit Level(int& counter) : depth(counter) { ++depth; }
    ~Level() { --depth; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    int& depth;
  };

  SyntaxPointer make(SyntaxForm form, std::size_t begin) {
    auto tree = std::make_unique<Syntax>();
    tree->form = form;
    tree->span.begin = begin;
    return tree;
  }
  SyntaxPointer ended(SyntaxPointer tree) {
    tree->span.end = tokens_[i_ - 1].span.end;
    return tree;
  }

  SyntaxPointer expression() {
    const Level level(depth_);
    if (depth_ > depth_max) return fail_deep();
    const std::size_t begin = now().span.begin;
    SyntaxPointer condition = chain(SyntaxForm::either, "||");
    if (!condition || !at("?")) return condition;
    SyntaxPointer tree = make(SyntaxForm::conditional, begin);
    tree->name_span = now().span;
    ++i_;
    tree->parts.push_back(std::move(condition));
    SyntaxPointer yes = chain(SyntaxForm::either, "||");
    if (!yes) return nullptr;
    tree->parts.push_back(std::move(yes));
    if (!take(":")) return fail_here();
    SyntaxPointer no = expression();
    if (!no) return nullptr;
    tree->parts.push_back(std::move(no));
    return ended(std::move(tree));
  }

  SyntaxPointer chain(SyntaxForm form, std::string_view sign) {
    const std::size_t begin = now().span.begin;
    const auto next = [&] { return form == SyntaxForm::either ? chain(SyntaxForm::both, "&&") : binary(0); };
    SyntaxPointer first = next();
    if (!first || !at(sign)) return first;
    SyntaxPointer tree = make(form, begin);
    tree->name_span = now().span;
    tree->parts.push_back(std::move(first));
    while (take(sign)) {
      SyntaxPointer more = next();
      if (!more) return nullptr;
      tree->parts.push_back(std::move(more));
    }
    return ended(std::move(tree));
  }

  bool at_sign_of(std::size_t rank) const {
    static constexpr std::array<std::array<std::string_view, 7>, 3> signs{{
        {"<", "<=", ">", ">=", "==", "!=", "in"},
        {"+", "-", "+", "-", "+", "-", "+"},
        {"*", "/", "%", "*", "/", "%", "*"},
    }};
    const bool word = now().kind == TokenKind::name && now().text == "in";
    return (word || now().kind == TokenKind::symbol) && std::ranges::find(signs[rank], now().text) != signs[rank].end();
  }

  SyntaxPointer binary(std::size_t rank) {
    if (rank == 3) return unary();
    const std::size_t begin = now().span.begin;
    SyntaxPointer left = binary(rank + 1);
    int length = 0;
    while (left && at_sign_of(rank)) {
      if (++length > depth_max) return fail_deep();
      SyntaxPointer tree = make(SyntaxForm::binary, begin);
      tree->name = now().text;
      tree->name_span = now().span;
      ++i_;
      SyntaxPointer right = binary(rank + 1);
      if (!right) return nullptr;
      tree->parts.push_back(std::move(left));
      tree->parts.push_back(std::move(right));
      left = ended(std::move(tree));
    }
    return left;
  }

  SyntaxPointer unary() {
    const Level level(depth_);
    if (depth_ > depth_max) return fail_deep();
    if (!at("!") && !at("-")) return member();
    SyntaxPointer tree = make(SyntaxForm::unary, now().span.begin);
    tree->name = now().text;
    tree->name_span = now().span;
    ++i_;
    if (tree->name == "-" && now().kind == TokenKind::integer) {
      // The least integer has no positive twin, so the sign belongs to the number.
      SyntaxPointer number = whole_number(true);
      number->span.begin = tree->span.begin;
      return suffixes(std::move(number));
    }
    SyntaxPointer operand = unary();
    if (!operand) return nullptr;
    tree->parts.push_back(std::move(operand));
    return ended(std::move(tree));
  }

  SyntaxPointer whole_number(bool negative) {
    SyntaxPointer tree = make(SyntaxForm::integer, now().span.begin);
    const std::uint64_t number = now().number;
    if (!negative && number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return fail(base::text("这个数超出了 64 位整数。", "This number does not fit into 64 bits."));
    }
    tree->integer = static_cast<std::int64_t>(negative ? 0 - number : number);
    ++i_;
    return ended(std::move(tree));
  }

  SyntaxPointer member() {
    SyntaxPointer tree = primary();
    return tree ? suffixes(std::move(tree)) : nullptr;
  }

  SyntaxPointer suffixes(SyntaxPointer tree) {
    int length = 0;
    while (tree && (at(".") || at("["))) {
      if (++length > depth_max) return fail_deep();
      const std::size_t begin = tree->span.begin;
      if (take("[")) {
        SyntaxPointer position = expression();
        if (!position) return nullptr;
        if (!take("]")) return fail_here();
        SyntaxPointer outer = make(SyntaxForm::index, begin);
        outer->parts.push_back(std::move(tree));
        outer->parts.push_back(std::move(position));
        tree = ended(std::move(outer));
        continue;
      }
      ++i_;
      if (now().kind != TokenKind::name) return fail_here();
      SyntaxPointer outer = make(SyntaxForm::field, begin);
      outer->name = now().text;
      outer->name_span = now().span;
      ++i_;
      outer->parts.push_back(std::move(tree));
      if (take("(")) {
        outer->form = SyntaxForm::method;
        if (!items(*outer, ")")) return nullptr;
      }
      tree = ended(std::move(outer));
    }
    return tree;
  }

  bool items(Syntax& into, std::string_view closing) {
    while (!at(closing)) {
      SyntaxPointer item = expression();
      if (!item) return false;
      into.parts.push_back(std::move(item));
      if (!take(",")) break;
    }
    if (take(closing)) return true;
    fail_here();
    return false;
  }

  SyntaxPointer primary() {
    const std::size_t begin = now().span.begin;
    switch (now().kind) {
      case TokenKind::integer: return whole_number(false);
      case TokenKind::real: {
        SyntaxPointer tree = make(SyntaxForm::real, begin);
        tree->real = now().real;
        ++i_;
        return ended(std::move(tree));
      }
      case TokenKind::text: {
        SyntaxPointer tree = make(SyntaxForm::text, begin);
        tree->name = now().text;
        ++i_;
        return ended(std::move(tree));
      }
      case TokenKind::name: return named();
      case TokenKind::symbol:
        if (take("(")) {
          SyntaxPointer inner = expression();
          if (inner && !take(")")) return fail_here();
          return inner;
        }
        if (take("[")) {
          SyntaxPointer tree = make(SyntaxForm::list, begin);
          return items(*tree, "]") ? ended(std::move(tree)) : nullptr;
        }
        return fail_here();
      case TokenKind::end: return fail_here();
    }
    return nullptr;
  }

  SyntaxPointer named() {
    SyntaxPointer tree = make(SyntaxForm::name, now().span.begin);
    tree->name = now().text;
    tree->name_span = now().span;
    if (tree->name == "null") {
      return fail(base::text("规则里没有 null；缺的值就是未知。", "There is no null in rules; what is missing is unknown."),
                  base::text("要问有没有值，写 has(…)。", "To ask whether there is a value, write has(…)."));
    }
    if (tree->name == "in") return fail_here();
    ++i_;
    if (tree->name == "true" || tree->name == "false") {
      tree->form = SyntaxForm::truth;
      tree->truth = tree->name == "true";
    } else if (take("(")) {
      tree->form = SyntaxForm::call;
      if (!items(*tree, ")")) return nullptr;
    }
    return ended(std::move(tree));
  }

  const Source& source_;
  std::vector<Token> tokens_;
  Mistakes& mistakes_;
  std::size_t i_ = 0;
  int depth_ = 0;
};

}  // namespace

SyntaxPointer syntax_from_text(const Source& source, Mistakes& mistakes) {
  auto tokens = tokens_from_text(source, mistakes);
  if (!tokens) return nullptr;
  return Parser(source, std::move(*tokens), mistakes).whole();
}

}  // namespace yihu::rule

#pragma once
// SQL for tables that a pack declares: their names are known only when the program runs. Such a statement is made of
// string literals and checked identifiers, and of nothing else; data still goes in as parameters.
//
//   SqlText text;
//   text.add("SELECT id, ").name(column).add(" FROM ").name(table).add(" WHERE subject = :subject");
//   session.query(text.sql(), {{"subject", subject}});

#include "store/session.h"

#include <string>
#include <string_view>

namespace yihu::store {

/// The name of a table, a column or a parameter: lower-case letters, digits and underscores, a letter first, at most
/// 63 bytes (what PostgreSQL keeps). Nothing else can be one, so a name can never end the quotes it stands in.
class Identifier {
 public:
  static constexpr std::size_t bytes_max = 63;
  /// Errors: internal "identifier_unfit": whoever calls this has checked the name where it came in.
  static base::Result<Identifier> parse(std::string_view text);
  const std::string& text() const { return text_; }
  auto operator<=>(const Identifier&) const = default;

 private:
  explicit Identifier(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// A piece of SQL that stands in the program's source.
class SqlPart {
 public:
  consteval SqlPart(const char* text) : text_(text) {}  // NOLINT: literals convert on purpose
  const char* text() const { return text_; }

 private:
  const char* text_;
};

class SqlText {
 public:
  SqlText& add(SqlPart part);
  SqlText& name(const Identifier& identifier);       ///< "name", in double quotes
  SqlText& parameter(const Identifier& identifier);  ///< :name
  SqlText& number(std::int64_t number);              ///< such as a limit
  /// For Session and Transaction. The same text is kept once, for as long as the program runs: sessions know prepared
  /// statements by its address. So the number of different texts must not grow with the data.
  Sql sql() const;

 private:
  std::string text_;
};

/// SQL that the rules' compiler made (rule/query.h), which escapes the values of packs itself. Kept like the others.
Sql compiled_sql(const std::string& text);

}  // namespace yihu::store

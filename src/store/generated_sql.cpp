#include "store/generated_sql.h"

#include <algorithm>
#include <mutex>
#include <set>

namespace yihu::store {
namespace {

/// Texts stay for good: a set's nodes never move.
const char* kept(const std::string& text) {
  static std::mutex mutex;
  static std::set<std::string> texts;
  const std::lock_guard lock(mutex);
  return texts.insert(text).first->c_str();
}

}  // namespace

base::Result<Identifier> Identifier::parse(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const bool fit = !text.empty() && text.size() <= bytes_max && letter(text.front()) &&
                   std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
  if (!fit) {
    return base::fail(base::ErrorKind::internal, "identifier_unfit",
                      base::text("“{:.80}”不能作表名或列名。", "\"{:.80}\" cannot name a table or a column.", text));
  }
  return Identifier(std::string(text));
}

SqlText& SqlText::add(SqlPart part) {
  text_ += part.text();
  return *this;
}

SqlText& SqlText::name(const Identifier& identifier) {
  text_.append("\"").append(identifier.text()).append("\"");
  return *this;
}

SqlText& SqlText::parameter(const Identifier& identifier) {
  text_.append(":").append(identifier.text());
  return *this;
}

SqlText& SqlText::number(std::int64_t number) {
  text_ += std::to_string(number);
  return *this;
}

Sql SqlText::sql() const { return Sql(Sql::Kept{}, kept(text_)); }

Sql compiled_sql(const std::string& text) { return Sql(Sql::Kept{}, kept(text)); }

}  // namespace yihu::store

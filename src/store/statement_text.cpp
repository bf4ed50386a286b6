#include "store/statement_text.h"

#include <algorithm>
#include <array>
#include <functional>

namespace yihu::store {
namespace {

bool name_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '_';
}

/// Calls `plain` for text and `named` for each parameter's name, in order.
template <class Plain, class Named>
void walk(std::string_view sql, Plain plain, Named named) {
  std::size_t at = 0;
  std::size_t begin = 0;
  while (at < sql.size()) {
    const char letter = sql[at];
    if (letter == '\'' || letter == '"') {
      const auto end = sql.find(letter, at + 1);
      at = end == std::string_view::npos ? sql.size() : end + 1;
    } else if (letter == ':' && at + 1 < sql.size() && sql[at + 1] == ':') {
      at += 2;
    } else if (letter == ':' && at + 1 < sql.size() && name_letter(sql[at + 1])) {
      auto end = at + 1;
      while (end < sql.size() && name_letter(sql[end])) ++end;
      plain(sql.substr(begin, at - begin));
      named(sql.substr(at + 1, end - at - 1));
      begin = at = end;
    } else {
      ++at;
    }
  }
  plain(sql.substr(begin));
}

}  // namespace

std::vector<std::string> parameter_names(std::string_view sql) {
  std::vector<std::string> names;
  walk(sql, [](std::string_view) {},
       [&](std::string_view name) {
         if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
       });
  return names;
}

Kind kind_of(const Cell& cell) {
  constexpr std::array kinds = {Kind::nothing, Kind::integer, Kind::real, Kind::text};
  return kinds[cell.index()];
}

std::string postgresql_from_sql(std::string_view sql, std::span<const std::string> names, std::span<const Kind> kinds) {
  std::string written;
  walk(sql, [&](std::string_view plain) { written += plain; },
       [&](std::string_view name) {
         const auto place = std::ranges::find(names, name) - names.begin();
         const auto cast = [&](std::string_view type) {
           written.append("cast(:").append(name).append(" as ").append(type).append(")");
         };
         switch (kinds[static_cast<std::size_t>(place)]) {
           case Kind::nothing: written += "NULL"; break;
           case Kind::integer: cast("bigint"); break;
           case Kind::real: cast("double precision"); break;
           case Kind::text: cast("text"); break;
         }
       });
  return written;
}

std::string statement_from_migration(std::string_view statement, Engine engine) {
  const bool sqlite = engine == Engine::sqlite;
  constexpr std::string_view for_sqlite = "@sqlite ";
  constexpr std::string_view for_postgresql = "@postgresql ";
  if (statement.starts_with(for_sqlite)) {
    if (!sqlite) return {};
    statement.remove_prefix(for_sqlite.size());
  } else if (statement.starts_with(for_postgresql)) {
    if (sqlite) return {};
    statement.remove_prefix(for_postgresql.size());
  }
  std::string written(statement);
  const std::array<std::pair<std::string_view, std::string_view>, 3> words = {{
      {"@int", sqlite ? "INTEGER" : "BIGINT"},
      {"@real", sqlite ? "REAL" : "DOUBLE PRECISION"},
      {"@strict", sqlite ? "STRICT" : ""},
  }};
  for (const auto& [word, meant] : words) {
    for (auto at = written.find(word); at != std::string::npos; at = written.find(word, at + meant.size())) {
      written.replace(at, word.size(), meant);
    }
  }
  return written;
}

}  // namespace yihu::store

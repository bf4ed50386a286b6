#pragma once
// Who did something, for pages that tell a history.

#include "http/route.h"

#include "access/named_posts.h"
#include "area/directory.h"

#include <boost/describe.hpp>

#include <map>

namespace yihu::http {

struct Author {
  std::string id;   ///< of the user; empty for the program itself
  base::Text name;
  base::Text unit;  ///< of the post he held on that day; empty when he held none
};
BOOST_DESCRIBE_STRUCT(Author, (), (id, name, unit))

/// Looks each of them up once.
class Authors {
 public:
  explicit Authors(const Context& context) : context_(context) {}
  /// @param actor as the journal has it: a user id, or "system:<job>"
  base::Result<Author> of(const std::string& actor, base::Date day);

 private:
  const Context& context_;
  std::optional<area::Directory> units_;
  std::map<std::string, access::NamedPosts, std::less<>> known_;
};

}  // namespace yihu::http

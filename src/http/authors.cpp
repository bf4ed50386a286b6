#include "http/authors.h"

#include <algorithm>

namespace yihu::http {

base::Result<Author> Authors::of(const std::string& actor, base::Date day) {
  if (!base::is_uuid(actor)) return Author{"", base::text("系统", "The system"), {}};
  auto found = known_.find(actor);
  if (found == known_.end()) {
    found = known_.emplace(actor, TRY(access::named_posts(context_.session, context_.store.secrets(), {actor}))).first;
  }
  const access::NamedPosts& person = found->second;
  Author out{actor, {person.display_name, person.display_name}, {}};
  const auto post = std::ranges::find_if(person.posts, [&](const access::TermOfPost& one) { return one.in_force(day); });
  if (post == person.posts.end()) return out;
  if (!units_) units_.emplace(TRY(area::read_directory(context_.session)));
  if (const area::Unit* unit = units_->unit(post->unit)) out.unit = unit->short_name;
  return out;
}

}  // namespace yihu::http

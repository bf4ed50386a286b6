#pragma once
// What the API says of the person who is signed in, and of users and their posts.

#include "http/described.h"
#include "http/routes_access.h"
#include "plan/tracking/view.h"

namespace yihu::http {

using plan::UnitName;

struct Post {
  base::PostId id;
  UnitName unit;
  std::string role;
  base::Text role_label;
  base::Date from;
  std::optional<base::Date> to;
  std::optional<std::string> area;  ///< code of the one village he answers for
};
BOOST_DESCRIBE_STRUCT(Post, (), (id, unit, role, role_label, from, to, area))

struct Person {
  base::UserId id;
  std::string name;
  std::string display_name;
};
BOOST_DESCRIBE_STRUCT(Person, (), (id, name, display_name))

struct PlanName {
  base::PlanId id;
  base::Text title;
  int year = 0;
};
BOOST_DESCRIBE_STRUCT(PlanName, (), (id, title, year))

struct Me {
  Person user;
  std::vector<Post> posts;
  std::vector<std::string> permissions;
  bool district = false;  ///< sees every unit, not only those of the posts
  std::string csrf_token;
  bool must_change_password = false;
  bool code_enabled = false;
  bool demo = false;
  base::Date today;
  std::optional<PlanName> plan;
  std::optional<UnitName> own_unit;
};
BOOST_DESCRIBE_STRUCT(Me, (), (user, posts, permissions, district, csrf_token, must_change_password, code_enabled, demo, today, plan, own_unit))

struct UserRow {
  base::UserId id;
  std::string name;
  std::string display_name;
  bool active = true;
  std::optional<base::Instant> last_seen;
  std::vector<Post> posts;
  int version = 1;
};
BOOST_DESCRIBE_STRUCT(UserRow, (), (id, name, display_name, active, last_seen, posts, version))

/// What the person himself may know of himself, on the day.
base::Result<Me> me_of(store::Session& session, const AccessServices& services, const base::UserId& user,
                       const std::string& session_id, base::Date today);

UserRow row_of(const access::User& user, const access::Roles& roles, const area::Directory& units);

/// The unit's names, or its id alone when it is not known.
UnitName unit_name(const base::UnitId& id, const area::Directory& units);

/// The parts of the table, each in its own file.
std::vector<Route> session_routes(const AccessServices& services);
std::vector<Route> user_routes(const AccessServices& services);
std::vector<Route> calendar_address_routes(const AccessServices& services);

}  // namespace yihu::http

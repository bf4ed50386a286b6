// `yihu user …`: the way in. Outside a demo the first administrator is made here.

#include "access/password.h"
#include "access/user.h"
#include "app/command.h"
#include "app/office.h"
#include "app/password_prompt.h"
#include "area/directory.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace yihu::app {
namespace {

namespace json = boost::json;

struct Wanted {
  std::string name;
  std::string display_name;
  std::string unit;
  std::string role;
  std::string from;
  std::string to;
  bool password_stdin = false;
  bool change_at_login = false;
};

base::Error at_option(base::Error error, const char* option) {
  error.place.field = option;
  return error;
}

base::Result<base::UnitId> unit_named(store::Session& session, const std::string& name) {
  const area::Directory units = TRY(area::read_directory(session));
  if (const area::Unit* unit = units.unit_by_slug(name)) return unit->id;
  const area::Match match = units.resolve(name);
  if (match.unit != nullptr) return match.unit->id;
  base::Text mend;
  for (const area::Unit* near : match.suggestions) {
    mend.zh += (mend.zh.empty() ? "是不是：" : "、") + near->short_name.zh;
    mend.en += (mend.en.empty() ? "Did you mean: " : ", ") + near->short_name.zh;
  }
  return base::fail(at_option({base::ErrorKind::input, "unit_unknown", base::text("没有单位“{}”。", "There is no unit \"{}\".", name), mend, {}, {}}, "--unit"));
}

base::Result<base::UserId> user_named(store::Session& session, const std::string& name) {
  const auto id = TRY(access::find_user(session, name));
  if (id) return *id;
  return base::fail(base::ErrorKind::input, "user_unknown", base::text("没有用户“{}”。", "There is no user \"{}\".", name),
                    base::text("用 yihu user list 查看全部用户。", "yihu user list shows them all."));
}

base::Result<std::optional<base::Date>> day_of(const std::string& text, const char* option) {
  if (text.empty()) return std::optional<base::Date>();
  auto day = base::parse_date(text);
  if (!day) return base::fail(at_option(day.error(), option));
  return std::optional(*day);
}

/// One write on the office's store, answered with the user it concerned.
using Change = std::function<base::Result<access::User>(store::Transaction&, const access::Rooms&, const access::Viewer&)>;

base::Result<access::User> change(Office& office, const Change& body) {
  const access::Roles roles(office.pack);
  const access::Rooms rooms{office.store->secrets(), roles};
  const auto viewer = access::Viewer::system("command-line");
  access::User user;
  const auto write = [&](store::Transaction& transaction) -> base::Result<store::Answer> {
    user = TRY(body(transaction, rooms, viewer));
    return store::Answer();
  };
  TRY(office.store->write({viewer.actor(), base::RequestId::make(), ""}, write));
  return user;
}

base::Result<std::string> checked_hash(const Wanted& wanted, const Common& common) {
  const std::string password = TRY(password_from({wanted.password_stdin, common.language}));
  TRY(access::check_password(password, access::login_name_key(wanted.name), ""));
  return access::password_hash(password);
}

base::Result<access::User> add(const Wanted& wanted, const Common& common) {
  Office office = TRY(open_office(common.data, OpenFor::writing));
  const std::string hash = TRY(checked_hash(wanted, common));
  return change(office, [&](store::Transaction& transaction, const access::Rooms& rooms, const access::Viewer& viewer) -> base::Result<access::User> {
    const auto unit = TRY(unit_named(transaction, wanted.unit));
    return access::make_user(transaction, rooms, viewer,
                             {wanted.name, wanted.display_name.empty() ? wanted.name : wanted.display_name, unit, wanted.role, wanted.change_at_login}, hash);
  });
}

base::Result<access::User> set_password(const Wanted& wanted, const Common& common) {
  Office office = TRY(open_office(common.data, OpenFor::writing));
  const std::string hash = TRY(checked_hash(wanted, common));
  return change(office, [&](store::Transaction& transaction, const access::Rooms& rooms, const access::Viewer& viewer) -> base::Result<access::User> {
    const auto id = TRY(user_named(transaction, wanted.name));
    TRY(access::reset_password(transaction, rooms, viewer, id, hash));
    return access::read_user(transaction, rooms, viewer, id);
  });
}

base::Result<access::User> set_active(const Wanted& wanted, const Common& common, bool active) {
  Office office = TRY(open_office(common.data, OpenFor::writing));
  return change(office, [&](store::Transaction& transaction, const access::Rooms& rooms, const access::Viewer& viewer) -> base::Result<access::User> {
    const auto id = TRY(user_named(transaction, wanted.name));
    const auto user = TRY(access::read_user(transaction, rooms, viewer, id));
    return access::change_user(transaction, rooms, viewer, id, {{}, active}, user.version);
  });
}

base::Result<access::User> give_post(const Wanted& wanted, const Common& common) {
  const auto from = TRY(day_of(wanted.from, "--from"));
  const auto to = TRY(day_of(wanted.to, "--to"));
  Office office = TRY(open_office(common.data, OpenFor::writing));
  return change(office, [&](store::Transaction& transaction, const access::Rooms& rooms, const access::Viewer& viewer) -> base::Result<access::User> {
    const auto id = TRY(user_named(transaction, wanted.name));
    const auto unit = TRY(unit_named(transaction, wanted.unit));
    const base::Date today = base::date_of(transaction.now());
    return access::give_post(transaction, rooms, viewer, id, {unit, wanted.role, from.value_or(today), to});
  });
}

base::Result<access::User> end_post(const Wanted& wanted, const Common& common) {
  const auto to = TRY(day_of(wanted.to, "--to"));
  Office office = TRY(open_office(common.data, OpenFor::writing));
  return change(office, [&](store::Transaction& transaction, const access::Rooms& rooms, const access::Viewer& viewer) -> base::Result<access::User> {
    const auto id = TRY(user_named(transaction, wanted.name));
    const auto unit = TRY(unit_named(transaction, wanted.unit));
    const auto user = TRY(access::read_user(transaction, rooms, viewer, id));
    const base::Date last = to.value_or(base::date_of(transaction.now()));
    for (const access::TermOfPost& post : user.posts) {
      if (post.unit == unit && post.role == wanted.role && post.in_force(last)) {
        return access::end_post(transaction, rooms, viewer, post.id, last);
      }
    }
    return base::fail(base::ErrorKind::input, "post_unknown", base::text("他在该单位没有这个岗位。", "The user holds no such post there."),
                      base::text("用 yihu user list 查看岗位。", "yihu user list shows the posts."));
  });
}

struct Listed {
  std::vector<access::User> users;
  std::optional<area::Directory> units;
};

base::Result<Listed> read_all(Office& office, const access::Roles& roles) {
  Listed out;
  const auto read = [&](store::Session& session) -> base::Done {
    out.units = TRY(area::read_directory(session));
    const access::Rooms rooms{office.store->secrets(), roles};
    constexpr int stretch = 500;
    for (std::string after;;) {
      auto some = TRY(access::list_users(session, rooms, access::Viewer::system("command-line"), after, stretch));
      const bool last = some.size() < stretch;
      if (!some.empty()) after = some.back().name;
      std::ranges::move(some, std::back_inserter(out.users));
      if (last) return {};
    }
  };
  TRY(office.store->read(read));
  return out;
}

json::object json_of(const access::User& user, const area::Directory& units, base::Language language) {
  json::array posts;
  for (const access::TermOfPost& post : user.posts) {
    const area::Unit* unit = units.unit(post.unit);
    posts.push_back(json::object{{"unit", unit != nullptr ? unit->short_name.in(language) : post.unit.value}, {"role", post.role},
                                 {"from", base::to_string(post.from)},
                                 {"to", post.to ? json::value(base::to_string(*post.to)) : json::value(nullptr)}});
  }
  return {{"name", user.name}, {"display_name", user.display_name}, {"active", user.active}, {"posts", std::move(posts)}};
}

std::string line_of(const access::User& user, const area::Directory& units, const access::Roles& roles, base::Date today, base::Language language) {
  std::string posts;
  for (const access::TermOfPost& post : user.posts) {
    if (!post.in_force(today)) continue;
    const area::Unit* unit = units.unit(post.unit);
    if (!posts.empty()) posts += language == base::Language::zh ? "、" : ", ";
    posts += (unit != nullptr ? unit->short_name.in(language) : "") + " " + roles.label(post.role).in(language);
  }
  const std::string closed = user.active ? "" : language == base::Language::zh ? "  （已停用）" : "  (closed)";
  return fmt::format("{:<16}  {}  {}{}", user.name, user.display_name, posts, closed);
}

Exit list(const Common& common) {
  auto office = open_office(common.data, OpenFor::looking);
  if (!office) return report(office.error(), common);
  const access::Roles roles(office->pack);
  const auto listed = read_all(*office, roles);
  if (!listed) return report(listed.error(), common);
  if (common.json) {
    json::array out;
    for (const access::User& user : listed->users) out.push_back(json_of(user, *listed->units, common.language));
    fmt::print("{}\n", json::serialize(out));
    return Exit::done;
  }
  if (listed->users.empty()) fmt::print("{}\n", base::text("还没有用户。", "There are no users yet.").in(common.language));
  for (const access::User& user : listed->users) {
    fmt::print("{}\n", line_of(user, *listed->units, roles, office->clock->today(), common.language));
  }
  return Exit::done;
}

Exit told(const base::Result<access::User>& user, const base::Text& done, const Common& common) {
  if (!user) return report(user.error(), common);
  if (common.json) {
    fmt::print("{}\n", json::serialize(json::object{{"id", user->id.value}, {"name", user->name}}));
  } else {
    fmt::print("{}\n", done.in(common.language) + user->name);
  }
  return Exit::done;
}

/// Adds the subcommands, each with the options it knows.
class Builder {
 public:
  Builder(CLI::App& program, Common& common, Chosen& chosen) : common_(common), chosen_(chosen) {
    command_ = program.add_subcommand("user", say("用户和岗位", "users and posts"));
    command_->require_subcommand(1);
  }

  using Act = std::function<Exit(const Wanted&, const Common&)>;
  CLI::App* sub(CLI::App* under, const char* name, const base::Text& what, Act act) {
    CLI::App* command = under->add_subcommand(name, what.in(common_.language));
    command->callback([this_common = &common_, chosen = &chosen_, wanted = wanted_, act = std::move(act)] {
      chosen->run = [this_common, wanted, act] { return act(*wanted, *this_common); };
    });
    return command;
  }
  void named(CLI::App* command) {
    command->add_option("name", wanted_->name, say("登录名", "login name"))->required()->type_name(say("登录名", "NAME"));
  }
  void posted(CLI::App* command) {
    command->add_option("--unit", wanted_->unit, say("单位的名称或编号", "the unit's name or id"))->required()->type_name(say("单位", "UNIT"));
    command->add_option("--role", wanted_->role, say("角色编号", "id of the role"))->required()->type_name(say("角色", "ROLE"));
  }
  void password(CLI::App* command) {
    command->add_flag("--password-stdin", wanted_->password_stdin, say("从标准输入读密码", "read the password from standard input"));
  }
  void day(CLI::App* command, const char* option, std::string Wanted::*into, const base::Text& what) {
    command->add_option(option, (*wanted_).*into, what.in(common_.language))->type_name(say("日期", "DAY"));
  }
  CLI::App* group(const char* name, const base::Text& what) {
    CLI::App* command = command_->add_subcommand(name, what.in(common_.language));
    command->require_subcommand(1);
    return command;
  }
  CLI::App* command() { return command_; }
  Wanted& wanted() { return *wanted_; }
  std::string say(const char* zh, const char* en) const { return common_.language == base::Language::en ? en : zh; }

 private:
  Common& common_;
  Chosen& chosen_;
  CLI::App* command_ = nullptr;
  std::shared_ptr<Wanted> wanted_ = std::make_shared<Wanted>();
};

}  // namespace

void add_user_command(CLI::App& program, Common& common, Chosen& chosen) {
  Builder build(program, common, chosen);
  CLI::App* added = build.sub(build.command(), "add", {"新增用户", "make a user"}, [](const Wanted& w, const Common& c) {
    return told(add(w, c), {"已新增用户：", "Made user: "}, c);
  });
  build.named(added);
  build.posted(added);
  build.password(added);
  added->add_option("--display-name", build.wanted().display_name, build.say("姓名（默认同登录名）", "the person's name (default: the login name)"))
      ->type_name(build.say("姓名", "NAME"));
  added->add_flag("--change-at-login", build.wanted().change_at_login, build.say("首次登录须修改密码", "the password must be changed at the first login"));

  build.sub(build.command(), "list", {"列出用户", "list the users"}, [](const Wanted&, const Common& c) { return list(c); });

  CLI::App* reset = build.sub(build.command(), "password", {"重设密码，并停用动态码", "set a new password; one-time codes are turned off"},
                              [](const Wanted& w, const Common& c) {
                                return told(set_password(w, c), {"已重设密码，下次登录须修改：", "The password is set and must be changed at the next login: "}, c);
                              });
  build.named(reset);
  build.password(reset);

  build.named(build.sub(build.command(), "close", {"停用用户", "close a user's account"}, [](const Wanted& w, const Common& c) {
    return told(set_active(w, c, false), {"已停用：", "Closed: "}, c);
  }));
  build.named(build.sub(build.command(), "open", {"恢复用户", "open a closed account again"}, [](const Wanted& w, const Common& c) {
    return told(set_active(w, c, true), {"已恢复：", "Opened: "}, c);
  }));

  CLI::App* post = build.group("post", {"岗位", "posts"});
  CLI::App* given = build.sub(post, "give", {"任职", "give a post"}, [](const Wanted& w, const Common& c) {
    return told(give_post(w, c), {"已任职：", "The post is given: "}, c);
  });
  build.named(given);
  build.posted(given);
  build.day(given, "--from", &Wanted::from, {"第一天（默认今天）", "first day (default: today)"});
  build.day(given, "--to", &Wanted::to, {"最后一天（默认不限）", "last day (default: open)"});
  CLI::App* ended = build.sub(post, "end", {"免职", "end a post"}, [](const Wanted& w, const Common& c) {
    return told(end_post(w, c), {"已免职：", "The post ends: "}, c);
  });
  build.named(ended);
  build.posted(ended);
  build.day(ended, "--to", &Wanted::to, {"最后一天（默认今天）", "last day (default: today)"});
}

}  // namespace yihu::app

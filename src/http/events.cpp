#include "http/events.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>

namespace yihu::http {
namespace {

struct Told {
  std::string_view subject_kind;
  std::optional<access::Permission> permission;
  bool within_reach = false;  ///< something of the register, of which not everybody sees all
};
// Kinds a page can show, and who may know that one of them changed. Others (sessions, secrets) are nobody's business.
constexpr Told kinds_told[] = {
    {"plan", access::Permission::plan_read},     {"measure", access::Permission::plan_read},
    {"import", access::Permission::plan_import}, {"unit", std::nullopt},
    {"user", access::Permission::user_manage},   {"household", access::Permission::register_read, true},
    {"ledger", access::Permission::ledger_read}, {"ledger_row", access::Permission::ledger_read, true},
    {"ledger_import", access::Permission::ledger_change},
    {"roster_run", access::Permission::ledger_read}, {"roster_pair", access::Permission::ledger_read},
    {"discrepancy", access::Permission::ledger_read}, {"comparison", access::Permission::ledger_read},
};

/// What a stream is told of something: its name, or for who does not see the whole register only that one of its kind
/// changed, for which household outside his reach would be news to him. Nothing when it is none of his business.
std::optional<std::string> told_of(const store::Committed::Touched& touched, const base::UserId& user,
                                   const std::set<access::Permission>& permissions, bool sees_everybody) {
  for (const Told& told : kinds_told) {
    if (told.subject_kind != touched.subject_kind) continue;
    const bool oneself = touched.subject_kind == "user" && touched.subject == user.value;
    if (!oneself && told.permission && !permissions.contains(*told.permission)) return std::nullopt;
    return touched.subject_kind + ":" + (told.within_reach && !sees_everybody ? "*" : touched.subject);
  }
  return std::nullopt;
}

}  // namespace

Events::Stream::~Stream() {
  const std::lock_guard lock(events_->mutex_);
  events_->streams_.erase(this);
  if (--events_->per_user_[user_] == 0) events_->per_user_.erase(user_);
}

std::string Events::Stream::take() {
  const std::lock_guard lock(events_->mutex_);
  if (subjects_.empty() && !everything_) return {};
  boost::json::array subjects;
  if (everything_) subjects.emplace_back("*");
  else for (const std::string& subject : subjects_) subjects.emplace_back(subject);
  subjects_.clear();
  everything_ = false;
  const boost::json::object data{{"sequence", sequence_}, {"subjects", std::move(subjects)}};
  return fmt::format("id: {}\nevent: change\ndata: {}\n\n", sequence_, boost::json::serialize(data));
}

base::Result<std::unique_ptr<Events::Stream>> Events::subscribe(const access::Viewer& viewer,
                                                                std::string_view last_event_id,
                                                                std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  if (streams_.size() >= streams_max || per_user_[viewer.user] >= streams_per_user_max) {
    if (per_user_[viewer.user] == 0) per_user_.erase(viewer.user);
    return base::fail(base::ErrorKind::too_many, "too_many_streams",
                      base::text("同时打开的页面过多。", "Too many pages are open at once."),
                      base::text("请关掉一些页面。", "Close some of them."));
  }
  auto stream = std::make_unique<Stream>();
  stream->events_ = this;
  stream->user_ = viewer.user;
  stream->permissions_ = viewer.permissions;
  stream->sees_everybody_ = viewer.scope.covers_register();
  stream->wake_ = std::move(wake);
  std::int64_t last = 0;
  const auto [end, error] = std::from_chars(last_event_id.data(), last_event_id.data() + last_event_id.size(), last);
  if (!last_event_id.empty() && error == std::errc() && end == last_event_id.data() + last_event_id.size()) {
    stream->sequence_ = last;
    // Without the commit the reader saw last, nobody can say what it missed.
    const bool known = !recent_.empty() && recent_.front().sequence <= last;
    if (!known) stream->everything_ = true;
    for (const store::Committed& commit : recent_) {
      if (known && commit.sequence > last) gather(*stream, commit);
    }
  }
  streams_.insert(stream.get());
  ++per_user_[viewer.user];
  return stream;
}

void Events::gather(Stream& stream, const store::Committed& commit) {
  for (const auto& touched : commit.touched) {
    if (stream.everything_) continue;
    auto told = told_of(touched, stream.user_, stream.permissions_, stream.sees_everybody_);
    if (!told) continue;
    stream.subjects_.insert(*std::move(told));
    if (stream.subjects_.size() > subjects_max) stream.everything_ = true;
  }
  stream.sequence_ = commit.sequence;
}

void Events::committed(const store::Committed& commit) {
  const std::lock_guard lock(mutex_);
  recent_.push_back(commit);
  if (recent_.size() > recent_max) recent_.pop_front();
  for (Stream* stream : streams_) {
    const bool waiting = stream->everything_ || !stream->subjects_.empty();
    gather(*stream, commit);
    // One that has not taken the last news yet will find these beside them.
    if (!waiting && (stream->everything_ || !stream->subjects_.empty())) stream->wake_();
  }
}

}  // namespace yihu::http

#pragma once
// Tells open pages what changed. Each stream gathers what it has not sent yet; however slow its reader, that is at
// most `subjects_max` names, after which it only says that everything may have changed.

#include "http/route.h"

#include <deque>
#include <map>
#include <mutex>

namespace yihu::http {

class Events {
 public:
  static constexpr std::size_t subjects_max = 500;
  static constexpr std::size_t streams_per_user_max = 8;
  static constexpr std::size_t streams_max = 2000;
  static constexpr std::size_t recent_max = 512;

  /// One open stream. Made by subscribe(); its destruction ends it.
  class Stream {
   public:
    ~Stream();
    /// What is to be sent now, as one event's text; empty when nothing is. From any thread.
    std::string take();

   private:
    friend class Events;
    Events* events_ = nullptr;
    base::UserId user_;
    std::set<access::Permission> permissions_;
    bool sees_everybody_ = false;
    std::function<void()> wake_;
    std::int64_t sequence_ = 0;
    std::set<std::string> subjects_;
    bool everything_ = false;
  };

  /// @param wake called on the writer's thread when there is something to take; must return at once
  /// @param last_event_id of the stream that broke off, or empty; what came since is told first
  /// Errors: too_many streams of this user, or altogether
  base::Result<std::unique_ptr<Stream>> subscribe(const access::Viewer& viewer, std::string_view last_event_id,
                                                  std::function<void()> wake);

  /// To be told of every commit.
  void committed(const store::Committed& commit);

 private:
  void gather(Stream& stream, const store::Committed& commit);

  std::mutex mutex_;
  std::set<Stream*> streams_;
  std::map<base::UserId, std::size_t> per_user_;
  std::deque<store::Committed> recent_;
};

}  // namespace yihu::http

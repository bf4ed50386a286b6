#pragma once
// Answers kept in memory: serialized once, compressed once, given again until a commit touches what they tell.
// Static files are kept in the same form.

#include "http/route.h"

#include <atomic>
#include <map>
#include <mutex>
#include <unordered_map>

namespace yihu::http {

struct KeptAnswer {
  std::string body;
  std::string gzip;           ///< empty when compressing does not pay
  std::string etag;           ///< hash of the body
  std::string content_type;
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Hash and compress, once. Takes the response's body.
std::shared_ptr<const KeptAnswer> kept_from(Response response);

class AnswerCache {
 public:
  static constexpr std::size_t bytes_max = 24 << 20;

  /// What one answer hangs on: the counters of its subject kinds at a moment before it was read.
  struct Moment {
    std::uint64_t tick = 0;
  };

  /// Take it before the store is read; otherwise a commit in between would go unnoticed.
  Moment moment() const { return {tick_.load(std::memory_order_acquire)}; }

  /// @param keep the route's; one of the table, which outlives the cache
  std::shared_ptr<const KeptAnswer> find(const std::string& key, const Keep& keep);
  void keep(std::string key, Moment read_at, std::shared_ptr<const KeptAnswer> answer);

  /// To be told of every commit, before its writers are answered.
  void committed(const store::Committed& commit);

  std::size_t bytes() const;

 private:
  struct Entry {
    std::uint64_t tick;
    std::shared_ptr<const KeptAnswer> answer;
  };
  bool fresh(const Entry& entry, const Keep& keep) const;
  void forget(std::unordered_map<std::string, Entry>::iterator entry);

  mutable std::mutex mutex_;
  std::atomic<std::uint64_t> tick_ = 0;                         ///< commits so far
  std::map<std::string, std::uint64_t, std::less<>> touched_;   ///< kind of subject → tick of the last commit on it
  std::unordered_map<std::string, Entry> entries_;
  std::size_t bytes_ = 0;
};

}  // namespace yihu::http

#include "http/answer_cache.h"

#include "http/gzip.h"

#include <sodium.h>

namespace yihu::http {
namespace {

std::size_t size_of(const std::string& key, const KeptAnswer& answer) {
  return key.size() + answer.body.size() + answer.gzip.size() + sizeof(KeptAnswer);
}

}  // namespace

std::shared_ptr<const KeptAnswer> kept_from(Response response) {
  auto kept = std::make_shared<KeptAnswer>();
  kept->body = std::move(response.body);
  kept->content_type = std::move(response.content_type);
  kept->status = response.status;
  kept->headers = std::move(response.headers);
  kept->etag = response.etag.empty() ? hash_of(kept->body) : std::move(response.etag);
  if (pays(kept->body.size(), kept->content_type)) {
    kept->gzip = gzip(kept->body, Effort::once);
    if (kept->gzip.size() * 10 > kept->body.size() * 9) kept->gzip.clear();
  }
  return kept;
}

bool AnswerCache::fresh(const Entry& entry, const Keep& keep) const {
  if (keep.subject_kinds.empty()) return entry.tick == tick_.load(std::memory_order_relaxed);
  for (const std::string& kind : keep.subject_kinds) {
    const auto touched = touched_.find(kind);
    if (touched != touched_.end() && touched->second > entry.tick) return false;
  }
  return true;
}

void AnswerCache::forget(std::unordered_map<std::string, Entry>::iterator entry) {
  bytes_ -= size_of(entry->first, *entry->second.answer);
  entries_.erase(entry);
}

std::shared_ptr<const KeptAnswer> AnswerCache::find(const std::string& key, const Keep& keep) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  if (fresh(found->second, keep)) return found->second.answer;
  forget(found);
  return nullptr;
}

void AnswerCache::keep(std::string key, Moment read_at, std::shared_ptr<const KeptAnswer> answer) {
  const std::size_t size = size_of(key, *answer);
  const std::lock_guard lock(mutex_);
  if (const auto old = entries_.find(key); old != entries_.end()) {
    // Somebody who read later was quicker to keep it.
    if (old->second.tick > read_at.tick) return;
    forget(old);
  }
  // Answers are cheap to make again, so a full cache starts anew rather than remember who was used when.
  if (bytes_ + size > bytes_max) {
    entries_.clear();
    bytes_ = 0;
  }
  if (size > bytes_max) return;
  entries_.emplace(std::move(key), Entry{read_at.tick, std::move(answer)});
  bytes_ += size;
}

void AnswerCache::committed(const store::Committed& commit) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t tick = tick_.load(std::memory_order_relaxed) + 1;
  for (const auto& touched : commit.touched) touched_.insert_or_assign(touched.subject_kind, tick);
  tick_.store(tick, std::memory_order_release);
}

std::size_t AnswerCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace yihu::http

#include "compare/desk.h"

#include "compare/pair.h"
#include "compare/intake_record.h"
#include "compare/pass.h"

#include <algorithm>
#include <chrono>

namespace yihu::compare {
namespace {

/// Decisions come in quick succession.
constexpr std::chrono::milliseconds gather_time{400};
/// So long a decision about a pair can be taken back; then its content is erased.
constexpr std::chrono::minutes content_kept{60};
constexpr std::chrono::minutes erase_interval{10};
/// In an office that never rests, looking again because something changed meanwhile would not end. What changes later is
/// seen by the next run, as it always was.
constexpr int looks_max = 3;

store::Act act_of_desk() { return {"system:compare", base::RequestId::make(), ""}; }

}  // namespace

Desk::Desk(store::Store& store, const Rosters& rosters) : store_(store), rosters_(rosters) {
  // Whatever went wrong will go wrong again at the first run, and be told there.
  (void)close_broken_runs(store_);
  thread_ = std::thread([this] { run(); });
}

Desk::~Desk() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    current_cancel_.ask();
    ending_.ask();
    woken_.notify_all();
  }
  thread_.join();
}

base::Done Desk::submit(Job job) {
  const std::lock_guard lock(mutex_);
  std::size_t bytes = job.bytes.size();
  for (const Job& one : waiting_) bytes += one.bytes.size();
  if (waiting_.size() >= waiting_max || bytes > waiting_bytes_max) {
    return base::fail(base::ErrorKind::too_many, "desk_full", base::text("排队的比对太多。", "Too many comparisons are waiting."),
                      base::text("请等前面的做完再来。", "Wait until some are done."));
  }
  waiting_.push_back(std::move(job));
  woken_.notify_all();
  return {};
}

base::Done Desk::submit_run(std::string run, std::string bytes, base::Language language) {
  Job job;
  job.id = std::move(run);
  job.bytes = std::move(bytes);
  job.language = language;
  return submit(std::move(job));
}

base::Done Desk::submit_comparison(std::string comparison, store::Act act) {
  Job job;
  job.id = std::move(comparison);
  job.comparison = std::move(act);
  return submit(std::move(job));
}

void Desk::look_again(std::string roster, std::string period) { look(std::move(roster), std::move(period), 0); }

void Desk::look(std::string roster, std::string period, int looks) {
  if (looks > looks_max) return;
  const std::lock_guard lock(mutex_);
  const bool there = std::ranges::any_of(waiting_, [&](const Job& job) { return job.id.empty() && job.roster == roster && job.period == period; });
  if (there) return;
  Job job;
  job.roster = std::move(roster);
  job.period = std::move(period);
  job.looks = looks;
  waiting_.push_back(std::move(job));
  woken_.notify_all();
}

void Desk::stop(std::string_view id) {
  const std::lock_guard lock(mutex_);
  if (current_ && current_->first == id) current_cancel_.ask();
  for (Job& job : waiting_) {
    if (job.id == id) job.cancel.ask();
  }
}

std::optional<Progress> Desk::progress(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  if (current_ && current_->first == id) return current_->second;
  const bool waits = std::ranges::any_of(waiting_, [&](const Job& job) { return job.id == id; });
  return waits ? std::optional(Progress{"waiting", 0, 0}) : std::nullopt;
}

void Desk::settle() {
  std::unique_lock lock(mutex_);
  woken_.wait(lock, [this] { return (waiting_.empty() && !busy_) || stopping_; });
}

void Desk::run() {
  (void)settle_passes(store_, ending_);
  auto erased = std::chrono::steady_clock::now();
  for (;;) {
    std::optional<Job> job;
    {
      std::unique_lock lock(mutex_);
      busy_ = false;
      woken_.notify_all();
      woken_.wait_for(lock, erase_interval, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      if (!waiting_.empty()) {
        // Whoever judges pairs presses the next key at once: one look for all of them.
        if (waiting_.front().id.empty()) woken_.wait_for(lock, gather_time, [this] { return stopping_; });
        if (stopping_) return;
        job = std::move(waiting_.front());
        waiting_.pop_front();
        busy_ = true;
        current_ = {job->id, {"waiting", 0, 0}};
        current_cancel_ = job->cancel;
      }
    }
    if (job) carry_out_job(*job);
    // Somebody who stops a run that counts already must not leave its traces.
    (void)settle_passes(store_, ending_);
    {
      const std::lock_guard lock(mutex_);
      current_.reset();
    }
    if (std::chrono::steady_clock::now() - erased < erase_interval) continue;
    erased = std::chrono::steady_clock::now();
    const base::Instant before{store_.clock().now().microseconds - std::chrono::microseconds(content_kept).count()};
    (void)store_.write(act_of_desk(), [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      TRY(erase_decided(transaction, store_.secrets(), before));
      return store::Answer();
    });
  }
}

/// What goes wrong stands in the run's or comparison's own record.
void Desk::carry_out_job(Job& job) {
  Work work{.store = store_, .rosters = rosters_, .language = job.language, .cancel = job.cancel};
  work.progress = [this, id = job.id](std::string_view step, std::int64_t done, std::int64_t total) {
    const std::lock_guard lock(mutex_);
    current_ = {id, {std::string(step), done, total}};
  };
  if (job.comparison) {
    (void)make_comparison(work, job.id, *job.comparison);
  } else if (!job.id.empty()) {
    const auto run = carry_out(work, job.id, job.bytes);
    if (run && run->summary.discrepancies.overtaken) look(run->roster, run->period, 1);
  } else if (const pack::Roster* roster = rosters_.declared().find(job.roster)) {
    const auto written = compare::look_again(work, *roster, job.period, act_of_desk());
    if (written && written->overtaken) look(job.roster, job.period, job.looks + 1);
  }
}

}  // namespace yihu::compare

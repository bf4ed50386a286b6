#include "sheet/reading_budget.h"

#include <ctime>

namespace yihu::sheet {
namespace {

constexpr unsigned look_at_clock_every = 64;

std::chrono::nanoseconds thread_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

ReadingBudget::ReadingBudget(const base::Cancel& cancel) : cancel_(cancel), begin_(thread_time()) {}

std::chrono::nanoseconds ReadingBudget::used() const { return thread_time() - begin_; }

bool ReadingBudget::spent() {
  if (out_of_time_ || cancel_.asked()) return true;
  if (++asked_ % look_at_clock_every == 0) out_of_time_ = used() > reading_time_max;
  return out_of_time_;
}

base::Done ReadingBudget::check() const {
  if (cancel_.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已取消。", "Cancelled."));
  if (!out_of_time_) return {};
  return base::fail(base::ErrorKind::too_large, "document_too_slow",
                    base::text("文件内容过于复杂，已停止读取。", "The document is too intricate; reading was stopped."),
                    base::text("请删去多余内容或拆开后再上传。", "Remove what is not needed or split it, then try again."));
}

}  // namespace yihu::sheet

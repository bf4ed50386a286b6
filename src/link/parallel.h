#pragma once
// Both cores busy: numbered tasks taken one after the other by a few threads.

#include <cstddef>
#include <functional>

namespace yihu::link {

/// Runs work(task, thread) for every task below `tasks`; thread < threads. The first exception of any thread is thrown here.
void in_parallel(unsigned threads, std::size_t tasks, const std::function<void(std::size_t task, unsigned thread)>& work);

}  // namespace yihu::link

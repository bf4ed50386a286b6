#pragma once
// An outside program on a file from outside: held to limits, and gone when we are done with it.

#include "base/cancel.h"
#include "base/result.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::sheet {

struct ChildLimits {
  std::chrono::milliseconds processor_time_max{1'000};  ///< holds on a busy machine as on an idle one
  /// Added for each kilobyte it has given so far: who delivers may go on, who only burns time is stopped early.
  std::chrono::milliseconds processor_time_per_kilobyte{0};
  std::chrono::milliseconds wall_time_max{10'000};
  std::size_t memory_bytes_max = 512u << 20;            ///< address space
  std::size_t output_bytes_max = 64u << 20;
};

struct ChildOutput {
  int status = 0;          ///< what it returned; 128 + n when signal n ended it
  std::string output;      ///< its standard output
  std::string complaints;  ///< the first kilobytes of its standard error
};

/// Runs `program` (found in the usual folders) with `input` as its standard input, and waits for it.
/// It inherits no open file and no environment, cannot write files, cannot gain rights, and is killed with all
/// its children when a limit is passed, when cancelled, and when this process dies. Nothing is written to disk.
/// Errors: not installed (unavailable), slow, too much output, cancelled. A status other than 0 is no error here.
base::Result<ChildOutput> run_child(const std::string& program, const std::vector<std::string>& arguments,
                                    std::string_view input, const ChildLimits& limits, const base::Cancel& cancel);

}  // namespace yihu::sheet

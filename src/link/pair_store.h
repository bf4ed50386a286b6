#pragma once
// Pairs of rows waiting to be compared, put aside by the left row so that they are compared in sequence. When they
// outgrow the memory allowed, they go to an unnamed file.

#include "link/buffer.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace yihu::link {

class PairStore {
 public:
  /// @param memory_max bytes that may stay in memory before the rest goes to `spill_folder`
  PairStore(std::size_t left_rows, unsigned threads, std::size_t memory_max, std::filesystem::path spill_folder);
  ~PairStore();
  PairStore(const PairStore&) = delete;
  PairStore& operator=(const PairStore&) = delete;

  /// Throws std::bad_alloc when neither memory nor disk takes more.
  void add(unsigned thread, std::uint32_t left, std::uint32_t right) {
    Run& run = runs_[thread * buckets_ + (left >> shift_)];
    if (run.used == chunk_pairs) turn(thread, run);
    run.open[run.used++] = static_cast<std::uint64_t>(left) << 32 | right;
  }
  std::size_t buckets() const { return buckets_; }
  std::uint32_t first_left(std::size_t bucket) const { return static_cast<std::uint32_t>(bucket << shift_); }
  std::uint32_t lefts() const { return 1U << shift_; }
  /// All pairs of a bucket, in no order, repeats included.
  void collect(std::size_t bucket, std::vector<std::uint64_t>& pairs) const;
  std::size_t spilled_bytes() const { return spilled_; }

 private:
  static constexpr std::size_t chunk_pairs = 1024;
  static constexpr std::size_t chunks_per_slab = 256;
  struct Run {
    std::uint64_t* open = nullptr;
    std::size_t used = chunk_pairs;     ///< full before it has its first chunk
    std::vector<std::uint64_t*> full;
    std::vector<std::size_t> on_disk;   ///< places in the file
  };
  /// Chunks of one thread.
  struct Slabs {
    std::vector<LargeVector<std::uint64_t>> slabs;
    std::size_t used = chunks_per_slab;
  };
  void turn(unsigned thread, Run& run);

  unsigned shift_ = 12;
  std::size_t buckets_ = 0;
  std::vector<Run> runs_;
  std::vector<Slabs> slabs_;
  std::size_t memory_max_;
  std::filesystem::path spill_folder_;
  std::atomic<std::size_t> held_ = 0, spilled_ = 0;
  std::atomic<int> file_ = -1;
};

}  // namespace yihu::link

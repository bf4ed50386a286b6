#include "link/pair_store.h"

#include <mutex>
#include <new>
#include <string>

#include <stdlib.h>
#include <unistd.h>

namespace yihu::link {
namespace {

constexpr std::size_t left_rows_in_large_tables = 2'000'000;

/// Reads or writes all bytes at a place; throws std::bad_alloc when the disk does not.
template <class Call>
void all_bytes(const Call& call, std::size_t bytes) {
  for (std::size_t done = 0; done < bytes;) {
    const auto step = call(done);
    if (step <= 0) throw std::bad_alloc();
    done += static_cast<std::size_t>(step);
  }
}

}  // namespace

PairStore::PairStore(std::size_t left_rows, unsigned threads, std::size_t memory_max, std::filesystem::path spill_folder)
    : shift_(left_rows > left_rows_in_large_tables ? 14 : 12), buckets_((left_rows >> shift_) + 1), runs_(threads * buckets_), slabs_(threads),
      memory_max_(memory_max), spill_folder_(std::move(spill_folder)) {}

PairStore::~PairStore() {
  if (file_ >= 0) ::close(file_);
}

void PairStore::turn(unsigned thread, Run& run) {
  static std::mutex opening;
  constexpr std::size_t bytes = chunk_pairs * sizeof(std::uint64_t);
  if (run.open != nullptr && held_ > memory_max_) {
    {
      const std::lock_guard lock(opening);
      if (file_ < 0) {
        std::string name = (spill_folder_ / ".yihu-link-XXXXXX").string();
        file_ = ::mkstemp(name.data());
        if (file_ < 0) throw std::bad_alloc();
        ::unlink(name.c_str());
      }
    }
    const std::size_t place = spilled_.fetch_add(bytes);
    const char* from = reinterpret_cast<const char*>(run.open);
    all_bytes([&](std::size_t done) { return ::pwrite(file_, from + done, bytes - done, static_cast<off_t>(place + done)); }, bytes);
    run.on_disk.push_back(place);
  } else {
    if (run.open != nullptr) run.full.push_back(run.open);
    Slabs& slabs = slabs_[thread];
    if (slabs.used == chunks_per_slab) {
      slabs.slabs.emplace_back(chunks_per_slab * chunk_pairs);
      slabs.used = 0;
    }
    run.open = slabs.slabs.back().data() + chunk_pairs * slabs.used++;
    held_ += bytes;
  }
  run.used = 0;
}

void PairStore::collect(std::size_t bucket, std::vector<std::uint64_t>& pairs) const {
  pairs.clear();
  for (std::size_t at = bucket; at < runs_.size(); at += buckets_) {
    const Run& run = runs_[at];
    for (const std::uint64_t* chunk : run.full) pairs.insert(pairs.end(), chunk, chunk + chunk_pairs);
    if (run.open != nullptr) pairs.insert(pairs.end(), run.open, run.open + run.used);
    for (const std::size_t place : run.on_disk) {
      const std::size_t before = pairs.size();
      pairs.resize(before + chunk_pairs);
      char* into = reinterpret_cast<char*>(pairs.data() + before);
      constexpr std::size_t bytes = chunk_pairs * sizeof(std::uint64_t);
      all_bytes([&](std::size_t done) { return ::pread(file_, into + done, bytes - done, static_cast<off_t>(place + done)); }, bytes);
    }
  }
}

}  // namespace yihu::link

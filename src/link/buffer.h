#pragma once
// Large arrays of plain values straight from the system: zeroed, in large pages, given back at once. On request they
// lie in an unnamed file instead of memory, so that the system may write them out when memory is short.

#include <cstddef>
#include <filesystem>
#include <mutex>
#include <new>
#include <span>
#include <utility>
#include <vector>

namespace yihu::link {

/// Throws std::bad_alloc when the system gives nothing.
void* map_bytes(std::size_t bytes, const std::filesystem::path* spill_folder, bool zeroed = true);
void unmap_bytes(void* begin, std::size_t bytes);

/// While one of these lives, pages given back are kept for whoever asks next: a system that must find and clear fresh
/// ones takes several times as long as the work on them.
class KeptPages {
 public:
  /// @param spill_folder not null: meanwhile all large arrays lie in unnamed files there
  explicit KeptPages(const std::filesystem::path* spill_folder = nullptr);
  ~KeptPages();
  KeptPages(const KeptPages&) = delete;
  KeptPages& operator=(const KeptPages&) = delete;
};

template <class T>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t size, const std::filesystem::path* spill_folder = nullptr, bool zeroed = true)
      : begin_(size == 0 ? nullptr : static_cast<T*>(map_bytes(size * sizeof(T), spill_folder, zeroed))), size_(size) {}
  Buffer(Buffer&& other) noexcept : begin_(std::exchange(other.begin_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(begin_, other.begin_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Buffer() {
    if (begin_ != nullptr) unmap_bytes(begin_, size_ * sizeof(T));
  }
  T* data() { return begin_; }
  const T* data() const { return begin_; }
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return begin_[i]; }
  const T& operator[](std::size_t i) const { return begin_[i]; }
  std::span<T> span() { return {begin_, size_}; }
  std::span<const T> span() const { return {begin_, size_}; }

 private:
  T* begin_ = nullptr;
  std::size_t size_ = 0;
};

/// Many arrays that live and go together, zeroed, side by side in large pages: reading at random among them then asks for
/// few page addresses. Several threads may take.
class PagePool {
 public:
  template <class T>
  T* take(std::size_t count) {
    return static_cast<T*>(take_bytes(count * sizeof(T)));
  }

 private:
  void* take_bytes(std::size_t bytes);

  std::mutex taking_;
  std::vector<Buffer<std::byte>> chunks_;
  std::size_t used_ = 0;
};

/// For vectors that grow large: the same large pages, and no zeros where elements are about to be written.
template <class T>
struct PageAllocator {
  using value_type = T;
  PageAllocator() = default;
  template <class U>
  PageAllocator(const PageAllocator<U>&) {}
  T* allocate(std::size_t count) {
    return static_cast<T*>(count * sizeof(T) < large ? ::operator new(count * sizeof(T)) : map_bytes(count * sizeof(T), nullptr, false));
  }
  void deallocate(T* begin, std::size_t count) {
    if (count * sizeof(T) < large) ::operator delete(begin);
    else unmap_bytes(begin, count * sizeof(T));
  }
  template <class U>
  void construct(U* at) {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Values>
  void construct(U* at, Values&&... values) {
    ::new (static_cast<void*>(at)) U(std::forward<Values>(values)...);
  }
  template <class U>
  bool operator==(const PageAllocator<U>&) const {
    return true;
  }
  static constexpr std::size_t large = std::size_t{1} << 20;
};
template <class T>
using LargeVector = std::vector<T, PageAllocator<T>>;

}  // namespace yihu::link

#pragma once
// Hashes. A store is made with one set of algorithms and keeps it: the international ones (BLAKE2b, XChaCha20-Poly1305)
// or the national ones (SM3, SM4), which some offices must use.

#include "base/result.h"

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace yihu::store {

enum class Algorithms { international, national };
std::string_view to_string(Algorithms algorithms);
/// "international" or "national"; anything else is an input error.
base::Result<Algorithms> algorithms_from(std::string_view name);

constexpr std::size_t hash_size_bytes = 32;
constexpr std::size_t key_size_bytes = 32;
using Hash = std::array<unsigned char, hash_size_bytes>;
using Key = std::array<unsigned char, key_size_bytes>;

/// BLAKE2b-256 or SM3 of what `add` was given, in order.
class Digest {
 public:
  explicit Digest(Algorithms algorithms);
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;

  void add(std::string_view bytes);
  /// Length first, so that ("ab", "c") and ("a", "bc") differ.
  void add_field(std::string_view bytes);
  /// Ends the digest; use it no more.
  Hash finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Keyed BLAKE2b-256, or HMAC-SM3.
Hash keyed_hash(Algorithms algorithms, const Key& key, std::string_view bytes);
/// A key for one purpose out of another key; knowing one tells nothing about the other.
Key derived_key(Algorithms algorithms, const Key& key, std::string_view purpose);

/// 64 hexadecimal digits, lower case.
std::string hex(const Hash& hash);
std::string base64(std::span<const unsigned char> bytes);
base::Result<std::string> bytes_from_base64(std::string_view text);

}  // namespace yihu::store

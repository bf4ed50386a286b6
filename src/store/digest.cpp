#include "store/digest.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <cassert>
#include <cstdint>
#include <cstdlib>
#include <variant>

namespace yihu::store {
namespace {

using base::ErrorKind;

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

/// OpenSSL without SM3, or without memory, is a broken installation that nothing here can mend.
void must(bool held) {
  if (!held) std::abort();
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Sm3 = std::unique_ptr<EVP_MD_CTX, FreeContext>;

Sm3 begun_sm3() {
  // Looked up once: finding an algorithm by name costs more than hashing an entry.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SM3", nullptr);
  Sm3 context(EVP_MD_CTX_new());
  must(context && EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1);
  return context;
}

void add_sm3(EVP_MD_CTX* context, std::string_view bytes) {
  must(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1);
}

Hash finished_sm3(EVP_MD_CTX* context) {
  Hash hash;
  unsigned size = 0;
  must(EVP_DigestFinal_ex(context, hash.data(), &size) == 1 && size == hash.size());
  return hash;
}

/// HMAC (RFC 2104) over SM3, whose block is 64 bytes.
Hash hmac_sm3(const Key& key, std::string_view bytes) {
  constexpr std::size_t block_bytes = 64;
  std::string inner(block_bytes, '\x36');
  std::string outer(block_bytes, '\x5c');
  for (std::size_t at = 0; at < key.size(); ++at) {
    inner[at] = static_cast<char>(inner[at] ^ static_cast<char>(key[at]));
    outer[at] = static_cast<char>(outer[at] ^ static_cast<char>(key[at]));
  }
  auto first = begun_sm3();
  add_sm3(first.get(), inner);
  add_sm3(first.get(), bytes);
  const auto hash = finished_sm3(first.get());
  auto second = begun_sm3();
  add_sm3(second.get(), outer);
  add_sm3(second.get(), {reinterpret_cast<const char*>(hash.data()), hash.size()});
  sodium_memzero(inner.data(), inner.size());
  sodium_memzero(outer.data(), outer.size());
  return finished_sm3(second.get());
}

}  // namespace

std::string_view to_string(Algorithms algorithms) {
  switch (algorithms) {
    case Algorithms::international: return "international";
    case Algorithms::national: return "national";
  }
  return {};
}

base::Result<Algorithms> algorithms_from(std::string_view name) {
  if (name == "international") return Algorithms::international;
  if (name == "national") return Algorithms::national;
  return base::fail(ErrorKind::input, "algorithms_unknown",
                    base::text("密码算法只能是 international 或 national。",
                               "The algorithms can only be international or national."));
}

struct Digest::State {
  std::variant<crypto_generichash_state, Sm3> of;
};

Digest::Digest(Algorithms algorithms) : state_(std::make_unique<State>()) {
  switch (algorithms) {
    case Algorithms::international:
      must(crypto_generichash_init(&state_->of.emplace<0>(), nullptr, 0, hash_size_bytes) == 0);
      break;
    case Algorithms::national: state_->of = begun_sm3(); break;
  }
}
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::add(std::string_view bytes) {
  if (auto* blake = std::get_if<0>(&state_->of)) {
    crypto_generichash_update(blake, raw(bytes), bytes.size());
  } else {
    add_sm3(std::get<1>(state_->of).get(), bytes);
  }
}

void Digest::add_field(std::string_view bytes) {
  std::array<char, 8> length;
  auto size = static_cast<std::uint64_t>(bytes.size());
  for (auto& byte : length) {
    byte = static_cast<char>(size & 0xff);
    size >>= 8;
  }
  add({length.data(), length.size()});
  add(bytes);
}

Hash Digest::finish() {
  Hash hash;
  if (auto* blake = std::get_if<0>(&state_->of)) {
    crypto_generichash_final(blake, hash.data(), hash.size());
  } else {
    hash = finished_sm3(std::get<1>(state_->of).get());
  }
  return hash;
}

Hash keyed_hash(Algorithms algorithms, const Key& key, std::string_view bytes) {
  if (algorithms == Algorithms::national) return hmac_sm3(key, bytes);
  Hash hash;
  must(crypto_generichash(hash.data(), hash.size(), raw(bytes), bytes.size(), key.data(), key.size()) == 0);
  return hash;
}

Key derived_key(Algorithms algorithms, const Key& key, std::string_view purpose) {
  return keyed_hash(algorithms, key, std::string("yihu-key-1:").append(purpose));
}

std::string hex(const Hash& hash) {
  std::string text(hash.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
  text.pop_back();
  return text;
}

std::string base64(std::span<const unsigned char> bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();
  return text;
}

base::Result<std::string> bytes_from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  const int read = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                                     text.size(), nullptr, &size, &end, sodium_base64_VARIANT_ORIGINAL);
  if (read != 0 || end != text.data() + text.size()) {
    return base::fail(ErrorKind::input, "base64_unreadable",
                      base::text("内容不是有效的 Base64 文字。", "The content is not valid Base64 text."));
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace yihu::store

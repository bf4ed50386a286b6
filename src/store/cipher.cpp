#include "store/cipher.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

namespace yihu::store {
namespace {

using base::Result;
using Bytes = std::vector<unsigned char>;

constexpr unsigned char version_international = 1;
constexpr unsigned char version_national = 2;
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t sm4_block_bytes = 16;

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

void must(bool held) {
  if (!held) std::abort();
}

std::unexpected<base::Error> unreadable() {
  return base::fail(base::ErrorKind::unavailable, "secret_unreadable",
                    base::text("加密的内容无法读出：密钥不符，或内容已被改动。",
                               "The sealed value cannot be opened: another key, or it was altered."));
}

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

/// SM4-CBC with padding, one way or the other. An empty answer when the padding is wrong.
std::optional<Bytes> sm4(bool encrypt, const Key& key, const unsigned char* start, std::string_view in) {
  static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "SM4-CBC", nullptr);
  const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context(EVP_CIPHER_CTX_new());
  // SM4's key is 16 bytes: the first half of a key derived for it alone.
  must(algorithm && context &&
       EVP_CipherInit_ex2(context.get(), algorithm, key.data(), start, encrypt ? 1 : 0, nullptr) == 1);
  Bytes out(in.size() + sm4_block_bytes);
  int first = 0;
  int last = 0;
  must(EVP_CipherUpdate(context.get(), out.data(), &first, raw(in), static_cast<int>(in.size())) == 1);
  if (EVP_CipherFinal_ex(context.get(), out.data() + first, &last) != 1) return std::nullopt;
  out.resize(static_cast<std::size_t>(first) + static_cast<std::size_t>(last));
  return out;
}

Hash sm4_tag(const Key& key, std::string_view context, std::string_view box) {
  std::string text = std::to_string(context.size()).append(":").append(context).append(box);
  return keyed_hash(Algorithms::national, derived_key(Algorithms::national, key, "sm4-tag"), text);
}

std::string sealed_nationally(const Key& key, std::string_view context, std::string_view clear) {
  Bytes box(1 + sm4_block_bytes);
  box[0] = version_national;
  randombytes_buf(box.data() + 1, sm4_block_bytes);
  const auto cipher = sm4(true, derived_key(Algorithms::national, key, "sm4"), box.data() + 1, clear);
  must(cipher.has_value());
  box.insert(box.end(), cipher->begin(), cipher->end());
  const auto tag = sm4_tag(key, context, {reinterpret_cast<const char*>(box.data()), box.size()});
  box.insert(box.end(), tag.begin(), tag.end());
  return base64(box);
}

Result<std::string> opened_nationally(const Key& key, std::string_view context, std::string_view box) {
  if (box.size() < 1 + 2 * sm4_block_bytes + hash_size_bytes) return unreadable();
  const auto stated = box.substr(box.size() - hash_size_bytes);
  box.remove_suffix(hash_size_bytes);
  const auto tag = sm4_tag(key, context, box);
  if (sodium_memcmp(tag.data(), stated.data(), tag.size()) != 0) return unreadable();
  const auto clear = sm4(false, derived_key(Algorithms::national, key, "sm4"), raw(box) + 1,
                         box.substr(1 + sm4_block_bytes));
  if (!clear) return unreadable();
  return std::string(clear->begin(), clear->end());
}

}  // namespace

std::string sealed(Algorithms algorithms, const Key& key, std::string_view context, std::string_view clear) {
  if (algorithms == Algorithms::national) return sealed_nationally(key, context, clear);
  Bytes box(1 + nonce_bytes + clear.size() + tag_bytes);
  box[0] = version_international;
  randombytes_buf(box.data() + 1, nonce_bytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(box.data() + 1 + nonce_bytes, nullptr, raw(clear), clear.size(),
                                             raw(context), context.size(), nullptr, box.data() + 1, key.data());
  return base64(box);
}

Result<std::string> opened(const Key& key, std::string_view context, std::string_view text) {
  const auto box = bytes_from_base64(text);
  if (!box || box->empty()) return unreadable();
  if (box->front() == version_national) return opened_nationally(key, context, *box);
  if (box->front() != version_international || box->size() < 1 + nonce_bytes + tag_bytes) return unreadable();
  std::string clear(box->size() - 1 - nonce_bytes - tag_bytes, '\0');
  const auto* nonce = raw(*box) + 1;
  const int result = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<unsigned char*>(clear.data()), nullptr, nullptr, nonce + nonce_bytes,
      box->size() - 1 - nonce_bytes, raw(context), context.size(), nonce, key.data());
  if (result != 0) return unreadable();
  return clear;
}

}  // namespace yihu::store

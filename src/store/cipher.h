#pragma once
// Sealed boxes: nobody without the key can read one, or alter one unnoticed.

#include "store/digest.h"

namespace yihu::store {

/// XChaCha20-Poly1305 (version byte 1), or SM4-CBC with HMAC-SM3 over it (version byte 2). `context` is not stored but
/// must be the same when opening.
/// @returns base64 text of version, nonce, ciphertext and tag
std::string sealed(Algorithms algorithms, const Key& key, std::string_view context, std::string_view clear);
/// Opens either version. Errors: unavailable "secret_unreadable" without a word about the content.
base::Result<std::string> opened(const Key& key, std::string_view context, std::string_view text);

}  // namespace yihu::store

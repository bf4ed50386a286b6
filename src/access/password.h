#pragma once
// Passwords: Argon2id, and what a good one looks like.

#include "base/result.h"

#include <string>
#include <string_view>

namespace yihu::access {

// About 60 ms on one core of an office PC. Two at a time run at most (the work threads), so 64 MB at worst.
inline constexpr unsigned long long password_passes = 3;
inline constexpr std::size_t password_memory_bytes = 32u << 20;

inline constexpr std::size_t password_points_min = 10;
inline constexpr std::size_t password_bytes_max = 256;

/// The Argon2id text, with its parameters and salt, as it is stored.
/// Errors: unavailable when there is not enough memory.
base::Result<std::string> password_hash(std::string_view password);

/// Takes as long for a hash that is no hash as for a real one.
bool password_matches(std::string_view password, const std::string& hash);

/// Whether a hash was made with other parameters than today's.
bool password_hash_outdated(const std::string& hash);

/// A hash nothing matches, made once; what a login by an unknown name is checked against.
const std::string& password_hash_of_nobody();

/// At least 10 characters, five of them different, neither a well-known password nor the login name in it.
/// Errors: every rule it breaks, at field `field`.
base::Done check_password(std::string_view password, std::string_view login_name, const char* field);

/// 16 characters in groups of four, without those that look alike: about 77 bits.
std::string one_time_password();

}  // namespace yihu::access

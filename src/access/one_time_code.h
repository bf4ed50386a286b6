#pragma once
// One-time codes of a phone's authenticator (RFC 6238): six digits, every 30 seconds, SHA-1, as all of them understand.

#include "base/clock.h"
#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yihu::access {

inline constexpr int code_step_seconds = 30;
inline constexpr int code_digits = 6;
/// A phone's clock may be one step off, either way.
inline constexpr int code_steps_around = 1;

/// 20 random bytes.
std::string new_code_secret();
/// Base32, as it is typed into a phone by hand.
std::string base32(std::string_view secret);
/// otpauth://totp/… for a QR code. `name` is the login name, never the person's own.
std::string code_address(std::string_view secret, std::string_view name);

/// The code of one step; for tests and for the demo.
std::string code_at(std::string_view secret, std::int64_t step);

/// @param after the last step that was used: a code works once
/// @returns the step the code belongs to, or nothing when it is wrong, too old or used
std::optional<std::int64_t> step_of_code(std::string_view secret, std::string_view code, base::Instant now,
                                         std::int64_t after);

}  // namespace yihu::access

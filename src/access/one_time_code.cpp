#include "access/one_time_code.h"

#include <liboath/oath.h>
#include <sodium.h>

#include <array>
#include <cstdlib>

namespace yihu::access {

std::string new_code_secret() {
  static const int ready = sodium_init();
  (void)ready;
  std::string out(20, '\0');
  randombytes_buf(out.data(), out.size());
  return out;
}

std::string base32(std::string_view secret) {
  char* out = nullptr;
  std::size_t length = 0;
  if (oath_base32_encode(secret.data(), secret.size(), &out, &length) != OATH_OK) return {};
  std::string text(out, length);
  std::free(out);  // NOLINT: liboath allocates it so
  while (text.ends_with('=')) text.pop_back();
  return text;
}

std::string code_address(std::string_view secret, std::string_view name) {
  // Login names need no escaping: letters, digits, dots, dashes and underscores.
  return "otpauth://totp/Yihu:" + std::string(name) + "?secret=" + base32(secret) + "&issuer=Yihu";
}

std::string code_at(std::string_view secret, std::int64_t step) {
  std::array<char, code_digits + 1> out{};
  if (oath_hotp_generate(secret.data(), secret.size(), static_cast<std::uint64_t>(step), code_digits, false,
                         OATH_HOTP_DYNAMIC_TRUNCATION, out.data()) != OATH_OK) {
    return {};
  }
  return out.data();
}

std::optional<std::int64_t> step_of_code(std::string_view secret, std::string_view code, base::Instant now,
                                         std::int64_t after) {
  if (code.size() != code_digits) return std::nullopt;
  const std::int64_t current = now.microseconds / 1'000'000 / code_step_seconds;
  std::optional<std::int64_t> found;
  for (std::int64_t step = current - code_steps_around; step <= current + code_steps_around; ++step) {
    const std::string expected = code_at(secret, step);
    const bool same = expected.size() == code.size() && sodium_memcmp(expected.data(), code.data(), code.size()) == 0;
    if (same && step > after) found = step;
  }
  return found;
}

}  // namespace yihu::access

#include "access/password.h"

#include "base/utf8.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace yihu::access {
namespace {

void ready_sodium() {
  static const int ready = sodium_init();
  (void)ready;
}

// Those that survive the other rules and yet stand at the head of every list of leaked passwords. Written in lower
// case without digits at the end: "Password2019" is found as "password".
constexpr std::string_view well_known[] = {
    "password", "passw0rd", "administrator", "qwertyuiop", "qwerty", "qazwsxedc", "1qaz2wsx3edc", "1q2w3e4r5t",
    "zxcvbnm", "asdfghjkl", "iloveyou", "letmein", "welcome", "woaini", "woaizhongguo", "meilanqu", "fupinban",
    "fupin", "meilan", "haikou", "hainan", "yihu", "test", "admin", "user", "root"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool is_well_known(std::string_view password) {
  std::string core = lower(password);
  const auto ends = [](char c) { return (c >= '0' && c <= '9') || c == '!' || c == '@' || c == '.' || c == '#' || c == '_'; };
  while (!core.empty() && ends(core.back())) core.pop_back();
  return std::ranges::find(well_known, core) != std::end(well_known);
}

/// 0123456789, abcdefghij, 9876543210
bool is_run(std::u32string_view points) {
  const auto steps = [&](std::int64_t by) {
    for (std::size_t i = 1; i < points.size(); ++i) {
      const auto step = static_cast<std::int64_t>(points[i]) - static_cast<std::int64_t>(points[i - 1]);
      // From 9 a run goes on at 0.
      if (step != by && step != -9 * by) return false;
    }
    return true;
  };
  return steps(1) || steps(-1);
}

}  // namespace

base::Result<std::string> password_hash(std::string_view password) {
  ready_sodium();
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), password_passes, password_memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return base::fail(base::ErrorKind::unavailable, "memory_short",
                      base::text("内存不足，暂时无法处理密码。", "There is not enough memory to handle the password."),
                      base::text("请稍后再试。", "Try again later."));
  }
  return std::string(out.data());
}

bool password_matches(std::string_view password, const std::string& hash) {
  ready_sodium();
  const bool readable = hash.starts_with("$argon2id$");
  const std::string& checked = readable ? hash : password_hash_of_nobody();
  const bool same = crypto_pwhash_str_verify(checked.c_str(), password.data(), password.size()) == 0;
  return readable && same;
}

bool password_hash_outdated(const std::string& hash) {
  return crypto_pwhash_str_needs_rehash(hash.c_str(), password_passes, password_memory_bytes) != 0;
}

const std::string& password_hash_of_nobody() {
  static const std::string hash = [] {
    std::array<unsigned char, 32> random{};
    ready_sodium();
    randombytes_buf(random.data(), random.size());
    auto made = password_hash({reinterpret_cast<const char*>(random.data()), random.size()});
    return made ? *made : std::string("$argon2id$");
  }();
  return hash;
}

base::Done check_password(std::string_view password, std::string_view login_name, const char* field) {
  std::vector<base::Error> mistakes;
  const auto add = [&](const char* code, base::Text text) {
    mistakes.push_back({base::ErrorKind::input, code, std::move(text), {},
                        {.file = {}, .line = 0, .column = 0, .cell = {}, .field = field}, {}});
  };
  if (password.size() > password_bytes_max || !base::is_utf8(password)) {
    add("password_long", base::text("密码太长，或有无法识别的字符。", "The password is too long or has unreadable characters."));
    return base::fail_all(std::move(mistakes));
  }
  const std::u32string points = base::code_points(password);
  if (points.size() < password_points_min) {
    add("password_short", base::text("密码至少 {} 个字符。", "A password has at least {} characters.", password_points_min));
  }
  if (std::set<char32_t>(points.begin(), points.end()).size() < 5 || is_run(points)) {
    add("password_simple", base::text("密码太简单：至少要有 5 个不同的字符，不能是连续的数字或字母。",
                                      "The password is too simple: five different characters at least, and no run of digits or letters."));
  }
  if (is_well_known(password)) {
    add("password_well_known", base::text("这个密码很常见，容易被猜中。", "This password is well known and easily guessed."));
  }
  if (login_name.size() >= 3 && lower(password).find(lower(login_name)) != std::string::npos) {
    add("password_has_name", base::text("密码里不能有登录名。", "The password must not contain the login name."));
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  return {};
}

std::string one_time_password() {
  ready_sodium();
  constexpr std::string_view alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
  std::string out;
  for (int i = 0; i < 16; ++i) {
    if (i > 0 && i % 4 == 0) out += '-';
    out += alphabet[randombytes_uniform(static_cast<std::uint32_t>(alphabet.size()))];
  }
  return out;
}

}  // namespace yihu::access

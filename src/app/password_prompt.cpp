#include "app/password_prompt.h"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace yihu::app {
namespace {

constexpr std::size_t password_line_bytes_max = 1024;

/// Turns the echo off while it lives.
class Unseen {
 public:
  Unseen() : changed_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!changed_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~Unseen() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios before_{};
  bool changed_;
};

base::Result<std::string> line() {
  std::string text;
  if (!std::getline(std::cin, text) || text.empty()) {
    return base::fail(base::ErrorKind::input, "password_missing", base::text("没有读到密码。", "No password was given."));
  }
  if (text.size() > password_line_bytes_max) {
    return base::fail(base::ErrorKind::input, "password_long", base::text("密码太长。", "The password is too long."));
  }
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

base::Result<std::string> ask(const base::Text& question, base::Language language) {
  std::fprintf(stderr, "%s", question.in(language).c_str());
  const Unseen unseen;
  auto answer = line();
  std::fprintf(stderr, "\n");
  return answer;
}

}  // namespace

base::Result<std::string> password_from(const PasswordPrompt& prompt) {
  if (prompt.from_stdin) return line();
  if (::isatty(STDIN_FILENO) == 0) {
    return base::fail(base::ErrorKind::input, "password_missing", base::text("这里不是终端，无法询问密码。", "This is no terminal, so the password cannot be asked for."),
                      base::text("请加 --password-stdin，从标准输入给出。", "Use --password-stdin and give it on standard input."));
  }
  const std::string first = TRY(ask({"密码：", "Password: "}, prompt.language));
  const std::string second = TRY(ask({"再输一遍：", "Once more: "}, prompt.language));
  if (first == second) return first;
  return base::fail(base::ErrorKind::input, "password_differs", base::text("两次输入的密码不同。", "The two passwords differ."));
}

}  // namespace yihu::app

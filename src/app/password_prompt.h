#pragma once
// Asks for a password on the terminal, unseen, or takes it from a pipe. Never from the command line: arguments are
// visible to everybody on the machine and stay in the shell's history.

#include "base/result.h"

#include <string>

namespace yihu::app {

struct PasswordPrompt {
  bool from_stdin = false;  ///< the first line of standard input
  base::Language language = base::Language::zh;
};

/// On a terminal it asks twice. Errors: input when both differ, when nothing comes, or when there is no terminal.
base::Result<std::string> password_from(const PasswordPrompt& prompt);

}  // namespace yihu::app

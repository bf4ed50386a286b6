#pragma once
// CLI11 speaks English; the office reads Chinese.

#include "base/text.h"

#include <CLI/CLI.hpp>

namespace yihu::app {

/// Puts help headings and usage mistakes into `language`. To be called before subcommands are added: they inherit it.
void speak(CLI::App& program, base::Language language);

}  // namespace yihu::app

#pragma once
// A command of `yihu`: command_<noun>.cpp adds it to the command line and runs it.

#include "base/cancel.h"
#include "base/result.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <functional>
#include <span>

namespace yihu::app {

/// Options that every command takes.
struct Common {
  std::filesystem::path data = "data";
  bool json = false;
  base::Language language = base::Language::zh;
  base::Cancel cancel;   ///< asked by Ctrl-C
};

/// Exit status 0 done, 1 the input is wrong, 2 the command line is wrong, 3 our fault.
enum class Exit { done = 0, input_wrong = 1, usage_wrong = 2, our_fault = 3 };

/// Set by the chosen subcommand while the command line is parsed; run by main afterwards.
struct Chosen {
  std::function<Exit()> run;
};

using AddCommand = void (*)(CLI::App& program, Common& common, Chosen& chosen);

/// Every command of the program, in the order `--help` shows them.
std::span<const AddCommand> commands();

// One function per command_<noun>.cpp, listed in command.cpp.
void add_init_command(CLI::App& program, Common& common, Chosen& chosen);
void add_plan_command(CLI::App& program, Common& common, Chosen& chosen);
void add_serve_command(CLI::App& program, Common& common, Chosen& chosen);
void add_user_command(CLI::App& program, Common& common, Chosen& chosen);
void add_verify_command(CLI::App& program, Common& common, Chosen& chosen);
void add_demo_command(CLI::App& program, Common& common, Chosen& chosen);
void add_screen_commands(CLI::App& program, Common& common, Chosen& chosen);  ///< screen, explain, whatif
void add_pack_command(CLI::App& program, Common& common, Chosen& chosen);
void add_register_command(CLI::App& program, Common& common, Chosen& chosen);
void add_link_command(CLI::App& program, Common& common, Chosen& chosen);
void add_sample_command(CLI::App& program, Common& common, Chosen& chosen);
void add_import_command(CLI::App& program, Common& common, Chosen& chosen);
void add_ledger_command(CLI::App& program, Common& common, Chosen& chosen);
void add_compare_command(CLI::App& program, Common& common, Chosen& chosen);
void add_roster_command(CLI::App& program, Common& common, Chosen& chosen);
void add_version_command(CLI::App& program, Common& common, Chosen& chosen);

// Subcommands of `yihu plan`, in files of their own.
void add_plan_import(CLI::App& plan, Common& common, Chosen& chosen);
void add_plan_diff(CLI::App& plan, Common& common, Chosen& chosen);

/// Prints every mistake to stderr and gives the exit status that its kind asks for.
Exit report(const base::Error& error, const Common& common);

}  // namespace yihu::app

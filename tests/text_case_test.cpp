// Runs every tests/text/<room>/*.case: a text that holds commands, their input and what they must print.
//
//   # Why this case exists, in a line or two.
//   $ yihu plan read input.txt
//   --- file input.txt
//   一、总体要求
//   --- out
//   …what it prints…
//   --- err
//   …what it says on standard error…
//   --- status 1
//
// - All files are written into a fresh folder first; the commands run there, one after the other.
// - A command line is words, 'quoted' or "quoted"; before `yihu` may stand NAME=value, after it `< FILE`.
// - `out`, `err` and `status` belong to the command above them; left out they mean: nothing, nothing, 0.
// - An expected line `...` matches any number of lines. Blank lines at the end of a block do not count.
// - The fresh folder appears in output as {folder}. The language is Chinese unless YIHU_LANG says otherwise.
// - A content line that begins with `$ `, `--- ` or `\` is written with `\` before it.
// - `--- needs PATH`: skipped when PATH (relative to the checkout) is not there; it stands in the folder under its name.
//
// YIHU_ACCEPT=1 rewrites out, err and status with what the program did. Read the difference before committing it.

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace yihu {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

// Far above what any case needs: a program that hangs must not hold up the others for ever.
constexpr std::chrono::seconds command_time_max{120};

struct Command {
  std::string line;
  Lines out;
  Lines err;
  int status = 0;
};

struct File {
  std::string name;
  Lines content;
};

struct Case {
  Lines why;
  std::vector<std::string> needs;
  std::vector<File> files;
  std::vector<Command> commands;
  std::string mistake;  ///< of the case's own text
};

struct Outcome {
  Lines out;
  Lines err;
  int status = 0;
};

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::string content_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

bool is_mark(const std::string& line) { return line.starts_with("$ ") || line.starts_with("--- "); }

Case read_case(const fs::path& path) {
  Case read;
  Lines* block = nullptr;
  for (std::string& line : lines_of(content_of(path))) {
    if (line.starts_with("$ ")) {
      read.commands.push_back({.line = line.substr(2), .out = {}, .err = {}});
      block = nullptr;
    } else if (line.starts_with("--- ")) {
      const std::string mark = line.substr(4);
      block = nullptr;
      if (mark.starts_with("file ")) {
        read.files.push_back({.name = mark.substr(5), .content = {}});
        block = &read.files.back().content;
      } else if (mark.starts_with("needs ")) {
        read.needs.push_back(mark.substr(6));
      } else if (read.commands.empty()) {
        read.mistake = "no command stands above: " + line;
      } else if (mark == "out") {
        block = &read.commands.back().out;
      } else if (mark == "err") {
        block = &read.commands.back().err;
      } else if (mark.starts_with("status ")) {
        read.commands.back().status = std::atoi(mark.c_str() + 7);
      } else {
        read.mistake = "unknown mark: " + line;
      }
    } else if (block != nullptr) {
      block->push_back(line.starts_with('\\') ? line.substr(1) : line);
    } else if (line.starts_with('#') && read.commands.empty() && read.files.empty()) {
      read.why.push_back(line);
    } else if (!line.empty()) {
      read.mistake = "line outside any block: " + line;
    }
  }
  for (File& file : read.files) {
    while (!file.content.empty() && file.content.back().empty()) file.content.pop_back();
  }
  for (Command& command : read.commands) {
    for (Lines* lines : {&command.out, &command.err}) {
      while (!lines->empty() && lines->back().empty()) lines->pop_back();
    }
  }
  if (read.why.empty()) read.mistake = "the case does not say why it exists (# …)";
  if (read.commands.empty()) read.mistake = "the case has no command ($ yihu …)";
  return read;
}

void write_lines(std::ostream& stream, const Lines& lines) {
  for (const std::string& line : lines) {
    if (is_mark(line) || line.starts_with('\\')) stream << '\\';
    stream << line << '\n';
  }
}

void write_case(const fs::path& path, const Case& text) {
  std::ofstream stream(path, std::ios::binary);
  for (const std::string& line : text.why) stream << line << '\n';
  for (const std::string& path_needed : text.needs) stream << "--- needs " << path_needed << '\n';
  for (const File& file : text.files) {
    stream << "--- file " << file.name << '\n';
    write_lines(stream, file.content);
  }
  for (const Command& command : text.commands) {
    stream << "\n$ " << command.line << '\n';
    if (!command.out.empty()) stream << "--- out\n";
    write_lines(stream, command.out);
    if (!command.err.empty()) stream << "--- err\n";
    write_lines(stream, command.err);
    if (command.status != 0) stream << "--- status " << command.status << '\n';
  }
}

/// The words of a command line, quotes taken off.
Lines words_of(const std::string& line) {
  Lines words;
  std::optional<std::string> word;
  char quote = 0;
  for (const char c : line) {
    if (quote != 0) {
      if (c == quote) quote = 0; else *word += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      if (!word) word.emplace();
    } else if (c == ' ') {
      if (word) words.push_back(*std::exchange(word, std::nullopt));
    } else {
      if (!word) word.emplace();
      *word += c;
    }
  }
  if (word) words.push_back(*word);
  return words;
}

/// Replaces the process; only called in the child.
[[noreturn]] void become(Lines words, const fs::path& folder, const fs::path& out, const fs::path& err) {
  std::string input = "/dev/null";
  ::setenv("YIHU_LANG", "zh", 1);
  while (!words.empty() && words.front() != "yihu") {
    const auto equals = words.front().find('=');
    if (equals == std::string::npos) std::_Exit(126);
    ::setenv(words.front().substr(0, equals).c_str(), words.front().substr(equals + 1).c_str(), 1);
    words.erase(words.begin());
  }
  if (const auto less = std::find(words.begin(), words.end(), "<"); less != words.end() && less + 1 != words.end()) {
    input = *(less + 1);
    words.erase(less, less + 2);
  }
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::setpgid(0, 0);
  if (::chdir(folder.c_str()) != 0) std::_Exit(126);
  ::dup2(::open(input.c_str(), O_RDONLY), 0);
  ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
  ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 2);
  ::execv(YIHU_PROGRAM, arguments.data());
  std::_Exit(127);
}

std::string without_folder(std::string text, const std::string& folder) {
  for (std::size_t at = 0; (at = text.find(folder, at)) != std::string::npos;) text.replace(at, folder.size(), "{folder}");
  return text;
}

Outcome run(const Command& command, const fs::path& folder) {
  const fs::path out = folder.string() + ".out";
  const fs::path err = folder.string() + ".err";
  const pid_t child = ::fork();
  if (child == 0) become(words_of(command.line), folder, out, err);
  int state = 0;
  const auto end = std::chrono::steady_clock::now() + command_time_max;
  while (::waitpid(child, &state, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) ::kill(-child, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  Outcome outcome{.out = lines_of(without_folder(content_of(out), folder.string())),
                  .err = lines_of(without_folder(content_of(err), folder.string())),
                  .status = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state)};
  fs::remove(out);
  fs::remove(err);
  return outcome;
}

/// `...` among the expected lines stands for any number of lines.
bool matches(std::span<const std::string> expected, std::span<const std::string> actual) {
  if (expected.empty()) return actual.empty();
  if (expected.front() != "...") {
    return !actual.empty() && expected.front() == actual.front() && matches(expected.subspan(1), actual.subspan(1));
  }
  for (std::size_t skipped = 0; skipped <= actual.size(); ++skipped) {
    if (matches(expected.subspan(1), actual.subspan(skipped))) return true;
  }
  return false;
}

std::string joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += "  | " + line + '\n';
  return text;
}

/// The first line that differs, so that a long output need not be searched by eye.
std::string difference(const Lines& expected, const Lines& actual) {
  std::size_t same = 0;
  while (same < expected.size() && same < actual.size() && expected[same] == actual[same]) ++same;
  std::string text = "first difference in line " + std::to_string(same + 1) + '\n';
  text += "  expected: " + (same < expected.size() ? expected[same] : std::string("(end)")) + '\n';
  text += "  printed:  " + (same < actual.size() ? actual[same] : std::string("(end)")) + '\n';
  return text + "all that was printed:\n" + joined(actual);
}

/// A folder of our own that is gone when the case has ended.
class FreshFolder {
 public:
  FreshFolder() {
    std::string pattern = (fs::temp_directory_path() / "yihu-case-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a folder in " + pattern);
    path_ = pattern;
  }
  FreshFolder(const FreshFolder&) = delete;
  FreshFolder& operator=(const FreshFolder&) = delete;
  ~FreshFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::vector<fs::path> all_cases() {
  std::vector<fs::path> cases;
  if (!fs::exists("tests/text")) return cases;
  for (const auto& entry : fs::recursive_directory_iterator("tests/text")) {
    if (entry.path().extension() == ".case") cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

std::string name_of(const testing::TestParamInfo<fs::path>& info) {
  std::string name = fs::relative(info.param, "tests/text").replace_extension().string();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

class TextCase : public testing::TestWithParam<fs::path> {};

TEST_P(TextCase, Holds) {
  Case text = read_case(GetParam());
  ASSERT_EQ(text.mistake, "") << GetParam();
  for (const std::string& needed : text.needs) {
    if (!fs::exists(needed)) GTEST_SKIP() << needed << " is not there";
  }
  const FreshFolder folder;
  for (const std::string& needed : text.needs) {
    fs::create_symlink(fs::canonical(needed), folder.path() / fs::path(needed).filename());
  }
  for (const File& file : text.files) {
    fs::create_directories((folder.path() / file.name).parent_path());
    std::ofstream stream(folder.path() / file.name, std::ios::binary);
    for (const std::string& line : file.content) stream << line << '\n';
  }
  const bool accept = std::getenv("YIHU_ACCEPT") != nullptr;
  for (Command& command : text.commands) {
    const Outcome outcome = run(command, folder.path());
    const bool out_matches = matches(command.out, outcome.out);
    const bool err_matches = matches(command.err, outcome.err);
    if (accept) {
      if (!out_matches) command.out = outcome.out;
      if (!err_matches) command.err = outcome.err;
      command.status = outcome.status;
      continue;
    }
    EXPECT_TRUE(out_matches) << "$ " << command.line << "\nout: " << difference(command.out, outcome.out);
    EXPECT_TRUE(err_matches) << "$ " << command.line << "\nerr: " << difference(command.err, outcome.err);
    EXPECT_EQ(command.status, outcome.status) << "$ " << command.line << '\n' << joined(outcome.err);
  }
  if (accept) write_case(GetParam(), text);
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TextCase);
INSTANTIATE_TEST_SUITE_P(Text, TextCase, testing::ValuesIn(all_cases()), name_of);

// The matcher itself: a matcher that accepts everything would make every case above worthless.
TEST(TextCaseMatcher, TellsDifferentFromEqual) {
  const Lines printed{"a", "b", "c"};
  EXPECT_TRUE(matches(Lines{"a", "b", "c"}, printed));
  EXPECT_TRUE(matches(Lines{"a", "...", "c"}, printed));
  EXPECT_TRUE(matches(Lines{"a", "b", "c", "..."}, printed));
  EXPECT_FALSE(matches(Lines{"a", "b"}, printed));
  EXPECT_FALSE(matches(Lines{"...", "b"}, printed));
  EXPECT_FALSE(matches(Lines{}, printed));
  EXPECT_EQ(words_of("yihu plan read 'two words' \"\""), (Lines{"yihu", "plan", "read", "two words", ""}));
}

}  // namespace
}  // namespace yihu

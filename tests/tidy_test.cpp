// Keeps floors, names and sizes in hand. A rule that nobody checks is a wish; each check below is itself
// checked against a text that breaks it.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace yihu {
namespace {

namespace fs = std::filesystem;
using Offences = std::vector<std::string>;

constexpr int file_lines_max = 600;
constexpr int function_lines_max = 70;

/// Functions that may be longer, each with its reason. Keep it short: a long function is usually two.
const std::map<std::string, std::string> long_functions{};

struct Source {
  std::string path;  ///< from the checkout's root, with forward slashes
  std::string content;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string content_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

bool has_ending(const std::string& path, std::initializer_list<const char*> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](const char* ending) { return path.ends_with(ending); });
}

bool is_cpp(const std::string& path) { return has_ending(path, {".cpp", ".h"}); }
bool is_web(const std::string& path) { return has_ending(path, {".ts", ".vue", ".css"}); }

std::vector<Source> sources_under(std::initializer_list<const char*> roots, bool (*wanted)(const std::string&)) {
  std::vector<Source> sources;
  for (const char* root : roots) {
    if (!fs::exists(root)) continue;
    for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator(); ++entry) {
      const std::string name = entry->path().filename().string();
      if (name == "node_modules" || name == "dist" || name.starts_with('.')) entry.disable_recursion_pending();
      const std::string path = entry->path().generic_string();
      if (entry->is_regular_file() && wanted(path)) sources.push_back({path, content_of(entry->path())});
    }
  }
  std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

std::string joined(const Offences& offences) {
  std::string text;
  for (const std::string& offence : offences) text += offence + '\n';
  return text;
}

template <class Check>
Offences check_all(const std::vector<Source>& sources, Check check) {
  Offences all;
  for (const Source& source : sources) {
    const Offences found = check(source);
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

// ---- floors

using Floors = std::map<std::string, int>;

Floors floors_from(const std::string& layers) {
  Floors floors;
  for (const std::string& line : lines_of(layers)) {
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t colon = line.find(':');
    std::istringstream rooms(line.substr(colon + 1));
    for (std::string room; rooms >> room;) floors[room] = std::stoi(line.substr(0, colon));
  }
  return floors;
}

std::string room_of(const std::string& path) {
  const std::string inside = path.substr(std::string("src/").size());
  return inside.substr(0, inside.find('/'));
}

Offences check_includes(const Source& source, const Floors& floors) {
  Offences offences;
  const std::string room = room_of(source.path);
  if (!floors.contains(room)) return {source.path + ": room " + room + " is not listed in src/LAYERS"};
  static const std::regex include(R"(^\s*#\s*include\s*"([^"]+)\")");
  int number = 0;
  for (const std::string& line : lines_of(source.content)) {
    ++number;
    std::smatch match;
    if (!std::regex_search(line, match, include)) continue;
    const std::string included = match[1];
    const std::string other = included.substr(0, included.find('/'));
    const std::string place = source.path + ":" + std::to_string(number) + ": ";
    if (included.find('/') == included.npos || !floors.contains(other)) {
      offences.push_back(place + "write the room first: \"room/" + included + "\"");
    } else if (other != room && floors.at(other) >= floors.at(room)) {
      offences.push_back(place + room + " (floor " + std::to_string(floors.at(room)) + ") may not include " + other +
                         " (floor " + std::to_string(floors.at(other)) + ")");
    }
  }
  return offences;
}

TEST(Tidy, IncludesGoDownwards) {
  const Floors floors = floors_from(content_of("src/LAYERS"));
  ASSERT_FALSE(floors.empty());
  const auto sources = sources_under({"src"}, is_cpp);
  EXPECT_EQ(joined(check_all(sources, [&](const Source& s) { return check_includes(s, floors); })), "");
  EXPECT_EQ(check_includes({"src/plan/a.cpp", "#include \"http/route.h\"\n"}, floors).size(), 1U);
  EXPECT_EQ(check_includes({"src/sheet/a.cpp", "#include \"store/store.h\"\n"}, floors).size(), 1U);
  EXPECT_EQ(check_includes({"src/plan/a.cpp", "#include \"route.h\"\n"}, floors).size(), 1U);
  EXPECT_EQ(check_includes({"src/cellar/a.cpp", ""}, floors).size(), 1U);
  EXPECT_EQ(check_includes({"src/plan/a.cpp", "#include \"plan/b.h\"\n#include \"base/id.h\"\n"}, floors).size(), 0U);
}

TEST(Tidy, EveryFolderOfSrcIsARoomAndEveryRoomALibrary) {
  const Floors floors = floors_from(content_of("src/LAYERS"));
  for (const auto& entry : fs::directory_iterator("src")) {
    if (!entry.is_directory()) continue;
    EXPECT_TRUE(floors.contains(entry.path().filename().string())) << entry.path() << " is not listed in src/LAYERS";
  }
  const std::string cmake = content_of("CMakeLists.txt");
  for (const auto& [room, floor] : floors) {
    EXPECT_TRUE(fs::is_directory("src/" + room)) << "src/LAYERS lists a room that is not there: " << room;
    std::smatch match;
    ASSERT_TRUE(std::regex_search(cmake, match, std::regex("\nroom\\(" + room + "([^)]*)\\)"))) << room;
    std::istringstream libraries(match[1].str());
    for (std::string library; libraries >> library;) {
      if (!floors.contains(library)) continue;
      EXPECT_LT(floors.at(library), floor) << room << " links " << library;
    }
  }
}

// ---- names

Offences check_name(const Source& source) {
  Offences offences;
  static const std::set<std::string> forbidden{"util", "utils", "common", "misc", "helpers", "core", "manager", "managers"};
  static const std::set<std::string> verbs{"get",  "do",     "make",    "handle", "process", "run",
                                           "read", "create", "compute", "convert"};
  for (const fs::path& part : fs::path(source.path)) {
    const std::string stem = part.stem().string();
    std::string word;
    std::istringstream words(std::regex_replace(stem, std::regex("[-_]|(?=[A-Z])"), " "));
    std::string first;
    while (words >> word) {
      std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
      if (first.empty()) first = word;
      if (forbidden.contains(word)) offences.push_back(source.path + ": '" + word + "' names nothing; say what it is");
      if (word == "to" && is_cpp(source.path)) offences.push_back(source.path + ": a translator is called x_from_y");
    }
    if (is_cpp(source.path) && source.path.starts_with("src/") && verbs.contains(first)) {
      offences.push_back(source.path + ": files are nouns, '" + first + "' is a verb");
    }
  }
  static const std::regex type(R"(\b(?:class|struct)\s+\w*(?:Manager|Util|Utils|Helpers)\b)");
  for (const std::string& line : lines_of(source.content)) {
    std::smatch match;
    // The plain search first: a regular expression over every line of the program would take seconds.
    if (line.find("class ") == line.npos && line.find("struct ") == line.npos) continue;
    if (std::regex_search(line, match, type)) offences.push_back(source.path + ": " + match.str());
  }
  return offences;
}

TEST(Tidy, NamesSayWhatAThingIs) {
  auto sources = sources_under({"src", "tests/unit", "tests/browser", "bench", "scripts"}, [](const std::string&) { return true; });
  for (Source& source : sources_under({"web/src"}, is_web)) sources.push_back(std::move(source));
  EXPECT_EQ(joined(check_all(sources, check_name)), "");
  EXPECT_EQ(check_name({"src/plan/plan_utils.cpp", ""}).size(), 1U);
  EXPECT_EQ(check_name({"src/common/date.h", ""}).size(), 1U);
  EXPECT_EQ(check_name({"src/plan/read_plan.cpp", ""}).size(), 1U);
  EXPECT_EQ(check_name({"src/plan/rows_to_plan.cpp", ""}).size(), 1U);
  EXPECT_EQ(check_name({"web/src/sessionManager.ts", ""}).size(), 1U);
  EXPECT_EQ(check_name({"src/store/a.h", "class PoolManager {"}).size(), 1U);
  EXPECT_EQ(check_name({"src/plan/plan_from_text.cpp", "class Plan {"}).size(), 0U);
}

Offences check_namespace(const Source& source) {
  Offences offences;
  const std::string wanted = "yihu::" + room_of(source.path);
  static const std::regex opened(R"(^\s*(?:inline\s+)?namespace\s+([\w:]+)\s*\{)");
  int number = 0;
  for (const std::string& line : lines_of(source.content)) {
    ++number;
    std::smatch match;
    // A template's own parts cannot stand in an unnamed namespace of a header; there an inner name is allowed.
    const bool inner = source.path.ends_with(".h") && source.content.find("template <") != std::string::npos;
    if (std::regex_search(line, match, opened) && match[1] != wanted && !(inner && match[1].str().find(':') == std::string::npos)) {
      offences.push_back(source.path + ":" + std::to_string(number) + ": namespace " + match[1].str() + ", not " + wanted);
    }
    if (source.path.ends_with(".h") && line.find("using namespace") != line.npos) {
      offences.push_back(source.path + ":" + std::to_string(number) + ": 'using namespace' in a header reaches everybody");
    }
  }
  if (source.path.ends_with(".h") && !source.content.starts_with("#pragma once")) {
    offences.push_back(source.path + ": a header begins with #pragma once");
  }
  return offences;
}

TEST(Tidy, NamespacesAreRooms) {
  EXPECT_EQ(joined(check_all(sources_under({"src"}, is_cpp), check_namespace)), "");
  EXPECT_EQ(check_namespace({"src/plan/a.cpp", "namespace yihu::ledger {\n"}).size(), 1U);
  EXPECT_EQ(check_namespace({"src/plan/a.cpp", "namespace yihu::plan::detail {\n"}).size(), 1U);
  EXPECT_EQ(check_namespace({"src/plan/a.h", "#pragma once\nusing namespace std;\n"}).size(), 1U);
  EXPECT_EQ(check_namespace({"src/plan/a.h", "namespace yihu::plan {\n"}).size(), 1U);
  EXPECT_EQ(check_namespace({"src/plan/a.h", "#pragma once\nnamespace detail {\n"}).size(), 1U);
  EXPECT_EQ(check_namespace({"src/plan/a.cpp", "namespace detail {\n"}).size(), 1U);
  EXPECT_EQ(check_namespace({"src/plan/a.cpp", "namespace yihu::plan {\nnamespace {\nnamespace fs = std::filesystem;\n"}).size(), 0U);
}

// ---- sizes

/// Whether the word that ends before `at` begins with a digit: 1'000, but not U'x'.
bool is_in_number(const std::string& text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && (std::isalnum(static_cast<unsigned char>(text[begin - 1])) != 0 || text[begin - 1] == '\'')) --begin;
  return begin < at && std::isdigit(static_cast<unsigned char>(text[begin])) != 0;
}

/// The same text with comments, strings and character literals blanked, so that braces in them do not count.
std::string code_only(const std::string& text, bool web) {
  std::string code = text;
  const auto blank = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to && i < code.size(); ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
  };
  char before = '\n';  // the last character that is not white space
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    std::size_t end = i;
    if (c == '/' && next == '/') {
      end = std::min(text.find('\n', i), text.size());
    } else if (c == '/' && next == '*') {
      end = std::min(text.find("*/", i + 2), text.size() - 2) + 2;
    } else if (!web && c == '"' && i > 0 && text[i - 1] == 'R') {
      const std::string close = ")" + text.substr(i + 1, text.find('(', i) - i - 1) + "\"";
      end = std::min(text.find(close, i), text.size() - close.size()) + close.size();
    } else if (!web && c == '\'' && is_in_number(text, i)) {
      continue;  // a digit separator
    } else if (c == '"' || c == '\'' || (web && c == '`') || (web && c == '/' && std::string("(,=:[!&|?{};\n").find(before) != std::string::npos)) {
      for (end = i + 1; end < text.size() && text[end] != c && (c == '`' || text[end] != '\n'); ++end) {
        if (text[end] == '\\') ++end;
      }
      ++end;
    }
    if (end > i) {
      blank(i, end);
      before = c == '/' && (next == '/' || next == '*') ? before : 'x';
      i = end - 1;
    } else if (std::isspace(static_cast<unsigned char>(c)) == 0) {
      before = c;
    }
  }
  return code;
}

/// The name of the function that a brace after `head` would open; empty if it opens something else.
std::string function_name(const std::string& head, bool web) {
  static const std::regex control(R"(\b(?:if|for|while|switch|catch|namespace|class|struct|enum|union|return|else|do|try)\b[^()]*(?:\(|$))");
  static const std::regex cpp(R"(([\w:~]+|operator[^\s(]+|TEST\w*|RC_GTEST_PROP)\s*\(([^;]*)\)[^()=;]*(?::[^;]*)?$)");
  static const std::regex script(R"((?:function\s*\*?\s*(\w*)|(?:const|let)\s+(\w+)[^=]*=[^=]*=>|(\w+)\s*\([^;]*\)(?:\s*:[^;]*)?)\s*$)");
  std::smatch match;
  if (web) {
    static const std::regex other(R"(^\s*(?:if|for|while|switch|catch|else|do|try|class|interface|type)\b)");
    if (std::regex_search(head, other)) return {};
    if (!std::regex_search(head, match, script)) return {};
    return match[1].length() > 0 ? match[1].str() : match[2].length() > 0 ? match[2].str() : match[3].str();
  }
  if (std::regex_search(head, match, control) && head.find("operator") == head.npos) return {};
  if (!std::regex_search(head, match, cpp)) return {};
  const std::string name = match[1];
  return name.starts_with("TEST") || name.starts_with("RC_") ? name + "(" + match[2].str() + ")" : name;
}

Offences check_functions(const Source& source) {
  Offences offences;
  const bool web = is_web(source.path);
  if (source.path.ends_with(".css")) return offences;
  std::string text = source.content;
  if (source.path.ends_with(".vue")) {
    // Only the script has functions; the lines before it stay as empty lines, so that numbers are right.
    const std::size_t begin = std::min(text.find("<script"), text.size());
    text = std::string(static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<long>(begin), '\n')), '\n') +
           text.substr(begin, text.find("</script>", begin) - begin);
  }
  struct Block {
    std::string function;
    int line;
  };
  std::vector<Block> blocks;
  std::string head;
  int line = 1;
  int head_line = 1;
  for (const char c : code_only(text, web)) {
    if (c == '\n') ++line;
    if (c == '{') {
      // Inside a function only the function itself is measured.
      const bool inside = std::any_of(blocks.begin(), blocks.end(), [](const Block& b) { return !b.function.empty(); });
      blocks.push_back({inside ? std::string() : function_name(head, web), head_line});
      head.clear();
    } else if (c == '}') {
      if (!blocks.empty()) {
        const Block block = blocks.back();
        blocks.pop_back();
        const int length = line - block.line + 1;
        if (!block.function.empty() && length > function_lines_max && !long_functions.contains(source.path + ":" + block.function)) {
          offences.push_back(source.path + ":" + std::to_string(block.line) + ": " + block.function + " has " +
                             std::to_string(length) + " lines (at most " + std::to_string(function_lines_max) + ")");
        }
      }
      head.clear();
    } else if (c == ';') {
      head.clear();
    } else {
      if (head.find_first_not_of(" \n") == head.npos) {
        head.clear();
        head_line = line;
      }
      // Heads are short; a table of data is not a head.
      if (head.size() < 2000) head += c;
    }
  }
  return offences;
}

Offences check_length(const Source& source) {
  const auto lines = static_cast<int>(std::count(source.content.begin(), source.content.end(), '\n'));
  if (lines <= file_lines_max) return {};
  return {source.path + " has " + std::to_string(lines) + " lines (at most " + std::to_string(file_lines_max) + ")"};
}

bool is_code(const std::string& path) { return is_cpp(path) || is_web(path); }

/// Files made by a tool are as long as their source makes them; they say so in their first lines.
bool is_generated(const Source& source) { return source.content.substr(0, 200).find("auto-generated") != std::string::npos; }

TEST(Tidy, FilesAndFunctionsAreShort) {
  auto sources = sources_under({"src", "tests", "web/src", "web/tests", "bench"}, is_code);
  std::erase_if(sources, is_generated);
  EXPECT_EQ(joined(check_all(sources, check_length)), "");
  EXPECT_EQ(joined(check_all(sources, check_functions)), "");

  const std::string body(80, '\n');
  EXPECT_EQ(check_functions({"a.cpp", "int sum(int a) {" + body + "}\n"}).size(), 1U);
  EXPECT_EQ(check_functions({"a.cpp", "namespace a {\nvoid A::b() const {\n if (x) {" + body + "}\n}\n}\n"}).size(), 1U);
  EXPECT_EQ(check_functions({"a.cpp", "A::A(int b)\n    : b_(b) {" + body + "}\n"}).size(), 1U);
  EXPECT_EQ(check_functions({"a.cpp", "TEST(A, B) {" + body + "}\n"}).size(), 1U);
  EXPECT_EQ(check_functions({"a.cpp", "int a() {\nreturn U'{' + 1'000 + '}';\n}\n" + body + "int b() {\n}\n"}).size(), 0U);
  EXPECT_EQ(check_functions({"a.cpp", "struct A {" + body + "};\nconst char* b = \"{\";\nint c() {\n}\n" + body}).size(), 0U);
  EXPECT_EQ(check_functions({"a.ts", "export async function a(b: string): Promise<void> {" + body + "}\n"}).size(), 1U);
  EXPECT_EQ(check_functions({"a.vue", "<script>const a = async (b) => {" + body + "}\n</script>\n"}).size(), 1U);
  EXPECT_EQ(check_functions({"a.ts", "interface A {" + body + "}\nconst b = /[{]/\n" + body}).size(), 0U);
  EXPECT_EQ(check_length({"a.cpp", std::string(601, '\n')}).size(), 1U);
}

// ---- text

Offences check_text(const Source& source) {
  Offences offences;
  // Joined here so that this file does not offend itself.
  static const std::vector<std::string> marks{std::string("TO") + "DO", std::string("FIX") + "ME", std::string("<<<") + "<<<< ",
                                              std::string(">>>") + ">>>> "};
  const auto offend = [&](int line, const std::string& what) {
    offences.push_back(source.path + ":" + std::to_string(line) + ": " + what);
  };
  int number = 0;
  for (const std::string& line : lines_of(source.content)) {
    ++number;
    if (line.find('\t') != line.npos) offend(number, "a tab");
    if (line.ends_with(' ')) offend(number, "blanks at the end");
    if (line.ends_with('\r')) offend(number, "a carriage return");
    for (const std::string& mark : marks) {
      if (line.find(mark) != line.npos) offend(number, "left undone: " + mark);
    }
  }
  if (!source.content.empty() && !source.content.ends_with('\n')) offend(number, "no end of line at the end");
  return offences;
}

bool is_written(const std::string& path) {
  return has_ending(path, {".cpp", ".h", ".ts", ".vue", ".css", ".md", ".yaml", ".sh", ".txt", ".sql", ".json", "/packages"}) &&
         !path.starts_with("tests/text/") && !path.starts_with("tests/data/") && !path.starts_with("tests/fuzz/seeds/");
}

TEST(Tidy, TextIsClean) {
  auto sources = sources_under({"src", "tests", "web/src", "bench", "scripts", "docs", "packs"}, is_written);
  for (const char* name : {"start", "test", "CMakeLists.txt", "CMakePresets.json", "README.md", "README.zh-CN.md", "CHANGELOG.md", ".ci/run"}) {
    if (fs::exists(name)) sources.push_back({name, content_of(name)});
  }
  EXPECT_EQ(joined(check_all(sources, check_text)), "");
  EXPECT_EQ(check_text({"a", "a\tb\nc \n" + std::string("TO") + "DO\r\n"}).size(), 4U);
  EXPECT_EQ(check_text({"a", "a"}).size(), 1U);
  EXPECT_EQ(check_text({"a", "a\n"}).size(), 0U);
}

// ---- documents

/// Relative links that lead nowhere.
Offences check_links(const Source& source) {
  Offences offences;
  static const std::regex link(R"(\]\(([^)#\s:]+)(?:#[^)]*)?\))");
  for (auto match = std::sregex_iterator(source.content.begin(), source.content.end(), link); match != std::sregex_iterator(); ++match) {
    if (!fs::exists(fs::path(source.path).parent_path() / (*match)[1].str())) {
      offences.push_back(source.path + ": no such file: " + (*match)[1].str());
    }
  }
  return offences;
}

/// Files that are referred to and are not there.
Offences check_paths(const Source& source) {
  Offences offences;
  // In a document what stands in `backticks`; in code what a comment refers to.
  static const std::regex quoted(R"(`((?:src|tests|web|packs|scripts|bench|docs)/[\w./-]+)`)");
  static const std::regex referred(R"(\b(docs/[\w/-]+\.md))");
  const std::regex& path = is_cpp(source.path) || is_web(source.path) ? referred : quoted;
  for (auto match = std::sregex_iterator(source.content.begin(), source.content.end(), path); match != std::sregex_iterator(); ++match) {
    if (!fs::exists((*match)[1].str()) && (*match)[1].str() != "web/dist") offences.push_back(source.path + ": no such file: " + (*match)[1].str());
  }
  return offences;
}

TEST(Tidy, DocumentsPointAtWhatIsThere) {
  auto sources = sources_under({"docs"}, [](const std::string& path) { return path.ends_with(".md"); });
  for (const char* name : {"README.md", "README.zh-CN.md"}) sources.push_back({name, content_of(name)});
  EXPECT_EQ(joined(check_all(sources, check_links)), "");
  for (Source& source : sources_under({"src", "web/src", "bench"}, is_code)) sources.push_back(std::move(source));
  EXPECT_EQ(joined(check_all(sources, check_paths)), "");
  EXPECT_EQ(check_links({"README.md", "[a](docs/nowhere.md)"}).size(), 1U);
  EXPECT_EQ(check_paths({"docs/tour.md", "`src/nowhere.cpp`"}).size(), 1U);
  EXPECT_EQ(check_paths({"src/plan/a.cpp", "// Why: docs/decisions/0000-nowhere" ".md\n"}).size(), 1U);
}

TEST(Tidy, BothReadmesHaveTheSameSections) {
  const auto sections = [](const char* path) {
    Offences marks;
    for (const std::string& line : lines_of(content_of(path))) {
      if (line.starts_with('#')) marks.push_back(line.substr(0, line.find(' ')));
    }
    return joined(marks);
  };
  EXPECT_NE(sections("README.md"), "");
  EXPECT_EQ(sections("README.md"), sections("README.zh-CN.md"));
}

TEST(Tidy, LockFilesNameNoMachine) {
  // A lock file that names the server of whoever made it sends everybody else there.
  EXPECT_EQ(content_of("web/package-lock.json").find("\"resolved\": \"http"), std::string::npos);
}

}  // namespace
}  // namespace yihu

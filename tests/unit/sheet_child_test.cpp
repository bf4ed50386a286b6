#include "sheet/child_process.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <thread>

namespace yihu {
namespace {

using sheet::ChildLimits;
using sheet::run_child;
using std::chrono::milliseconds;
using std::chrono::seconds;

base::Result<sheet::ChildOutput> shell(const std::string& script, const ChildLimits& limits = {}, std::string_view input = {}) {
  return run_child("sh", {"-c", script}, input, limits, {});
}

TEST(ChildProcess, InputGoesInAndOutputComesOut) {
  const std::string input(3'000'000, 'x');
  const auto out = run_child("cat", {}, input, {}, {});
  ASSERT_TRUE(out);
  EXPECT_EQ(out->status, 0);
  EXPECT_EQ(out->output, input);
}

TEST(ChildProcess, StatusAndComplaintsAreGiven) {
  const auto out = shell("echo wrong >&2; exit 7");
  ASSERT_TRUE(out);
  EXPECT_EQ(out->status, 7);
  EXPECT_EQ(out->complaints, "wrong\n");
  const auto killed = shell("kill -9 $$");
  ASSERT_TRUE(killed);
  EXPECT_EQ(killed->status, 128 + 9);
}

TEST(ChildProcess, ComplaintsWithoutEndAreCut) {
  const auto out = shell("head -c 2000000 /dev/zero >&2; echo done");
  ASSERT_TRUE(out);
  EXPECT_EQ(out->output, "done\n");
  EXPECT_LE(out->complaints.size(), 4096U);
}

TEST(ChildProcess, MissingProgramIsSaid) {
  const auto out = run_child("no-such-converter", {}, "", {}, {});
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, "converter_missing");
  EXPECT_EQ(out.error().kind, base::ErrorKind::unavailable);
}

TEST(ChildProcess, WaitingTooLongIsEnded) {
  const auto out = shell("sleep 1000", {.processor_time_max = seconds(5), .wall_time_max = milliseconds(100)});
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, "converter_slow");
}

TEST(ChildProcess, ReckoningTooLongIsEnded) {
  const auto out = shell("while :; do :; done", {.processor_time_max = milliseconds(100), .wall_time_max = seconds(100)});
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, "converter_slow");
}

TEST(ChildProcess, OutputWithoutEndIsEnded) {
  const auto out = run_child("yes", {}, "", {.output_bytes_max = 1 << 20}, {});
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, "converter_output_too_large");
}

TEST(ChildProcess, MemoryIsLimited) {
  // tail keeps its last line in memory, and this line has no end.
  const auto out = run_child("tail", {"/dev/zero"}, "", {.processor_time_max = seconds(20), .memory_bytes_max = 64u << 20}, {});
  ASSERT_TRUE(out);
  EXPECT_NE(out->status, 0);
}

TEST(ChildProcess, CancelledIsEnded) {
  base::Cancel cancel;
  cancel.ask();
  const auto out = run_child("sleep", {"1000"}, "", {}, cancel);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, "cancelled");
}

TEST(ChildProcess, ItsChildrenEndWithIt) {
  const auto out = shell("sleep 1000 >/dev/null 2>&1 & echo $!");
  ASSERT_TRUE(out);
  const std::string process = "/proc/" + out->output.substr(0, out->output.find('\n')) + "/stat";
  // The kill was sent before run_child returned; the kernel carries it out when it schedules the process.
  const auto gone = [&] {
    std::ifstream file(process);
    std::string stat((std::istreambuf_iterator<char>(file)), {});
    return stat.empty() || stat.find(") Z") != std::string::npos;
  };
  while (!gone()) std::this_thread::yield();
  SUCCEED();
}

TEST(ChildProcess, InheritsNeitherFilesNorEnvironment) {
  setenv("YIHU_TEST_SECRET", "must not be seen", 1);
  constexpr int number = 137;
  const int file = open("/dev/null", O_RDONLY);
  ASSERT_EQ(dup2(file, number), number);
  close(file);
  const auto out = shell("env | grep -c YIHU; test -e /proc/$$/fd/137 && echo inherited");
  close(number);
  unsetenv("YIHU_TEST_SECRET");
  ASSERT_TRUE(out);
  EXPECT_EQ(out->output, "0\n");
}

TEST(ChildProcess, CannotWriteFiles) {
  const auto path = std::filesystem::temp_directory_path() / ("yihu-child-" + std::to_string(getpid()));
  const auto out = shell("echo x > " + path.string());
  ASSERT_TRUE(out);
  std::error_code missing;
  EXPECT_TRUE(!std::filesystem::exists(path) || std::filesystem::file_size(path, missing) == 0);
  std::filesystem::remove(path, missing);
}

TEST(ChildProcess, ManyAtOnceDoNotMixUp) {
  std::vector<std::thread> threads;
  std::array<std::string, 8> outputs;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    threads.emplace_back([&, i] {
      const auto out = run_child("cat", {}, std::string(100'000, static_cast<char>('a' + i)), {.processor_time_max = seconds(10)}, {});
      if (out) outputs[i] = out->output;
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < outputs.size(); ++i) EXPECT_EQ(outputs[i], std::string(100'000, static_cast<char>('a' + i)));
}

}  // namespace
}  // namespace yihu

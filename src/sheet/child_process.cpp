#include "sheet/child_process.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <utility>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;
using Steady = std::chrono::steady_clock;

constexpr std::size_t complaint_bytes_max = 4u << 10;
constexpr std::chrono::milliseconds look_interval{10};

class File {
 public:
  explicit File(int number = -1) : number_(number) {}
  File(File&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~File() { close(); }

  int number() const { return number_; }
  bool open() const { return number_ >= 0; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

struct Pipe {
  File read;
  File write;
};

std::unexpected<base::Error> cannot_start(std::string_view program) {
  return fail(ErrorKind::unavailable, "converter_missing",
              text("无法运行转换程序 {}。", "The converter {} cannot be run.", program),
              text("请管理员安装该程序，或先另存为 docx 后上传。", "Ask the administrator to install it, or save as docx and try again."));
}

bool make_pipe(Pipe& pipe) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  pipe.read = File(ends[0]);
  pipe.write = File(ends[1]);
  return true;
}

/// The input stands in memory, so that no one waits for the other to read, and a seek works.
File memory_file(std::string_view content) {
  File file(memfd_create("input", MFD_CLOEXEC));
  while (file.open() && !content.empty()) {
    const ssize_t written = write(file.number(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return File();
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (file.open() && lseek(file.number(), 0, SEEK_SET) != 0) return File();
  return file;
}

struct Start {
  const char* program;
  char* const* arguments;
  char* const* environment;
  int input;
  int output;
  int complaints;
  int failure;  ///< told the error number when the program cannot be run; closed by running it
  pid_t parent;
  rlim_t memory_bytes;
  rlim_t processor_seconds;
};

void limit(int resource, rlim_t value) {
  const rlimit both{value, value};
  setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

/// Between fork and exec of a program with threads: only calls that are safe in a signal handler.
[[noreturn]] void become(const Start& start) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != start.parent) _exit(127);  // it died before we asked to die with it
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGPIPE, SIGCHLD, SIGINT, SIGTERM, SIGHUP}) signal(number, SIG_DFL);
  limit(RLIMIT_AS, start.memory_bytes);
  limit(RLIMIT_CPU, start.processor_seconds);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CORE, 0);
  // Numbers 0 to 2 may be among those we hold, so they are moved out of the way first.
  const int input = fcntl(start.input, F_DUPFD_CLOEXEC, 10);
  const int output = fcntl(start.output, F_DUPFD_CLOEXEC, 10);
  const int complaints = fcntl(start.complaints, F_DUPFD_CLOEXEC, 10);
  const int failure = fcntl(start.failure, F_DUPFD_CLOEXEC, 10);
  if (dup2(input, 0) == 0 && dup2(output, 1) == 1 && dup2(complaints, 2) == 2) {
    close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
    execvpe(start.program, start.arguments, start.environment);
  }
  const int problem = errno;
  [[maybe_unused]] const ssize_t told = write(failure, &problem, sizeof problem);
  _exit(127);
}

/// Kills and reaps whatever way we leave.
class Child {
 public:
  explicit Child(pid_t id) : id_(id) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { finish(); }

  /// True once it has ended; its children are ended with it.
  bool ended() {
    if (id_ <= 0) return true;
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0) return false;
    finish();
    return true;
  }

  std::chrono::nanoseconds processor_time() const {
    clockid_t clock{};
    timespec used{};
    if (id_ <= 0 || clock_getcpuclockid(id_, &clock) != 0 || clock_gettime(clock, &used) != 0) return {};
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
  }

  int status() const { return status_; }

 private:
  void finish() {
    if (id_ <= 0) return;
    // While it is not yet reaped its group's number cannot be given to anybody else.
    kill(-id_, SIGKILL);
    kill(id_, SIGKILL);
    int how = 0;
    while (waitpid(id_, &how, 0) < 0 && errno == EINTR) {}
    status_ = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
    id_ = -1;
  }

  pid_t id_;
  int status_ = 0;
};

/// Takes what is there. Closes at the end. False when `bytes_max` is passed.
bool drain(File& from, std::string& into, std::size_t bytes_max, bool keep_to_limit) {
  std::array<char, 1 << 16> buffer;
  while (from.open()) {
    const ssize_t got = read(from.number(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return true;
    if (got <= 0) {
      from.close();
      return true;
    }
    into.append(buffer.data(), static_cast<std::size_t>(got));
    if (into.size() <= bytes_max) continue;
    if (!keep_to_limit) return false;
    into.resize(bytes_max);
  }
  return true;
}

base::Result<ChildOutput> follow(Child& child, File output, File complaints, const ChildLimits& limits,
                                 const base::Cancel& cancel) {
  ChildOutput result;
  const auto deadline = Steady::now() + limits.wall_time_max;
  for (bool ended = false; !ended;) {
    pollfd watched[2] = {{output.number(), POLLIN, 0}, {complaints.number(), POLLIN, 0}};
    poll(watched, 2, static_cast<int>(look_interval.count()));
    // Asked before the pipes are read, so that everything it wrote before its end is read after it.
    ended = child.ended();
    if (!drain(output, result.output, limits.output_bytes_max, false)) {
      return fail(ErrorKind::too_large, "converter_output_too_large",
                  text("文件转换后的内容过大，已停止读取。", "The converted document is too large; reading was stopped."),
                  text("请把文件拆开后分别上传。", "Split the document and try again."));
    }
    drain(complaints, result.complaints, complaint_bytes_max, true);
    if (ended) break;
    if (cancel.asked()) {
      return fail(ErrorKind::cancelled, "cancelled", text("已取消。", "Cancelled."));
    }
    const auto allowed =
        limits.processor_time_max + limits.processor_time_per_kilobyte * static_cast<std::int64_t>(result.output.size() >> 10);
    if (child.processor_time() > allowed || Steady::now() > deadline) {
      return fail(ErrorKind::too_large, "converter_slow",
                  text("文件转换时间过长，已停止读取。", "Converting the document took too long; reading was stopped."),
                  text("请另存为 docx 后再上传。", "Save it as docx and try again."));
    }
  }
  result.status = child.status();
  return result;
}

}  // namespace

base::Result<ChildOutput> run_child(const std::string& program, const std::vector<std::string>& arguments,
                                    std::string_view input, const ChildLimits& limits, const base::Cancel& cancel) {
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argument_pointers;
  for (std::string& word : words) argument_pointers.push_back(word.data());
  argument_pointers.push_back(nullptr);
  std::string path = "PATH=/usr/local/bin:/usr/bin:/bin";
  std::string language = "LC_ALL=C.UTF-8";
  char* environment[] = {path.data(), language.data(), nullptr};

  const File in = memory_file(input);
  Pipe out;
  Pipe complaints;
  Pipe failure;
  if (!in.open() || !make_pipe(out) || !make_pipe(complaints) || !make_pipe(failure)) return cannot_start(program);
  fcntl(out.read.number(), F_SETFL, O_NONBLOCK);
  fcntl(complaints.read.number(), F_SETFL, O_NONBLOCK);

  // The kernel's own limit stands behind ours, should this process be stopped or killed.
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(limits.wall_time_max).count() + 1;
  const Start start{program.c_str(),          argument_pointers.data(),  environment,
                    in.number(),              out.write.number(),        complaints.write.number(),
                    failure.write.number(),   getpid(),                  limits.memory_bytes_max,
                    static_cast<rlim_t>(seconds)};
  const pid_t id = fork();
  if (id < 0) return cannot_start(program);
  if (id == 0) become(start);
  setpgid(id, id);  // both sides ask, so that the group is there whoever comes first
  Child child(id);
  out.write.close();
  complaints.write.close();
  failure.write.close();
  int problem = 0;
  ssize_t told = 0;
  while ((told = read(failure.read.number(), &problem, sizeof problem)) < 0 && errno == EINTR) {}
  if (told > 0) return cannot_start(program);
  return follow(child, std::move(out.read), std::move(complaints.read), limits, cancel);
}

}  // namespace yihu::sheet

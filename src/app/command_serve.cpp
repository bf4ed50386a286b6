// `yihu serve`: the web application and the API, until Ctrl-C.

#include "app/command.h"
#include "app/screening.h"
#include "app/sweeper.h"
#include "app/wiring.h"
#include "http/routes_health.h"
#include "http/server.h"

#include <fmt/format.h>
#include <pthread.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>

namespace yihu::app {
namespace {

namespace files = std::filesystem;

struct Wanted {
  unsigned short port = 8080;
  std::string address = "127.0.0.1";
  std::size_t threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 16);
  files::path web;
  std::string log;
  bool behind_proxy = false;
  bool describe = false;
};

constexpr std::size_t log_bytes_max = 10 << 20;
constexpr std::size_t log_files_max = 5;
constexpr std::chrono::seconds log_flush_interval{3};

/// The folder named, else web/dist beside the program's source, else share/yihu/web.
files::path web_folder(const files::path& named) {
  if (!named.empty()) return named;
  std::error_code problem;
  const files::path program = files::read_symlink("/proc/self/exe", problem);
  for (const char* beside : {"../../../web/dist", "../../share/yihu/web"}) {
    const files::path folder = (program / beside).lexically_normal();
    if (files::is_directory(folder, problem)) return folder;
  }
  return {};
}

/// SIGINT and SIGTERM wait for `wait_for_end` instead of interrupting some thread. Before any thread starts: they
/// inherit it.
sigset_t hold_signals() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  return ends;
}

/// Systems give a program 1,024 open files unless it asks for more.
void allow_many_connections() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void wait_for_end(sigset_t ends) {
  int signal = 0;
  sigwait(&ends, &signal);
  // A second Ctrl-C ends at once, whatever is under way.
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  pthread_sigmask(SIG_UNBLOCK, &ends, nullptr);
}

base::Result<std::shared_ptr<spdlog::logger>> logger(const Wanted& wanted, const Common& common) {
  const files::path file = wanted.log.empty() ? common.data / "log/yihu.log" : files::path(wanted.log);
  try {
    auto made = wanted.log == "-" ? spdlog::stderr_logger_mt("yihu")
                                  : spdlog::rotating_logger_mt("yihu", file.string(), log_bytes_max, log_files_max);
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    made->flush_on(spdlog::level::warn);
    spdlog::flush_every(log_flush_interval);
    return made;
  } catch (const spdlog::spdlog_ex&) {
    return base::fail(base::ErrorKind::unavailable, "log_not_writable",
                      base::text("写不了日志文件 {}。", "The log file {} cannot be written.", file.string()),
                      base::text("请检查文件夹权限，或用 --log 指定别处。", "Check the folder's permissions, or name another with --log."));
  }
}

http::Log log_to(const std::shared_ptr<spdlog::logger>& logger) {
  http::Log log;
  log.access = [logger](const http::AccessLine& line) {
    logger->info("{} {} {} {} B {:.2f} ms {}", line.method, line.route, line.status, line.bytes,
                 static_cast<double>(line.microseconds) / 1000, line.request);
  };
  log.error = [logger](const std::string& line) { logger->error("{}", line); };
  return log;
}

std::string address_of(const Wanted& wanted, unsigned short port) {
  const bool version_6 = wanted.address.find(':') != std::string::npos;
  return version_6 ? fmt::format("http://[{}]:{}", wanted.address, port) : fmt::format("http://{}:{}", wanted.address, port);
}

base::Done run(const Wanted& wanted, const Common& common) {
  const sigset_t ends = hold_signals();
  allow_many_connections();
  Office office = TRY(open_office(common.data, OpenFor::writing));
  const auto log = TRY(logger(wanted, common));
  Wiring wiring(office);
  http::Wiring parts{.store = *office.store,
                     .visitors = wiring.visitors(),
                     .routes = wiring.routes(),
                     .web = TRY(http::WebFiles::load(web_folder(wanted.web))),
                     .log = log_to(log),
                     .address = wanted.address,
                     .port = wanted.port,
                     .behind_proxy = wanted.behind_proxy,
                     .threads = wanted.threads};
  const Screening screening(*office.store, office.rules, [log](const std::string& line) { log->error("{}", line); });
  const auto server = TRY(http::Server::start(std::move(parts)));
  const std::string address = address_of(wanted, server->port());
  if (common.json) {
    fmt::print("{{\"address\":\"{}\"}}\n", address);
  } else {
    fmt::print("{}\n", base::text("服务已启动：{}（按 Ctrl-C 停止）", "Serving on {} (Ctrl-C stops it)", address).in(common.language));
  }
  std::fflush(stdout);
  log->info("serving {}", YIHU_VERSION);
  {
    const Sweeper sweeper(*office.store, [log](const std::string& line) { log->error("{}", line); });
    wait_for_end(ends);
  }
  server->stop();
  log->info("stopped");
  log->flush();
  spdlog::shutdown();
  return {};
}

/// The API's description needs the table, and the table a store: one made for the moment and taken away again.
base::Done describe() {
  std::string pattern = (files::temp_directory_path() / "yihu-describe-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    return base::fail(base::ErrorKind::unavailable, "no_temporary_folder",
                      base::text("建不了临时文件夹。", "No temporary folder can be made."));
  }
  const files::path folder = pattern;
  const base::Done done = [&]() -> base::Done {
    NewOffice wanted;
    wanted.folder = folder / "data";
    wanted.settings.pack = "meilan-2019";
    Office office = TRY(make_office(std::move(wanted)));
    Wiring wiring(office);
    fmt::print("{}\n", http::description(wiring.routes(), YIHU_VERSION));
    return {};
  }();
  std::error_code ignored;
  files::remove_all(folder, ignored);
  return done;
}

}  // namespace

void add_serve_command(CLI::App& program, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  CLI::App* command = program.add_subcommand("serve", english ? "the web application and the API" : "启动网页与接口服务");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("--port", wanted->port, english ? "port (default 8080; 0: any free one)" : "端口（默认 8080；0 表示任选）")
      ->type_name(english ? "N" : "端口");
  command->add_option("--address", wanted->address, english ? "address to listen on (default 127.0.0.1)" : "监听地址（默认 127.0.0.1）")
      ->type_name(english ? "ADDRESS" : "地址");
  command->add_option("--threads", wanted->threads, english ? "threads that answer (default: one per core)" : "处理请求的线程数（默认每核一个）")
      ->check(CLI::Range(1, 64))
      ->type_name(english ? "N" : "个数");
  command->add_option("--web", wanted->web, english ? "folder of the built web application" : "网页文件夹")
      ->type_name(english ? "FOLDER" : "文件夹");
  command->add_option("--log", wanted->log, english ? "log file (default log/yihu.log in the data folder; - for the terminal)" : "日志文件（默认在数据文件夹 log/yihu.log；- 表示终端）")
      ->type_name(english ? "FILE" : "文件");
  command->add_flag("--behind-proxy", wanted->behind_proxy,
                    english ? "a proxy on this machine speaks TLS: believe its X-Forwarded-For and -Proto"
                            : "前面有本机代理提供 TLS：采信 X-Forwarded-For 和 -Proto");
  command->add_flag("--describe", wanted->describe, english ? "print the API's OpenAPI file and end" : "输出接口说明（OpenAPI）后结束");
  command->callback([&common, &chosen, wanted] {
    chosen.run = [&common, wanted] {
      const auto done = wanted->describe ? describe() : run(*wanted, common);
      return done ? Exit::done : report(done.error(), common);
    };
  });
}

}  // namespace yihu::app

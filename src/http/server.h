#pragma once
// The server: listens, keeps connections alive, and lets each request walk through the endpoint.
// Every thread has its own event loop and its own connections, so that nothing is locked between them.

#include "http/endpoint.h"
#include "http/events.h"

namespace yihu::http {

struct Limits {
  std::size_t connections_max = 4000;
  std::size_t header_bytes_max = 16 << 10;
  std::size_t bodies_bytes_max = 256 << 20;   ///< of all requests being received at one time
  int idle_seconds_max = 75;                  ///< between requests of one connection
  int header_seconds_max = 10;                ///< from a request's first byte to the end of its head
  int body_seconds_max = 30;                  ///< plus a second for every 32 KB announced
  int write_seconds_max = 30;                 ///< the same for answers
  int stop_seconds_max = 5;                   ///< for what is under way when the server stops
  int ping_seconds = 15;
};

struct Wiring {
  store::Store& store;
  Visitors& visitors;
  std::vector<Route> routes;
  WebFiles web;
  Log log = {};
  Limits limits = {};
  std::string address = "127.0.0.1";
  unsigned short port = 8080;                 ///< 0: any free one
  bool behind_proxy = false;                  ///< believe X-Forwarded-For and X-Forwarded-Proto
  std::size_t threads = 2;
  std::size_t work_threads = 2;
  std::size_t work_queue_max = 32;
};

class Server {
 public:
  /// Listens when it returns. `store` and `visitors` must outlive the server.
  /// Errors: unavailable, when the address cannot be had (port taken, not ours, not allowed)
  static base::Result<std::unique_ptr<Server>> start(Wiring wiring);
  virtual ~Server() = default;

  virtual unsigned short port() const = 0;

  /// Takes no new connection, lets requests under way finish within limits.stop_seconds_max, ends streams.
  virtual void stop() = 0;
};

}  // namespace yihu::http

#pragma once
// A client that speaks HTTP byte by byte, so that tests can also speak it badly.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <map>
#include <string>
#include <string_view>

namespace yihu::http {

struct Answered {
  int status = 0;
  std::map<std::string, std::string> headers;   ///< names in lower case
  std::string body;
  bool whole = false;                           ///< false: the connection ended before the answer did
};

class Client {
 public:
  explicit Client(unsigned short port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    // A test that would wait forever fails instead.
    const timeval limit{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  int handle() const { return socket_; }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// Reads until `end` stands in what came; false when the connection ends first.
  bool read_until(std::string_view end) {
    while (received_.find(end) == received_.npos) {
      if (!more()) return false;
    }
    return true;
  }
  std::string& received() { return received_; }
  /// True when the server has closed.
  bool ended() {
    while (more()) {}
    return closed_;
  }

  Answered answer(bool head_only = false) {
    Answered answered;
    if (!read_until("\r\n\r\n")) return answered;
    const auto end = received_.find("\r\n\r\n");
    std::string head = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    answered.status = std::stoi(head.substr(9, 3));
    for (auto line = head.find("\r\n") + 2; line < head.size(); line = head.find("\r\n", line) + 2) {
      const auto colon = head.find(": ", line);
      std::string name = head.substr(line, colon - line);
      for (char& letter : name) letter = static_cast<char>(std::tolower(letter));
      answered.headers[name] = head.substr(colon + 2, head.find("\r\n", line) - colon - 2);
    }
    const auto length = answered.headers.find("content-length");
    const std::size_t bytes = length == answered.headers.end() || head_only ? 0 : std::stoul(length->second);
    while (received_.size() < bytes) {
      if (!more()) return answered;
    }
    answered.body = received_.substr(0, bytes);
    received_.erase(0, bytes);
    answered.whole = true;
    return answered;
  }
  Answered ask(std::string_view request) {
    send(request);
    return answer();
  }

 private:
  bool more() {
    char bytes[16384];
    ssize_t count = -1;
    // A socket with a time limit is not read on by itself after a signal, and a fuzzer's clock sends some.
    do count = ::recv(socket_, bytes, sizeof bytes, 0);
    while (count < 0 && errno == EINTR);
    if (count == 0 || (count < 0 && errno == ECONNRESET)) closed_ = true;
    if (count <= 0) return false;
    received_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int socket_;
  bool connected_ = false;
  bool closed_ = false;
  std::string received_;
};

}  // namespace yihu::http

#include "http/reply.h"

#include <algorithm>

namespace yihu::http {
namespace {

std::string_view reason_of(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: return "";
  }
}

constexpr std::string_view for_every_answer =
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Vary: Accept-Language, Accept-Encoding, Cookie\r\n";

using Headers = std::vector<std::pair<std::string, std::string>>;

bool names(const Headers& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(), [&](const auto& header) { return header.first == name; });
}

void put(std::string& head, std::string_view name, std::string_view value) {
  head += name;
  head += ": ";
  // A line break in a value would begin a header of somebody else's choice.
  for (const char letter : value) head += letter == '\r' || letter == '\n' ? ' ' : letter;
  head += "\r\n";
}

void put_own(std::string& head, const Response& response, const Headers& kept) {
  for (const Headers* headers : {&response.headers, &kept}) {
    for (const auto& [name, value] : *headers) put(head, name, value);
  }
  // The headers of a 304 replace those the browser has kept: a page would wake up under the policy meant for data.
  if (response.status == 304) return;
  const auto named = [&](std::string_view name) { return names(response.headers, name) || names(kept, name); };
  if (!named("Cache-Control")) head += "Cache-Control: no-store\r\n";
  if (!named("Content-Security-Policy")) {
    head += "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";
  }
}

}  // namespace

Reply reply_from(const Response& response, const ReplyOptions& options) {
  static const Headers no_headers;
  const KeptAnswer* kept = response.kept.get();
  const bool packed = kept && options.gzip && !kept->gzip.empty();
  Reply reply;
  reply.body = !kept ? std::string_view(response.body) : packed ? kept->gzip : kept->body;

  std::string& head = reply.head;
  head.reserve(800);
  head += "HTTP/1.1 ";
  head += std::to_string(response.status);
  head += ' ';
  head += reason_of(response.status);
  head += "\r\n";
  if (!options.date.empty()) put(head, "Date", options.date);
  if (!options.request.empty()) put(head, "X-Request-Id", options.request);
  const std::string_view content_type = kept ? kept->content_type : response.content_type;
  if (!content_type.empty() && response.status != 304) put(head, "Content-Type", content_type);
  if (packed) head += "Content-Encoding: gzip\r\n";
  if (!response.etag.empty()) put(head, "ETag", '"' + response.etag + '"');
  put_own(head, response, kept ? kept->headers : no_headers);
  head += for_every_answer;
  const bool no_body = response.status == 204 || response.status == 304;
  if (!options.stream && !no_body) put(head, "Content-Length", std::to_string(reply.body.size()));
  head += options.keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
  if (options.head_only || no_body) reply.body = {};
  return reply;
}

std::string http_date(std::int64_t seconds) {
  using namespace std::chrono;
  static constexpr const char* weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds instant{std::chrono::seconds{seconds}};
  const auto day = floor<days>(instant);
  const year_month_day date{day};
  const hh_mm_ss time{instant - day};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", weekdays[weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

}  // namespace yihu::http

#include "http/page.h"

#include <boost/json/object.hpp>
#include <sodium.h>

namespace yihu::http {
namespace {

constexpr int limit_default = 50;
constexpr int limit_max = 500;
constexpr std::size_t key_bytes_max = 1000;
// Never part of a text we store, so it can stand between parts.
constexpr char between = '\x1f';

std::string base64_from(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.pop_back();  // the closing zero
  return out;
}

std::optional<std::string> bytes_from(std::string_view base64) {
  std::string out(base64.size(), '\0');
  std::size_t length = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), base64.data(), base64.size(), nullptr,
                        &length, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      end != base64.data() + base64.size()) {
    return std::nullopt;
  }
  out.resize(length);
  return out;
}

base::Error key_unreadable() {
  base::Error error{base::ErrorKind::input, "key_unreadable",
                    base::text("列表的续读位置不对。", "This is not a key that the list gave."),
                    base::text("请从头读起，或使用上一次回答中的 next。",
                               "Start again, or use `next` of the last answer."),
                    {}, {}};
  error.place.field = "/after";
  return error;
}

}  // namespace

base::Result<Page> page_from(const Request& request, std::size_t parts) {
  Page page;
  page.limit = static_cast<int>(request.query.integer("limit").value_or(limit_default));
  const std::string* after = request.query.find("after");
  if (!after || after->empty()) return page;
  const auto bytes = after->size() <= key_bytes_max ? bytes_from(*after) : std::nullopt;
  if (!bytes) return base::fail(key_unreadable());
  std::size_t begin = 0;
  for (;;) {
    const auto end = bytes->find(between, begin);
    page.after.push_back(bytes->substr(begin, end == std::string::npos ? end : end - begin));
    if (end == std::string::npos) break;
    begin = end + 1;
  }
  if (page.after.size() != parts) return base::fail(key_unreadable());
  return page;
}

boost::json::value page_schema(boost::json::object own) {
  own.emplace("after", boost::json::object{{"type", "string"}, {"maxLength", key_bytes_max}});
  own.emplace("limit", boost::json::object{{"type", "integer"}, {"minimum", 1}, {"maximum", limit_max}});
  return own;
}

std::string key_from(std::initializer_list<std::string_view> parts) {
  std::string joined;
  bool first = true;
  for (const std::string_view part : parts) {
    if (!first) joined += between;
    first = false;
    joined += part;
  }
  return base64_from(joined);
}

}  // namespace yihu::http

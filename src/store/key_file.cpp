#include "store/key_file.h"

#include "store/file_text.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace yihu::store {
namespace {

using base::ErrorKind;

constexpr std::string_view heading = "yihu store key 1\n";

base::Result<Key> key_from_text(std::string_view text, const std::filesystem::path& file) {
  auto wrong = [&] {
    return base::fail(ErrorKind::unavailable, "key_file_unreadable",
                      base::text("密钥文件 {} 的内容不对。", "The key file {} does not hold a key.", file.string()),
                      base::text("请放回原来的密钥文件。", "Put the original key file back."));
  };
  if (!text.starts_with(heading)) return wrong();
  text.remove_prefix(heading.size());
  if (text.ends_with('\n')) text.remove_suffix(1);
  const auto bytes = bytes_from_base64(text);
  if (!bytes || bytes->size() != key_size_bytes) return wrong();
  Key key;
  std::ranges::copy(*bytes, key.begin());
  return key;
}

}  // namespace

base::Result<Key> key_from_file(const std::filesystem::path& file, bool make) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0) {
    if (!make) {
      return base::fail(ErrorKind::unavailable, "key_file_missing",
                        base::text("找不到密钥文件 {}，没有它就读不出加密的内容。",
                                   "The key file {} is missing; nothing sealed can be read without it.", file.string()),
                        base::text("请从保管处放回密钥文件。", "Put the key file back from where it is kept."));
    }
    Key key;
    randombytes_buf(key.data(), key.size());
    TRY(write_durably(file, std::string(heading) + base64(key) + "\n", 0600));
    return key;
  }
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return base::fail(ErrorKind::unavailable, "key_file_open_to_others",
                      base::text("密钥文件 {} 可被其他用户读取。", "The key file {} can be read by other users.", file.string()),
                      base::text("请运行 chmod 600 {0}。", "Run chmod 600 {0}.", file.string()));
  }
  return key_from_text(TRY(read_whole(file)), file);
}

}  // namespace yihu::store

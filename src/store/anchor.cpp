#include "store/anchor.h"

#include "store/file_text.h"

#include <sodium.h>

#include <sstream>

namespace yihu::store {
namespace {

constexpr std::string_view heading = "yihu journal anchor 1";

std::string signed_part(const Anchor& anchor) {
  return fmt::format("{}\n{} {}\n{}\n", heading, anchor.head.sequence, anchor.head.hash, anchor.at.microseconds);
}

std::string signature(const Anchor& anchor, Algorithms algorithms, const Key& key) {
  return hex(keyed_hash(algorithms, key, signed_part(anchor)));
}

}  // namespace

base::Done write_anchor(const std::filesystem::path& file, const Anchor& anchor, Algorithms algorithms, const Key& key) {
  return write_durably(file, signed_part(anchor) + signature(anchor, algorithms, key) + "\n", 0600);
}

base::Result<std::optional<Anchor>> read_anchor(const std::filesystem::path& file, Algorithms algorithms,
                                                const Key& key) {
  std::error_code missing;
  if (!std::filesystem::exists(file, missing)) return std::optional<Anchor>();
  std::istringstream lines(TRY(read_whole(file)));
  Anchor anchor;
  std::string first;
  std::string stated;
  std::getline(lines, first);
  lines >> anchor.head.sequence >> anchor.head.hash >> anchor.at.microseconds >> stated;
  const auto expected = signature(anchor, algorithms, key);
  if (!lines || first != heading || stated.size() != expected.size() ||
      sodium_memcmp(stated.data(), expected.data(), expected.size()) != 0) {
    return base::fail(base::ErrorKind::unavailable, "anchor_forged",
                      base::text("日志锚文件不是本库写的，或已被改动。",
                                 "The journal's anchor file was not written by this store, or was altered."));
  }
  return std::optional<Anchor>(std::move(anchor));
}

}  // namespace yihu::store

#include "sheet/zip_archive.h"

#include <zip.h>

#include <algorithm>
#include <cstdint>
#include <fstream>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

std::unexpected<base::Error> damaged() {
  return fail(ErrorKind::input, "document_damaged", text("文件已损坏或不完整，无法打开。", "The file is damaged or incomplete."),
              text("请用文字处理软件打开并另存后再上传。", "Open it in a word processor, save it again and retry."));
}

std::unexpected<base::Error> locked() {
  return fail(ErrorKind::input, "document_locked", text("文件已加密，需要密码才能打开。", "The file is locked with a password."),
              text("请取消密码后再上传。", "Remove the password and try again."));
}

std::unexpected<base::Error> too_many_entries() {
  return fail(ErrorKind::too_large, "document_has_too_many_parts",
              text("文件内含超过 {} 个部件，不是普通文档。", "The file holds more than {} parts; this is no ordinary document.",
                   zip_entries_max),
              text("请用文字处理软件另存为 docx 后再上传。", "Save it as docx in a word processor and try again."));
}

std::unexpected<base::Error> bomb(std::uint64_t bytes_max = zip_part_bytes_max) {
  return fail(ErrorKind::too_large, "document_inflates_too_much",
              text("文件解压后过大（上限 {} MB），已停止读取。", "The file grows beyond {} MB when unpacked; reading was stopped.",
                   bytes_max >> 20),
              text("请打开文件，删去多余内容并另存后再上传。",
                   "Open it, remove what is not needed, save it again and retry."));
}

std::uint64_t number_at(std::string_view bytes, std::size_t at, int size) {
  std::uint64_t number = 0;
  for (int i = size - 1; i >= 0; --i) {
    number = number << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  }
  return number;
}

/// How many entries the end of the directory announces. libzip would allocate for all of them before we could ask.
std::uint64_t announced_entries(std::string_view bytes) {
  constexpr std::size_t end_record_size = 22;
  constexpr std::size_t end64_record_size = 56;
  const std::size_t end = bytes.rfind("PK\x05\x06");
  if (end == std::string_view::npos || end + end_record_size > bytes.size()) return 0;
  std::uint64_t entries = number_at(bytes, end + 10, 2);
  const std::size_t end64 = bytes.rfind("PK\x06\x06");
  if (end64 != std::string_view::npos && end64 + end64_record_size <= bytes.size()) {
    entries = std::max(entries, number_at(bytes, end64 + 32, 8));
  }
  return entries;
}

/// A directory that lies about its length would let libzip read on; the signature of each entry cannot be hidden.
bool has_too_many_entries(std::string_view bytes) {
  std::size_t count = 0;
  for (std::size_t at = bytes.find("PK\x01\x02"); at != std::string_view::npos; at = bytes.find("PK\x01\x02", at + 4)) {
    if (++count > zip_entries_max) return true;
  }
  return announced_entries(bytes) > zip_entries_max;
}

}  // namespace

void ZipArchive::Close::operator()(zip* archive) const { zip_discard(archive); }

base::Result<ZipArchive> ZipArchive::open(std::string_view bytes) {
  if (has_too_many_entries(bytes)) {
    return too_many_entries();
  }
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source == nullptr) return damaged();
  zip_t* archive = zip_open_from_source(source, ZIP_RDONLY, &error);
  zip_error_fini(&error);
  if (archive == nullptr) {
    zip_source_free(source);
    return damaged();
  }
  return ZipArchive(archive);
}

base::Result<ZipArchive> ZipArchive::open_file(const std::filesystem::path& file) {
  // The same counts as for bytes, over the file in pieces; three bytes less than a signature are carried over.
  constexpr std::size_t piece_bytes = 1u << 20;
  constexpr std::size_t end_bytes = 128u << 10;
  std::ifstream stream(file, std::ios::binary);
  std::string piece;
  std::string end;
  std::size_t count = 0;
  while (stream) {
    const std::size_t kept = std::min<std::size_t>(piece.size(), 3);
    piece.erase(0, piece.size() - kept);
    piece.resize(kept + piece_bytes);
    stream.read(piece.data() + kept, piece_bytes);
    piece.resize(kept + static_cast<std::size_t>(stream.gcount()));
    for (std::size_t at = piece.find("PK\x01\x02"); at != std::string::npos; at = piece.find("PK\x01\x02", at + 4)) {
      if (++count > zip_entries_max) return too_many_entries();
    }
    end.append(piece, kept, std::string::npos);
    if (end.size() > end_bytes) end.erase(0, end.size() - end_bytes);
  }
  if (announced_entries(end) > zip_entries_max) return too_many_entries();
  zip_t* archive = zip_open(file.c_str(), ZIP_RDONLY, nullptr);
  if (archive == nullptr) return damaged();
  return ZipArchive(archive);
}

void ZipStream::Close::operator()(zip_file* file) const { zip_fclose(file); }

base::Result<std::size_t> ZipStream::read(char* buffer, std::size_t size) {
  std::size_t filled = 0;
  while (filled < size) {
    const zip_int64_t got = zip_fread(file_.get(), buffer + filled, size - filled);
    if (got < 0) return damaged();
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  got_ += filled;
  if (got_ > bytes_max_ || (got_ > zip_stream_ratio_free_bytes && got_ / zip_stream_ratio_max > packed_)) {
    return bomb(std::min(bytes_max_, got_));
  }
  return filled;
}

base::Result<ZipStream> ZipArchive::stream(const std::string& part, std::uint64_t bytes_max) const {
  const zip_int64_t index = zip_name_locate(archive_.get(), part.c_str(), 0);
  zip_stat_t about;
  if (index < 0 || zip_stat_index(archive_.get(), static_cast<zip_uint64_t>(index), 0, &about) != 0) return damaged();
  if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && about.encryption_method != ZIP_EM_NONE) return locked();
  if (about.size > bytes_max) return bomb(bytes_max);
  ZipStream stream;
  stream.file_.reset(zip_fopen_index(archive_.get(), static_cast<zip_uint64_t>(index), 0));
  if (stream.file_ == nullptr) return damaged();
  stream.size_ = about.size;
  stream.packed_ = about.comp_size;
  stream.bytes_max_ = bytes_max;
  return stream;
}

std::vector<std::string> ZipArchive::parts() const {
  std::vector<std::string> names;
  const zip_int64_t count = zip_get_num_entries(archive_.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    if (const char* name = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), 0)) names.emplace_back(name);
  }
  return names;
}

bool ZipArchive::has(const std::string& part) const { return zip_name_locate(archive_.get(), part.c_str(), 0) >= 0; }

base::Result<std::string> ZipArchive::read(const std::string& part) const {
  const zip_int64_t index = zip_name_locate(archive_.get(), part.c_str(), 0);
  zip_stat_t about;
  if (index < 0 || zip_stat_index(archive_.get(), static_cast<zip_uint64_t>(index), 0, &about) != 0) return damaged();
  const auto too_much = [&](std::uint64_t size) {
    return size > zip_part_bytes_max || (size > zip_ratio_free_bytes && size / zip_ratio_max > about.comp_size);
  };
  if ((about.valid & ZIP_STAT_SIZE) != 0 && too_much(about.size)) return bomb();
  if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && about.encryption_method != ZIP_EM_NONE) {
    return locked();
  }
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(
      zip_fopen_index(archive_.get(), static_cast<zip_uint64_t>(index), 0), zip_fclose);
  if (file == nullptr) return damaged();
  std::string content;
  char buffer[1 << 16];
  for (;;) {
    const zip_int64_t got = zip_fread(file.get(), buffer, sizeof buffer);
    if (got < 0) return damaged();
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (too_much(content.size())) return bomb();
  }
}

}  // namespace yihu::sheet

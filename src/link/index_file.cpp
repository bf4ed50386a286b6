// An index as a file: the spec and the model, the texts in the order of their numbers, the packed rows and their keys, the
// counts of values; then, one after the other, the rows added since. Each part carries a hash, so that damage is seen.

#include "link/index.h"
#include "link/parallel.h"
#include "link/whole_file.h"

#include <algorithm>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace yihu::link {
namespace {

constexpr std::string_view magic = "yihu link index 1\n";

base::Error damaged(const std::filesystem::path& path) {
  return {base::ErrorKind::input, "index_damaged", base::text("{} 不是比对索引，或已损坏。", "{} is no link index, or is damaged.", path.string()),
          base::text("请用 --save-index 重新生成。", "Make it again with --save-index."), {}, {}};
}

std::string_view bytes_of(const auto& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0])};
}

/// Numbers and texts one behind the other.
class Packed {
 public:
  void number(std::uint64_t value) { bytes.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void text(std::string_view value) {
    number(value.size());
    bytes += value;
  }
  std::string bytes;
};

/// The same read back; `good` is false once something does not fit.
class Unpacked {
 public:
  explicit Unpacked(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    const std::string_view from = take(sizeof value);
    if (good) std::memcpy(&value, from.data(), sizeof value);
    return value;
  }
  std::string_view text() { return take(number()); }
  std::string_view take(std::size_t size) {
    good = good && size <= rest_.size();
    if (!good) return {};
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  bool at_end() const { return rest_.empty(); }
  std::size_t left() const { return rest_.size(); }
  bool good = true;

 private:
  std::string_view rest_;
};

void pack_spec(Packed& packed, const Spec& spec) {
  packed.text(spec.key_left);
  packed.text(spec.key_right);
  packed.number(spec.fields.size());
  for (const Field& field : spec.fields) {
    for (const std::string* text : {&field.name, &field.left, &field.right, &field.left_else, &field.right_else, &field.partner}) packed.text(*text);
    packed.text(name_of(field.kind));
    packed.number(field.frequency ? 1 : 0);
    packed.number(field.levels.size());
    for (const Level level : field.levels) packed.text(name_of(level));
  }
  packed.number(spec.keys.size());
  for (const Key& key : spec.keys) {
    packed.number(key.repaired ? 1 : 0);
    packed.number(key.parts.size());
    for (const KeyPart& part : key.parts) {
      packed.text(part.field);
      packed.text(name_of(part.cut));
    }
  }
  packed.number(static_cast<std::uint64_t>(spec.threshold * 1e9));
}

Spec unpack_spec(Unpacked& from) {
  Spec spec;
  spec.key_left = from.text();
  spec.key_right = from.text();
  for (std::uint64_t fields = from.number(); fields > 0 && from.good; --fields) {
    Field& field = spec.fields.emplace_back();
    for (std::string* text : {&field.name, &field.left, &field.right, &field.left_else, &field.right_else, &field.partner}) *text = from.text();
    const auto kind = kind_named(from.text());
    from.good = from.good && kind && spec.fields.size() <= fields_max;
    field.kind = kind.value_or(Kind::text);
    field.frequency = from.number() != 0;
    for (std::uint64_t levels = from.number(); levels > 0 && from.good; --levels) {
      const auto level = level_named(from.text());
      from.good = from.good && level;
      field.levels.push_back(level.value_or(Level::differs));
    }
  }
  for (std::uint64_t keys = from.number(); keys > 0 && from.good; --keys) {
    Key& key = spec.keys.emplace_back();
    key.repaired = from.number() != 0;
    for (std::uint64_t parts = from.number(); parts > 0 && from.good; --parts) {
      KeyPart& part = key.parts.emplace_back();
      part.field = from.text();
      const auto cut = cut_named(from.text());
      const auto named = [&](const Field& field) { return field.name == part.field; };
      from.good = from.good && cut && std::any_of(spec.fields.begin(), spec.fields.end(), named);
      part.cut = cut.value_or(Cut::whole);
    }
    from.good = from.good && !key.parts.empty() && spec.keys.size() <= keys_max;
  }
  spec.threshold = static_cast<double>(from.number()) / 1e9;
  return spec;
}

std::string added_record(const Person& person) {
  Packed inside;
  inside.text(person.key);
  inside.number(person.values.size());
  for (const std::string& value : person.values) inside.text(value);
  Packed record;
  record.text(inside.bytes);
  record.number(hash_of(inside.bytes));
  return record.bytes;
}

/// A file mapped for reading.
class Mapped {
 public:
  explicit Mapped(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (file >= 0 && ::fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
      size_ = static_cast<std::size_t>(status.st_size);
      data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    }
    if (file >= 0) ::close(file);
  }
  ~Mapped() {
    if (data_ != MAP_FAILED) ::munmap(data_, size_);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  bool good() const { return data_ != MAP_FAILED; }
  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  void* data_ = MAP_FAILED;
  std::size_t size_ = 0;
};

}  // namespace

class IndexFile {
 public:
  static bool write(const Index& index, WholeFile& file) {
    const Linkage& kept = *index.linkage_;
    Packed head;
    pack_spec(head, kept.spec());
    head.text(text_from_model(kept.model(), base::Language::en));
    for (const bool first : kept.left().months_first) head.number(first ? 1 : 0);
    bool good = file.add(magic) && section(file, head.bytes);
    for (const auto& dictionary : kept.dictionaries()) {
      Packed texts;
      for (std::size_t shard = 0; shard < Dictionary::shards; ++shard) {
        // Only those that rows or counts may name; others came with questions and additions.
        std::vector<std::string_view> found;
        dictionary->visit(shard, [&](std::uint32_t number, std::string_view text) {
          if (dictionary->place_of(number) < dictionary->size()) found.push_back(text);
        });
        Packed those;
        for (const std::string_view text : found) those.text(text);
        texts.text(those.bytes);
      }
      good = good && section(file, texts.bytes);
    }
    Packed keys;
    keys.number(kept.left().size);
    for (std::size_t row = 0; row < kept.left().size; ++row) keys.text(kept.left().key(row));
    good = good && section(file, keys.bytes) && section(file, bytes_of(kept.left().rows.span()));
    const Frequencies::State state = kept.frequencies().state();
    good = good && section(file, bytes_of(state.known));
    for (const auto& counts : state.counts) good = good && section(file, bytes_of(counts));
    for (const Person& person : index.added_) good = good && file.add(added_record(person));
    return good;
  }

  static base::Result<std::unique_ptr<Index>> read(const std::filesystem::path& path, unsigned threads) {
    const Mapped mapped(path);
    if (!mapped.good()) return base::fail(base::ErrorKind::input, "file_not_read", base::text("读不了文件 {}。", "Cannot read the file {}.", path.string()));
    Unpacked from(mapped.bytes());
    if (from.take(magic.size()) != magic) return base::fail(damaged(path));
    std::unique_ptr<Index> index(new Index);
    index->linkage_.reset(new Linkage);
    Linkage& kept = *index->linkage_;
    kept.settings_.threads = threads;
    if (!read_parts(from, kept)) return base::fail(damaged(path));
    index->make_ready();
    index->file_bytes_ = mapped.bytes().size();
    index->whole_bytes_ = index->file_bytes_ - from.left();
    while (!from.at_end()) {
      const std::string_view inside = from.text();
      const std::uint64_t hash = from.number();
      // Whoever wrote the last row may have been stopped within it.
      if (!from.good) break;
      Unpacked record(inside);
      Person person;
      person.key = record.text();
      for (std::uint64_t values = record.number(); values > 0 && record.good; --values) person.values.emplace_back(record.text());
      if (!record.good || !record.at_end() || hash_of(inside) != hash) return base::fail(damaged(path));
      TRY(index->add(person));
      index->whole_bytes_ = index->file_bytes_ - from.left();
    }
    return index;
  }

 private:
  static bool section(WholeFile& file, std::string_view bytes) {
    Packed head;
    head.number(bytes.size());
    head.number(hash_of(bytes));
    return file.add(head.bytes) && file.add(bytes);
  }
  static std::string_view section(Unpacked& from) {
    const std::uint64_t size = from.number(), hash = from.number();
    const std::string_view bytes = from.take(size);
    from.good = from.good && hash_of(bytes) == hash;
    return from.good ? bytes : std::string_view();
  }
  static bool read_parts(Unpacked& from, Linkage& kept) {
    Unpacked head(section(from));
    kept.spec_ = unpack_spec(head);
    if (!head.good || kept.spec_.fields.empty() || kept.spec_.keys.empty()) return false;
    const auto model = model_from_text(std::string(head.text()), "");
    if (!model || model->fields.size() != kept.spec_.fields.size()) return false;
    kept.model_ = *model;
    kept.layout_ = layout_of(kept.spec_);
    kept.left_ = std::make_unique<Records>();
    for (std::size_t field = 0; field < kept.spec_.fields.size(); ++field) kept.left_->months_first.push_back(head.number() != 0);
    for (std::size_t i = 0; i < kept.layout_.dictionaries && from.good; ++i) {
      Dictionary& dictionary = *kept.dictionaries_.emplace_back(std::make_unique<Dictionary>());
      Unpacked texts(section(from));
      std::array<std::string_view, Dictionary::shards> shards;
      for (std::string_view& shard : shards) shard = texts.text();
      if (!texts.good) return false;
      // Each shard in the order in which it was numbered, so that the numbers in the rows stay right.
      in_parallel(kept.settings_.threads, shards.size(), [&](std::size_t shard, unsigned) {
        Unpacked those(shards[shard]);
        while (those.good && !those.at_end()) dictionary.number_of(those.text());
      });
      dictionary.finish();
    }
    Unpacked keys(section(from));
    Records& records = *kept.left_;
    records.size = keys.number();
    records.lanes = kept.layout_.lanes;
    const std::string_view rows = section(from);
    if (!from.good || records.size > rows_max || rows.size() != records.size * records.lanes * sizeof(std::uint32_t)) return false;
    records.keys = Buffer<RowKey>(records.size);
    for (std::size_t row = 0; row < records.size; ++row) {
      const std::string_view key = keys.text();
      if (!keys.good) return false;
      records.keys[row] = RowKey::of(key.size() <= RowKey::inside ? key : records.key_texts->text(records.key_texts->number_of(key)));
    }
    records.rows = Buffer<std::uint32_t>(records.size * records.lanes);
    std::memcpy(records.rows.data(), rows.data(), rows.size());
    return read_counts(from, kept);
  }

  static bool read_counts(Unpacked& from, Linkage& kept) {
    const std::string_view known = section(from);
    if (!from.good || known.size() != 2 * kept.spec_.fields.size() * sizeof(std::uint64_t)) return false;
    Frequencies::State state;
    state.known.resize(2 * kept.spec_.fields.size());
    std::memcpy(state.known.data(), known.data(), known.size());
    std::vector<std::vector<std::uint32_t>> counts;
    for (std::size_t field = 0; field < kept.spec_.fields.size(); ++field) {
      const std::string_view bytes = section(from);
      if (!from.good) return false;
      counts.emplace_back(bytes.size() / sizeof(std::uint32_t));
      std::memcpy(counts.back().data(), bytes.data(), counts.back().size() * sizeof(std::uint32_t));
    }
    for (const auto& each : counts) state.counts.emplace_back(each);
    kept.frequencies_ = std::make_unique<Frequencies>(kept.layout_, kept.dictionaries_, state);
    kept.weights_ = std::make_unique<Weights>(kept.model_, kept.spec_, *kept.frequencies_);
    kept.hashes_ = std::make_unique<KeyHashes>(kept.spec_, kept.layout_, kept.dictionaries_, kept.settings_.threads);
    kept.comparison_ = std::make_unique<Comparison>(kept.spec_, kept.layout_, kept.dictionaries_);
    return true;
  }
};

base::Done Index::save(const std::filesystem::path& path, const base::Cancel& cancel) const {
  try {
    WholeFile file(path);
    const bool good = IndexFile::write(*this, file);
    return file.finish(good, cancel);
  } catch (const std::bad_alloc&) {
    return base::fail(out_of_memory());
  }
}

base::Result<std::unique_ptr<Index>> Index::open(const std::filesystem::path& path, unsigned threads) {
  try {
    return IndexFile::read(path, threads);
  } catch (const std::bad_alloc&) {
    return base::fail(out_of_memory());
  }
}

base::Done Index::add_to_file(const std::filesystem::path& path, std::span<const Person> people) {
  std::string records;
  for (const Person& person : people) {
    TRY(packed_lanes(person));
    records += added_record(person);
  }
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  struct stat now {};
  if (file < 0 || ::flock(file, LOCK_EX) != 0 || ::fstat(file, &now) != 0 || static_cast<std::size_t>(now.st_size) != file_bytes_) {
    if (file >= 0) ::close(file);
    return base::fail(base::ErrorKind::stale, "index_changed", base::text("索引 {} 打开之后被别人改过。", "The index {} was changed by somebody else after it was opened.", path.string()),
                      base::text("请重新打开再添加。", "Open it again, then add."));
  }
  bool good = true;
  std::size_t place = whole_bytes_;
  for (std::string_view rest = records; good && !rest.empty();) {
    const ssize_t written = ::pwrite(file, rest.data(), rest.size(), static_cast<off_t>(place));
    good = written > 0;
    if (good) rest.remove_prefix(static_cast<std::size_t>(written));
    if (good) place += static_cast<std::size_t>(written);
  }
  good = good && ::fsync(file) == 0;
  if (!good) place = whole_bytes_;
  // What is behind the last whole row goes: a part of one that somebody, or a full disk, left there.
  const bool cut = ::ftruncate(file, static_cast<off_t>(place)) == 0;
  ::close(file);
  if (!good || !cut) return base::fail(base::ErrorKind::input, "file_not_written", base::text("写不了文件 {}。", "Cannot write the file {}.", path.string()));
  file_bytes_ = whole_bytes_ = place;
  for (const Person& person : people) TRY(add(person));
  return {};
}

}  // namespace yihu::link

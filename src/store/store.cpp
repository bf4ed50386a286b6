#include "store/store.h"

#include "store/anchor.h"
#include "store/connected_session.h"
#include "store/file_store.h"
#include "store/file_text.h"
#include "store/folder_lock.h"
#include "store/key_file.h"
#include "store/reader_pool.h"
#include "store/secret.h"
#include "store/writer.h"

#include <sodium.h>

#include <cassert>
#include <cstdlib>
#include <future>

namespace yihu::store {
namespace {

using base::ErrorKind;
using base::Result;
namespace filesystem = std::filesystem;

constexpr const char* meta_value = "SELECT value FROM meta WHERE name = :name";
constexpr const char* meta_insert = "INSERT INTO meta (name, value) VALUES (:name, :value)";
constexpr const char* any_meta = "SELECT name FROM meta LIMIT 1";
constexpr const char* text_order =
    "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()";

/// What a store was made as, and what of it only this run knows.
struct Identity {
  Algorithms algorithms = Algorithms::international;
  Key key{};
};

Result<std::string> meta(Connection& connection, std::string_view name) {
  const auto rows = TRY(connection.query(meta_value, {{"name", name}}));
  if (rows.empty()) {
    return base::fail(ErrorKind::unavailable, "meta_missing",
                      base::text("数据库缺少自身的说明（{}），已被改动或损坏。",
                                 "The store lacks its own description ({}): it was altered or damaged.", name),
                      base::text("请从备份恢复。", "Restore it from a backup."));
  }
  return rows.front().text(0);
}

/// Proves that a key is this store's without saying anything about it.
std::string key_proof(Algorithms algorithms, const Key& key) {
  return hex(derived_key(algorithms, key, "proof"));
}

base::Done describe_new(Connection& connection, const Options& options, const Key& key) {
  const auto id = base::new_uuid();
  const auto head = first_hash(id, options.algorithms);
  const std::pair<const char*, std::string> values[] = {
      {"store_id", id},
      {"algorithms", std::string(to_string(options.algorithms))},
      {"made_at", base::to_string(options.clock->now())},
      {"key_proof", key_proof(options.algorithms, key)},
      {"journal_head", fmt::format("{} {}", 0, head)},
  };
  TRY(connection.begin(Access::write));
  for (const auto& [name, value] : values) TRY(connection.execute(meta_insert, {{"name", name}, {"value", value}}));
  return connection.commit();
}

Result<Identity> identity(Connection& connection, const Options& options) {
  const bool fresh = TRY(connection.query(any_meta)).empty();
  Identity found;
  found.key = TRY(key_from_file(options.folder / "key", fresh && !options.read_only));
  if (fresh) TRY(describe_new(connection, options, found.key));
  const auto name = TRY(meta(connection, "algorithms"));
  found.algorithms = TRY(algorithms_from(name));
  if (TRY(meta(connection, "key_proof")) != key_proof(found.algorithms, found.key)) {
    return base::fail(ErrorKind::unavailable, "key_of_another_store",
                      base::text("密钥文件 {} 不是这个数据库的。", "The key file {} belongs to another store.",
                                 (options.folder / "key").string()),
                      base::text("请放回这个数据库的密钥文件。", "Put this store's key file back."));
  }
  return found;
}

base::Done check_text_order(Connection& connection) {
  if (connection.engine() == Engine::sqlite) return {};
  const auto rows = TRY(connection.query(text_order));
  const auto& collation = rows.front().text(1);
  if (rows.front().text(0) == "UTF8" && (collation == "C" || collation == "POSIX" || collation == "C.UTF-8")) return {};
  return base::fail(ErrorKind::input, "database_order",
                    base::text("这个 PostgreSQL 数据库的编码或排序规则不合适，需要 UTF8 和 C。",
                               "This PostgreSQL database has the wrong encoding or order of text; it must be UTF8 and C."),
                    base::text("请用 createdb --template=template0 --encoding=UTF8 --locale=C 新建数据库。",
                               "Make one with createdb --template=template0 --encoding=UTF8 --locale=C."));
}

base::Done make_folder(const filesystem::path& folder) {
  std::error_code failed;
  if (filesystem::is_directory(folder, failed)) return {};
  filesystem::create_directories(folder, failed);
  if (failed) return base::fail(file_error(folder, failed.value()));
  filesystem::permissions(folder, filesystem::perms::owner_all, failed);
  return {};
}

class LiveStore final : public Store {
 public:
  LiveStore(Options options, Location location, std::optional<FolderLock> lock, const Identity& identity)
      : options_(std::move(options)), lock_(std::move(lock)), algorithms_(identity.algorithms),
        readers_(std::move(location), options_.readers_max), secrets_(identity.algorithms, identity.key),
        files_(options_.folder / "files", identity.algorithms) {}

  void start(Writer::Parts parts, Head head) { writer_ = std::make_unique<Writer>(std::move(parts), std::move(head)); }

  base::Done read(const std::function<base::Done(Session&)>& read) override { return readers_.read(read); }

  void write(Act act, Write write, std::function<void(Result<Answer>)> done) override {
    if (!writer_) {
      done(base::fail(ErrorKind::denied, "store_read_only",
                      base::text("数据库以只读方式打开。", "The store was opened for reading only.")));
      return;
    }
    if (around_) write = around_(std::move(write));
    writer_->submit(std::move(act), std::move(write), std::move(done));
  }
  void around_writes(std::function<Write(Write)> wrap) override { around_ = std::move(wrap); }

  void on_commit(std::function<void(const Committed&)> tell) override {
    if (writer_) writer_->on_commit(std::move(tell));
  }
  bool on_writers_thread() const override { return writer_ && writer_->is_this_thread(); }
  const Secrets& secrets() const override { return secrets_; }
  FileStore& files() override { return files_; }
  Algorithms algorithms() const override { return algorithms_; }
  const base::Clock& clock() const override { return *options_.clock; }
  const filesystem::path& folder() const override { return options_.folder; }

 private:
  Options options_;
  std::optional<FolderLock> lock_;
  Algorithms algorithms_;
  ReaderPool readers_;
  Secrets secrets_;
  FileStore files_;
  std::function<Write(Write)> around_;
  std::unique_ptr<Writer> writer_;  // last: it finishes its work before the rest goes
};

/// An anchor that does not fit the journal is evidence and must not be overwritten.
bool anchor_fits(Connection& connection, const filesystem::path& file, const Identity& identity, const Key& key) {
  const auto anchor = read_anchor(file, identity.algorithms, key);
  if (!anchor) return false;
  if (!*anchor || (*anchor)->head.sequence == 0) return true;
  ConnectedSession session(connection);
  const auto entries = entries_after(session, (*anchor)->head.sequence - 1, 1);
  return entries && !entries->empty() && entries->front().sequence == (*anchor)->head.sequence &&
         entries->front().hash == (*anchor)->head.hash;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(Options options) {
  assert(options.clock != nullptr);
  if (sodium_init() < 0) std::abort();
  const Location location{options.folder / "yihu.db", options.url};
  std::optional<FolderLock> lock;
  if (!options.read_only) {
    TRY(make_folder(options.folder));
    lock.emplace(TRY(FolderLock::take(options.folder)));
  } else if (std::error_code none; location.engine() == Engine::sqlite && !filesystem::exists(location.file, none)) {
    return base::fail(ErrorKind::input, "store_missing",
                      base::text("{} 里没有数据库。", "There is no store in {}.", options.folder.string()),
                      base::text("请用 --data 指出数据目录。", "Name the data folder with --data."));
  }
  auto connection = TRY(Connection::open(location, options.read_only ? Access::read : Access::write));
  TRY(check_text_order(*connection));
  if (options.read_only) {
    TRY(check_steps(*connection));
  } else {
    TRY(take_server_lock(*connection));
    TRY(migrate(*connection, options.migrations, options.clock->now()));
  }
  const auto known = TRY(identity(*connection, options));
  auto store = std::make_unique<LiveStore>(options, location, std::move(lock), known);
  if (options.read_only) return std::unique_ptr<Store>(std::move(store));

  ConnectedSession session(*connection);
  auto head = TRY(recorded_head(session));
  Writer::Parts parts;
  parts.location = location;
  parts.clock = options.clock;
  parts.algorithms = known.algorithms;
  parts.anchor_file = options.folder / anchor_name;
  parts.anchor_key = store->secrets().key_for(anchor_name);
  parts.anchor_trusted = anchor_fits(*connection, parts.anchor_file, known, parts.anchor_key);
  parts.connection = std::move(connection);
  store->start(std::move(parts), std::move(head));
  return std::unique_ptr<Store>(std::move(store));
}

Result<Answer> Store::write(Act act, Write wanted) {
  assert(!on_writers_thread() && "waiting for oneself");
  // Shared: the writer's thread may still be leaving `set_value` when the waiting one has gone on.
  const auto answer = std::make_shared<std::promise<Result<Answer>>>();
  auto given = answer->get_future();
  write(std::move(act), std::move(wanted), [answer](Result<Answer> result) { answer->set_value(std::move(result)); });
  return given.get();
}

Result<std::optional<Answer>> Store::answered(std::string_view actor, std::string_view operation) {
  static constexpr Sql operation_answer(
      "SELECT answer FROM operation WHERE actor = :actor AND operation = :operation");
  std::optional<Answer> answer;
  const auto done = read([&](Session& session) -> base::Done {
    const auto row = TRY(session.find(operation_answer, {{"actor", actor}, {"operation", operation}}));
    if (row) answer = row->text(0);
    return {};
  });
  if (!done) return base::fail(done.error());
  return answer;
}

}  // namespace yihu::store

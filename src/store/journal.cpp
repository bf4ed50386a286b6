#include "store/journal.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace yihu::store {
namespace {

using base::ErrorKind;
using base::Result;

// One text for each way in, so that each can use its index; what is left is tested row by row.
constexpr Sql journal_by_time =
    "SELECT sequence, at, actor, request, operation, action, subject_kind, subject, before, after, previous, hash"
    " FROM journal WHERE sequence < :older_than"
    " AND (:action IS NULL OR action = :action) AND (:subject_kind IS NULL OR subject_kind = :subject_kind)"
    " AND at >= :from AND at < :until"
    " ORDER BY sequence DESC LIMIT :limit";
constexpr Sql journal_by_actor =
    "SELECT sequence, at, actor, request, operation, action, subject_kind, subject, before, after, previous, hash"
    " FROM journal WHERE actor = :actor AND sequence < :older_than"
    " AND (:action IS NULL OR action = :action) AND (:subject_kind IS NULL OR subject_kind = :subject_kind)"
    " AND at >= :from AND at < :until"
    " ORDER BY sequence DESC LIMIT :limit";
constexpr Sql journal_by_subject =
    "SELECT sequence, at, actor, request, operation, action, subject_kind, subject, before, after, previous, hash"
    " FROM journal WHERE subject = :subject AND sequence < :older_than"
    " AND (:actor IS NULL OR actor = :actor)"
    " AND (:action IS NULL OR action = :action) AND (:subject_kind IS NULL OR subject_kind = :subject_kind)"
    " AND at >= :from AND at < :until"
    " ORDER BY sequence DESC LIMIT :limit";
constexpr Sql journal_by_request =
    "SELECT sequence, at, actor, request, operation, action, subject_kind, subject, before, after, previous, hash"
    " FROM journal WHERE request = :request AND sequence < :older_than"
    " AND (:actor IS NULL OR actor = :actor) AND (:subject IS NULL OR subject = :subject)"
    " AND (:action IS NULL OR action = :action) AND (:subject_kind IS NULL OR subject_kind = :subject_kind)"
    " AND at >= :from AND at < :until"
    " ORDER BY sequence DESC LIMIT :limit";
constexpr Sql journal_after =
    "SELECT sequence, at, actor, request, operation, action, subject_kind, subject, before, after, previous, hash"
    " FROM journal WHERE sequence > :sequence ORDER BY sequence LIMIT :limit";
constexpr Sql head_recorded = "SELECT value FROM meta WHERE name = 'journal_head'";

constexpr int page_max = 1000;

std::vector<Entry> entries_from_rows(std::vector<Row> rows) {
  std::vector<Entry> entries;
  entries.reserve(rows.size());
  for (const auto& row : rows) {
    entries.push_back({row.integer(0), row.instant(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6),
                       row.text(7), row.text(8), row.text(9), row.text(10), row.text(11)});
  }
  return entries;
}

Value given(const std::string& text) { return text.empty() ? Value(nullptr) : Value(text); }

}  // namespace

std::string hash_of(const Entry& entry, Algorithms algorithms) {
  Digest digest(algorithms);
  digest.add_field("yihu-journal-1");
  digest.add_field(std::to_string(entry.sequence));
  digest.add_field(std::to_string(entry.at.microseconds));
  for (const auto* field : {&entry.actor, &entry.request, &entry.operation, &entry.action, &entry.subject_kind,
                            &entry.subject, &entry.before, &entry.after, &entry.previous}) {
    digest.add_field(*field);
  }
  return hex(digest.finish());
}

std::string first_hash(std::string_view store_id, Algorithms algorithms) {
  Digest digest(algorithms);
  digest.add_field("yihu-store-1");
  digest.add_field(store_id);
  return hex(digest.finish());
}

Result<std::vector<Entry>> read_journal(Session& session, const JournalFilter& filter) {
  constexpr auto latest = std::numeric_limits<std::int64_t>::max();
  Parameters parameters = {
      {"older_than", filter.older_than.value_or(latest)},
      {"action", given(filter.action)},
      {"subject_kind", given(filter.subject_kind)},
      {"from", filter.from ? filter.from->microseconds : std::numeric_limits<std::int64_t>::min()},
      {"until", filter.until ? filter.until->microseconds : latest},
      {"limit", std::clamp(filter.limit, 1, page_max)},
  };
  if (!filter.request.empty()) {
    parameters.push_back({"request", filter.request});
    parameters.push_back({"actor", given(filter.actor)});
    parameters.push_back({"subject", given(filter.subject)});
    return entries_from_rows(TRY(session.query(journal_by_request, parameters)));
  }
  if (!filter.subject.empty()) {
    parameters.push_back({"subject", filter.subject});
    parameters.push_back({"actor", given(filter.actor)});
    return entries_from_rows(TRY(session.query(journal_by_subject, parameters)));
  }
  if (!filter.actor.empty()) {
    parameters.push_back({"actor", filter.actor});
    return entries_from_rows(TRY(session.query(journal_by_actor, parameters)));
  }
  return entries_from_rows(TRY(session.query(journal_by_time, parameters)));
}

Result<std::vector<Entry>> entries_after(Session& session, std::int64_t sequence, int limit) {
  return entries_from_rows(TRY(session.query(journal_after, {{"sequence", sequence}, {"limit", limit}})));
}

Result<Head> recorded_head(Session& session) {
  const auto row = TRY(session.find(head_recorded));
  Head head;
  if (row) {
    const auto& text = row->text(0);
    const auto read = std::from_chars(text.data(), text.data() + text.size(), head.sequence);
    if (read.ec == std::errc() && read.ptr != text.data() + text.size() && *read.ptr == ' ') {
      head.hash.assign(read.ptr + 1, text.data() + text.size());
    }
  }
  if (head.hash.size() != 2 * hash_size_bytes) {
    return base::fail(ErrorKind::unavailable, "journal_head_missing",
                      base::text("数据库中没有可读的日志尾记录，数据库已被改动或损坏。",
                                 "The store has no readable record of the journal's head: it was altered or damaged."),
                      base::text("请从备份恢复。", "Restore it from a backup."));
  }
  return head;
}

}  // namespace yihu::store

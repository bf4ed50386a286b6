#include "store/verification.h"

#include "store/secret.h"

#include <algorithm>
#include <charconv>

namespace yihu::store {
namespace {

using base::ErrorKind;
using base::Result;
using base::text;

constexpr Sql store_id_stored = "SELECT value FROM meta WHERE name = 'store_id'";
constexpr Sql last_sequence = "SELECT coalesce(max(sequence), 0) FROM journal";
constexpr int page_entries = 2000;

/// What the store says of its journal, in one snapshot.
struct Recorded {
  Head head;
  std::string first;
  std::int64_t last = 0;
};

Result<Recorded> recorded_in(Store& store) {
  Recorded recorded;
  const auto read = store.read([&](Session& session) -> base::Done {
    recorded.head = TRY(recorded_head(session));
    const auto id = TRY(session.find(store_id_stored));
    recorded.first = first_hash(id ? id->text(0) : std::string(), store.algorithms());
    recorded.last = TRY(session.find(last_sequence))->integer(0);
    return {};
  });
  TRY(read);
  return recorded;
}

void mark_broken(Verification& found, std::int64_t at, base::Text why) {
  found.whole = false;
  found.broken_at = at;
  found.why = std::move(why);
}

/// One step along the chain; marks and returns false where it does not hold.
bool follows(Verification& found, const Entry& entry, Algorithms algorithms) {
  const auto expected = found.head.sequence + 1;
  if (entry.sequence != expected) {
    mark_broken(found, expected,
                text("缺少第 {} 至 {} 条，已被删除。", "Entries {} to {} are missing: they were removed.", expected,
                     entry.sequence - 1));
  } else if (hash_of(entry, algorithms) != entry.hash) {
    mark_broken(found, entry.sequence,
                text("第 {} 条的内容与它的哈希不符，已被改动。", "The content of entry {} does not fit its hash: it was altered.",
                     entry.sequence));
  } else if (entry.previous != found.head.hash) {
    mark_broken(found, entry.sequence,
                text("第 {} 条与前一条接不上：这一条或前一条已被替换。",
                     "Entry {} does not follow on from the one before: one of the two was replaced.", entry.sequence));
  } else {
    found.head = {entry.sequence, entry.hash};
    ++found.entries;
    return true;
  }
  return false;
}

/// A head that was once seen must still lie on the chain.
struct Sighting {
  std::optional<Head> head;
  base::Text who;

  /// `confirmed` is the last entry that some sighting vouches for.
  bool holds(Verification& found, std::int64_t& confirmed) const {
    if (!head || head->sequence != found.head.sequence) return true;
    if (head->hash == found.head.hash) {
      confirmed = head->sequence;
      return true;
    }
    // A chain written anew hangs together by itself: where it parts from the old one, it does not show.
    mark_broken(found, confirmed + 1,
                {fmt::format("第 {} 条与{}记下的哈希不符：第 {} 至 {} 条之间被改写过。", head->sequence, who.zh, confirmed + 1,
                             head->sequence),
                 fmt::format("Entry {} does not have the hash that {} noted: something from entry {} to {} was rewritten.",
                             head->sequence, who.en, confirmed + 1, head->sequence)});
    found.entries = confirmed;
    return false;
  }
  void check_reached(Verification& found) const {
    if (!found.whole || !head || head->sequence <= found.head.sequence) return;
    mark_broken(found, found.head.sequence + 1,
                {fmt::format("{}记下过 {} 条，现在只有 {} 条：末尾的日志已被删除，或放回了旧的数据库。", who.zh, head->sequence,
                             found.head.sequence),
                 fmt::format("{} once noted {} entries and now there are {}: the last ones were removed, or an older "
                             "database was put back.", who.en, head->sequence, found.head.sequence)});
  }
};

Sighting anchor_sighting(Store& store, Verification& found) {
  const auto anchor = read_anchor(store.folder() / anchor_name, store.algorithms(), store.secrets().key_for(anchor_name));
  Sighting sighting{std::nullopt, {"锚文件", "the anchor file"}};
  if (!anchor) {
    mark_broken(found, 1, anchor.error().text);
  } else if (*anchor) {
    found.anchor = **anchor;
    sighting.head = (*anchor)->head;
  } else {
    found.anchor_missing = true;
  }
  return sighting;
}

Result<std::vector<Entry>> page_after(Store& store, std::int64_t sequence) {
  std::vector<Entry> entries;
  const auto read = store.read([&](Session& session) -> base::Done {
    entries = TRY(entries_after(session, sequence, page_entries));
    return {};
  });
  TRY(read);
  return entries;
}

void check_end(Verification& found, const Recorded& recorded) {
  if (!found.whole) return;
  if (found.head.sequence < recorded.head.sequence) {
    mark_broken(found, found.head.sequence + 1,
                text("数据库记着有 {} 条日志，现在只有 {} 条：末尾的日志已被删除。",
                     "The store recorded {} entries and now there are {}: the last ones were removed.",
                     recorded.head.sequence, found.head.sequence));
  } else if (recorded.last > recorded.head.sequence) {
    mark_broken(found, recorded.head.sequence + 1,
                text("第 {} 条不是本程序写入的：数据库只记到第 {} 条。",
                     "Entry {} was not written by this program: the store recorded no more than {}.",
                     recorded.head.sequence + 1, recorded.head.sequence));
  } else if (found.head.hash != recorded.head.hash) {
    mark_broken(found, recorded.head.sequence,
                text("最后一条（第 {} 条）与数据库记下的哈希不符，已被替换。",
                     "The last entry ({}) does not have the hash that the store recorded: it was replaced.",
                     recorded.head.sequence));
  }
}

}  // namespace

Result<Verification> verify_journal(Store& store, const std::optional<Head>& witness, const base::Progress& progress,
                                    const base::Cancel& cancel) {
  Verification found;
  // The anchor first: a journal that grows meanwhile is then never shorter than its anchor.
  const auto anchored = anchor_sighting(store, found);
  if (!found.whole) return found;
  const auto recorded = TRY(recorded_in(store));
  const Sighting witnessed{witness, {"您", "you"}};
  found.head = {0, recorded.first};
  std::int64_t confirmed = 0;
  while (found.whole && found.head.sequence < recorded.head.sequence) {
    if (cancel.asked()) {
      return base::fail(ErrorKind::cancelled, "cancelled", text("已停止核对。", "The verification was stopped."));
    }
    const auto entries = TRY(page_after(store, found.head.sequence));
    if (entries.empty()) break;
    for (const auto& entry : entries) {
      if (found.head.sequence == recorded.head.sequence) break;
      if (!follows(found, entry, store.algorithms())) break;
      if (!anchored.holds(found, confirmed) || !witnessed.holds(found, confirmed)) break;
    }
    if (progress) progress(found.head.sequence, recorded.head.sequence);
  }
  check_end(found, recorded);
  anchored.check_reached(found);
  witnessed.check_reached(found);
  found.entries_after_anchor = found.head.sequence - (found.anchor ? found.anchor->head.sequence : 0);
  return found;
}

Result<Head> head_from(std::string_view given) {
  Head head;
  const auto colon = given.find(':');
  const auto number = given.substr(0, colon);
  const auto read = std::from_chars(number.data(), number.data() + number.size(), head.sequence);
  if (colon != std::string_view::npos) head.hash = given.substr(colon + 1);
  const auto digit = [](char letter) { return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f'); };
  if (read.ec != std::errc() || read.ptr != number.data() + number.size() || head.sequence < 1 ||
      head.hash.size() != 2 * hash_size_bytes || !std::ranges::all_of(head.hash, digit)) {
    return base::fail(ErrorKind::input, "head_unreadable",
                      text("末条应写成“序号:哈希”。", "A head is written as number:hash."),
                      text("请照抄 yihu verify 先前输出的末条。", "Copy the one that `yihu verify` printed earlier."));
  }
  return head;
}

std::string to_string(const Head& head) { return fmt::format("{}:{}", head.sequence, head.hash); }

}  // namespace yihu::store

// `yihu verify`: is the journal whole, where does it break, and do the kept files still hold what they held.

#include "app/command.h"
#include "app/office.h"
#include "store/file_store.h"
#include "store/verification.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

namespace yihu::app {
namespace {

struct Wanted {
  std::string url;
  std::string expected;
};

struct Found {
  store::Verification journal;
  store::FileCheck files;
  bool whole() const { return journal.whole && files.damaged.empty(); }
};

/// A counter on a terminal; nothing where the output is kept.
base::Progress counter(const base::Text& what, const Common& common) {
  if (isatty(STDERR_FILENO) == 0) return {};
  return [what = what.in(common.language)](std::int64_t done, std::int64_t total) {
    std::fprintf(stderr, "\r%s %lld / %lld%s", what.c_str(), static_cast<long long>(done), static_cast<long long>(total),
                 done == total ? "\n" : "");
  };
}

/// The office's store; or the one named, where the folder's own description is lost.
base::Result<Office> opened(const Wanted& wanted, const Common& common) {
  if (wanted.url.empty()) return open_office(common.data, OpenFor::looking);
  Office office;
  office.clock = std::make_unique<base::SystemClock>();
  store::Options options;
  options.folder = common.data;
  options.url = wanted.url;
  options.clock = office.clock.get();
  options.read_only = true;
  office.store = TRY(store::Store::open(options));
  return office;
}

base::Result<Found> verify(const Wanted& wanted, const Common& common) {
  std::optional<store::Head> witness;
  if (!wanted.expected.empty()) witness = TRY(store::head_from(wanted.expected));
  const auto office = TRY(opened(wanted, common));
  Found found;
  found.journal = TRY(store::verify_journal(*office.store, witness, counter({"日志", "entries"}, common), common.cancel));
  found.files = TRY(office.store->files().check_all(counter({"文件", "files"}, common), common.cancel));
  return found;
}

base::Text about_anchor(const store::Verification& journal) {
  if (journal.anchor_missing) {
    return base::text("没有锚文件：末尾的日志若被连同记录一起删去，单凭数据库看不出来。",
                      "There is no anchor file: last entries removed together with their record would not show.");
  }
  auto proved = base::text("锚文件写于 {0}，证明到第 {1} 条为止没有删改。",
                           "The anchor file of {0} proves that nothing was removed or altered up to entry {1}.",
                           base::to_string(journal.anchor->at), journal.anchor->head.sequence);
  if (journal.entries_after_anchor == 0) return proved;
  const auto after = base::text("其后 {} 条只由哈希相连。", " The {} after it hang together by their hashes alone.",
                                journal.entries_after_anchor);
  return {proved.zh + after.zh, proved.en + after.en};
}

void print_text(const Found& found, const Common& common) {
  const auto& journal = found.journal;
  const auto say = [&](const base::Text& text) { fmt::print("{}\n", text.in(common.language)); };
  if (journal.whole) {
    say(base::text("日志完整，共 {} 条。", "The journal is whole: {} entries.", journal.entries));
    say(base::text("末条：{}", "Head: {}", store::to_string(journal.head)));
    say(about_anchor(journal));
  } else {
    say(base::text("日志从第 {} 条起不可信。{}", "The journal cannot be trusted from entry {} on. {}", journal.broken_at,
                   journal.why.in(common.language)));
    say(base::text("此前 {} 条完整。", "The {} entries before it are whole.", journal.entries));
  }
  say(base::text("保存的文件 {} 个，损坏 {} 个。", "Files kept: {}, damaged: {}.", found.files.files,
                 found.files.damaged.size()));
  for (const auto& hash : found.files.damaged) fmt::print("  {}\n", hash);
}

void print_json(const Found& found) {
  const auto& journal = found.journal;
  boost::json::object out{{"whole", found.whole()}, {"entries", journal.entries}};
  out["head"] = boost::json::object{{"sequence", journal.head.sequence}, {"hash", journal.head.hash}};
  out["broken_at"] = nullptr;
  out["why"] = nullptr;
  if (!journal.whole) {
    out["broken_at"] = journal.broken_at;
    out["why"] = boost::json::object{{"zh", journal.why.zh}, {"en", journal.why.en}};
  }
  out["anchor"] = nullptr;
  if (journal.anchor) {
    out["anchor"] = boost::json::object{{"sequence", journal.anchor->head.sequence},
                                        {"hash", journal.anchor->head.hash},
                                        {"at", base::to_string(journal.anchor->at)}};
  }
  boost::json::array damaged(found.files.damaged.begin(), found.files.damaged.end());
  out["files"] = boost::json::object{{"count", found.files.files}, {"damaged", std::move(damaged)}};
  fmt::print("{}\n", boost::json::serialize(out));
}

}  // namespace

void add_verify_command(CLI::App& program, Common& common, Chosen& chosen) {
  const bool english = common.language == base::Language::en;
  auto* command = program.add_subcommand(
      "verify", english ? "prove that the journal and the files are whole" : "核对日志和文件是否完整");
  auto wanted = std::make_shared<Wanted>();
  command->add_option("--store", wanted->url,
                      english ? "postgresql://… when the folder does not say it" : "文件夹里没有记下时，数据库的 postgresql://… 地址")
      ->type_name("URL");
  command->add_option("--expect", wanted->expected,
                      english ? "a head noted earlier (number:hash) that must still be there"
                              : "先前抄下的末条（序号:哈希），核对它仍在日志中")
      ->type_name(english ? "HEAD" : "末条");
  command->callback([&common, &chosen, wanted] {
    chosen.run = [&common, wanted] {
      const auto found = verify(*wanted, common);
      if (!found) return report(found.error(), common);
      if (common.json) {
        print_json(*found);
      } else {
        print_text(*found, common);
      }
      return found->whole() ? Exit::done : Exit::input_wrong;
    };
  });
}

}  // namespace yihu::app

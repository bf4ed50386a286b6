#include "compare/intake.h"

#include "compare/matching.h"
#include "compare/pair.h"
#include "compare/intake_record.h"
#include "ledger/delivery.h"
#include "store/digest.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace yihu::compare {
namespace {

using base::ErrorKind;
using base::Result;
using store::Sql;

/// Rows in one transaction, so that no other write waits long.
constexpr std::size_t chunk_rows = 500;

constexpr Sql insert_match =
    "INSERT INTO roster_match (roster, period, run, row_hash, person, village, how, content)"
    " VALUES (:roster, :period, :run, :row_hash, :person, :village, :how, :content)";
// A later delivery of the same places takes the earlier one's place; other places' rows stay.
constexpr Sql replace_matches =
    "DELETE FROM roster_match WHERE roster = :roster AND period = :period AND run <> :run AND village >= :low AND village < :high";
constexpr Sql replace_people =
    "DELETE FROM roster_match WHERE roster = :roster AND period = :period AND run <> :run"
    " AND person IN (SELECT person FROM roster_match WHERE run = :run)";
constexpr Sql drop_matches = "DELETE FROM roster_match WHERE run = :run";
constexpr Sql waiting_gone =
    "DELETE FROM roster_pair WHERE roster = :roster AND period = :period AND run <> :run AND decision IS NULL AND village >= :low AND village < :high";

struct Sorted {
  std::vector<std::pair<std::size_t, std::size_t>> matched;   ///< row, person
  std::set<std::size_t> confirmed;                            ///< rows matched by a decision
  std::vector<NewPair> pairs;
  std::vector<std::size_t> strangers;
};

class Carrying {
 public:
  Carrying(const Work& work, Run run, const pack::Roster& roster)
      : work_(work), run_(std::move(run)), roster_(roster), secrets_(work.store.secrets()),
        act_{"system:compare", base::RequestId::make(), ""} {}

  Result<Run> all(std::string_view bytes) {
    auto done = steps(bytes);
    if (done) return run_;
    run_.state = done.error().kind == ErrorKind::cancelled ? RunState::cancelled : RunState::failed;
    run_.summary.mistakes.push_back(base::describe(done.error(), work_.language));
    TRY(write([&](store::Transaction& transaction) -> base::Done {
      TRY(transaction.execute(drop_matches, {{"run", run_.id}}));
      return update_run(transaction, run_);
    }));
    return base::fail(std::move(done).error());
  }

 private:
  void step(std::string_view name, std::int64_t done = 0, std::int64_t total = 0) const {
    if (work_.progress) work_.progress(name, done, total);
  }
  base::Done stopped() const {
    if (!work_.cancel.asked()) return {};
    return base::fail(ErrorKind::cancelled, "cancelled", base::text("已取消，没有留下任何内容。", "Cancelled; nothing of it stays."));
  }
  base::Done write(const std::function<base::Done(store::Transaction&)>& change) const {
    TRY(work_.store.write(act_, [&](store::Transaction& transaction) -> Result<store::Answer> {
      TRY(change(transaction));
      return store::Answer();
    }));
    return {};
  }

  base::Done steps(std::string_view bytes) {
    today_ = work_.store.clock().today();
    RosterFile file;
    RegisterPeople people;
    std::vector<RowMatch> matches;
    TRY(work_.store.read([&](store::Session& session) -> base::Done {
      step("read");
      file = TRY(read_roster(work_.rosters, roster_, bytes, run_.file_name, session, work_.cancel,
                             [&](std::int64_t done, std::int64_t total) { step("read", done, total); }));
      step("register");
      people = TRY(register_people(session, secrets_, work_.rosters, roster_, today_, work_.cancel));
      return {};
    }));
    run_.summary.rows = static_cast<std::int64_t>(file.rows.size());
    run_.summary.wrong_cells = file.wrong_cells;
    run_.summary.numbers_read = people.numbers_read;
    run_.summary.unauthorised = people.unauthorised;
    for (const base::Error& mistake : file.mistakes) run_.summary.mistakes.push_back(base::describe(mistake, work_.language));
    step("link");
    matches = TRY(match_rows(people, file.rows, work_.cancel, [&](std::int64_t done, std::int64_t total) { step("link", done, total); }));
    TRY(stopped());
    const Sorted sorted = TRY(sort(file, people, matches));
    TRY(write_matches(file, people, sorted));
    TRY(stopped());
    return finish(file, people, sorted);
  }

  Result<Sorted> sort(const RosterFile& file, const RegisterPeople& people, const std::vector<RowMatch>& matches) {
    Sorted out;
    Decisions decisions;
    TRY(work_.store.read([&](store::Session& session) -> base::Done {
      decisions = TRY(read_decisions(session));
      return {};
    }));
    for (std::size_t i = 0; i < matches.size(); ++i) {
      if (matches[i].sure) {
        out.matched.emplace_back(i, matches[i].sure->person);
        continue;
      }
      const std::string hash = row_hash(secrets_, file.rows[i].who);
      bool waits = false;
      std::optional<std::size_t> same;
      for (const MatchedPair& pair : matches[i].doubtful) {
        const RegisterPerson& person = people.people[pair.person];
        const std::string basis = pair_basis(secrets_, file.rows[i].who, person.who);
        const Decision* known = decisions.find(hash, person.id);
        if (known != nullptr && known->basis == basis && known->decision == "same") same = pair.person;
        if (known != nullptr && known->basis == basis && (known->decision == "same" || known->decision == "different")) {
          ++run_.summary.remembered;
          continue;
        }
        const bool undone = known != nullptr && known->basis != basis && !known->decision.empty();
        if (undone) ++run_.summary.undone;
        out.pairs.push_back({known == nullptr ? "" : known->id, i, pair, hash, basis, undone});
        waits = true;
      }
      if (same) {
        std::erase_if(out.pairs, [&](const NewPair& pair) { return pair.row == i; });
        out.matched.emplace_back(i, *same);
        out.confirmed.insert(i);
      } else if (waits) {
        ++run_.summary.doubtful;
      } else {
        out.strangers.push_back(i);
      }
    }
    run_.summary.matched = static_cast<std::int64_t>(out.matched.size());
    return out;
  }

  base::Done write_matches(const RosterFile& file, const RegisterPeople& people, const Sorted& sorted) {
    std::map<std::string, int> seen;
    for (std::size_t begin = 0; begin < sorted.matched.size(); begin += chunk_rows) {
      TRY(stopped());
      step("write", static_cast<std::int64_t>(begin), static_cast<std::int64_t>(sorted.matched.size()));
      const std::size_t end = std::min(begin + chunk_rows, sorted.matched.size());
      TRY(write([&](store::Transaction& transaction) -> base::Done {
        for (std::size_t i = begin; i < end; ++i) {
          const auto& [row, person] = sorted.matched[i];
          const RegisterPerson& of = people.people[person];
          // The same row may stand in the sheet several times.
          std::string hash = row_hash(secrets_, file.rows[row].who);
          if (const int times = ++seen[hash]; times > 1) hash += "-" + std::to_string(times);
          const std::string content = TRY(secrets_.seal(transaction, {"roster_match", "content", of.id}, text_from_row(roster_, file.rows[row])));
          TRY(transaction.execute(insert_match, {{"roster", roster_.id}, {"period", run_.period}, {"run", run_.id}, {"row_hash", hash}, {"person", of.id},
                                                 {"village", of.village}, {"how", sorted.confirmed.contains(row) ? "confirmed" : "sure"}, {"content", content}}));
        }
        return {};
      }));
    }
    return {};
  }

  /// The run counts from here on, in one transaction: earlier rows go, areas are delivered, differences are written.
  base::Done finish(const RosterFile& file, const RegisterPeople& people, const Sorted& sorted) {
    step("compare");
    certify(file, sorted);
    run_.state = RunState::done;
    const pack::DiscrepancyRule* rule = roster_.rule(pack::DiscrepancyKind::roster_only);
    return write([&](store::Transaction& transaction) -> base::Done {
      const ledger::LedgerTable& sheet = work_.rosters.sheet(roster_);
      TRY(write_pairs(transaction, secrets_, {roster_, run_.id, run_.period}, people, file.rows, sorted.pairs));
      for (const std::string& area : run_.areas) {
        const store::Parameters stretch = {{"roster", roster_.id}, {"period", run_.period}, {"run", run_.id}, {"low", area}, {"high", area + ":"}};
        TRY(transaction.execute(replace_matches, stretch));
        TRY(transaction.execute(waiting_gone, stretch));
        TRY(ledger::deliver(transaction, sheet, {.all = true}, area, run_.period));
      }
      TRY(transaction.execute(replace_people, {{"roster", roster_.id}, {"period", run_.period}, {"run", run_.id}}));
      TRY(update_run(transaction, run_));
      Differences found = TRY(find_differences(transaction, {work_.rosters, secrets_, roster_, run_.period, today_}));
      if (rule != nullptr && rule->strangers) add_strangers(file, sorted, *rule, found);
      run_.summary.not_yet_known = found.not_yet_known;
      run_.summary.discrepancies = TRY(write_differences(transaction, secrets_, roster_, run_.period, run_.id, true, found.found));
      TRY(ledger::remember(transaction, sheet, file.layout));
      TRY(raise_groups(transaction));
      return update_summary(transaction);
    });
  }

  base::Done update_summary(store::Transaction& transaction) {
    TRY(update_run(transaction, run_));
    run_ = TRY(read_run(transaction, run_.id));
    return {};
  }

  /// Rows about nobody that the roster's own rule asks to look into: kept, sealed, until they are settled.
  void add_strangers(const RosterFile& file, const Sorted& sorted, const pack::DiscrepancyRule& rule, Differences& found) const {
    for (const std::size_t i : sorted.strangers) {
      if (file.rows[i].absent) continue;
      Difference one;
      one.rule = &rule;
      one.cause = "stranger";
      one.subject = row_hash(secrets_, file.rows[i].who);
      one.village = file.rows[i].who.village;
      one.line = file.rows[i].line;
      one.stranger = text_from_row(roster_, file.rows[i]);
      found.found.push_back(std::move(one));
    }
  }

  /// What proves which rows were deleted without keeping them: who holds the sheet can compute the same.
  void certify(const RosterFile& file, const Sorted& sorted) {
    const pack::DiscrepancyRule* rule = roster_.rule(pack::DiscrepancyKind::roster_only);
    if (rule != nullptr && rule->strangers) return;
    std::vector<std::string> hashes;
    for (const std::size_t i : sorted.strangers) hashes.push_back(row_hash(secrets_, file.rows[i].who));
    std::ranges::sort(hashes);
    store::Digest digest(work_.store.algorithms());
    for (const std::string& hash : hashes) digest.add_field(hash);
    run_.deleted = static_cast<std::int64_t>(hashes.size());
    run_.certificate = store::hex(digest.finish());
  }

  /// Causes above their threshold, told to whoever makes cases of them. Counts only.
  base::Done raise_groups(store::Transaction& transaction) {
    for (const DiscrepancyGroup& group : TRY(discrepancy_groups(transaction, work_.rosters, access::Viewer::system("compare"), roster_.id))) {
      if (!group.due) continue;
      TRY(transaction.journal({"discrepancy_group.raised", "discrepancy_group", roster_.id + "/" + group.kind + "/" + group.cause, "",
                               boost::json::serialize(boost::json::object{{"owner", group.owner}, {"open", group.open}, {"above", group.above}})}));
    }
    return {};
  }

  const Work& work_;
  Run run_;
  const pack::Roster& roster_;
  const store::Secrets& secrets_;
  store::Act act_;
  base::Date today_{};
};

base::Error wrong(const char* code, const char* field, base::Text text, base::Text mend = {}) {
  base::Error error = base::fail(ErrorKind::input, code, std::move(text), std::move(mend)).error();
  error.place.field = field;
  return error;
}

}  // namespace

std::string row_hash(const store::Secrets& secrets, const Identity& who) {
  return secrets.index("roster.row", who.id_number + '\x1f' + who.name + '\x1f' + who.birth + '\x1f' + who.sex + '\x1f' + who.village + '\x1f' + who.code);
}

std::string pair_basis(const store::Secrets& secrets, const Identity& row, const Identity& person) {
  return secrets.index("roster.basis", row_hash(secrets, row) + row_hash(secrets, person));
}

Result<Run> start_run(const Work& work, const access::Viewer& viewer, const store::Act& act, const NewRun& wanted, std::string_view bytes) {
  if (bytes.size() > roster_bytes_max) {
    return base::fail(ErrorKind::too_large, "file_too_large", base::text("文件超过 {} MB。", "The file is larger than {} MB.", roster_bytes_max >> 20));
  }
  const pack::Roster& roster = *TRY(work.rosters.find(wanted.roster));
  Run run{.id = base::new_uuid(), .roster = roster.id, .period = wanted.period, .areas = wanted.areas, .file_name = wanted.file_name,
          .answers = wanted.answers, .actor = act.actor};
  if (run.period.empty()) run.period = ledger::period_on(roster.sheet.period, work.store.clock().today());
  if (!ledger::is_period(roster.sheet.period, run.period)) {
    return base::fail(wrong("period_unreadable", "/period", base::text("“{:.40}”不是这份名册的期间。", "\"{:.40}\" is no period of this roster.", run.period),
                            base::text("例如“{}”。", "Such as \"{}\".", ledger::period_on(roster.sheet.period, work.store.clock().today()))));
  }
  if (run.areas.empty() && work.rosters.pack().district) run.areas = {work.rosters.pack().district->code};
  const auto workbook = TRY(sheet::open_workbook(bytes, wanted.file_name));
  TRY(work.store.read([&](store::Session& session) -> base::Done {
    TRY(expect_change(session, viewer, roster));
    for (const std::string& area : run.areas) {
      constexpr Sql known = "SELECT 1 FROM area WHERE code = :code UNION ALL SELECT 1 FROM district WHERE code = :code";
      if (TRY(session.query(known, {{"code", area}})).empty()) {
        return base::fail(wrong("area_unknown", "/areas", base::text("没有区划“{:.12}”。", "There is no area \"{:.12}\".", area)));
      }
    }
    TRY(roster_layout(work.rosters, roster, *workbook, session, work.cancel));
    return {};
  }));
  TRY(work.store.write(act, [&](store::Transaction& transaction) -> Result<store::Answer> {
    TRY(insert_run(transaction, run));
    run = TRY(read_run(transaction, run.id));
    return store::Answer();
  }));
  return run;
}

Result<Run> carry_out(const Work& work, const std::string& id, std::string_view bytes) {
  Run run;
  TRY(work.store.read([&](store::Session& session) -> base::Done {
    run = TRY(read_run(session, id));
    return {};
  }));
  const pack::Roster& roster = *TRY(work.rosters.find(run.roster));
  return Carrying(work, std::move(run), roster).all(bytes);
}

Result<Written> look_again(const Work& work, const pack::Roster& roster, const std::string& period, const store::Act& act) {
  Differences found;
  TRY(work.store.read([&](store::Session& session) -> base::Done {
    found = TRY(find_differences(session, {work.rosters, work.store.secrets(), roster, period, work.store.clock().today(), work.cancel}));
    return {};
  }));
  Written out;
  TRY(work.store.write(act, [&](store::Transaction& transaction) -> Result<store::Answer> {
    out = TRY(write_differences(transaction, work.store.secrets(), roster, period, "", false, found.found));
    if (out.added + out.changed + out.gone > 0) TRY(transaction.journal({"discrepancy.looked_again", "discrepancy", roster.id, "", ""}));
    return store::Answer();
  }));
  return out;
}

}  // namespace yihu::compare

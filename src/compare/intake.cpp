#include "compare/intake.h"

#include "compare/matching.h"
#include "compare/pair.h"
#include "compare/intake_record.h"
#include "compare/pass.h"
#include "ledger/delivery.h"
#include "store/digest.h"
#include "store/journal.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace yihu::compare {
namespace {

using base::ErrorKind;
using base::Result;
using store::Sql;

constexpr Sql insert_match =
    "INSERT INTO roster_match (roster, period, run, row_hash, person, village, how, content)"
    " VALUES (:roster, :period, :run, :row_hash, :person, :village, :how, :content)";

/// What can change what a search finds, as the journal names it. Looking at something changes nothing.
bool matters(const store::Entry& entry) {
  constexpr std::string_view kinds[] = {"household", "register_import", "ledger", "ledger_row", "ledger_import", "roster_pair", "discrepancy"};
  return entry.actor != "system:compare" && !entry.action.ends_with(".opened") && std::ranges::find(kinds, entry.subject_kind) != std::end(kinds);
}

Result<bool> changed_since(store::Store& store, std::int64_t sequence) {
  constexpr int page = 500;
  bool out = false;
  TRY(store.read([&](store::Session& session) -> base::Done {
    for (std::int64_t after = sequence; !out;) {
      const auto entries = TRY(store::entries_after(session, after, page));
      out = std::ranges::any_of(entries, matters);
      if (static_cast<int>(entries.size()) < page) break;
      after = entries.back().sequence;
    }
    return {};
  }));
  return out;
}

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
    TRY(settle_passes(work_.store, {}));
    auto done = steps(bytes);
    if (done) return after();
    run_.state = done.error().kind == ErrorKind::cancelled ? RunState::cancelled : RunState::failed;
    run_.summary.mistakes.push_back(base::describe(done.error(), work_.language));
    TRY(write([&](store::Transaction& transaction) { return update_run(transaction, run_); }));
    TRY(settle_passes(work_.store, {}));
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
    certify(file, sorted);
    const std::vector<KnownRow> rows = take_rows(file, people, sorted);
    return write_everything(file, people, sorted, rows);
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

  /// Rows about somebody, in the order in which stored ones come. They are taken out of the file, which keeps the others.
  std::vector<KnownRow> take_rows(RosterFile& file, const RegisterPeople& people, const Sorted& sorted) const {
    std::map<std::string, int> seen;
    std::vector<KnownRow> out;
    out.reserve(sorted.matched.size());
    for (const auto& [row, person] : sorted.matched) {
      const RegisterPerson& of = people.people[person];
      // The same row may stand in the sheet several times.
      std::string hash = row_hash(secrets_, file.rows[row].who);
      if (const int times = ++seen[hash]; times > 1) hash += "-" + std::to_string(times);
      out.push_back({of.id, of.village, std::move(hash), std::move(file.rows[row]), sorted.confirmed.contains(row)});
    }
    std::ranges::sort(out, [](const KnownRow& one, const KnownRow& other) { return std::tie(one.person, one.row.line) < std::tie(other.person, other.row.line); });
    return out;
  }

  Task match_task(const KnownRow& known) const {
    return [this, &known](store::Transaction& transaction) -> base::Done {
      const auto content = secrets_.seal(transaction, {"roster_match", "content", known.person}, text_from_row(roster_, known.row));
      // His key was destroyed since he was read: nothing of him is kept.
      if (!content && content.error().kind == ErrorKind::conflict) return {};
      TRY(transaction.execute(insert_match, {{"roster", roster_.id}, {"period", run_.period}, {"run", run_.id}, {"row_hash", known.row_hash}, {"person", known.person},
                                             {"village", known.village}, {"how", known.confirmed ? "confirmed" : "sure"}, {"content", TRY(content)}}));
      return {};
    };
  }

  /// Computed on one state of the store, written beside what is shown, shown by the last task of all: the run counts, its
  /// areas are delivered and its differences are there, in one step.
  base::Done write_everything(const RosterFile& file, const RegisterPeople& people, const Sorted& sorted, const std::vector<KnownRow>& rows) {
    step("compare");
    const Pass pass{run_.id, roster_.id, run_.period, run_.id};
    Arriving arriving{rows, run_.areas};
    for (const NewPair& pair : sorted.pairs) arriving.pending.insert(people.people[pair.match.person].id);
    Differences found;
    PlannedDifferences planned;
    TRY(work_.store.read([&](store::Session& session) -> base::Done {
      read_at_ = TRY(store::recorded_head(session)).sequence;
      found = TRY(find_differences(session, {work_.rosters, secrets_, roster_, run_.period, today_, work_.cancel, &arriving}));
      add_strangers(file, sorted, found);
      planned = TRY(plan_differences(session, secrets_, pass, true, found.found));
      return {};
    }));
    run_.summary.not_yet_known = found.not_yet_known;
    run_.summary.discrepancies = planned.written;
    std::vector<Task> tasks = {[&](store::Transaction& transaction) { return begin_pass(transaction, pass); }};
    for (const KnownRow& known : rows) tasks.push_back(match_task(known));
    std::ranges::move(plan_pairs(secrets_, roster_, run_.id, people, file.rows, sorted.pairs), std::back_inserter(tasks));
    std::ranges::move(planned.tasks, std::back_inserter(tasks));
    tasks.emplace_back([&](store::Transaction& transaction) { return count(transaction, file, pass); });
    return in_turns(work_.store, act_, tasks, work_.cancel, [&](std::int64_t done, std::int64_t total) { step("write", done, total); });
  }

  base::Done count(store::Transaction& transaction, const RosterFile& file, const Pass& pass) {
    const ledger::LedgerTable& sheet = work_.rosters.sheet(roster_);
    run_.state = RunState::done;
    TRY(update_run(transaction, run_));
    TRY(show_pass(transaction, pass));
    for (const std::string& area : run_.areas) TRY(ledger::deliver(transaction, sheet, {.all = true}, area, run_.period));
    return ledger::remember(transaction, sheet, file.layout);
  }

  /// What follows once the run counts. Stopped here, it goes on the next time.
  Result<Run> after() {
    const bool overtaken = TRY(changed_since(work_.store, read_at_));
    const auto settled = settle_passes(work_.store, work_.cancel);
    if (!settled && settled.error().kind != ErrorKind::cancelled) return base::fail(settled.error());
    TRY(raise_groups());
    TRY(work_.store.read([&](store::Session& session) -> base::Done {
      run_ = TRY(read_run(session, run_.id));
      return {};
    }));
    run_.summary.discrepancies.overtaken = overtaken;
    return run_;
  }

  /// Rows about nobody that the roster's own rule asks to look into: kept, sealed, until they are settled.
  void add_strangers(const RosterFile& file, const Sorted& sorted, Differences& found) const {
    const pack::DiscrepancyRule* rule = roster_.rule(pack::DiscrepancyKind::roster_only);
    if (rule == nullptr || !rule->strangers) return;
    for (const std::size_t i : sorted.strangers) {
      if (file.rows[i].absent) continue;
      Difference one;
      one.rule = rule;
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
  base::Done raise_groups() {
    std::vector<DiscrepancyGroup> groups;
    TRY(work_.store.read([&](store::Session& session) -> base::Done {
      groups = TRY(discrepancy_groups(session, work_.rosters, access::Viewer::system("compare"), roster_.id));
      return {};
    }));
    return write([&](store::Transaction& transaction) -> base::Done {
      for (const DiscrepancyGroup& group : groups) {
        if (!group.due) continue;
        TRY(transaction.journal({"discrepancy_group.raised", "discrepancy_group", roster_.id + "/" + group.kind + "/" + group.cause, "",
                                 boost::json::serialize(boost::json::object{{"owner", group.owner}, {"open", group.open}, {"above", group.above}})}));
      }
      return transaction.journal({"roster_run.settled", "roster_run", run_.id, "", ""});
    });
  }

  const Work& work_;
  Run run_;
  const pack::Roster& roster_;
  const store::Secrets& secrets_;
  store::Act act_;
  base::Date today_{};
  std::int64_t read_at_ = 0;   ///< journal: what it was computed on
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
  Run run{.id = base::new_uuid(), .roster = roster.id, .period = wanted.period, .areas = wanted.areas, .file_name = wanted.file_name, .actor = act.actor};
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
    run.answers = is_answered_list(TRY(roster_layout(work.rosters, roster, *workbook, session, work.cancel)));
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
  TRY(settle_passes(work.store, {}));
  const store::Secrets& secrets = work.store.secrets();
  const Pass pass{base::new_uuid(), roster.id, period, ""};
  Differences found;
  PlannedDifferences planned;
  std::int64_t read_at = 0;
  TRY(work.store.read([&](store::Session& session) -> base::Done {
    read_at = TRY(store::recorded_head(session)).sequence;
    found = TRY(find_differences(session, {work.rosters, secrets, roster, period, work.store.clock().today(), work.cancel}));
    planned = TRY(plan_differences(session, secrets, pass, false, found.found));
    return {};
  }));
  if (!planned.tasks.empty()) {
    planned.tasks.insert(planned.tasks.begin(), [&](store::Transaction& transaction) { return begin_pass(transaction, pass); });
    planned.tasks.emplace_back([&](store::Transaction& transaction) -> base::Done {
      TRY(show_pass(transaction, pass));
      return transaction.journal({"discrepancy.looked_again", "discrepancy", roster.id, "", ""});
    });
    const auto written = in_turns(work.store, act, planned.tasks, work.cancel);
    TRY(settle_passes(work.store, {}));
    if (!written) return base::fail(written.error());
  }
  planned.written.overtaken = TRY(changed_since(work.store, read_at));
  return planned.written;
}

}  // namespace yihu::compare

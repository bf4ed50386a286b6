// A workbook taken in and run dry; nothing here writes to a ledger (import_writing.cpp does).

#include "ledger/import.h"

#include "sheet/marked_workbook.h"

#include <algorithm>

namespace yihu::ledger {
namespace {

using base::ErrorKind;
using base::Result;

constexpr std::size_t mistakes_told_max = 200;
constexpr std::size_t marks_max = 200'000;  // of a million wrong rows the first ones must do

ImportReading reading_of(const ImportWork& work, const Incoming& incoming) {
  return {work.ledgers.pack(), *incoming.table, incoming.reach, work.store.secrets(), incoming.layout, incoming.match,
          incoming.choices.create, incoming.choices.clear_empty, incoming.period};
}

ImportLine line_from(const ImportWork& work, const LedgerTable& table, const ImportRow& row) {
  ImportLine line;
  line.number = row.number;
  line.outcome = row.outcome;
  line.label = row.row.label;
  const auto tell = [&](std::size_t place, const store::Cell& before) {
    const pack::Column& column = table.ledger().columns[place];
    const auto shown = [&](const store::Cell& cell) {
      if (is_nothing(cell)) return std::string();
      return column.personal ? std::string(masked) : text_from_cell(work.ledgers.pack(), column, cell, work.language);
    };
    line.changes.push_back({column.label.in(work.language), shown(before), shown(row.row.cells[place])});
  };
  for (const CellChange& change : row.changes) tell(change.column, change.before);
  for (std::size_t i = 0; row.outcome == Outcome::added && i < row.row.cells.size(); ++i) {
    if (!is_nothing(row.row.cells[i])) tell(i, {});
  }
  for (const base::Error& mistake : row.mistakes) line.mistakes.push_back(base::describe(mistake, work.language));
  return line;
}

}  // namespace

std::string_view name_of(ImportState state) {
  switch (state) {
    case ImportState::draft: return "draft";
    case ImportState::applying: return "applying";
    case ImportState::applied: return "applied";
    case ImportState::undone: return "undone";
    case ImportState::dropped: return "dropped";
  }
  return "";
}

std::int64_t ImportSummary::total() const {
  std::int64_t sum = 0;
  for (const std::int64_t count : rows) sum += count;
  return sum;
}

Result<Incoming> incoming(const ImportWork& work, std::string_view ledger, std::string bytes, std::string name, const ImportChoices& choices) {
  if (bytes.size() > import_bytes_max) {
    return base::fail(ErrorKind::too_large, "file_too_large", base::text("文件超过 {} MB。", "The file is larger than {} MB.", import_bytes_max >> 20));
  }
  Incoming out;
  out.table = TRY(work.ledgers.find(ledger));
  out.bytes = std::move(bytes);
  out.name = std::move(name);
  out.choices = choices;
  const pack::Ledger& declared = out.table->ledger();
  out.period = choices.period.empty() ? period_on(declared.period, work.store.clock().today()) : choices.period;
  if (!is_period(declared.period, out.period)) {
    return base::fail(ErrorKind::input, "period_unreadable", base::text("“{:.40}”不是这个台账的期间。", "\"{:.40}\" is no period of this ledger.", out.period),
                      base::text("例如“{}”。", "Such as \"{}\".", period_on(declared.period, work.store.clock().today())));
  }
  out.workbook = TRY(sheet::open_workbook(out.bytes, out.name));
  TRY(work.store.read([&](store::Session& session) -> base::Done {
    out.reach = reach_of(work.viewer, declared, TRY(owners_of(session, declared)));
    out.layout = TRY(layout_of(*out.table, *out.workbook, choices, session, work.cancel));
    return {};
  }));
  const auto match = choices.match ? choices.match : likely_match(*out.table, out.layout);
  // Without a way to match, whatever is missing for the usual way is told.
  out.match = match.value_or(declared.subject == pack::Subject::village ? Match::village : Match::id_number);
  TRY(check_layout(*out.table, out.layout, out.match));
  return out;
}

Result<DryRun> dry_run(const ImportWork& work, const Incoming& incoming) {
  DryRun out;
  std::array<std::size_t, outcomes> kept{};
  const ImportReading reading = reading_of(work, incoming);
  TRY(read_import(
      work.store, *incoming.workbook, reading,
      [&](ImportRow& row) {
        const auto place = static_cast<std::size_t>(row.outcome);
        ++out.summary.rows[place];
        if (row.untouched) ++out.summary.untouched;
        if (row.outcome == Outcome::changed) out.summary.cells_changed += static_cast<std::int64_t>(row.changes.size());
        if (row.outcome != Outcome::same && kept[place]++ < import_lines_kept) out.lines.push_back(line_from(work, *incoming.table, row));
        for (const base::Error& mistake : row.mistakes) {
          if (out.mistakes.size() < mistakes_told_max) out.mistakes.push_back(mistake);
        }
        return true;
      },
      work.cancel, work.progress));
  return out;
}

Result<std::string> marked(const ImportWork& work, const Incoming& incoming) {
  std::vector<sheet::CellMark> marks;
  const ImportReading reading = reading_of(work, incoming);
  TRY(read_import(
      work.store, *incoming.workbook, reading,
      [&](ImportRow& row) {
        for (const auto& [column, index] : row.marks) {
          const base::Error& mistake = row.mistakes[index];
          std::string reason = mistake.text.in(work.language);
          if (!mistake.mend.empty()) reason += mistake.mend.in(work.language);
          marks.push_back({incoming.layout.sheet, row.number, column, std::move(reason)});
        }
        return marks.size() < marks_max;
      },
      work.cancel, work.progress));
  if (marks.empty()) {
    return base::fail(ErrorKind::input, "nothing_wrong", base::text("没有错误的单元格。", "No cell is wrong."));
  }
  return sheet::marked_workbook(incoming.bytes, incoming.name, marks, {work.store.clock().now(), work.language}, work.cancel);
}

}  // namespace yihu::ledger

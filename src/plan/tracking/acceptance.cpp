#include "plan/tracking/acceptance.h"

#include "plan/tracking/likeness.h"
#include "plan/tracking/measure_rows.h"
#include "plan/tracking/record.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace yihu::plan {
namespace {

namespace json = boost::json;
using store::Sql;
using store::Transaction;

constexpr Sql insert_plan =
    "INSERT INTO plan (id, year, title, title_en, number, issuer, day, origin, pack_id, status, version, made_at)"
    " VALUES (:id, :year, :title, :title_en, :number, :issuer, :day, :origin, :pack, 'current', 1, :now)";
constexpr Sql update_plan =
    "UPDATE plan SET title = :title, title_en = :title_en, number = :number, issuer = :issuer, day = :day,"
    " origin = :origin, pack_id = CASE WHEN :pack = '' THEN pack_id ELSE :pack END, version = version + 1 WHERE id = :id";
constexpr Sql upsert_document =
    "INSERT INTO plan_document (plan, name, format, hash, content) VALUES (:plan, :name, :format, :hash, :content)"
    " ON CONFLICT (plan) DO UPDATE SET name = excluded.name, format = excluded.format, hash = excluded.hash,"
    " content = excluded.content";
constexpr Sql insert_part = "INSERT INTO plan_part (plan, no, title, title_en) VALUES (:plan, :no, :title, :title_en)";
constexpr Sql retire_tasks = "UPDATE plan_task SET retired = 1 WHERE plan = :plan";
constexpr Sql upsert_task =
    "INSERT INTO plan_task (id, plan, no, part, title, title_en, short_title, short_title_en, content, kind,"
    " span_begin, span_end, retired) VALUES (:id, :plan, :no, :part, :title, :title_en, :short_title, :short_title_en,"
    " :content, :kind, :span_begin, :span_end, 0)"
    " ON CONFLICT (id) DO UPDATE SET no = excluded.no, part = excluded.part, title = excluded.title,"
    " title_en = excluded.title_en, short_title = excluded.short_title, short_title_en = excluded.short_title_en,"
    " content = excluded.content, kind = excluded.kind, span_begin = excluded.span_begin, span_end = excluded.span_end,"
    " retired = 0";
constexpr Sql upsert_measure =
    "INSERT INTO plan_measure (id, plan, task, no, position, title, title_en, content, span_begin, span_end, indicator,"
    " deadlines, recurrences, targets, retired, version) VALUES (:id, :plan, :task, :no, :position, :title, :title_en,"
    " :content, :span_begin, :span_end, :indicator, :deadlines, :recurrences, :targets, 0, 1)"
    " ON CONFLICT (id) DO UPDATE SET task = excluded.task, no = excluded.no, position = excluded.position,"
    " title = excluded.title, title_en = excluded.title_en, content = excluded.content, span_begin = excluded.span_begin,"
    " span_end = excluded.span_end, indicator = excluded.indicator, deadlines = excluded.deadlines,"
    " recurrences = excluded.recurrences, targets = excluded.targets, retired = 0, version = plan_measure.version + 1";
constexpr Sql retire_measure = "UPDATE plan_measure SET retired = 1, version = version + 1 WHERE id = :id";
constexpr Sql said_texts_sql = "SELECT measure, before FROM plan_correction WHERE plan = :plan AND field = 'text'";
constexpr Sql delete_corrections = "DELETE FROM plan_correction WHERE plan = :plan";
constexpr Sql insert_correction =
    "INSERT INTO plan_correction (id, plan, measure, field, before, after, author, at)"
    " VALUES (:id, :plan, :measure, :field, :before, :after, :author, :at)";

std::optional<std::int64_t> edge(const std::optional<base::Span>& span, bool end) {
  if (!span) return {};
  return static_cast<std::int64_t>(end ? span->end : span->begin);
}

/// What the journal compares, by field.
json::object fields_of(int task, int position, const base::Text& title, const std::string& text,
                       const std::vector<Owner>& lead, const std::vector<Owner>& responsible,
                       const std::vector<Deadline>& deadlines, const std::vector<Recurrence>& recurrences,
                       const std::vector<Target>& targets) {
  const auto names = [](const std::vector<Owner>& owners) {
    json::array list;
    for (const Owner& owner : owners) {
      list.push_back(owner.unit ? json::value(owner.unit->value) : json::value(owner.name));
    }
    return list;
  };
  return {{"task", task},           {"position", position},          {"title", title.zh},
          {"text", text},           {"lead", names(lead)},           {"responsible", names(responsible)},
          {"deadlines", json_of(deadlines)}, {"recurrences", json_of(recurrences)}, {"targets", json_of(targets)}};
}

json::object fields_of(const TrackedTask& task, const TrackedMeasure& m) {
  return fields_of(task.no, m.position, m.title, m.text, m.lead, m.responsible, m.deadlines, m.recurrences, m.targets);
}
json::object fields_of(const IncomingTask& task, const IncomingMeasure& m) {
  return fields_of(task.no, m.position, m.title, m.text, m.lead, m.responsible, m.deadlines, m.recurrences, m.targets);
}

/// A document gives one language; the English words of the pack it joins still say what is meant.
std::string english(const base::Text& incoming, const base::Text* earlier) {
  if (!incoming.en.empty() || earlier == nullptr || earlier->en == earlier->zh) return incoming.en;
  return earlier->en;
}

/// Leaves in both only what differs.
void keep_changes(json::object& before, json::object& after) {
  std::vector<std::string> same;
  for (const auto& [key, value] : after) {
    if (const auto* old = before.if_contains(key); old != nullptr && *old == value) same.emplace_back(key);
  }
  for (const std::string& key : same) {
    before.erase(key);
    after.erase(key);
  }
}

/// The earlier plan's tasks and measures, found for the incoming ones.
struct Joined {
  std::map<int, const TrackedTask*> tasks;                                    // by incoming number
  std::map<std::pair<int, int>, std::pair<const TrackedTask*, const TrackedMeasure*>> measures;  // by incoming place
};

/// The number an issuer gives a document tells that a pack and a file mean the same one.
bool one_document(const TrackedPlan& earlier, const IncomingPlan& plan) {
  return !plan.number.empty() && earlier.number == plan.number;
}

std::map<int, const TrackedTask*> join_tasks(const TrackedPlan& earlier, const IncomingPlan& plan, bool other_words) {
  std::map<int, const TrackedTask*> found;
  if (other_words && one_document(earlier, plan)) {
    // A pack titles the articles in its own words; its numbers are the document's.
    for (const IncomingTask& task : plan.tasks) found[task.no] = earlier.task(task.no);
    return found;
  }
  std::vector<Sentence> olds, news;
  for (const TrackedTask& task : earlier.tasks) olds.push_back({Pairs(task.title.zh), 0, task.no});
  for (const IncomingTask& task : plan.tasks) news.push_back({Pairs(task.title.zh), 0, task.no});
  const auto partner = match(news, olds);
  std::set<const TrackedTask*> taken;
  for (std::size_t i = 0; i < partner.size(); ++i) {
    if (!partner[i]) continue;
    found[plan.tasks[i].no] = &earlier.tasks[*partner[i]];
    taken.insert(&earlier.tasks[*partner[i]]);
  }
  for (const IncomingTask& task : plan.tasks) {
    // A title rewritten altogether: the same number, if that one is free.
    const TrackedTask* same = earlier.task(task.no);
    if (!found.contains(task.no) && same != nullptr && taken.insert(same).second) found[task.no] = same;
  }
  return found;
}

Joined join(const TrackedPlan& earlier, const DocumentTexts& texts, const IncomingPlan& plan) {
  const bool other_words = earlier.origin == "pack" || !plan.pack.empty();
  Joined joined{join_tasks(earlier, plan, other_words), {}};
  std::map<const TrackedTask*, int> groups;
  for (const auto& [no, task] : joined.tasks) {
    if (task != nullptr) groups[task] = no;
  }
  std::vector<Sentence> olds, news;
  std::vector<std::pair<const TrackedTask*, const TrackedMeasure*>> old_measures;
  std::vector<std::pair<int, int>> places;
  for (const TrackedTask& task : earlier.tasks) {
    for (const TrackedMeasure& measure : task.measures) {
      const auto group = groups.find(&task);
      const auto said = texts.find(measure.id.value);
      const std::string& words = measure.text.empty() ? measure.title.zh : measure.text;
      olds.push_back({Pairs(said == texts.end() ? words : said->second),
                      group == groups.end() ? -task.no : group->second, measure.position});
      old_measures.emplace_back(&task, &measure);
    }
  }
  for (const IncomingTask& task : plan.tasks) {
    for (const IncomingMeasure& measure : task.measures) {
      const std::string& words = measure.text.empty() ? measure.title.zh : measure.text;
      news.push_back({Pairs(measure.said.empty() ? words : measure.said), task.no, measure.position});
      places.emplace_back(task.no, measure.position);
    }
  }
  const auto partner = match(news, olds, {.one_is_short = other_words, .place_speaks = one_document(earlier, plan)});
  for (std::size_t i = 0; i < partner.size(); ++i) {
    if (partner[i]) joined.measures[places[i]] = old_measures[*partner[i]];
  }
  return joined;
}

/// Writes one accepted plan, counting what it does.
class Writing {
 public:
  Writing(Transaction& transaction, const IncomingPlan& plan, const std::optional<TrackedPlan>& earlier,
          const DocumentTexts& texts)
      : transaction_(transaction), plan_(plan), earlier_(earlier) {
    if (earlier_) joined_ = join(*earlier_, texts, plan_);
    result_.plan = earlier_ ? earlier_->id : base::PlanId::make();
  }

  base::Result<Acceptance> run(const std::vector<KeptCorrection>& corrections) {
    if (auto done = write_head(); !done) return base::fail(std::move(done).error());
    for (const IncomingTask& task : plan_.tasks) {
      if (auto done = write_task(task); !done) return base::fail(std::move(done).error());
    }
    if (auto done = retire_others(); !done) return base::fail(std::move(done).error());
    if (auto done = keep_corrections(corrections); !done) return base::fail(std::move(done).error());
    return result_;
  }

 private:
  base::Done write_head() {
    const store::Parameters parameters{
        {"id", result_.plan},     {"year", plan_.year},     {"title", plan_.title.zh},
        {"title_en", plan_.title.en}, {"number", plan_.number}, {"issuer", plan_.issuer},
        {"day", plan_.date},      {"origin", plan_.document ? "document" : "pack"}, {"pack", plan_.pack},
        {"now", transaction_.now()}};
    if (earlier_) {
      store::Parameters update = parameters;
      std::erase_if(update, [](const store::Parameter& p) { return p.name == "year" || p.name == "now"; });
      TRY(transaction_.execute(update_plan, update));
    } else {
      TRY(transaction_.execute(insert_plan, parameters));
    }
    if (plan_.document) {
      const IncomingDocument& document = *plan_.document;
      TRY(transaction_.execute(upsert_document, {{"plan", result_.plan}, {"name", document.name},
                                                 {"format", document.format}, {"hash", document.hash},
                                                 {"content", document.text}}));
    }
    TRY(transaction_.execute("DELETE FROM plan_part WHERE plan = :plan", {{"plan", result_.plan}}));
    for (const TrackedPart& part : plan_.parts) {
      TRY(transaction_.execute(insert_part, {{"plan", result_.plan}, {"no", part.no}, {"title", part.title.zh},
                                             {"title_en", part.title.en}}));
    }
    TRY(transaction_.execute(retire_tasks, {{"plan", result_.plan}}));
    json::object before, after{{"title", plan_.title.zh}, {"number", plan_.number}, {"year", plan_.year},
                               {"origin", plan_.document ? "document" : "pack"}};
    if (plan_.document) after["document_hash"] = plan_.document->hash;
    if (earlier_) {
      before = {{"title", earlier_->title.zh}, {"number", earlier_->number}, {"year", earlier_->year}, {"origin", earlier_->origin}};
      keep_changes(before, after);
    }
    return transaction_.journal({earlier_ ? "plan.replaced" : "plan.accepted", "plan", result_.plan.value,
                                 earlier_ ? json::serialize(before) : std::string(), json::serialize(after)});
  }

  base::Done write_task(const IncomingTask& task) {
    const auto old = joined_.tasks.find(task.no);
    const bool known = old != joined_.tasks.end() && old->second != nullptr;
    const base::TaskId id = known ? old->second->id : base::TaskId::make();
    // A pack's few words for a tile, and its English, are better than the first characters of the document's title;
    // but a task that only has the number of another one does not take over what that one was called.
    const bool same = known && (one_document(*earlier_, plan_) || old->second->title.zh == task.title.zh);
    const base::Text short_title = same && plan_.document ? old->second->short_title : task.short_title;
    TRY(transaction_.execute(
        upsert_task, {{"id", id}, {"plan", result_.plan}, {"no", task.no}, {"part", task.part}, {"title", task.title.zh},
                      {"title_en", english(task.title, same ? &old->second->title : nullptr)},
                      {"short_title", short_title.zh}, {"short_title_en", short_title.en},
                      {"content", task.text}, {"kind", task.principle ? "principle" : "tracked"},
                      {"span_begin", edge(task.span, false)}, {"span_end", edge(task.span, true)}}));
    for (const IncomingMeasure& measure : task.measures) {
      if (auto done = write_measure(task, id, measure); !done) return done;
    }
    return {};
  }

  base::Done write_measure(const IncomingTask& task, const base::TaskId& task_id, IncomingMeasure measure) {
    const auto found = joined_.measures.find({task.no, measure.position});
    const TrackedMeasure* old = found == joined_.measures.end() ? nullptr : found->second.second;
    // A pack's title was written to say what is meant, in both languages; a document's is cut from its sentence.
    if (old != nullptr && !earlier_->pack.empty() && plan_.document && !measure.title_corrected) measure.title = old->title;
    const base::MeasureId id = old != nullptr ? old->id : base::MeasureId::make();
    ids_[{task.no, measure.position}] = id;
    json::object before, after = fields_of(task, measure);
    if (old != nullptr) {
      stayed_.insert(id.value);
      before = fields_of(*found->second.first, *old);
      keep_changes(before, after);
    }
    const std::optional<std::string>& indicator = measure.indicator || old == nullptr ? measure.indicator : old->indicator;
    const bool changed = old == nullptr || !after.empty() || old->span != measure.span || old->no != measure.no ||
                         old->indicator != indicator || found->second.first->id != task_id;
    if (changed) {
      TRY(transaction_.execute(
          upsert_measure,
          {{"id", id}, {"plan", result_.plan}, {"task", task_id}, {"no", measure.no}, {"position", measure.position},
           {"title", measure.title.zh}, {"title_en", english(measure.title, old == nullptr ? nullptr : &old->title)},
           {"content", measure.text},
           {"span_begin", edge(measure.span, false)}, {"span_end", edge(measure.span, true)}, {"indicator", indicator},
           {"deadlines", json::serialize(json_of(measure.deadlines))},
           {"recurrences", json::serialize(json_of(measure.recurrences))},
           {"targets", json::serialize(json_of(measure.targets))}}));
    }
    if (old == nullptr || old->lead != measure.lead || old->responsible != measure.responsible) {
      if (auto done = write_owners(transaction_, result_.plan, id, measure.lead, measure.responsible); !done) return done;
    }
    const auto dated = occurrences_of(measure.deadlines, measure.recurrences, {plan_.year, plan_.date});
    if (auto done = write_occurrences(transaction_, result_.plan, id, dated); !done) return done;
    if (after.empty()) return {};
    ++(old == nullptr ? result_.measures_made : result_.measures_changed);
    return transaction_.journal({old == nullptr ? "measure.accepted" : "measure.changed", "measure", id.value,
                                 old == nullptr ? std::string() : json::serialize(before), json::serialize(after)});
  }

  base::Done retire_others() {
    if (!earlier_) return {};
    for (const TrackedTask& task : earlier_->tasks) {
      for (const TrackedMeasure& measure : task.measures) {
        if (stayed_.contains(measure.id.value)) continue;
        TRY(transaction_.execute(retire_measure, {{"id", measure.id}}));
        ++result_.measures_retired;
        auto done = transaction_.journal({"measure.retired", "measure", measure.id.value,
                                          json::serialize(json::object{{"task", task.no}, {"position", measure.position},
                                                                       {"title", measure.title.zh}}),
                                          {}});
        if (!done) return done;
      }
    }
    return {};
  }

  base::Done keep_corrections(const std::vector<KeptCorrection>& corrections) {
    TRY(transaction_.execute(delete_corrections, {{"plan", result_.plan}}));
    for (const KeptCorrection& correction : corrections) {
      const auto id = ids_.find({correction.task, correction.position});
      if (id == ids_.end()) continue;
      TRY(transaction_.execute(insert_correction,
                               {{"id", base::new_uuid()}, {"plan", result_.plan}, {"measure", id->second},
                                {"field", correction.field}, {"before", correction.before}, {"after", correction.after},
                                {"author", correction.author}, {"at", correction.at}}));
    }
    return {};
  }

  Transaction& transaction_;
  const IncomingPlan& plan_;
  const std::optional<TrackedPlan>& earlier_;
  Joined joined_;
  std::map<std::pair<int, int>, base::MeasureId> ids_;
  std::set<std::string> stayed_;
  Acceptance result_;
};

base::Result<std::optional<TrackedPlan>> plan_in_force(Transaction& transaction, int year) {
  const auto row = TRY(transaction.find("SELECT id FROM plan WHERE year = :year AND status = 'current'", {{"year", year}}));
  if (!row) return std::optional<TrackedPlan>{};
  auto plan = TRY(load_plan(transaction, row->id<base::PlanId>(0)));
  return std::optional<TrackedPlan>(std::move(plan));
}

}  // namespace

base::Result<DocumentTexts> document_texts(store::Session& session, const base::PlanId& plan) {
  DocumentTexts texts;
  for (const auto& row : TRY(session.query(said_texts_sql, {{"plan", plan}}))) {
    const json::value said = TRY(json_from_column(row.text(1)));
    if (said.is_string()) texts[row.text(0)] = std::string(said.get_string());
  }
  return texts;
}

std::map<std::string, std::pair<int, int>> places_in(const TrackedPlan& earlier, const DocumentTexts& texts,
                                                     const IncomingPlan& plan) {
  std::map<std::string, std::pair<int, int>> places;
  for (const auto& [place, measure] : join(earlier, texts, plan).measures) places[measure.second->id.value] = place;
  return places;
}

base::Result<Acceptance> accept_plan(Transaction& transaction, const IncomingPlan& plan,
                                     const std::vector<KeptCorrection>& corrections) {
  const auto earlier = TRY(plan_in_force(transaction, plan.year));
  DocumentTexts texts;
  if (earlier) texts = TRY(document_texts(transaction, earlier->id));
  return Writing(transaction, plan, earlier, texts).run(corrections);
}

base::Result<std::optional<Acceptance>> fill_plan_from_pack(Transaction& transaction, const pack::PlanFacts& facts) {
  const auto row = TRY(transaction.find("SELECT id FROM plan WHERE year = :year", {{"year", facts.year}}));
  if (row) return std::optional<Acceptance>{};
  const area::Directory units = TRY(area::read_directory(transaction));
  auto accepted = TRY(accept_plan(transaction, plan_from_pack(facts, units)));
  return std::optional<Acceptance>(std::move(accepted));
}

}  // namespace yihu::plan

#include "screen/watch.h"

#include "pack/rule_schema.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

namespace yihu::screen {
namespace {

namespace json = boost::json;

constexpr store::Sql ledger_of_import = "SELECT ledger FROM ledger_import WHERE id = :id";
constexpr store::Sql household_of_person = "SELECT household FROM person WHERE id = :person AND household IS NOT NULL";

/// Passes everything on and remembers what was journalled.
class Watched final : public store::Transaction {
 public:
  explicit Watched(store::Transaction& inner) : inner_(inner) {}
  base::Result<std::vector<store::Row>> query(store::Sql sql, const store::Parameters& parameters) override {
    return inner_.query(sql, parameters);
  }
  base::Result<std::int64_t> execute(store::Sql sql, const store::Parameters& parameters) override {
    return inner_.execute(sql, parameters);
  }
  base::Done define(store::Sql statement) override { return inner_.define(statement); }
  base::Done journal(store::Change change) override {
    journalled_.push_back(change);
    return inner_.journal(std::move(change));
  }
  const store::Act& act() const override { return inner_.act(); }
  base::Instant now() const override { return inner_.now(); }
  std::span<const store::Change> journalled() const { return journalled_; }

 private:
  store::Transaction& inner_;
  std::vector<store::Change> journalled_;
};

json::object object_from(const std::string& text) {
  std::error_code error;
  json::value value = text.empty() ? json::value(json::object()) : json::parse(text, error);
  return value.is_object() ? std::move(value.as_object()) : json::object();
}

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

class Reading {
 public:
  Reading(store::Session& session, const RuleBook& book) : session_(session), book_(book) {}

  base::Done take(const store::Change& change) {
    if (change.subject_kind == "household" && change.action.starts_with("household.")) return take_household(change);
    const bool row = change.action == "ledger_row.added" || change.action == "ledger_row.changed" || change.action == "ledger_row.removed";
    // The rows of an import do not count before its end.
    if (row) return take_row(change);
    if (change.action == "ledger_import.applied" || change.action == "ledger_import.undone") return take_import(change);
    if (change.action == "ledger.delivered" || change.action == "ledger.taken_back") return take_delivery(change);
    return {};
  }
  Change taken() && { return std::move(out_); }

 private:
  base::Done take_household(const store::Change& change) {
    ++out_.rows;
    out_.households.insert(change.subject);
    const json::object after = object_from(change.after);
    // A person's changed fields are named; their values are sealed.
    const json::value* fields = after.if_contains("fields");
    if (fields != nullptr && fields->is_array() && after.contains("person")) {
      for (const json::value& field : fields->as_array()) {
        if (field.is_string()) touch("person", std::string(field.as_string()));
      }
    } else if (change.action.find("income") != std::string::npos) {
      touch_all("income");
    } else {
      for (const char* table : {"household", "person", "income"}) touch_all(table);
    }
    // Who came from or went to another household concerns both.
    for (const char* key : {"from", "to", "household", "other", "moved_to", "moved_from"}) {
      if (const std::string other = text_at(after, key); base::is_uuid(other)) out_.households.insert(other);
    }
    return {};
  }

  base::Done take_row(const store::Change& change) {
    const json::object after = object_from(change.after);
    const pack::Ledger* ledger = book_.pack().ledger(text_at(after, "ledger"));
    if (ledger == nullptr) return {};
    ++out_.rows;
    const std::string table = pack::table_of(*ledger);
    if (change.action == "ledger_row.changed") {
      for (const auto& member : after) {
        if (ledger->column(member.key()) != nullptr) touch(table, std::string(member.key()));
      }
    } else {
      touch_all(table);
    }
    const std::string subject = text_at(after, "subject");
    switch (ledger->subject) {
      case pack::Subject::household: out_.households.insert(subject); break;
      case pack::Subject::village: out_.villages.insert(subject); break;
      case pack::Subject::person: {
        if (const auto row = TRY(session_.find(household_of_person, {{"person", subject}}))) out_.households.insert(row->text(0));
        break;
      }
      case pack::Subject::none: break;
    }
    return {};
  }

  base::Done take_import(const store::Change& change) {
    const auto row = TRY(session_.find(ledger_of_import, {{"id", change.subject}}));
    const pack::Ledger* ledger = row ? book_.pack().ledger(row->text(0)) : nullptr;
    if (ledger == nullptr) return {};
    out_.rows += live_rows_max + 1;
    touch_all(pack::table_of(*ledger));
    return {};
  }

  base::Done take_delivery(const store::Change& change) {
    const json::object said = object_from(change.after.empty() ? change.before : change.after);
    ++out_.rows;
    out_.villages.insert(text_at(said, "area"));
    touch_all("delivery");
    return {};
  }

  void touch(const std::string& table, std::string column) {
    const auto known = out_.touched.find(table);
    if (known != out_.touched.end() && known->second.empty()) return;
    out_.touched[table].insert(std::move(column));
  }
  void touch_all(const std::string& table) { out_.touched[table].clear(); }

  store::Session& session_;
  const RuleBook& book_;
  Change out_;
};

}  // namespace

base::Result<Change> change_from(store::Session& session, const RuleBook& book, std::span<const store::Change> journalled) {
  Reading reading(session, book);
  for (const store::Change& change : journalled) TRY(reading.take(change));
  return std::move(reading).taken();
}

store::Write screened(std::shared_ptr<const RuleBook> book, store::Write write) {
  return [book = std::move(book), write = std::move(write)](store::Transaction& transaction) -> base::Result<store::Answer> {
    Watched watched(transaction);
    store::Answer answer = TRY(write(watched));
    const Change change = TRY(change_from(transaction, *book, watched.journalled()));
    if (!change.touched.empty()) TRY(refresh(transaction, *book, change, base::date_of(transaction.now())));
    return answer;
  };
}

}  // namespace yihu::screen

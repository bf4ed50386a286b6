#include "area/fill.h"

#include "area/division_fill.h"
#include "area/unit.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>

namespace yihu::area {
namespace {

namespace json = boost::json;
using store::Sql;

constexpr Sql select_units =
    "SELECT id, slug, name, name_en, short_name, short_name_en, kind, parent, division, valid_from, valid_to, version,"
    " pack_said FROM unit ORDER BY place, id";
constexpr Sql select_aliases = "SELECT unit, name FROM unit_alias ORDER BY unit, place";
constexpr Sql insert_unit =
    "INSERT INTO unit (id, slug, name, name_en, short_name, short_name_en, kind, parent, division, valid_from,"
    " valid_to, place, version, pack_said) VALUES (:id, :slug, :name, :name_en, :short_name, :short_name_en, :kind,"
    " NULL, :division, :valid_from, :valid_to, :place, 1, :pack_said)";
constexpr Sql update_unit =
    "UPDATE unit SET slug = :slug, name = :name, name_en = :name_en, short_name = :short_name,"
    " short_name_en = :short_name_en, kind = :kind, parent = :parent, division = :division, valid_from = :valid_from,"
    " valid_to = :valid_to, place = :place, version = version + :changes, pack_said = :pack_said WHERE id = :id";
constexpr Sql delete_aliases = "DELETE FROM unit_alias WHERE unit = :unit";
constexpr Sql insert_alias = "INSERT INTO unit_alias (unit, place, name) VALUES (:unit, :place, :name)";
constexpr Sql select_groups = "SELECT id, pack_said FROM unit_group";
constexpr Sql upsert_group =
    "INSERT INTO unit_group (id, place, name, name_en, aliases, unverified, note, note_en, pack_said)"
    " VALUES (:id, :place, :name, :name_en, :aliases, :unverified, :note, :note_en, :pack_said)"
    " ON CONFLICT (id) DO UPDATE SET place = excluded.place, name = excluded.name, name_en = excluded.name_en,"
    " aliases = excluded.aliases, unverified = excluded.unverified, note = excluded.note,"
    " note_en = excluded.note_en, pack_said = excluded.pack_said";
constexpr Sql delete_members = "DELETE FROM unit_group_member WHERE unit_group = :id";
constexpr Sql insert_member =
    "INSERT INTO unit_group_member (unit_group, place, unit) VALUES (:id, :place, :unit)";
constexpr Sql select_district = "SELECT code, name, name_en, prefixes FROM district";
constexpr Sql delete_district = "DELETE FROM district";
constexpr Sql insert_district =
    "INSERT INTO district (code, name, name_en, prefixes) VALUES (:code, :name, :name_en, :prefixes)";

/// A unit's fields by name, so that what the pack said last time, what it says now and what is stored can be compared.
/// `parent` is a slug in what packs say and an id in what is stored.
using Fields = json::object;

struct Stored {
  base::UnitId id;
  Fields fields;
  json::value pack_said;  ///< null for a unit made by a user
};

template <class T>
json::value maybe(const std::optional<T>& value) {
  if (!value) return nullptr;
  if constexpr (std::is_same_v<T, base::Date>) return json::string(base::to_string(*value));
  else return json::string(*value);
}

json::array list_from(const std::vector<std::string>& texts) {
  json::array out;
  for (const std::string& text : texts) out.emplace_back(text);
  return out;
}

Fields said_by(const pack::Unit& unit) {
  return {{"name", unit.name.zh},         {"name_en", unit.name.en},
          {"short_name", unit.short_name.zh}, {"short_name_en", unit.short_name.en},
          {"kind", unit.kind},            {"parent", maybe(unit.parent)},
          {"division", maybe(unit.division)}, {"from", maybe(unit.from)},
          {"to", maybe(unit.to)},         {"aliases", list_from(unit.aliases)}};
}

Stored stored_from_row(const store::Row& row) {
  Stored out;
  out.id = row.id<base::UnitId>(0);
  out.fields = {{"name", row.text(2)},       {"name_en", row.text(3)},
                {"short_name", row.text(4)}, {"short_name_en", row.text(5)},
                {"kind", row.text(6)},       {"parent", maybe(row.maybe_text(7))},
                {"division", maybe(row.maybe_text(8))}, {"from", maybe(row.maybe_text(9))},
                {"to", maybe(row.maybe_text(10))},      {"aliases", json::array{}}};
  json::error_code problem;
  if (auto said = row.maybe_text(12)) out.pack_said = json::parse(*said, problem);
  return out;
}

store::Value text_or_null(const Fields& fields, std::string_view key) {
  const json::value& value = fields.at(key);
  if (!value.is_string()) return nullptr;
  return std::string(value.get_string());
}

std::string text_of(const Fields& fields, std::string_view key) { return std::string(fields.at(key).as_string()); }

class Filling {
 public:
  Filling(store::Session& session, const pack::Pack& pack) : session_(session), pack_(pack) {}

  base::Done read() {
    std::map<std::string, std::size_t> places;
    for (const store::Row& row : TRY(session_.query(select_units))) {
      places[row.text(0)] = stored_.size();
      if (auto slug = row.maybe_text(1)) by_slug_[*slug] = stored_.size();
      stored_.push_back(stored_from_row(row));
    }
    for (const store::Row& row : TRY(session_.query(select_aliases))) {
      stored_[places.at(row.text(0))].fields["aliases"].as_array().emplace_back(row.text(1));
    }
    for (const store::Row& row : TRY(session_.query(select_groups))) groups_said_[row.text(0)] = row.text(1);
    for (const store::Row& row : TRY(session_.query(select_district))) {
      district_said_ += district_key(row.text(0), row.text(1), row.text(2), row.text(3));
    }
    return {};
  }

  /// Whether `write` would do anything.
  bool needed() const {
    for (const pack::Unit& unit : pack_.units) {
      const auto at = by_slug_.find(unit.id);
      if (at == by_slug_.end() || stored_[at->second].pack_said != said_by(unit)) return true;
    }
    for (std::size_t i = 0; i < pack_.groups.size(); ++i) {
      const auto at = groups_said_.find(pack_.groups[i].id);
      if (at == groups_said_.end() || at->second != said_by(pack_.groups[i])) return true;
    }
    return pack_.district && district_said_ != district_key(*pack_.district);
  }

  base::Result<int> write(store::Transaction& transaction) {
    int changes = 0;
    for (std::size_t i = 0; i < pack_.units.size(); ++i) changes += TRY(make(transaction, pack_.units[i], i));
    for (std::size_t i = 0; i < pack_.units.size(); ++i) changes += TRY(bring_up(transaction, pack_.units[i], i));
    for (std::size_t i = 0; i < pack_.groups.size(); ++i) changes += TRY(define(transaction, pack_.groups[i], i));
    TRY(district(transaction));
    return changes;
  }

 private:
  static std::string district_key(const std::string& code, const std::string& name, const std::string& name_en,
                                  const std::string& prefixes) {
    return code + '\n' + name + '\n' + name_en + '\n' + prefixes + '\n';
  }
  static std::string district_key(const pack::District& district) {
    return district_key(district.code, district.name.zh, district.name.en, json::serialize(list_from(district.prefixes)));
  }

  static std::string said_by(const pack::Group& group) {
    return json::serialize(json::object{{"name", group.name.zh}, {"name_en", group.name.en}, {"aliases", list_from(group.aliases)},
                                        {"members", list_from(group.members)}, {"unverified", group.unverified},
                                        {"note", group.note.zh}, {"note_en", group.note.en}});
  }
  static Fields said_by(const pack::Unit& unit) { return area::said_by(unit); }

  /// A unit a user made before the pack named it is taken over instead of being made twice.
  std::optional<std::size_t> same_name(const pack::Unit& unit) const {
    const auto keys = [](const Fields& fields) {
      std::vector<std::string> out{pack::name_key(text_of(fields, "name")), pack::name_key(text_of(fields, "short_name"))};
      for (const auto& alias : fields.at("aliases").as_array()) out.push_back(pack::name_key(alias.as_string()));
      return out;
    };
    const auto wanted = keys(said_by(unit));
    for (std::size_t i = 0; i < stored_.size(); ++i) {
      if (!stored_[i].pack_said.is_null()) continue;
      for (const std::string& key : keys(stored_[i].fields)) {
        for (const std::string& other : wanted) {
          if (key == other) return i;
        }
      }
    }
    return std::nullopt;
  }

  /// First only the rows themselves: parents and members refer to them, in any order.
  base::Result<int> make(store::Transaction& transaction, const pack::Unit& unit, std::size_t place) {
    if (by_slug_.contains(unit.id)) return 0;
    if (const auto same = same_name(unit)) {
      by_slug_[unit.id] = *same;
      return 0;
    }
    Stored made{base::UnitId::make(), said_by(unit), said_by(unit)};
    made.fields["parent"] = nullptr;
    TRY(transaction.execute(insert_unit,
                            {{"id", made.id}, {"slug", unit.id}, {"name", unit.name.zh}, {"name_en", unit.name.en},
                             {"short_name", unit.short_name.zh}, {"short_name_en", unit.short_name.en},
                             {"kind", unit.kind}, {"division", unit.division}, {"valid_from", unit.from},
                             {"valid_to", unit.to}, {"place", place}, {"pack_said", json::serialize(made.pack_said)}}));
    TRY(write_aliases(transaction, made));
    by_slug_[unit.id] = stored_.size();
    // Without what the pack said about the parent: the second pass sets it.
    made.pack_said.as_object()["parent"] = nullptr;
    Fields told = said_by(unit);
    told["slug"] = unit.id;
    TRY(transaction.journal({"unit.made", "unit", made.id.value, "", json::serialize(told)}));
    made_.push_back(unit.id);
    stored_.push_back(std::move(made));
    return 1;
  }

  base::Result<int> bring_up(store::Transaction& transaction, const pack::Unit& unit, std::size_t place) {
    Stored& stored = stored_[by_slug_.at(unit.id)];
    const Fields said = said_by(unit);
    if (stored.pack_said == json::value(said)) return 0;
    const bool adopted = stored.pack_said.is_null();
    json::object before, after;
    for (const auto& [key, value] : said) {
      const bool pack_changed_it = !adopted && stored.pack_said.as_object()[key] != value;
      if (!pack_changed_it && !(adopted && missing(stored.fields.at(key)))) continue;
      json::value wanted = value;
      if (key == "parent" && value.is_string()) {
        wanted = json::string(stored_[by_slug_.at(std::string(value.get_string()))].id.value);
      }
      if (stored.fields[key] == wanted) continue;
      before[key] = stored.fields[key];
      after[key] = wanted;
      stored.fields[key] = std::move(wanted);
    }
    stored.pack_said = said;
    const bool just_made = std::ranges::find(made_, unit.id) != made_.end();
    TRY(transaction.execute(update_unit, update_parameters(stored, unit.id, place, just_made || after.empty() ? 0 : 1)));
    if (just_made) return 0;
    TRY(transaction.execute(delete_aliases, {{"unit", stored.id}}));
    TRY(write_aliases(transaction, stored));
    TRY(transaction.journal({"unit.changed", "unit", stored.id.value, json::serialize(before), json::serialize(after)}));
    return 1;
  }

  static bool missing(const json::value& value) {
    return value.is_null() || (value.is_array() && value.get_array().empty());
  }

  static store::Parameters update_parameters(const Stored& stored, const std::string& slug, std::size_t place, int changes) {
    const Fields& fields = stored.fields;
    return {{"id", stored.id}, {"slug", slug}, {"name", text_of(fields, "name")}, {"name_en", text_of(fields, "name_en")},
            {"short_name", text_of(fields, "short_name")}, {"short_name_en", text_of(fields, "short_name_en")},
            {"kind", text_of(fields, "kind")}, {"parent", text_or_null(fields, "parent")},
            {"division", text_or_null(fields, "division")}, {"valid_from", text_or_null(fields, "from")},
            {"valid_to", text_or_null(fields, "to")}, {"place", place}, {"changes", changes},
            {"pack_said", json::serialize(stored.pack_said)}};
  }

  static base::Done write_aliases(store::Transaction& transaction, const Stored& stored) {
    int place = 0;
    for (const auto& alias : stored.fields.at("aliases").as_array()) {
      TRY(transaction.execute(insert_alias, {{"unit", stored.id}, {"place", place++}, {"name", std::string(alias.as_string())}}));
    }
    return {};
  }

  base::Result<int> define(store::Transaction& transaction, const pack::Group& group, std::size_t place) {
    const std::string said = said_by(group);
    const auto at = groups_said_.find(group.id);
    if (at != groups_said_.end() && at->second == said) return 0;
    TRY(transaction.execute(upsert_group, {{"id", group.id}, {"place", place}, {"name", group.name.zh}, {"name_en", group.name.en},
                                           {"aliases", json::serialize(list_from(group.aliases))},
                                           {"unverified", group.unverified}, {"note", group.note.zh},
                                           {"note_en", group.note.en}, {"pack_said", said}}));
    TRY(transaction.execute(delete_members, {{"id", group.id}}));
    int member_place = 0;
    for (const std::string& member : group.members) {
      TRY(transaction.execute(insert_member, {{"id", group.id}, {"place", member_place++},
                                              {"unit", stored_[by_slug_.at(member)].id}}));
    }
    TRY(transaction.journal({"group.defined", "group", group.id, at == groups_said_.end() ? "" : at->second, said}));
    groups_said_[group.id] = said;
    return 1;
  }

  base::Done district(store::Transaction& transaction) {
    if (!pack_.district || district_said_ == district_key(*pack_.district)) return {};
    TRY(transaction.execute(delete_district));
    TRY(transaction.execute(insert_district, {{"code", pack_.district->code}, {"name", pack_.district->name.zh},
                                              {"name_en", pack_.district->name.en},
                                              {"prefixes", json::serialize(list_from(pack_.district->prefixes))}}));
    return {};
  }

  store::Session& session_;
  const pack::Pack& pack_;
  std::vector<Stored> stored_;
  std::map<std::string, std::size_t> by_slug_;
  std::map<std::string, std::string> groups_said_;
  std::string district_said_;
  std::vector<std::string> made_;
};

}  // namespace

base::Result<int> fill_from_pack(store::Transaction& transaction, const pack::Pack& pack) {
  Filling filling(transaction, pack);
  TRY(filling.read());
  const int units = TRY(filling.write(transaction));
  return units + TRY(fill_divisions(transaction, pack));
}

base::Result<int> fill_from_pack(store::Store& store, const pack::Pack& pack) {
  bool needed = false;
  const auto look = [&](store::Session& session) -> base::Done {
    Filling filling(session, pack);
    TRY(filling.read());
    needed = filling.needed() || TRY(divisions_differ(session, pack));
    return {};
  };
  TRY(store.read(look));
  if (!needed) return 0;
  int changes = 0;
  const auto fill = [&](store::Transaction& transaction) -> base::Result<store::Answer> {
    changes = TRY(fill_from_pack(transaction, pack));
    return store::Answer();
  };
  TRY(store.write({"system:packs", base::RequestId::make(), ""}, fill));
  return changes;
}

}  // namespace yihu::area

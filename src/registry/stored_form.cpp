#include "registry/stored_form.h"

#include "base/id_number.h"

#include <algorithm>

namespace yihu::registry {
namespace {

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(' ');
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// Digits alone: how a telephone number is compared.
std::string digits_of(std::string_view text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c >= '0' && c <= '9'; });
  return out;
}

/// Private cells of `values` sealed; those that say what is stored already are taken out.
base::Done seal(store::Transaction& transaction, const Rooms& rooms, std::string_view table, const std::string& owner,
                const Record& stored, Values& values) {
  for (const Field& field : stored.fields()) {
    const auto at = values.find(field.id);
    if (!field.private_ || at == values.end()) continue;
    const auto before = TRY(opened(transaction, rooms, table, field, owner, stored.at(field.id)));
    const auto* clear = std::get_if<std::string>(&at->second);
    if (before == (clear == nullptr ? std::nullopt : std::optional(*clear))) {
      values.erase(at);
    } else if (clear != nullptr) {
      at->second = TRY(rooms.secrets.seal(transaction, {table, field.id, owner}, *clear));
    }
  }
  return {};
}

const Cell& latest(const Record& stored, const Values& values, std::string_view field) {
  const auto at = values.find(field);
  return at == values.end() ? stored.at(field) : at->second;
}

/// Disabled before seriously ill before chronically ill; healthy only when all three are known not to be.
Cell health_from(const Cell& disabled, const Cell& serious, const Cell& chronic) {
  const Cell yes = std::int64_t{1};
  if (disabled == yes) return std::string("disabled");
  if (serious == yes) return std::string("serious_illness");
  if (chronic == yes) return std::string("chronic");
  if (known(disabled) && known(serious) && known(chronic)) return std::string("healthy");
  return {};
}

/// What the number says of itself.
void add_id_facts(const Cell& clear, const Record& stored, Values& out) {
  const auto* text = std::get_if<std::string>(&clear);
  const base::IdNumber read = base::read_id_number(text == nullptr ? std::string_view() : *text);
  out["id_birth"] = read.birth ? Cell(base::to_string(*read.birth)) : Cell();
  out["id_sex"] = read.sex ? Cell(std::string(*read.sex == base::IdSex::male ? "male" : "female")) : Cell();
  out["id_valid"] = text == nullptr || read.kind == base::IdNumber::Kind::other ? Cell() : Cell(std::int64_t{read.valid});
  // A passport's number has no check digit: nothing can be said. A resident's number of a wrong length is wrong.
  const Cell& kind = latest(stored, out, "id_kind");
  const bool resident = kind == Cell(std::string("resident")) || kind == Cell(std::string("disability"));
  if (text != nullptr && resident && read.kind == base::IdNumber::Kind::other) out["id_valid"] = std::int64_t{0};
  if (text != nullptr && !known(kind) && read.kind != base::IdNumber::Kind::other) {
    out["id_kind"] = std::string(read.kind == base::IdNumber::Kind::resident ? "resident" : "disability");
  }
}

}  // namespace

void check_values(std::span<const Field> fields, const Values& values, const std::string& pointer, std::vector<base::Error>& mistakes) {
  for (const auto& [id, value] : values) {
    const Field* field = find_field(fields, id);
    base::Error error;
    if (field == nullptr || field->writing != Writing::entered) {
      error = {base::ErrorKind::input, "field_unknown", base::text("“{}”不是可以填写的项目。", "\"{}\" is no field that can be entered.", id), {},
               {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/" + id}, {}};
    } else if (auto checked = check(*field, value); !checked) {
      error = std::move(checked).error();
    } else {
      continue;
    }
    error.place.field = pointer + error.place.field;
    mistakes.push_back(std::move(error));
  }
}

Values normal_form(std::span<const Field> fields, const Values& values) {
  Values out = values;
  for (auto& [id, value] : out) {
    const Field* field = find_field(fields, id);
    if (field == nullptr) continue;
    if (const auto* whole = std::get_if<std::int64_t>(&value); whole != nullptr && field->type == FieldType::real) {
      value = static_cast<double>(*whole);
    } else if (auto* text = std::get_if<std::string>(&value)) {
      *text = id == "id_number" ? base::id_number_key(*text) : trimmed(*text);
      if (text->empty()) value = {};
    }
  }
  return out;
}

base::Result<Values> stored_form(store::Transaction& transaction, const Rooms& rooms, HouseholdRow& row, const Values& values) {
  Values out = values;
  if (const auto phone = values.find("phone"); phone != values.end()) {
    const auto* text = std::get_if<std::string>(&phone->second);
    row.phone_index = text == nullptr ? std::nullopt : std::optional(phone_index(rooms, *text));
  }
  TRY(seal(transaction, rooms, "household", row.id.value, row.values, out));
  return out;
}

base::Result<Values> stored_form(store::Transaction& transaction, const Rooms& rooms, PersonRow& row, const Values& values) {
  Values out = values;
  if (const auto name = values.find("name"); name != values.end()) {
    const auto* text = std::get_if<std::string>(&name->second);
    const Initials initials = initials_of(text == nullptr ? "" : *text);
    row.initials = initials.first.empty() ? std::nullopt : std::optional(initials.first);
    row.initials_other = initials.other;
  }
  if (const auto number = values.find("id_number"); number != values.end()) {
    const auto* text = std::get_if<std::string>(&number->second);
    row.id_index = text == nullptr ? std::nullopt : std::optional(id_index(rooms, *text));
    add_id_facts(number->second, row.values, out);
  }
  if (const auto phone = values.find("phone"); phone != values.end()) {
    const auto* text = std::get_if<std::string>(&phone->second);
    row.phone_index = text == nullptr ? std::nullopt : std::optional(phone_index(rooms, *text));
  }
  if (values.contains("disabled") || values.contains("chronic") || values.contains("serious_illness")) {
    out["health"] = health_from(latest(row.values, values, "disabled"), latest(row.values, values, "serious_illness"),
                                latest(row.values, values, "chronic"));
  }
  TRY(seal(transaction, rooms, "person", row.id.value, row.values, out));
  return out;
}

base::Result<std::optional<std::string>> opened(store::Session& session, const Rooms& rooms, std::string_view table,
                                                const Field& field, const std::string& owner, const Cell& sealed) {
  const auto* text = std::get_if<std::string>(&sealed);
  if (text == nullptr) return std::optional<std::string>();
  auto clear = rooms.secrets.open(session, {table, field.id, owner}, *text);
  if (!clear && clear.error().code == "secret_destroyed") return std::optional<std::string>();
  return std::optional(TRY(std::move(clear)));
}

base::Result<Cell> masked(store::Session& session, const Rooms& rooms, std::string_view table, const Field& field,
                          const std::string& owner, const Cell& sealed) {
  const auto clear = TRY(opened(session, rooms, table, field, owner, sealed));
  if (!clear) return Cell{};
  return Cell(field.id == "id_number" ? base::masked_id_number(*clear) : base::masked_phone(*clear));
}

base::Done mask(store::Session& session, const Rooms& rooms, std::string_view table, const std::string& owner, Record& values) {
  for (const Field& field : values.fields()) {
    if (field.private_) values.at(field.id) = TRY(masked(session, rooms, table, field, owner, values.at(field.id)));
  }
  return {};
}

std::string id_index(const Rooms& rooms, std::string_view id_number_key) { return rooms.secrets.index("person.id_number", id_number_key); }

std::string phone_index(const Rooms& rooms, std::string_view digits) { return rooms.secrets.index("phone", digits_of(digits)); }

}  // namespace yihu::registry

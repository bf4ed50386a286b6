#pragma once
// What a person or a workbook says → what the tables hold: private values sealed, and the plain facts beside them that
// rules and search need. Inside the room only.

#include "registry/rows.h"

#include <vector>

namespace yihu::registry {

/// Every value is of a field that may be entered, and fits it. @param pointer before each field's id: "/members/0"
void check_values(std::span<const Field> fields, const Values& values, const std::string& pointer, std::vector<base::Error>& mistakes);
/// Whole numbers given for real ones become real, names lose the spaces around them, document numbers their form.
Values normal_form(std::span<const Field> fields, const Values& values);

/// The columns to write for `values` (in normal form), with what is derived from them; sets the row's look-up columns.
/// Private values that do not differ from what is stored are left out.
base::Result<Values> stored_form(store::Transaction& transaction, const Rooms& rooms, HouseholdRow& row, const Values& values);
base::Result<Values> stored_form(store::Transaction& transaction, const Rooms& rooms, PersonRow& row, const Values& values);

/// The sealed cell of a row in clear; nothing when there is none or the person's key was destroyed.
base::Result<std::optional<std::string>> opened(store::Session& session, const Rooms& rooms, std::string_view table,
                                                const Field& field, const std::string& owner, const Cell& sealed);
/// The same, as it may be shown: "460108********1234".
base::Result<Cell> masked(store::Session& session, const Rooms& rooms, std::string_view table, const Field& field,
                          const std::string& owner, const Cell& sealed);
/// Every private cell of a row, masked.
base::Done mask(store::Session& session, const Rooms& rooms, std::string_view table, const std::string& owner, Record& values);

/// How exact look-up finds them; the same for every caller.
std::string id_index(const Rooms& rooms, std::string_view id_number_key);
std::string phone_index(const Rooms& rooms, std::string_view digits);

}  // namespace yihu::registry

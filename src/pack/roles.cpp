#include "pack/loading.h"

#include <algorithm>

namespace yihu::pack {

void read_roles(const Value& section, Loading& loading) {
  static constexpr std::string_view scopes[] = {"district", "unit"};
  static constexpr std::string_view reaches[] = {"district", "area", "assigned"};
  for (const auto& [id, value] : section.entries()) {
    Fields fields = value.fields();
    Role role;
    role.id = id;
    role.place = value.place();
    role.label = fields.need("label").bilingual().value_or(base::Text{});
    role.scope = fields.need("scope").one_of(scopes) == "district" ? RoleScope::district : RoleScope::unit;
    role.reach = role.scope == RoleScope::district ? Reach::district : Reach::area;
    if (const auto reach = fields.may("register").one_of(reaches)) {
      role.reach = static_cast<Reach>(std::ranges::find(reaches, *reach) - std::begin(reaches));
    }
    for (const Value& permission : fields.need("permissions").list()) {
      if (auto name = permission.one_of(loading.vocabulary.permissions)) role.permissions.push_back(std::move(*name));
    }
    loading.put(loading.pack.roles, std::move(role), "role", value.place());
  }
}

}  // namespace yihu::pack

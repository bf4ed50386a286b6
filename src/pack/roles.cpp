#include "pack/loading.h"

namespace yihu::pack {

void read_roles(const Value& section, Loading& loading) {
  static constexpr std::string_view scopes[] = {"district", "unit"};
  for (const auto& [id, value] : section.entries()) {
    Fields fields = value.fields();
    Role role;
    role.id = id;
    role.place = value.place();
    role.label = fields.need("label").bilingual().value_or(base::Text{});
    role.scope = fields.need("scope").one_of(scopes) == "district" ? RoleScope::district : RoleScope::unit;
    for (const Value& permission : fields.need("permissions").list()) {
      if (auto name = permission.one_of(loading.vocabulary.permissions)) role.permissions.push_back(std::move(*name));
    }
    loading.put(loading.pack.roles, std::move(role), "role", value.place());
  }
}

}  // namespace yihu::pack

#include "screen/light_count.h"

#include "registry/reach.h"
#include "screen/refresh.h"

namespace yihu::screen {
namespace {

constexpr store::Sql counts_sql =
    "SELECT village, light, state, count(*) FROM household_light WHERE village >= :low AND village < :high"
    " GROUP BY village, light, state";

std::int64_t& place(LightCount& count, std::string_view state) {
  if (state == name_of(LightState::met)) return count.met;
  if (state == name_of(LightState::not_met)) return count.not_met;
  return state == name_of(LightState::unknown) ? count.unknown : count.not_applicable;
}

}  // namespace

base::Result<std::vector<LightCount>> light_counts(store::Session& session, const RuleBook& book, const access::Viewer& viewer,
                                                   std::string_view area) {
  std::map<std::pair<std::string, std::string>, LightCount> counts;
  for (const registry::Stretch& stretch : registry::stretches_of(viewer, area)) {
    for (const store::Row& row : TRY(session.query(counts_sql, {{"low", stretch.low}, {"high", stretch.high}}))) {
      place(counts[{row.text(0), row.text(1)}], row.text(2)) += row.integer(3);
    }
  }
  std::vector<LightCount> out;
  std::string village;
  bool computing = false;
  for (auto& [key, count] : counts) {
    if (key.first != village) {
      village = key.first;
      computing = TRY(awaits_sweep(session, village));
    }
    count.village = key.first;
    count.light = key.second;
    count.computing = computing;
    for (const RuleBook::Light& light : book.lights()) {
      if (light.light->id == key.second) count.label = light.light->label;
    }
    out.push_back(std::move(count));
  }
  return out;
}

}  // namespace yihu::screen

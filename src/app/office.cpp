#include "app/office.h"

#include "access/user.h"
#include "area/fill.h"
#include "area/unit.h"
#include "compare/schema.h"
#include "ledger/schema.h"
#include "ledger/table_fit.h"
#include "ledger/vocabulary.h"
#include "pack/rule_schema.h"
#include "plan/tracking/acceptance.h"
#include "plan/tracking/migrations.h"
#include "registry/rule_subjects.h"
#include "registry/schema.h"
#include "screen/schema.h"
#include "screen/watch.h"
#include "store/file_text.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <system_error>
#include <vector>

namespace yihu::app {
namespace {

namespace files = std::filesystem;
namespace json = boost::json;

/// The pack's name for the numbers of the national system.
constexpr std::string_view national_code_map = "national-register";

files::path settings_file(const files::path& folder) { return folder / "office.json"; }

base::Result<OfficeSettings> read_settings(const files::path& folder) {
  std::error_code error;
  if (!files::exists(settings_file(folder), error)) {
    return base::fail(base::ErrorKind::not_found, "office_missing",
                      base::text("文件夹 {} 里还没有数据。", "There is no data in {} yet.", folder.string()),
                      base::text("请先运行 yihu init，或用 yihu demo 建一份演示数据。",
                                 "Run yihu init first, or yihu demo for a made-up district."));
  }
  const std::string text = TRY(store::read_whole(settings_file(folder)));
  std::error_code broken;
  const json::value value = json::parse(text, broken);
  const json::object* object = value.if_object();
  if (broken || object == nullptr || !object->contains("pack") || !object->at("pack").is_string()) {
    return base::fail(base::ErrorKind::unavailable, "office_unreadable",
                      base::text("{} 已损坏，读不出来。", "{} is damaged and cannot be read.", settings_file(folder).string()),
                      base::text("请从备份中恢复这个文件。", "Put the file back from a backup."));
  }
  OfficeSettings settings;
  settings.pack = std::string(object->at("pack").as_string());
  if (const json::value* url = object->if_contains("store"); url != nullptr && url->is_string()) {
    settings.store_url = std::string(url->as_string());
  }
  if (const json::value* days = object->if_contains("demo_shift_days"); days != nullptr && days->is_int64()) {
    settings.demo_shift_days = static_cast<int>(days->get_int64());
  }
  return settings;
}

base::Done write_settings(const files::path& folder, const OfficeSettings& settings) {
  const json::object object{
      {"pack", settings.pack}, {"store", settings.store_url}, {"demo_shift_days", settings.demo_shift_days}};
  // The address may hold a password of the database.
  return store::write_durably(settings_file(folder), json::serialize(object) + "\n", 0600);
}

std::unique_ptr<base::Clock> clock_of(const OfficeSettings& settings) {
  if (settings.demo_shift_days == 0) return std::make_unique<base::SystemClock>();
  return std::make_unique<base::ShiftedClock>(std::chrono::days{settings.demo_shift_days});
}

std::vector<store::Migration> migrations_of_all_rooms() {
  std::vector<store::Migration> all;
  for (const auto& room : {area::migrations(), access::migrations(), plan::migrations(), registry::migrations(),
                           ledger::migrations(), screen::migrations(), compare::migrations()}) {
    all.insert(all.end(), room.begin(), room.end());
  }
  return all;
}

/// The pack's plans, for years of which the office has none: a fresh start has something to show.
base::Done fill_plans(Office& office) {
  std::vector<plan::PlanHead> known;
  TRY(office.store->read([&](store::Session& session) -> base::Done {
    auto heads = plan::plan_heads(session);
    if (!heads) return base::fail(std::move(heads).error());
    known = *std::move(heads);
    return {};
  }));
  for (const pack::PlanFacts& facts : office.pack.plans) {
    if (std::ranges::find(known, facts.year, &plan::PlanHead::year) != known.end()) continue;
    const store::Act act{"system:pack", base::RequestId::make(), ""};
    TRY(office.store->write(act, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      auto filled = plan::fill_plan_from_pack(transaction, facts);
      if (!filled) return base::fail(std::move(filled).error());
      return store::Answer{};
    }));
  }
  return {};
}

/// What rules can ask of this office's store.
base::Result<std::shared_ptr<const screen::RuleBook>> rule_book(const Office& office) {
  rule::Schema subjects;
  registry::add_rule_subjects(subjects);
  rule::Compiler compiler = TRY(pack::compiler_of(subjects, office.pack));
  const auto live = office.settings.store_url.empty() ? rule::Engine::sqlite : rule::Engine::postgres;
  return screen::RuleBook::make(office.pack, std::move(compiler), live);
}

struct Opening {
  files::path folder;
  OfficeSettings settings;
  store::Algorithms algorithms = store::Algorithms::international;
  OpenFor purpose = OpenFor::writing;
  std::unique_ptr<base::Clock> clock = nullptr;
};

base::Result<Office> open(Opening opening) {
  Office office;
  office.settings = opening.settings;
  office.clock = opening.clock ? std::move(opening.clock) : clock_of(opening.settings);
  const files::path packs = TRY(pack_folder());
  office.pack = TRY(pack::load(packs / opening.settings.pack, ledger::vocabulary(), office.rosters));
  TRY(registry::check_code_maps(office.pack));
  for (const pack::CodeMap& map : office.pack.code_maps) {
    if (map.id == national_code_map) office.codes = TRY(registry::OutsideCodes::from(map));
  }
  office.store = TRY(store::Store::open({.folder = opening.folder,
                                         .url = opening.settings.store_url,
                                         .migrations = migrations_of_all_rooms(),
                                         .clock = office.clock.get(),
                                         .algorithms = opening.algorithms,
                                         .read_only = opening.purpose == OpenFor::looking}));
  office.rules = TRY(rule_book(office));
  office.store->around_writes([rules = office.rules](store::Write write) { return screen::screened(rules, std::move(write)); });
  // A newer pack adds and renames here, at every start; an unchanged one only reads.
  if (opening.purpose == OpenFor::writing) {
    TRY(area::fill_from_pack(*office.store, office.pack));
    TRY(ledger::fit_tables(*office.store, office.pack));
  }
  // A demo brings its plan into force itself, on the day of the document.
  if (opening.purpose == OpenFor::writing && !office.demo()) TRY(fill_plans(office));
  return office;
}

}  // namespace

base::Result<files::path> pack_folder() {
  std::error_code error;
  if (const char* chosen = std::getenv("YIHU_PACKS"); chosen != nullptr) return files::path(chosen);
  const files::path program = files::read_symlink("/proc/self/exe", error);
  for (const char* beside : {"../../../packs", "../../share/yihu/packs"}) {
    const files::path folder = (program / beside).lexically_normal();
    if (files::is_directory(folder, error)) return folder;
  }
  return base::fail(base::ErrorKind::unavailable, "packs_missing",
                    base::text("找不到政策包文件夹 packs。", "The folder of packs is not to be found."),
                    base::text("请用环境变量 YIHU_PACKS 指明。", "Name it in the environment variable YIHU_PACKS."));
}

base::Result<Office> make_office(NewOffice wanted) {
  std::error_code error;
  if (files::exists(settings_file(wanted.folder), error)) {
    return base::fail(base::ErrorKind::conflict, "office_exists",
                      base::text("文件夹 {} 里已经有数据。", "There is data in {} already.", wanted.folder.string()),
                      base::text("请换一个文件夹。", "Choose another folder."));
  }
  files::create_directories(wanted.folder, error);
  if (error) return base::fail(store::file_error(wanted.folder, error.value()));
  Office office = TRY(open({.folder = wanted.folder, .settings = wanted.settings, .algorithms = wanted.algorithms,
                            .clock = std::move(wanted.clock)}));
  // Written last: a folder without it was never finished, and making it again goes on where it stopped.
  TRY(write_settings(wanted.folder, wanted.settings));
  return office;
}

base::Result<Office> open_office(const files::path& folder, OpenFor purpose) {
  const OfficeSettings settings = TRY(read_settings(folder));
  return open({.folder = folder, .settings = settings, .purpose = purpose});
}

}  // namespace yihu::app

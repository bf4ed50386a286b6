// Finds the packs that stand under one another, reads every file, and hands each section to its reader.

#include "base/nearest.h"
#include "pack/loading.h"

#include <algorithm>
#include <fstream>
#include <system_error>

namespace yihu::pack {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t layers_max = 10;

struct Section {
  std::string_view key;
  void (*read)(const Value& section, Loading& loading);
};

// A new kind of policy is one more line here.
constexpr Section sections[] = {
    {"roles", read_roles},
    {"units", read_units},
    {"groups", read_groups},
    {"plan", read_plan},
    {"divisions", read_divisions},
    {"areas", read_areas},
    {"code_maps", read_code_maps},
    {"codes", read_codes},
    {"ledgers", read_ledgers},
    {"facts", read_facts},
    {"rules", read_rules},
    {"lights", read_lights},
    {"indicators", read_indicators},
    {"goals", read_goals},
    {"parameters", read_parameters},
    {"demo", read_demo},
    {"rosters", read_rosters},
    {"rates", read_rates},
};

struct Head {
  Layer layer;
  std::vector<std::pair<std::string, base::Place>> below;
  std::optional<District> district;
};

/// "meilan-2019/units.yaml", whatever folder the packs stand in.
std::string name_of(const fs::path& file) {
  const fs::path folder = fs::absolute(file).lexically_normal().parent_path();
  return (folder.filename() / file.filename()).string();
}

std::optional<std::string> content_of(const fs::path& file, Mistakes& mistakes) {
  const base::Place place{.file = name_of(file), .line = 0, .column = 0, .cell = {}, .field = {}};
  std::error_code failure;
  const auto size = fs::file_size(file, failure);
  if (!failure && size > pack_file_bytes_max) {
    mistakes.add(place, "pack_too_large", base::text("文件超过 {} MB。", "The file is larger than {} MB.", pack_file_bytes_max >> 20),
                 base::text("请分成几个文件。", "Split it into several files."));
    return std::nullopt;
  }
  std::ifstream stream(file, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(stream), {}};
  if (failure || stream.bad() || !stream) {
    mistakes.add(place, "pack_unreadable", base::text("文件读不出来。", "The file cannot be read."));
    return std::nullopt;
  }
  return content;
}

std::vector<fs::path> files_in(const fs::path& folder, Mistakes& mistakes) {
  std::vector<fs::path> files;
  std::error_code failure;
  for (auto entry = fs::directory_iterator(folder, failure); !failure && entry != fs::directory_iterator();
       entry.increment(failure)) {
    const std::string ending = entry->path().extension().string();
    std::error_code ignored;
    if ((ending == ".yaml" || ending == ".yml") && entry->is_regular_file(ignored)) files.push_back(entry->path());
  }
  std::ranges::sort(files);
  if (files.size() > pack_files_max) {
    mistakes.add({.file = folder.filename().string(), .line = 0, .column = 0, .cell = {}, .field = {}}, "pack_too_large",
                 base::text("政策包超过 {} 个文件。", "The pack has more than {} files.", pack_files_max));
    files.resize(pack_files_max);
  }
  return files;
}

District district(const Value& value) {
  Fields fields = value.fields();
  District out;
  out.code = fields.need("code").text().value_or("");
  out.name = fields.need("name").bilingual().value_or(base::Text{});
  for (const Value& prefix : fields.need("prefixes").list()) {
    if (auto text = prefix.text()) out.prefixes.push_back(std::move(*text));
  }
  return out;
}

std::optional<Head> head_of(const fs::path& folder, Mistakes& mistakes) {
  const fs::path file = folder / "pack.yaml";
  const auto content = content_of(file, mistakes);
  if (!content) return std::nullopt;
  const std::string name = name_of(file);
  const auto root = node_from_yaml(*content, name, mistakes);
  if (!root) return std::nullopt;
  Fields fields = Value(&*root, name, mistakes).fields();
  Head head;
  head.layer.folder = folder;
  const Value id = fields.need("id");
  head.layer.id = id.id().value_or("");
  if (!head.layer.id.empty() && head.layer.id != folder.filename()) {
    id.mistake("pack_id", base::text("编号与文件夹名“{}”不同。", "The id differs from the folder's name, \"{}\".",
                                     folder.filename().string()));
  }
  head.layer.title = fields.need("title").bilingual().value_or(base::Text{});
  head.layer.version = fields.need("version").text().value_or("");
  for (const Value& below : fields.may("on").list()) {
    if (auto other = below.id()) head.below.emplace_back(std::move(*other), below.place());
  }
  if (const Value value = fields.may("district"); value.present()) head.district = district(value);
  return head;
}

std::vector<std::string> folders_beside(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code failure;
  for (auto entry = fs::directory_iterator(folder.parent_path(), failure); !failure && entry != fs::directory_iterator();
       entry.increment(failure)) {
    if (fs::exists(entry->path() / "pack.yaml", failure)) out.push_back(entry->path().filename().string());
  }
  std::ranges::sort(out);
  return out;
}

/// Depth first, so that a pack comes after all it stands on.
void gather(const fs::path& folder, std::vector<Head>& heads, std::vector<std::string>& under_way, Mistakes& mistakes) {
  auto head = head_of(folder, mistakes);
  if (!head) return;
  under_way.push_back(folder.filename().string());
  for (const auto& [id, place] : head->below) {
    if (std::ranges::find(heads, id, [](const Head& other) { return other.layer.id; }) != heads.end()) continue;
    if (std::ranges::find(under_way, id) != under_way.end() || under_way.size() >= layers_max) {
      mistakes.add(place, "pack_circle", base::text("政策包互相依赖，绕回了“{}”。", "The packs stand on one another in a circle at \"{}\".", id));
      continue;
    }
    std::error_code failure;
    if (!fs::exists(folder.parent_path() / id / "pack.yaml", failure)) {
      const auto known = folders_beside(folder);
      mistakes.add(place, "pack_missing", base::text("旁边没有名为“{}”的政策包。", "There is no pack \"{}\" beside this one.", id),
                   suggestion(id, {known.begin(), known.end()}));
      continue;
    }
    gather(folder.parent_path() / id, heads, under_way, mistakes);
  }
  under_way.pop_back();
  heads.push_back(std::move(*head));
}

void read_file(const fs::path& file, Loading& loading) {
  const auto content = content_of(file, loading.mistakes);
  const std::string name = name_of(file);
  const auto root = content ? node_from_yaml(*content, name, loading.mistakes) : std::nullopt;
  if (content) loading.texts[name] = *content;
  if (!root) loading.whole = false;
  if (!root || root->kind == Node::Kind::empty) return;
  Fields fields = Value(&*root, name, loading.mistakes).fields();
  const auto article = article_from(fields.may("article"));
  base::Text title = fields.may("title").bilingual(Value::Single::allowed).value_or(base::Text{});
  loading.article = article.value_or(0);
  if (article) loading.pack.articles.push_back({*article, std::move(title), loading.layer_id, name});
  for (const Section& section : sections) {
    if (const Value value = fields.may(section.key); value.present()) section.read(value, loading);
  }
}

template <class T>
const T* found(const std::vector<T>& all, std::string_view id) {
  const auto at = std::ranges::find(all, id, [](const T& item) -> std::string_view { return item.id; });
  return at == all.end() ? nullptr : &*at;
}

}  // namespace

const Role* Pack::role(std::string_view id) const { return found(roles, id); }
const Unit* Pack::unit(std::string_view id) const { return found(units, id); }
const Group* Pack::group(std::string_view id) const { return found(groups, id); }
const CodeList* Pack::code_list(std::string_view id) const { return found(codes, id); }
const Ledger* Pack::ledger(std::string_view id) const { return found(ledgers, id); }
const Fact* Pack::fact(std::string_view id) const { return found(facts, id); }
const Rule* Pack::rule(std::string_view id) const { return found(rules, id); }
const Indicator* Pack::indicator(std::string_view id) const { return found(indicators, id); }
const Parameter* Pack::parameter(std::string_view id) const { return found(parameters, id); }

bool Loading::define(const std::string& key, const std::string& id, const base::Place& place) {
  const auto [at, added] = defined.try_emplace(key, layer, place);
  if (added) return true;
  if (at->second.first == layer) {
    mistakes.add(place, "pack_id_repeated",
                 base::text("编号“{}”在 {} 第 {} 行已经用过。", "The id \"{}\" is used already in {}, line {}.", id,
                            at->second.second.file, at->second.second.line),
                 base::text("请换一个编号，或只保留一处。", "Use another id, or keep one of them."));
    return false;
  }
  at->second = {layer, place};
  return true;
}

base::Result<Pack> load(const fs::path& folder, const Vocabulary& vocabulary) {
  Rosters rosters;
  return load(folder, vocabulary, rosters);
}

base::Result<Pack> load(const fs::path& folder, const Vocabulary& vocabulary, Rosters& rosters) {
  std::error_code failure;
  const fs::path absolute = fs::weakly_canonical(folder, failure);
  if (failure || !fs::is_directory(absolute, failure)) {
    return base::fail(base::Error{base::ErrorKind::input, "pack_missing",
                                  base::text("没有文件夹“{}”。", "There is no folder \"{}\".", folder.string()), {}, {}, {}});
  }
  if (!fs::exists(absolute / "pack.yaml", failure)) {
    return base::fail(base::ErrorKind::input, "pack_missing",
                      base::text("文件夹“{}”里没有 pack.yaml。", "There is no pack.yaml in \"{}\".", folder.string()),
                      base::text("请给出政策包的文件夹，例如 packs/meilan-2019。", "Name a pack's folder, such as packs/meilan-2019."));
  }
  Loading loading{.vocabulary = vocabulary, .pack = {}, .mistakes = {}, .references = {}, .defined = {}};
  std::vector<Head> heads;
  std::vector<std::string> under_way;
  gather(absolute, heads, under_way, loading.mistakes);
  for (Head& head : heads) {
    loading.layer_id = head.layer.id;
    for (const fs::path& file : files_in(head.layer.folder, loading.mistakes)) {
      if (file.filename() != "pack.yaml") read_file(file, loading);
    }
    if (head.district) loading.pack.district = std::move(head.district);
    loading.pack.layers.push_back(std::move(head.layer));
    ++loading.layer;
  }
  // What an unreadable file would have defined is not missing, only unread.
  if (loading.whole) {
    amend_divisions(loading);
    check_references(loading);
    check_rosters(loading);
    check_expressions(loading);
    warn_of_burden(loading);
  }
  if (!loading.mistakes.empty()) return base::fail(loading.mistakes.take());
  rosters = std::move(loading.rosters);
  return std::move(loading.pack);
}

}  // namespace yihu::pack

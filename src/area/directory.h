#pragma once
// All units and groups at one moment, and the finding of the one that a document means.

#include "area/unit.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::area {

/// What a name in a document stands for.
struct Match {
  enum class How {
    none,
    name,    ///< full or short name
    alias,
    prefix,  ///< the same once the district's own prefix is left out: 财政局 for 区财政局
  };
  How how = How::none;
  const Unit* unit = nullptr;
  const Group* group = nullptr;
  std::vector<const Unit*> suggestions;  ///< when nothing matched: those whose names are near, nearest first

  bool found() const { return how != How::none; }
};

/// Immutable; what it hands out lives as long as it does.
class Directory {
 public:
  Directory(std::vector<Unit> units, std::vector<Group> groups, std::vector<std::string> prefixes);
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  Directory(Directory&&) = default;
  Directory& operator=(Directory&&) = default;

  /// In the order of the packs, then as they were made.
  std::span<const Unit> units() const { return units_; }
  std::span<const Group> groups() const { return groups_; }
  /// nullptr when there is none.
  const Unit* unit(const base::UnitId& id) const;
  const Unit* unit_by_slug(std::string_view slug) const;
  const Group* group(std::string_view id) const;

  /// Widths, brackets, spaces and a district's prefix do not matter, nor does 等 at the end.
  Match resolve(std::string_view name) const;
  static constexpr std::size_t suggestions_max = 3;

 private:
  struct Named {
    std::size_t unit = none;
    std::size_t group = none;
    Match::How how = Match::How::none;
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
  };
  void name(const std::string& written, Named named);
  std::string stem(const std::string& key) const;
  Match match(const Named& named, Match::How how) const;
  std::vector<const Unit*> near(const std::string& key) const;

  std::vector<Unit> units_;
  std::vector<Group> groups_;
  std::vector<std::string> prefixes_;  ///< as keys, longest first
  std::map<std::string, std::size_t, std::less<>> by_id_;
  std::map<std::string, std::size_t, std::less<>> by_slug_;
  std::map<std::string, Named, std::less<>> by_key_;
  std::map<std::string, Named, std::less<>> by_stem_;  ///< how == none: two share it, so it tells nothing
};

base::Result<Directory> read_directory(store::Session& session);

}  // namespace yihu::area

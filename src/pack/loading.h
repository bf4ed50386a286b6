#pragma once
// What is known while packs are being read. Each section of a file has one reader that adds to it; references between
// sections are checked when all files have been read.

#include "pack/node.h"
#include "pack/pack.h"

#include <map>
#include <string>
#include <vector>

namespace yihu::pack {

/// A name that must be defined somewhere, and where it is used.
struct Reference {
  std::string id;
  base::Place place;
  bool group_allowed = false;  ///< a group's id will do as well as a unit's
};

struct Loading {
  const Vocabulary& vocabulary;
  Pack pack;
  Mistakes mistakes;
  std::vector<Reference> references;
  std::size_t layer = 0;
  bool whole = true;  ///< every file could be read
  /// "role leader" → the layer and place that defined it last, to tell replacing from repeating.
  std::map<std::string, std::pair<std::size_t, base::Place>> defined;

  /// Adds `item`, or replaces the one with its id from a lower layer.
  template <class T>
  void put(std::vector<T>& all, T item, const char* kind, const base::Place& place) {
    if (!define(std::string(kind) + ' ' + item.id, item.id, place)) return;
    for (T& other : all) {
      if (other.id == item.id) {
        other = std::move(item);
        return;
      }
    }
    all.push_back(std::move(item));
  }

 private:
  bool define(const std::string& key, const std::string& id, const base::Place& place);
};

void read_roles(const Value& section, Loading& loading);
void read_units(const Value& section, Loading& loading);
void read_groups(const Value& section, Loading& loading);
void read_plan(const Value& section, Loading& loading);

/// After all files: references, parents that go round in circles, names that two units share.
void check_references(Loading& loading);

}  // namespace yihu::pack

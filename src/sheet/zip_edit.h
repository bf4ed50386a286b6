#pragma once
// A zip file with some parts in other words; all other parts keep their bytes, compressed as they are.

#include "base/clock.h"
#include "base/result.h"
#include "sheet/sheet_patch.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace yihu::sheet {

class ZipEdit {
 public:
  /// @param written the time that the changed parts carry
  ZipEdit(std::string_view bytes, base::Instant written) : bytes_(bytes), written_(written) {}

  void put(const std::string& part, std::string content) { contents_[part] = std::move(content); }
  /// Written while it is patched, never whole in memory.
  void put(const std::string& part, SheetPatch patch) { patches_.emplace(part, std::make_unique<SheetPatch>(std::move(patch))); }
  /// The new file. Errors: those of the patches; no memory.
  base::Result<std::string> finish();

 private:
  std::string_view bytes_;
  base::Instant written_;
  std::map<std::string, std::string> contents_;
  std::map<std::string, std::unique_ptr<SheetPatch>> patches_;
};

}  // namespace yihu::sheet

#pragma once
// A worksheet's XML with some cells in another style, as a stream: everything else is the same bytes.

#include "sheet/xml_stream.h"
#include "sheet/zip_archive.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace yihu::sheet {

using CellPlace = std::pair<int, int>;  // row, column, from 1

/// What must be known of a sheet before it is written anew.
struct SheetSurvey {
  std::map<CellPlace, int> styles;   ///< of each marked cell; of one that is not there, the style it would have
  std::string legacy_drawing;        ///< relationship of the drawing that holds its comments; may be empty
};
base::Result<SheetSurvey> survey_sheet(ZipStream part, const std::set<CellPlace>& marked, const base::Cancel& cancel);

class SheetPatch {
 public:
  /// @param styles the new style of each marked cell
  /// @param legacy_drawing relationship to name in the sheet; empty when it names one already
  SheetPatch(ZipStream part, std::map<CellPlace, int> styles, std::string legacy_drawing);
  SheetPatch(SheetPatch&&) noexcept;
  ~SheetPatch();

  /// As ZipStream::read.
  base::Result<std::size_t> read(char* buffer, std::size_t size);

 private:
  class Splice;
  std::unique_ptr<Splice> splice_;
};

}  // namespace yihu::sheet

#pragma once
// The lines drawn on the pages of a pdf, from what `pdftocairo -svg` prints.

#include "sheet/pdf_page.h"

#include <string_view>
#include <vector>

namespace yihu::sheet {

/// By page. Straight lines across or down, and long thin boxes, which most programs draw instead of lines; everything
/// else, the shapes of signs above all, is passed over. Empty when it is no svg.
std::vector<std::vector<PdfRule>> pdf_rules_from_svg(std::string_view svg);

}  // namespace yihu::sheet

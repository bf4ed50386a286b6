#pragma once
// The plan's parts and tasks: which numbers are headings, and where their titles end.

#include "plan/reading/place.h"

namespace yihu::plan {

enum class HeadingLevel {
  division,  ///< above the parts; only ends what stands before it
  part,
  task,
};

struct Heading {
  HeadingLevel level = HeadingLevel::task;
  MarkerStyle style = MarkerStyle::bracketed_chinese;
  int number = 0;             ///< 0 for a task without a heading of its own
  std::size_t begin = 0;      ///< of the marker, in Flow
  std::size_t title_begin = 0;
  std::size_t title_end = 0;  ///< without its stop
  std::size_t content = 0;    ///< behind the title and its stop
  std::size_t end = 0;        ///< where the next heading begins, or the plan's text ends
};

/// In the order of the text. A part that holds measures without a task heading gets a task with number 0.
std::vector<Heading> headings_from_flow(const Flow& flow, std::span<const Place> places, std::span<const OwnerBlock> blocks);

}  // namespace yihu::plan

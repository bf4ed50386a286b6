#pragma once
// The result as files: linked pairs with their weights, groups. Written beside their name and renamed when whole.

#include "link/index.h"
#include "link/link.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace yihu::link {

/// left, right, score, probability, one weight per field, and `household` where it was asked. Weights in bits with four
/// decimals; those of a row add up to its score exactly.
base::Done write_links(const Linkage& linkage, const std::filesystem::path& path, unsigned threads, const base::Cancel& cancel);
/// group, key: one line per row that belongs to a group of two or more.
base::Done write_groups(const Linkage& linkage, const std::filesystem::path& path, const base::Cancel& cancel);

/// Answers of an index in the same columns: the index's row is left, the one asked about right.
struct Asked {
  std::string key;
  Answer answer;
};
base::Done write_answers(const Index& index, std::span<const Asked> asked, const std::filesystem::path& path, const base::Cancel& cancel);

/// Headings and rows of the linked pairs as text, for workbooks.
std::vector<std::string> link_headings(const Linkage& linkage);
std::vector<std::string> link_row(const Linkage& linkage, const Candidate& pair);

/// Ten-thousandths of a bit as "12.3456".
std::string text_from_weight(std::int64_t weight);

}  // namespace yihu::link

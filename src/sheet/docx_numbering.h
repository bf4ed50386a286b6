#pragma once
// The numbers Word generates before paragraphs, from word/numbering.xml and word/styles.xml.

#include "sheet/list_number.h"

#include "base/result.h"

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace yihu::sheet {

inline constexpr int docx_levels = 9;

/// What a paragraph, or its style, says about its number. Level counts from 0; number list 0 means "no number".
struct DocxNumbered {
  std::optional<int> list;
  std::optional<int> level;
};

struct DocxLevel {
  int start = 1;
  NumberStyle style = NumberStyle::decimal;
  std::string text;            ///< "（%2）": %n stands for the number of level n, from 1
  std::optional<int> restart;  ///< begins anew after this level (from 1) or a higher one; 0 never
  bool legal = false;          ///< all numbers of the label in decimal
  std::string paragraph_style;
};

struct DocxOverride {
  std::optional<int> start;
  std::optional<DocxLevel> level;
};

/// A definition of up to nine levels; several number lists may share it, and then they share its counters.
struct DocxDefinition {
  std::map<int, DocxLevel> levels;
  std::string style_link;  ///< the levels stand in the definition that this numbering style uses
};

struct DocxNumberList {
  int definition = -1;
  std::map<int, DocxOverride> overrides;
};

struct DocxStyle {
  std::string name;
  std::string based_on;
  DocxNumbered numbered;
};

class DocxNumbering {
 public:
  /// Both parts are optional in a docx; a style or list that is not defined has no number.
  base::Done read_numbering(std::string_view xml);
  base::Done read_styles(std::string_view xml);

  /// The label of the next paragraph, "" when it has none; counts it.
  std::string next_label(const std::string& style, DocxNumbered direct);
  /// Lines of a table of contents repeat the headings, so they are not read.
  bool is_contents_line(const std::string& style) const;

 private:
  friend class DocxNumberingHandler;
  friend class DocxStylesHandler;
  struct Counters {
    std::array<std::optional<int>, docx_levels> at;
  };

  DocxNumbered resolve(const std::string& style, DocxNumbered direct) const;
  int definition_of(const DocxNumberList& list) const;
  const DocxLevel* level_of(const DocxNumberList& list, int definition, int level) const;
  std::string label(const DocxNumberList& list, int definition, int level) const;

  std::map<int, DocxDefinition> definitions_;
  std::map<int, DocxNumberList> lists_;
  std::map<std::string, DocxStyle, std::less<>> styles_;
  std::string default_style_;
  std::map<int, Counters> counters_;  ///< by definition
  std::set<int> used_lists_;
};

}  // namespace yihu::sheet

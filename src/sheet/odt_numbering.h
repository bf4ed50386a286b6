#pragma once
// The numbers of an OpenDocument text, from the list styles of content.xml and styles.xml.

#include "sheet/list_number.h"
#include "sheet/xml_parser.h"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::sheet {

inline constexpr int odt_levels = 10;

struct OdtLevel {
  NumberStyle style = NumberStyle::none;
  std::string prefix;
  std::string suffix;
  std::string pattern;  ///< "%1%.%2%", when the producer wrote one; then prefix and suffix stand in it
  int start = 1;
  int shown_levels = 1;
};

using OdtListStyle = std::array<OdtLevel, odt_levels>;

/// Fed with every element of both parts, in order; keeps what concerns numbers.
class OdtNumbering {
 public:
  /// Elements of office:styles and office:automatic-styles.
  void start_style(std::string_view name, XmlAttributes attributes);
  void end_style(std::string_view name);

  /// Elements of the body: text:list, text:list-item, text:list-header.
  void start_list(XmlAttributes attributes);
  void end_list();
  void start_item(XmlAttributes attributes, bool numbered);
  void end_item();
  /// The label of a paragraph (`heading` false) or heading that begins here; "" when it has none. Counts it.
  std::string next_label(bool heading, XmlAttributes attributes);

 private:
  struct Counters {
    std::array<std::optional<int>, odt_levels> at;
  };
  struct OpenList {
    std::string style;
    std::shared_ptr<Counters> counters;
    bool item_open = false;
    bool item_numbered = false;
    bool item_counted = false;
    std::optional<int> item_start;
  };

  std::string count(const OdtListStyle& style, Counters& counters, int level, std::optional<int> restart);
  static std::string label(const OdtListStyle& style, const Counters& counters, int level);

  std::map<std::string, OdtListStyle, std::less<>> styles_;
  OdtListStyle outline_{};
  OdtListStyle* reading_ = nullptr;
  OdtLevel* level_ = nullptr;
  std::vector<OpenList> lists_;
  std::map<std::string, std::shared_ptr<Counters>, std::less<>> counters_by_list_;
  std::map<std::string, std::shared_ptr<Counters>, std::less<>> counters_by_style_;
  Counters outline_counters_;
};

}  // namespace yihu::sheet

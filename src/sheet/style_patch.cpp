#include "sheet/style_patch.h"

#include "sheet/xml_text.h"

#include <algorithm>

namespace yihu::sheet {
namespace {

using base::text;

constexpr std::size_t cell_styles_max = 64'000;
constexpr char plain_styles[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
    "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><fonts count=\"1\"><font><sz val=\"11\"/>"
    "<name val=\"宋体\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill "
    "patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"1\">"
    "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/></cellXfs></styleSheet>";

std::string our_fill(const std::string& prefix) {
  return "<" + prefix + "fill><" + prefix + "patternFill patternType=\"solid\"><" + prefix + "fgColor rgb=\"FFFFC7CE\"/><" + prefix +
         "bgColor indexed=\"64\"/></" + prefix + "patternFill></" + prefix + "fill>";
}

}  // namespace

base::Result<StylePatch> coloured_styles(std::string_view given, const std::set<int>& wanted) {
  const auto named = [](const char* name, int depth) {
    return [=](const XmlElement& element) { return element.depth == depth && element.name == name; };
  };
  std::string_view styles = given.empty() ? plain_styles : given;
  std::vector<XmlElement> elements = TRY(xml_elements(styles, 2));
  if (std::ranges::none_of(elements, named("cellXfs", 1))) {
    styles = plain_styles;
    elements = TRY(xml_elements(styles, 2));
  }
  const auto cells = std::ranges::find_if(elements, named("cellXfs", 1));
  const auto fills = std::ranges::find_if(elements, named("fills", 1));
  const auto tag_of = [&](const XmlElement& element) { return styles.substr(element.begin, element.begin_end - element.begin); };
  const auto children = [&](const auto& parent, const char* name) {
    std::vector<XmlElement> found;
    for (const XmlElement& element : elements) {
      if (element.depth == 2 && element.name == name && parent != elements.end() && element.parent == parent - elements.begin()) found.push_back(element);
    }
    return found;
  };
  const std::vector<XmlElement> old = children(cells, "xf");
  if (old.empty() || old.size() + wanted.size() > cell_styles_max) {
    return base::fail(base::ErrorKind::too_large, "workbook_too_many_styles",
                      text("工作簿的单元格样式过多，无法再标注。", "The workbook has too many cell styles to be marked."),
                      text("请用表格软件另存为新文件后再上传。", "Save it as a new file in a spreadsheet program and try again."));
  }
  Edits edits;
  std::size_t fill = children(fills, "fill").size();
  if (fills == elements.end()) {
    // The order of the schema: fills stand before borders and cell styles, and two of them are always the same.
    fill = 2;
    const auto next = std::ranges::find_if(elements, [](const XmlElement& element) {
      return element.depth == 1 && (element.name == "borders" || element.name == "cellStyleXfs" || element.name == "cellXfs");
    });
    const std::string& prefix = cells->prefix;
    edits.insert(next->begin, "<" + prefix + "fills count=\"3\"><" + prefix + "fill><" + prefix + "patternFill patternType=\"none\"/></" + prefix +
                                  "fill><" + prefix + "fill><" + prefix + "patternFill patternType=\"gray125\"/></" + prefix + "fill>" +
                                  our_fill(prefix) + "</" + prefix + "fills>");
  } else {
    if (!fills->is_empty_tag()) edits.replace(fills->begin, fills->begin_end, tag_with(tag_of(*fills), "count", std::to_string(fill + 1)));
    append_inside(edits, styles, *fills, our_fill(fills->prefix));
  }
  StylePatch patch;
  std::string copies;
  for (const int style : wanted) {
    const bool known = style >= 0 && static_cast<std::size_t>(style) < old.size();
    const XmlElement& own = old[known ? static_cast<std::size_t>(style) : 0];
    const std::string tag = tag_with(tag_with(tag_of(own), "fillId", std::to_string(fill)), "applyFill", "1");
    patch.coloured[style] = static_cast<int>(old.size() + patch.coloured.size());
    copies += tag + std::string(styles.substr(own.begin_end, own.end - own.begin_end));
  }
  edits.replace(cells->begin, cells->begin_end, tag_with(tag_of(*cells), "count", std::to_string(old.size() + wanted.size())));
  edits.insert(cells->inner_end, copies);
  patch.styles = edits.apply(styles);
  return patch;
}

}  // namespace yihu::sheet

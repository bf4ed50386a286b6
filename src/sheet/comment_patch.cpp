#include "sheet/comment_patch.h"

#include "sheet/workbook.h"
#include "sheet/xlsx_package.h"
#include "sheet/xml_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace yihu::sheet {
namespace {

constexpr char no_comments[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
    "<comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><authors></authors><commentList></commentList></comments>";

constexpr char no_drawing[] =
    "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" "
    "xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout></xml>";

constexpr char note_shape[] =
    "<v:shapetype xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" id=\"_x0000_t202\" "
    "coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path "
    "gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";

std::string run(const std::string& prefix, const std::string& reason) {
  return "<" + prefix + "r><" + prefix + "rPr><" + prefix + "sz val=\"9\"/></" + prefix + "rPr><" + prefix + "t xml:space=\"preserve\">" +
         xml_escaped(reason) + "</" + prefix + "t></" + prefix + "r>";
}


}  // namespace

base::Result<CommentPatch> added_comments(std::string_view given, const std::map<CellPlace, std::string>& reasons) {
  const std::string_view xml = given.empty() ? no_comments : given;
  const std::vector<XmlElement> elements = TRY(xml_elements(xml, 3));
  const XmlElement* authors = nullptr;
  const XmlElement* list = nullptr;
  std::size_t author = 0;
  bool known_author = false;
  std::map<CellPlace, const XmlElement*> texts;
  std::map<CellPlace, bool> ours;
  for (const XmlElement& element : elements) {
    if (element.depth == 1 && element.name == "authors") authors = &element;
    if (element.depth == 1 && element.name == "commentList") list = &element;
    if (element.depth == 2 && element.name == "author" && !known_author) {
      known_author = xml.substr(element.begin_end, element.inner_end - element.begin_end) == comment_author;
      if (!known_author) ++author;
    }
    if (element.depth != 3 || element.name != "text") continue;
    const XmlElement& comment = elements[static_cast<std::size_t>(element.parent)];
    const auto comment_tag = xml.substr(comment.begin, comment.begin_end - comment.begin);
    CellPlace place;
    if (!parse_reference(tag_value(comment_tag, "ref"), place.first, place.second)) continue;
    texts[place] = &element;
    ours[place] = known_author && tag_value(comment_tag, "authorId") == std::to_string(author);
  }
  if (authors == nullptr || list == nullptr) {
    return base::fail(base::ErrorKind::input, "workbook_damaged", base::text("文件里的批注已损坏，无法标注。", "The comments in the file are damaged, so it cannot be marked."),
                      base::text("请用表格软件打开并另存为 xlsx 后再上传。", "Open it in a spreadsheet program, save it as xlsx and try again."));
  }
  CommentPatch patch;
  Edits edits;
  const std::string& prefix = elements.front().prefix;
  if (!known_author) append_inside(edits, xml, *authors, "<" + prefix + "author>" + comment_author + "</" + prefix + "author>");
  std::string added;
  for (const auto& [place, reason] : reasons) {
    const auto text = texts.find(place);
    if (text == texts.end()) {
      added += "<" + prefix + "comment ref=\"" + cell_reference(place.first, place.second) + "\" authorId=\"" + std::to_string(author) + "\"><" +
               prefix + "text>" + run(prefix, reason) + "</" + prefix + "text></" + prefix + "comment>";
      patch.new_boxes.push_back(place);
    } else if (ours[place] && !text->second->is_empty_tag()) {
      edits.replace(text->second->begin_end, text->second->inner_end, run(prefix, reason));
    } else if (xml.substr(text->second->begin, text->second->end - text->second->begin).find(xml_escaped(reason)) == std::string_view::npos) {
      append_inside(edits, xml, *text->second, run(prefix, "\n" + reason));
    }
  }
  append_inside(edits, xml, *list, added);
  patch.comments = edits.apply(xml);
  return patch;
}

std::string added_boxes(std::string_view given, const std::vector<CellPlace>& cells) {
  // Not parsed: spreadsheet programs themselves write drawings of this kind that are not well-formed.
  std::string drawing(given.empty() ? no_drawing : given);
  constexpr std::string_view id_mark = "_x0000_s";
  int shape = 1'024;
  for (std::size_t at = drawing.find(id_mark); at != std::string::npos; at = drawing.find(id_mark, at + 1)) {
    int number = 0;
    std::from_chars(drawing.data() + at + id_mark.size(), drawing.data() + drawing.size(), number);
    shape = std::max(shape, std::min(number, 1'000'000'000));
  }
  std::string boxes;
  if (drawing.find("_x0000_t202\"") == std::string::npos || given.empty()) boxes += note_shape;
  for (const auto& [row, column] : cells) {
    fmt::format_to(std::back_inserter(boxes),
                   "<v:shape xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" "
                   "xmlns:x=\"urn:schemas-microsoft-com:office:excel\" id=\"_x0000_s{}\" type=\"#_x0000_t202\" "
                   "style=\"position:absolute;visibility:hidden\" fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/>"
                   "<v:shadow color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox/><x:ClientData ObjectType=\"Note\">"
                   "<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{}, 15, {}, 2, {}, 15, {}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
                   "<x:Row>{}</x:Row><x:Column>{}</x:Column></x:ClientData></v:shape>",
                   ++shape, column, std::max(0, row - 2), column + 3, row + 3, row - 1, column - 1);
  }
  const std::size_t end = drawing.rfind("</xml>");
  drawing.insert(end == std::string::npos ? drawing.size() : end, boxes);
  return drawing;
}

}  // namespace yihu::sheet

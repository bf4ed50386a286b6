#include "sheet/docx_numbering.h"

#include "base/utf8.h"
#include "sheet/xml_parser.h"

#include <algorithm>
#include <cctype>

namespace yihu::sheet {
namespace {

// Real labels have a dozen signs; a hostile one repeated before every paragraph must not fill memory.
constexpr std::size_t label_code_points_max = 64;
// Styles rest on styles; ten steps are many, and a circle must end.
constexpr int style_steps_max = 32;
constexpr std::size_t definitions_max = 20'000;

bool is_true(XmlAttributes attributes) {
  const std::string_view value = value_of(attributes, "w:val", "1");
  return value != "0" && value != "false" && value != "off";
}

std::string lower(std::string_view ascii) {
  std::string out(ascii);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

class DocxNumberingHandler final : public XmlHandler {
 public:
  explicit DocxNumberingHandler(DocxNumbering& numbering) : numbering_(numbering) {}

  void start(std::string_view name, XmlAttributes attributes) override {
    // Newer formats stand in a Choice beside a Fallback that says the same in words we know.
    if (skipping_ > 0 || name == "mc:Choice") {
      ++skipping_;
      return;
    }
    if (name == "w:abstractNum") {
      definition_ = &numbering_.definitions_[number_of(attributes, "w:abstractNumId", -1)];
    } else if (name == "w:num") {
      list_ = &numbering_.lists_[number_of(attributes, "w:numId", 0)];
    } else if (name == "w:abstractNumId" && list_ != nullptr) {
      list_->definition = number_of(attributes, "w:val", -1);
    } else if (name == "w:numStyleLink" && definition_ != nullptr) {
      definition_->style_link = value_of(attributes, "w:val");
    } else if (name == "w:lvlOverride" && list_ != nullptr) {
      override_ = &list_->overrides[std::clamp(number_of(attributes, "w:ilvl", 0), 0, docx_levels - 1)];
    } else if (name == "w:startOverride" && override_ != nullptr) {
      override_->start = number_of(attributes, "w:val", 1);
    } else if (name == "w:lvl") {
      const int at = std::clamp(number_of(attributes, "w:ilvl", 0), 0, docx_levels - 1);
      if (override_ != nullptr) level_ = &override_->level.emplace();
      else if (definition_ != nullptr) level_ = &definition_->levels[at];
    } else if (level_ != nullptr) {
      read_level(name, attributes);
    }
  }

  void end(std::string_view name) override {
    if (skipping_ > 0) {
      --skipping_;
    } else if (name == "w:lvl") {
      level_ = nullptr;
    } else if (name == "w:lvlOverride") {
      override_ = nullptr;
    } else if (name == "w:abstractNum") {
      definition_ = nullptr;
    } else if (name == "w:num") {
      list_ = nullptr;
    }
  }

  void text(std::string_view) override {}

  bool enough() override {
    return numbering_.definitions_.size() + numbering_.lists_.size() > definitions_max;
  }

 private:
  void read_level(std::string_view name, XmlAttributes attributes) {
    if (name == "w:start") {
      level_->start = number_of(attributes, "w:val", 1);
    } else if (name == "w:numFmt") {
      level_->style = number_style_from_word(value_of(attributes, "w:val"));
    } else if (name == "w:lvlText") {
      level_->text = base::first_code_points(value_of(attributes, "w:val"), label_code_points_max);
    } else if (name == "w:lvlRestart") {
      level_->restart = number_of(attributes, "w:val", 0);
    } else if (name == "w:isLgl") {
      level_->legal = is_true(attributes);
    } else if (name == "w:pStyle") {
      level_->paragraph_style = value_of(attributes, "w:val");
    }
  }

  DocxNumbering& numbering_;
  DocxDefinition* definition_ = nullptr;
  DocxNumberList* list_ = nullptr;
  DocxOverride* override_ = nullptr;
  DocxLevel* level_ = nullptr;
  int skipping_ = 0;
};

class DocxStylesHandler final : public XmlHandler {
 public:
  explicit DocxStylesHandler(DocxNumbering& numbering) : numbering_(numbering) {}

  void start(std::string_view name, XmlAttributes attributes) override {
    if (name == "w:style") {
      const std::string id(value_of(attributes, "w:styleId"));
      style_ = &numbering_.styles_[id];
      if (value_of(attributes, "w:type") == "paragraph" && value_of(attributes, "w:default", "0") != "0") {
        numbering_.default_style_ = id;
      }
    } else if (style_ == nullptr) {
      return;
    } else if (name == "w:name") {
      style_->name = lower(value_of(attributes, "w:val"));
    } else if (name == "w:basedOn") {
      style_->based_on = value_of(attributes, "w:val");
    } else if (name == "w:numId") {
      style_->numbered.list = number_of(attributes, "w:val", 0);
    } else if (name == "w:ilvl") {
      style_->numbered.level = number_of(attributes, "w:val", 0);
    }
  }

  void end(std::string_view name) override {
    if (name == "w:style") style_ = nullptr;
  }

  void text(std::string_view) override {}

  bool enough() override { return numbering_.styles_.size() > definitions_max; }

 private:
  DocxNumbering& numbering_;
  DocxStyle* style_ = nullptr;
};

base::Done DocxNumbering::read_numbering(std::string_view xml) {
  DocxNumberingHandler handler(*this);
  return parse_xml(xml, handler);
}

base::Done DocxNumbering::read_styles(std::string_view xml) {
  DocxStylesHandler handler(*this);
  return parse_xml(xml, handler);
}

bool DocxNumbering::is_contents_line(const std::string& style) const {
  const auto found = styles_.find(style);
  const std::string& name = found == styles_.end() ? style : found->second.name;
  return name.size() == 5 && lower(name).starts_with("toc ") && name[4] >= '1' && name[4] <= '9';
}

/// The paragraph's own word first, then its style and the styles that one rests on. In a style, the level is the
/// one of the list that names the style; Word does not look at what the style itself says when there is one.
DocxNumbered DocxNumbering::resolve(const std::string& style, DocxNumbered direct) const {
  // A list given by the paragraph itself begins at its first level, whatever the style says.
  if (direct.list) return {direct.list, direct.level.value_or(0)};
  DocxNumbered out = direct;
  std::string id = style.empty() ? default_style_ : style;
  for (int step = 0; step < style_steps_max && !id.empty() && (!out.list || !out.level); ++step) {
    const auto found = styles_.find(id);
    if (found == styles_.end()) break;
    const DocxNumbered& own = found->second.numbered;
    if (!out.list && own.list) {
      out.list = own.list;
      const auto list = lists_.find(*own.list);
      if (!out.level && list != lists_.end()) {
        for (int level = 0; level < docx_levels; ++level) {
          const DocxLevel* candidate = level_of(list->second, definition_of(list->second), level);
          if (candidate != nullptr && candidate->paragraph_style == id) out.level = level;
        }
      }
    }
    if (!out.level && own.level) out.level = own.level;
    id = found->second.based_on;
  }
  return out;
}

int DocxNumbering::definition_of(const DocxNumberList& list) const {
  const auto found = definitions_.find(list.definition);
  if (found == definitions_.end() || found->second.style_link.empty()) return list.definition;
  const auto style = styles_.find(found->second.style_link);
  if (style == styles_.end() || !style->second.numbered.list) return list.definition;
  const auto linked = lists_.find(*style->second.numbered.list);
  return linked == lists_.end() ? list.definition : linked->second.definition;
}

const DocxLevel* DocxNumbering::level_of(const DocxNumberList& list, int definition, int level) const {
  const auto replaced = list.overrides.find(level);
  if (replaced != list.overrides.end() && replaced->second.level) return &*replaced->second.level;
  const auto found = definitions_.find(definition);
  if (found == definitions_.end()) return nullptr;
  const auto at = found->second.levels.find(level);
  return at == found->second.levels.end() ? nullptr : &at->second;
}

std::string DocxNumbering::next_label(const std::string& style, DocxNumbered direct) {
  const DocxNumbered numbered = resolve(style, direct);
  if (!numbered.list || *numbered.list == 0) return {};
  const auto found = lists_.find(*numbered.list);
  if (found == lists_.end()) return {};
  const DocxNumberList& list = found->second;
  const int definition = definition_of(list);
  const int level = std::clamp(numbered.level.value_or(0), 0, docx_levels - 1);
  const DocxLevel* own = level_of(list, definition, level);
  if (own == nullptr) return {};

  auto& at = counters_[definition].at;
  if (used_lists_.insert(*numbered.list).second) {
    // A list that restarts does so at its first paragraph; the counters are shared with the lists before it.
    for (const auto& [overridden, change] : list.overrides) {
      if (!change.start) continue;
      at[static_cast<std::size_t>(overridden)].reset();
    }
  }
  auto& counter = at[static_cast<std::size_t>(level)];
  const auto change = list.overrides.find(level);
  const int start = change != list.overrides.end() && change->second.start ? *change->second.start : own->start;
  counter = counter ? *counter + 1 : start;
  for (int deeper = level + 1; deeper < docx_levels; ++deeper) {
    const DocxLevel* below = level_of(list, definition, deeper);
    const int restart = below != nullptr && below->restart ? *below->restart : deeper;
    if (level < restart) at[static_cast<std::size_t>(deeper)].reset();
  }
  return label_before_text(label(list, definition, level));
}

std::string DocxNumbering::label(const DocxNumberList& list, int definition, int level) const {
  const DocxLevel* own = level_of(list, definition, level);
  if (own->style == NumberStyle::none && own->text.find('%') == std::string::npos) return {};  // a bullet
  const auto& at = counters_.at(definition).at;
  std::string out;
  for (std::size_t i = 0; i < own->text.size(); ++i) {
    const char next = i + 1 < own->text.size() ? own->text[i + 1] : '\0';
    if (own->text[i] != '%' || next < '1' || next > '9') {
      out += own->text[i];
      continue;
    }
    ++i;
    const int shown = next - '1';
    const DocxLevel* source = level_of(list, definition, shown);
    if (source == nullptr) continue;
    const NumberStyle style = own->legal && source->style != NumberStyle::none ? NumberStyle::decimal : source->style;
    out += written_number(style, at[static_cast<std::size_t>(shown)].value_or(source->start));
  }
  return out;
}

}  // namespace yihu::sheet

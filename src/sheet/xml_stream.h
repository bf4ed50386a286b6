#pragma once
// XML in pieces, for parts too large to hold in memory. As strict as xml_parser.h: no document type, no depth or tag
// without end. Names come without their prefix, because a worksheet is one vocabulary.

#include "base/cancel.h"
#include "base/result.h"
#include "sheet/zip_archive.h"

#include <cstdint>
#include <memory>
#include <string_view>

struct XML_ParserStruct;

namespace yihu::sheet {

/// Names and values in turn, ended by nullptr, as expat gives them.
using RawAttributes = const char**;

/// The value of the attribute of this local name; empty when there is none.
std::string_view raw_value(RawAttributes attributes, std::string_view name);
/// Without a prefix: "x:row" → "row".
std::string_view local_name(const char* name);

class XmlEvents {
 public:
  virtual ~XmlEvents() = default;
  virtual void start(std::string_view name, RawAttributes attributes) = 0;
  virtual void end(std::string_view name) = 0;
  virtual void text(std::string_view utf8) = 0;
  /// Asked after each piece; true ends the parse without an error.
  virtual bool enough() { return false; }
};

class XmlStream {
 public:
  explicit XmlStream(XmlEvents& events);

  /// Errors: not well-formed, with a document type, too deep, a tag without end.
  base::Done feed(std::string_view piece, bool last);
  /// Where the event being told begins in all that was fed, and how many bytes it has.
  std::uint64_t event_begin() const;
  std::uint64_t event_size() const;
  /// The bytes of that event's name with its prefix.
  std::string_view event_name() const { return state_->name; }

 private:
  struct State {
    XmlEvents* events = nullptr;
    XML_ParserStruct* parser = nullptr;
    std::string_view name;
    std::uint64_t fed = 0;
    int depth = 0;
    bool stopped = false;
    bool out_of_memory = false;
  };
  struct Free {
    void operator()(XML_ParserStruct* parser) const;
  };
  template <class Step>
  static void guarded(void* user, Step step);
  std::unique_ptr<State> state_;  // its address is known to expat
  std::unique_ptr<XML_ParserStruct, Free> parser_;
};

/// A whole part through one parser.
/// Errors: those of both, and cancelled.
base::Done parse_part(ZipStream part, XmlEvents& events, const base::Cancel& cancel = {}, const base::Progress& progress = {});

}  // namespace yihu::sheet

#include "sheet/xml_stream.h"

#include "sheet/xml_parser.h"

#include <expat.h>

#include <cstring>
#include <exception>
#include <vector>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

constexpr std::size_t piece_bytes = 64u << 10;

std::unexpected<base::Error> damaged() {
  return fail(ErrorKind::input, "document_damaged", text("文件已损坏或不完整，无法打开。", "The file is damaged or incomplete."),
              text("请用表格软件打开并另存为 xlsx 后再上传。", "Open it in a spreadsheet program, save it as xlsx and retry."));
}

}  // namespace

std::string_view local_name(const char* name) {
  const char* begin = name;
  const char* at = name;
  for (; *at != '\0'; ++at) {
    if (*at == ':') begin = at + 1;
  }
  return {begin, static_cast<std::size_t>(at - begin)};
}

std::string_view raw_value(RawAttributes attributes, std::string_view name) {
  for (; *attributes != nullptr; attributes += 2) {
    if (local_name(*attributes) == name) return attributes[1];
  }
  return {};
}

void XmlStream::Free::operator()(XML_ParserStruct* parser) const { XML_ParserFree(parser); }

/// expat is C: no exception may fly through it.
template <class Step>
void XmlStream::guarded(void* user, Step step) {
  State& state = *static_cast<State*>(user);
  if (state.stopped) return;
  try {
    step(state);
  } catch (const std::exception&) {
    state.out_of_memory = true;
    state.stopped = true;
    XML_StopParser(state.parser, XML_FALSE);
  }
}

XmlStream::XmlStream(XmlEvents& events) : state_(std::make_unique<State>()), parser_(XML_ParserCreate(nullptr)) {
  state_->events = &events;
  state_->parser = parser_.get();
  XML_SetUserData(parser_.get(), state_.get());
  XML_SetElementHandler(
      parser_.get(),
      [](void* user, const char* name, const char** attributes) {
        guarded(user, [&](State& state) {
          if (++state.depth > xml_depth_max) {
            state.stopped = true;
            XML_StopParser(state.parser, XML_FALSE);
            return;
          }
          const std::string_view local = local_name(name);
          state.name = {name, static_cast<std::size_t>(local.data() + local.size() - name)};
          state.events->start(local, attributes);
        });
      },
      [](void* user, const char* name) {
        guarded(user, [&](State& state) {
          --state.depth;
          const std::string_view local = local_name(name);
          state.name = {name, static_cast<std::size_t>(local.data() + local.size() - name)};
          state.events->end(local);
        });
      });
  XML_SetCharacterDataHandler(parser_.get(), [](void* user, const char* piece, int size) {
    guarded(user, [&](State& state) { state.events->text({piece, static_cast<std::size_t>(size)}); });
  });
  XML_SetStartDoctypeDeclHandler(parser_.get(), [](void* user, const char*, const char*, const char*, int) {
    guarded(user, [](State& state) {
      state.stopped = true;
      XML_StopParser(state.parser, XML_FALSE);
    });
  });
}

std::uint64_t XmlStream::event_begin() const {
  const auto at = XML_GetCurrentByteIndex(parser_.get());
  return at < 0 ? 0 : static_cast<std::uint64_t>(at);
}

std::uint64_t XmlStream::event_size() const {
  return static_cast<std::uint64_t>(XML_GetCurrentByteCount(parser_.get()));
}

base::Done XmlStream::feed(std::string_view piece, bool last) {
  const auto status = XML_Parse(parser_.get(), piece.data(), static_cast<int>(piece.size()), last ? XML_TRUE : XML_FALSE);
  state_->fed += piece.size();
  if (state_->out_of_memory) {
    return fail(ErrorKind::unavailable, "out_of_memory", text("内存不足，暂时无法读取。", "There is not enough memory."));
  }
  if (status == XML_STATUS_ERROR) return damaged();
  // What expat has not finished is one token; it reads that again from its start with each piece.
  const auto at = XML_GetCurrentByteIndex(parser_.get());
  const bool endless = at >= 0 && state_->fed - static_cast<std::uint64_t>(at) > xml_tag_bytes_max + piece_bytes;
  if (endless) return damaged();
  return {};
}

base::Done parse_part(ZipStream part, XmlEvents& events, const base::Cancel& cancel, const base::Progress& progress) {
  XmlStream stream(events);
  std::vector<char> buffer(piece_bytes);
  const auto total = static_cast<std::int64_t>(part.size());
  for (std::int64_t done = 0;;) {
    if (cancel.asked()) return fail(ErrorKind::cancelled, "cancelled", text("已取消。", "Cancelled."));
    const std::size_t got = TRY(part.read(buffer.data(), buffer.size()));
    const bool last = got < buffer.size();
    if (auto fed = stream.feed({buffer.data(), got}, last); !fed) return fed;
    done += static_cast<std::int64_t>(got);
    if (progress) progress(std::min(done, total), total);
    if (last || events.enough()) return {};
  }
}

}  // namespace yihu::sheet

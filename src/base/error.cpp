#include "base/error.h"

namespace yihu::base {
namespace {

std::string where(const Place& place) {
  std::string out = place.file;
  if (place.line > 0) {
    if (!out.empty()) out += ':';
    out += std::to_string(place.line);
    if (place.column > 0) out += ':' + std::to_string(place.column);
  }
  for (const std::string& part : {place.cell, place.field}) {
    if (part.empty()) continue;
    if (!out.empty()) out += ' ';
    out += part;
  }
  return out;
}

void append(std::string& out, const Error& error, Language language) {
  if (!out.empty()) out += '\n';
  if (const std::string place = where(error.place); !place.empty()) out += place + ": ";
  out += error.text.in(language);
  if (!error.mend.empty()) out += ' ' + error.mend.in(language);
  for (const Error& other : error.also) append(out, other, language);
}

}  // namespace

std::string describe(const Error& error, Language language) {
  std::string out;
  append(out, error, language);
  return out;
}

}  // namespace yihu::base

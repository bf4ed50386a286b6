#include "plan/tracking/evidence.h"

#include "base/utf8.h"
#include "sheet/zip_archive.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace yihu::plan {
namespace {

using base::ErrorKind;
using base::text;
using store::Sql;

constexpr EvidenceKind jpg{"jpg", "image/jpeg"};
constexpr EvidenceKind png{"png", "image/png"};
constexpr EvidenceKind pdf{"pdf", "application/pdf"};
constexpr EvidenceKind docx{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"};
constexpr EvidenceKind xlsx{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};
constexpr EvidenceKind txt{"txt", "text/plain; charset=utf-8"};
constexpr EvidenceKind txt_other{"txt", "text/plain"};

constexpr Sql insert_evidence =
    "INSERT INTO plan_evidence (id, hash, name, size, type, author, at, report)"
    " VALUES (:id, :hash, :name, :size, :type, :author, :now, NULL)";
constexpr Sql evidence_sql =
    "SELECT e.id, e.name, e.size, e.type, e.hash, e.author, r.measure FROM plan_evidence e"
    " LEFT JOIN plan_report r ON r.id = e.report WHERE e.id = :id";
constexpr Sql units_sql = "SELECT unit FROM plan_owner WHERE measure = :measure AND unit IS NOT NULL";

/// UTF-8, or what looks like GB18030: no zero bytes, no control characters but tabs and line ends.
std::optional<EvidenceKind> text_kind(std::string_view bytes) {
  const bool control = std::ranges::any_of(bytes, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7f || (byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f');
  });
  if (control) return {};
  // Markup is text too, but a browser might run it.
  const std::string_view head = bytes.substr(0, std::min<std::size_t>(bytes.size(), 1024));
  if (head.find('<') != head.npos && (head.find("<!") != head.npos || head.find("<html") != head.npos ||
                                      head.find("<HTML") != head.npos || head.find("<svg") != head.npos ||
                                      head.find("<script") != head.npos || head.find("<?xml") != head.npos)) {
    return {};
  }
  return base::is_utf8(bytes) ? txt : txt_other;
}

std::optional<EvidenceKind> office_kind(std::string_view bytes) {
  const auto archive = sheet::ZipArchive::open(bytes);
  // Macros make a file active, so workbooks and documents that carry them are refused.
  if (!archive || !archive->has("[Content_Types].xml")) return {};
  if (archive->has("word/vbaProject.bin") || archive->has("xl/vbaProject.bin")) return {};
  if (archive->has("word/document.xml")) return docx;
  if (archive->has("xl/workbook.xml")) return xlsx;
  return {};
}

bool unsafe(char32_t point) {
  if (point < 0x20 || point == 0x7f || (point >= 0x80 && point < 0xa0)) return true;
  // Characters that turn the direction of writing make "gpj.exe" look like "exe.jpg".
  if ((point >= 0x200b && point <= 0x200f) || (point >= 0x202a && point <= 0x202e)) return true;
  if ((point >= 0x2066 && point <= 0x2069) || point == 0xfeff || point == 0xfffd) return true;
  return std::u32string_view(U"\"*/:<>?\\|").find(point) != std::u32string_view::npos;
}

}  // namespace

base::Result<EvidenceKind> kind_of_evidence(std::string_view bytes) {
  if (bytes.empty()) {
    return base::fail(ErrorKind::input, "file_empty", text("文件是空的。", "The file is empty."),
                      text("请检查后重新上传。", "Check it and upload it again."));
  }
  std::optional<EvidenceKind> kind;
  if (bytes.starts_with("\xff\xd8\xff")) kind = jpg;
  else if (bytes.starts_with("\x89PNG\r\n\x1a\n")) kind = png;
  else if (bytes.starts_with("%PDF-")) kind = pdf;
  else if (bytes.starts_with("PK\x03\x04")) kind = office_kind(bytes);
  else kind = text_kind(bytes);
  if (kind) return *kind;
  return base::fail(ErrorKind::input, "evidence_kind",
                    text("这类文件不能作附件。", "Files of this kind cannot be attached."),
                    text("可用图片（jpg、png）、pdf、docx、xlsx 或 txt。", "Use pictures (jpg, png), pdf, docx, xlsx or txt."));
}

std::string evidence_name(std::string_view given, const EvidenceKind& kind) {
  constexpr std::size_t stem_code_points_max = 80;
  if (const auto slash = given.find_last_of("/\\"); slash != given.npos) given.remove_prefix(slash + 1);
  if (const auto dot = given.rfind('.'); dot != given.npos && dot > 0) given = given.substr(0, dot);
  if (const auto dot = given.rfind('.'); dot != given.npos && dot > 0 && given.substr(dot + 1) == kind.extension) {
    given = given.substr(0, dot);  // "照片.jpg.exe" is 照片.jpg
  }
  std::u32string stem;
  for (const char32_t point : base::code_points(given)) {
    if (!unsafe(point)) stem += point;
  }
  while (!stem.empty() && (stem.front() == U'.' || stem.front() == U' ')) stem.erase(0, 1);
  while (!stem.empty() && (stem.back() == U'.' || stem.back() == U' ')) stem.pop_back();
  if (stem.size() > stem_code_points_max) stem.resize(stem_code_points_max);
  if (stem.empty()) stem = U"附件";
  return fmt::format("{}.{}", base::utf8(stem), kind.extension);
}

base::Result<EvidenceView> keep_evidence(store::Transaction& transaction, const access::Viewer& viewer,
                                         std::string_view name, const EvidenceKind& kind, std::string_view hash,
                                         std::int64_t size) {
  EvidenceView view{base::new_uuid(), evidence_name(name, kind), size, std::string(kind.type)};
  TRY(transaction.execute(insert_evidence, {{"id", view.id}, {"hash", hash}, {"name", view.name}, {"size", size},
                                            {"type", view.type}, {"author", viewer.actor()}, {"now", transaction.now()}}));
  // The name may be anybody's; the journal needs the content's hash alone.
  const boost::json::object after{{"hash", hash}, {"size", size}, {"type", view.type}};
  auto journalled = transaction.journal({"evidence.kept", "evidence", view.id, {}, boost::json::serialize(after)});
  if (!journalled) return base::fail(std::move(journalled).error());
  return view;
}

base::Result<EvidenceFile> find_evidence(store::Session& session, const access::Viewer& viewer, std::string_view id) {
  const auto row = TRY(session.find(evidence_sql, {{"id", id}}));
  bool visible = row && (viewer.scope.district || row->text(5) == viewer.actor());
  if (row && !visible && !row->null(6)) {
    for (const auto& unit : TRY(session.query(units_sql, {{"measure", row->text(6)}}))) {
      visible = visible || viewer.scope.covers(unit.id<base::UnitId>(0));
    }
  }
  if (!visible) return base::fail(ErrorKind::not_found, "evidence_unknown", text("没有这个附件。", "There is no such file."));
  return EvidenceFile{{row->text(0), row->text(1), row->integer(2), row->text(3)}, row->text(4)};
}

}  // namespace yihu::plan

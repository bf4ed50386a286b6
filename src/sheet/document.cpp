#include "sheet/document.h"

#include "sheet/document_builder.h"
#include "sheet/document_from_docx.h"
#include "sheet/document_from_html.h"
#include "sheet/document_from_odt.h"
#include "sheet/document_from_pdf.h"
#include "sheet/text_encoding.h"
#include "sheet/zip_archive.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <new>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::Result;
using base::text;
using namespace std::string_view_literals;

std::string extension_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  std::string out(dot == std::string_view::npos ? ""sv : name.substr(dot + 1));
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::unexpected<base::Error> refused(base::Text what, base::Text mend) {
  return fail(ErrorKind::input, "document_format_unknown", std::move(what), std::move(mend));
}

base::Text save_as_docx() { return text("请用文字处理软件另存为 docx 后再上传。", "Save it as docx in a word processor and try again."); }

std::unexpected<base::Error> too_large(std::uintmax_t bytes) {
  constexpr std::uintmax_t megabyte = 1u << 20;
  return fail(ErrorKind::too_large, "document_too_large",
              text("文件过大：{} MB，上限 {} MB。", "The file is too large: {} MB, the limit is {} MB.",
                   (bytes + megabyte - 1) / megabyte, document_bytes_max / megabyte),
              text("请删去图片或拆开后再上传。", "Remove pictures or split it, then try again."));
}

std::unexpected<base::Error> empty() {
  return fail(ErrorKind::input, "document_empty", text("文件是空的，没有文字。", "The file is empty; it has no text."),
              text("请确认选对了文件。", "Check that it is the right file."));
}

/// Names of streams in the old container of office files are UTF-16.
bool holds_stream(std::string_view bytes, std::string_view name) {
  std::string wide;
  for (const char c : name) wide += {c, '\0'};
  return bytes.find(wide) != std::string_view::npos;
}

std::unexpected<base::Error> old_office_file(std::string_view bytes, std::string_view extension) {
  if (holds_stream(bytes, "EncryptedPackage")) {
    return fail(ErrorKind::input, "document_locked", text("文件已加密，需要密码才能打开。", "The file is locked with a password."),
                text("请取消密码后再上传。", "Remove the password and try again."));
  }
  if (extension == "wps" || holds_stream(bytes, "WpsContents")) {
    return refused(text("这是 WPS 旧格式文件，无法直接读取。", "This is a file of the old WPS format, which is not read."),
                   text("请用 WPS 打开并另存为 docx 后再上传。", "Open it in WPS, save it as docx and try again."));
  }
  if (holds_stream(bytes, "Workbook") || holds_stream(bytes, "Book")) {
    return refused(text("这是旧版电子表格（xls），不是文档。", "This is an old workbook (xls), not a document."),
                   text("请上传工作要点的文档。", "Give the document of the plan."));
  }
  if (holds_stream(bytes, "PowerPoint Document")) {
    return refused(text("这是旧版演示文稿（ppt），不是文档。", "This is an old presentation (ppt), not a document."),
                   text("请上传工作要点的文档。", "Give the document of the plan."));
  }
  return refused(text("这是旧版 Word 文件（doc），无法直接读取。", "This is an old Word file (doc), which is not read."),
                 save_as_docx());
}

Result<Document> document_from_zip(std::string_view bytes, const base::Cancel& cancel) {
  ReadingBudget budget(cancel);
  const ZipArchive archive = TRY(ZipArchive::open(bytes));
  if (archive.has("word/document.xml")) return document_from_docx(archive, budget);
  if (archive.has("content.xml") && archive.has("mimetype")) {
    const std::string type = TRY(archive.read("mimetype"));
    if (type.starts_with("application/vnd.oasis.opendocument.text")) return document_from_odt(archive, budget);
    return refused(text("这不是文字文档（是其他 OpenDocument 文件）。", "This OpenDocument file is not a text."),
                   text("请上传工作要点的文档。", "Give the document of the plan."));
  }
  if (archive.has("xl/workbook.xml")) {
    return refused(text("这是电子表格（xlsx），不是文档。", "This is a workbook (xlsx), not a document."),
                   text("请上传工作要点的文档。", "Give the document of the plan."));
  }
  if (archive.has("ppt/presentation.xml")) {
    return refused(text("这是演示文稿（pptx），不是文档。", "This is a presentation (pptx), not a document."),
                   text("请上传工作要点的文档。", "Give the document of the plan."));
  }
  if (archive.has("OFD.xml")) {
    return refused(text("这是 OFD 版式文件，无法直接读取。", "This is an OFD file, which is not read."),
                   text("请上传 docx 原件，或转为 PDF 后再上传。", "Give the docx it was made from, or turn it into a pdf."));
  }
  if (archive.has("[Content_Types].xml")) return document_from_docx(archive, budget);
  return refused(text("这是压缩文件，不是文档。", "This is a zip archive, not a document."),
                 text("请解压后上传其中的文档。", "Unpack it and give the document inside."));
}

bool is_picture(std::string_view bytes) {
  return bytes.starts_with("\x89PNG") || bytes.starts_with("\xff\xd8\xff") || bytes.starts_with("GIF8") ||
         bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv) || bytes.starts_with("BM") ||
         (bytes.starts_with("RIFF") && bytes.substr(0, 16).find("WEBP") != std::string_view::npos);
}

/// "\r\n" keeps its two code points, so that spans hold in the file; a lone "\r" is an old line end.
void unify_line_ends(std::string& utf8) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    if (utf8[i] == '\r') utf8[i] = i + 1 < utf8.size() && utf8[i + 1] == '\n' ? ' ' : '\n';
  }
}

Result<Document> document_from_text(std::string_view bytes, std::string_view extension) {
  // No encoding needs more than four bytes a code point.
  const auto too_long = [] {
    return fail(ErrorKind::too_large, "document_text_too_long",
                text("文件文字超过 {} 个，无法读取。", "The document has more than {} characters.", document_code_points_max),
                text("请把文件拆开后分别上传。", "Split the document and try again."));
  };
  if (bytes.size() > document_code_points_max * 4) return too_long();
  DecodedText decoded = TRY(decode_text(bytes));
  if (base::count_code_points(decoded.utf8) > document_code_points_max) return too_long();
  if (without_outer_blanks(decoded.utf8).empty()) return empty();
  Document document;
  document.text = std::move(decoded.utf8);
  document.encoding = std::move(decoded.encoding);
  document.format = extension == "md" || extension == "markdown" ? "md" : "txt";
  unify_line_ends(document.text);
  return document;
}

Result<Document> document_from_bytes(std::string_view bytes, std::string_view extension, const base::Cancel& cancel) {
  constexpr std::size_t pdf_head_bytes = 1'024;
  if (bytes.empty()) return empty();
  if (bytes.size() > document_bytes_max) return too_large(bytes.size());
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06")) return document_from_zip(bytes, cancel);
  if (bytes.starts_with("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) return old_office_file(bytes, extension);
  if (bytes.substr(0, pdf_head_bytes).find("%PDF-") != std::string_view::npos) return document_from_pdf(bytes, cancel);
  if (bytes.starts_with("{\\rtf")) {
    return refused(text("这是 RTF 文件，无法直接读取。", "This is an RTF file, which is not read."), save_as_docx());
  }
  if (bytes.starts_with("MIME-Version:") || bytes.starts_with("From: <Saved")) {
    return refused(text("这是单个文件网页（mht），无法直接读取。", "This is a single-file web page (mht), which is not read."),
                   save_as_docx());
  }
  if (is_picture(bytes)) {
    return refused(text("这是图片，没有可读取的文字。", "This is a picture; it has no text to read."),
                   text("请上传 docx 原件，或先做文字识别。", "Give the docx it was made from, or run text recognition first."));
  }
  if (extension == "html" || extension == "htm" || extension == "xhtml" || looks_like_html(bytes)) {
    ReadingBudget budget(cancel);
    return document_from_html(bytes, budget);
  }
  return document_from_text(bytes, extension);
}

Result<std::string> content_of(const std::filesystem::path& file) {
  const auto unreadable = [&](int problem) {
    const bool missing = problem == ENOENT || problem == ENOTDIR;
    base::Error error{missing ? ErrorKind::not_found : ErrorKind::unavailable,
                      missing ? "file_missing" : "file_unreadable",
                      missing ? text("没有这个文件。", "There is no such file.")
                              : text("文件无法读取。", "The file cannot be read."),
                      missing ? text("请检查文件名。", "Check its name.") : text("请检查文件权限。", "Check its permissions."),
                      {},
                      {}};
    error.kind = ErrorKind::input;
    return fail(std::move(error));
  };
  // Not blocking: a named pipe would otherwise hold us until somebody writes.
  const int number = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (number < 0) return unreadable(errno);
  struct stat about {};
  std::string content;
  int problem = fstat(number, &about) == 0 ? 0 : errno;
  const bool regular = S_ISREG(about.st_mode);
  const auto size = static_cast<std::uintmax_t>(about.st_size);
  if (problem == 0 && regular && size <= document_bytes_max) {
    // One byte more than it says: a file that grows meanwhile is found out.
    content.resize(static_cast<std::size_t>(size) + 1);
    std::size_t filled = 0;
    while (filled < content.size()) {
      const ssize_t got = read(number, content.data() + filled, content.size() - filled);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) problem = errno;
      if (got <= 0) break;
      filled += static_cast<std::size_t>(got);
    }
    content.resize(filled);
  }
  close(number);
  if (problem != 0) return unreadable(problem);
  if (!regular) {
    return fail(ErrorKind::input, "file_unreadable", text("这不是普通文件。", "This is not an ordinary file."),
                text("请给出文档文件。", "Give the file of a document."));
  }
  if (size > document_bytes_max) return too_large(size);
  return content;
}

template <class Read>
Result<Document> with_place(std::string_view name, const base::Cancel& cancel, Read read) {
  Result<Document> document = [&]() -> Result<Document> {
    try {
      return read();
    } catch (const std::bad_alloc&) {
      return fail(ErrorKind::unavailable, "out_of_memory", text("内存不足，暂时无法读取。", "There is not enough memory."));
    }
  }();
  if (cancel.asked()) return fail(ErrorKind::cancelled, "cancelled", text("已取消。", "Cancelled."));
  if (document && without_outer_blanks(document->text).empty()) document = Result<Document>(empty());
  if (document) return document;
  base::Error error = std::move(document).error();
  if (error.place.file.empty()) error.place.file = name;
  return fail(std::move(error));
}

}  // namespace

Result<Document> read_document(std::string_view bytes, std::string_view name, const base::Cancel& cancel) {
  return with_place(name, cancel, [&] { return document_from_bytes(bytes, extension_of(name), cancel); });
}

Result<Document> read_document(const std::filesystem::path& file, const base::Cancel& cancel) {
  const std::string name = file.string();
  return with_place(name, cancel, [&]() -> Result<Document> {
    const std::string content = TRY(content_of(file));
    return document_from_bytes(content, extension_of(name), cancel);
  });
}

}  // namespace yihu::sheet

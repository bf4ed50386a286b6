#include "sheet/document_from_pdf.h"

#include "sheet/child_process.h"
#include "sheet/pdf_page.h"

#include <algorithm>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

// A page takes about 10 ms and gives some 5 kB. What gives nothing is no document.
constexpr std::chrono::milliseconds processor_time_base{900};
constexpr std::chrono::milliseconds processor_time_per_kilobyte{8};
constexpr std::chrono::milliseconds wall_time_max{30'000};
constexpr std::size_t memory_bytes_max = 512u << 20;
constexpr std::size_t output_bytes_max = 48u << 20;

}  // namespace

base::Result<Document> document_from_pdf(std::string_view bytes, const base::Cancel& cancel) {
  ChildLimits limits;
  limits.processor_time_max = processor_time_base;
  limits.processor_time_per_kilobyte = processor_time_per_kilobyte;
  limits.wall_time_max = wall_time_max;
  limits.memory_bytes_max = memory_bytes_max + 2 * bytes.size();
  limits.output_bytes_max = output_bytes_max;
  const ChildOutput converted =
      TRY(run_child("pdftotext", {"-tsv", "-nodiag", "-enc", "UTF-8", "-", "-"}, bytes, limits, cancel));
  if (converted.complaints.find("Incorrect password") != std::string::npos) {
    return fail(ErrorKind::input, "document_locked", text("文件已加密，需要密码才能打开。", "The file is locked with a password."),
                text("请取消密码后再上传。", "Remove the password and try again."));
  }
  const std::vector<PdfPage> pages = pdf_pages_from_tsv(converted.output);
  const bool has_words = std::ranges::any_of(pages, [](const PdfPage& page) { return !page.words.empty(); });
  if (converted.status != 0 || pages.empty()) {
    if (converted.status == 3) {
      return fail(ErrorKind::input, "document_locked",
                  text("文件作者禁止复制文字，无法读取。", "The author of the file forbids copying its text."),
                  text("请上传 docx 原件。", "Give the docx it was made from."));
    }
    return fail(ErrorKind::input, "document_damaged", text("文件已损坏或不完整，无法打开。", "The file is damaged or incomplete."),
                text("请重新导出 PDF，或上传 docx 原件。", "Export the pdf again, or give the docx it was made from."));
  }
  if (!has_words) {
    return fail(ErrorKind::input, "document_without_text",
                text("PDF 中没有文字（共 {} 页，可能是扫描件）。", "The pdf has no text ({} pages; probably a scan).", pages.size()),
                text("请上传 docx 原件，或先做文字识别。", "Give the docx it was made from, or run text recognition first."));
  }
  Document document;
  document.text = paragraphs_from_pdf_pages(pages);
  document.format = "pdf";
  if (base::count_code_points(document.text) > document_code_points_max) {
    return fail(ErrorKind::too_large, "document_text_too_long",
                text("文件文字超过 {} 个，无法读取。", "The document has more than {} characters.", document_code_points_max),
                text("请把文件拆开后分别上传。", "Split the document and try again."));
  }
  return document;
}

}  // namespace yihu::sheet

#include "sheet/document_from_pdf.h"

#include "sheet/child_process.h"
#include "sheet/pdf_line.h"
#include "sheet/pdf_page.h"
#include "sheet/pdf_rules_from_svg.h"

#include <algorithm>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

// A page takes about 10 ms and gives some 5 kB. What gives nothing is no document.
constexpr std::chrono::milliseconds processor_time_base{600};
constexpr std::chrono::milliseconds processor_time_per_kilobyte{8};
constexpr std::chrono::milliseconds wall_time_max{30'000};
constexpr std::size_t memory_bytes_max = 512u << 20;
constexpr std::size_t output_bytes_max = 48u << 20;

// Drawing a page takes 10 to 30 ms. No plan's table is longer than this; what stands behind keeps its tabs.
constexpr std::size_t ruled_pages_max = 60;
constexpr std::chrono::milliseconds drawing_time_base{200};
constexpr std::chrono::milliseconds drawing_time_per_page{30};

/// Whether words stand apart in some of its lines, as columns do, however narrow the gap.
bool may_hold_table(const PdfPage& page) {
  constexpr double gap_min = 0.5;   // in signs
  std::vector<const PdfWord*> words;
  for (const PdfWord& word : page.words) words.push_back(&word);
  return std::ranges::count_if(pdf_lines_from(std::move(words), page.height), [](const PdfLine& line) {
           for (std::size_t i = 1; i < line.words.size(); ++i) {
             if (line.words[i]->left - line.words[i - 1]->left - line.words[i - 1]->width > gap_min * line.size) return true;
           }
           return false;
         }) > 1;
}

/// The lines drawn on pages that may hold a table. A pdf whose drawing fails or takes too long is read without them.
base::Done add_rules(std::vector<PdfPage>& pages, std::string_view bytes, const base::Cancel& cancel) {
  const auto first = std::ranges::find_if(pages, may_hold_table);
  if (first == pages.end()) return {};
  auto last = pages.end();
  while (last - first > 1 && !may_hold_table(*std::prev(last))) --last;
  const auto count = std::min(static_cast<std::size_t>(last - first), ruled_pages_max);
  const auto number = static_cast<std::size_t>(first - pages.begin()) + 1;
  ChildLimits limits;
  limits.processor_time_max = drawing_time_base + drawing_time_per_page * static_cast<int>(count);
  limits.wall_time_max = wall_time_max;
  limits.memory_bytes_max = memory_bytes_max + 2 * bytes.size();
  limits.output_bytes_max = output_bytes_max;
  const auto drawn = run_child("pdftocairo", {"-svg", "-f", std::to_string(number), "-l", std::to_string(number + count - 1), "-", "-"}, bytes,
                               limits, cancel);
  if (cancel.asked() && !drawn) return fail(drawn.error());
  if (!drawn || drawn->status != 0) return {};
  auto rules = pdf_rules_from_svg(drawn->output);
  for (std::size_t i = 0; i < std::min(count, rules.size()); ++i) pages[number - 1 + i].rules = std::move(rules[i]);
  return {};
}

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
  std::vector<PdfPage> pages = pdf_pages_from_tsv(converted.output);
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
  TRY(add_rules(pages, bytes, cancel));
  DocumentBuilder builder;
  read_pdf_pages(pages, builder);
  return std::move(builder).finish("pdf", false);
}

}  // namespace yihu::sheet

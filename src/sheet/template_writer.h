#pragma once
// Workbooks that go out to be filled in and come back: headings, drop-down lists, hints, protected keys, and one
// sheet that says how. Text cells are strings, whatever they begin with.

#include "base/clock.h"
#include "base/date.h"
#include "base/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace yihu::sheet {

enum class TemplateType { text, identifier, whole, decimal, money, date, percent, boolean, choice };

struct TemplateColumn {
  std::string heading;
  TemplateType type = TemplateType::text;
  std::string hint{};                  ///< shown when the cell is chosen and as a comment on the heading
  bool required = false;
  bool key = false;                    ///< in filled rows it cannot be changed without lifting the protection
  std::vector<std::string> choices{};  ///< of type choice: the words to choose from, in order
  std::optional<double> least{};       ///< of whole, decimal, money (in yuan), percent (as a share)
  std::optional<double> most{};
  int length_max = 0;                  ///< of text: code points; 0 = no limit of its own
  double width = 14;                   ///< in digits of the ordinary print
};

/// Money is fen, percent a share, a choice its word.
using TemplateValue = std::variant<std::monostate, std::string, std::int64_t, double, bool, base::Date>;

struct TemplateOptions {
  base::Instant created;  ///< written into the file, so that the same input gives the same bytes
  base::Language language = base::Language::zh;
  std::string title{};                      ///< of the document and above the table
  std::string sheet{};                      ///< name of the sheet to fill in
  std::vector<std::string> instructions{};  ///< one paragraph each; the columns are explained below them by themselves
  int blank_rows = 200;                     ///< rows below the filled ones that also have lists and formats
};

inline constexpr int template_rows_max = 1'000'000;

/// Rows from top to bottom, one in memory at a time.
class TemplateWriter {
 public:
  static base::Result<TemplateWriter> open(TemplateOptions options, std::vector<TemplateColumn> columns);
  TemplateWriter(TemplateWriter&&) noexcept;
  TemplateWriter& operator=(TemplateWriter&&) noexcept;
  ~TemplateWriter();

  /// One value for each column, in their order.
  base::Done add_row(const std::vector<TemplateValue>& values);
  /// The bytes of the file.
  base::Result<std::string> finish() &&;

 private:
  class Book;
  explicit TemplateWriter(std::unique_ptr<Book> book);
  std::unique_ptr<Book> book_;
};

}  // namespace yihu::sheet

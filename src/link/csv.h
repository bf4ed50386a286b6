#pragma once
// CSV files, mapped into memory and read in parts. Comma, semicolon or tab, whichever the heading has most of; quoted
// cells may hold line breaks and doubled quotes. UTF-8 only: other encodings are the caller's to convert.

#include "link/source.h"

#include <filesystem>
#include <memory>
#include <mutex>

namespace yihu::link {

class CsvSource final : public Source {
 public:
  /// Maps the file; it must stay as it is while the source lives.
  static base::Result<std::unique_ptr<CsvSource>> open(const std::filesystem::path& path, unsigned threads);
  static base::Result<std::unique_ptr<CsvSource>> from_text(std::string name, std::string text, unsigned threads);
  ~CsvSource() override;
  CsvSource(const CsvSource&) = delete;
  CsvSource& operator=(const CsvSource&) = delete;

  std::size_t parts() const override { return begins_.empty() ? 0 : begins_.size() - 1; }
  std::size_t first_row(std::size_t part) const override { return first_rows_[part]; }
  using Source::visit;
  base::Done visit(std::size_t part, std::size_t rows_wanted, const RowVisitor& visitor) const override;
  void release(std::size_t part) const override;
  const std::string& name() const override { return name_; }
  std::string_view stable_bytes() const override { return bytes(); }
  /// The whole file's bytes, to look at its encoding.
  std::string_view bytes() const { return {data_, size_}; }

 private:
  CsvSource() = default;
  base::Done prepare(unsigned threads);
  base::Result<std::size_t> read_headings();
  void cut(std::size_t begin, unsigned threads);
  std::size_t rows_between(const char* from, const char* end) const;

  std::string name_;
  std::string text_;             ///< when the text is our own
  const char* data_ = nullptr;
  std::size_t size_ = 0;
  bool mapped_ = false;
  char delimiter_ = ',';
  bool quotes_ = false;
  std::vector<std::size_t> begins_;      ///< where each part begins, and the end
  std::vector<std::size_t> first_rows_;  ///< row number of each part's first row, and the number of rows
};

}  // namespace yihu::link

#include "link/proposal.h"

#include "link/column.h"
#include "link/parallel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace yihu::link {
namespace {

constexpr double filled_least = 0.02;

class Proposing {
 public:
  Proposing(const Source& left, const Source* right, const Wanted& wanted) : left_(left), right_(right), wanted_(wanted) {}

  base::Result<Proposal> propose() {
    std::array<base::Result<std::vector<Column>>, 2> columns;
    in_parallel(2, right_ == nullptr ? 1 : 2, [&](std::size_t side, unsigned) { columns[side] = columns_of(side == 0 ? left_ : *right_); });
    left_columns_ = TRY(std::move(columns[0]));
    if (right_ != nullptr) right_columns_ = TRY(std::move(columns[1]));
    proposal_.spec.key_left = wanted_.key_left;
    proposal_.spec.key_right = right_ == nullptr ? "" : wanted_.key_right;
    proposal_.spec.one_to_one = right_ != nullptr;
    usable(left_columns_, left_, wanted_.key_left);
    if (right_ != nullptr) usable(right_columns_, *right_, wanted_.key_right);
    for (const Column& column : left_columns_) {
      if (column.household) proposal_.spec.household_left = column.heading;
    }
    for (const Column& column : right_columns_) {
      if (column.household) proposal_.spec.household_right = column.heading;
    }
    if (right_ == nullptr) {
      for (const Column& column : left_columns_) add(column, nullptr);
    } else {
      match();
    }
    keep_strongest();
    add_partners();
    add_ids();
    if (proposal_.spec.fields.empty()) {
      return base::fail(base::ErrorKind::input, "nothing_comparable", base::text("没有可以比对的列：各列或为空，或只有一个值，或两表对不上。", "No column can be compared: they are empty, hold one value only, or have no counterpart."));
    }
    return std::move(proposal_);
  }

 private:
  void leave_out(const Source& source, const Column& column, base::Text why) {
    proposal_.columns.push_back({source.name(), column.heading, std::move(why)});
  }

  void usable(std::vector<Column>& columns, const Source& source, const std::string& key) {
    std::erase_if(columns, [&](const Column& column) {
      if (column.heading == key) return leave_out(source, column, base::text("行的编号", "names the row")), true;
      if (std::find(wanted_.ignored.begin(), wanted_.ignored.end(), column.heading) != wanted_.ignored.end()) return leave_out(source, column, base::text("按要求不比对", "left out as asked")), true;
      if (column.household) return leave_out(source, column, base::text("户的编号，用于第二轮", "names the household, for the second pass")), false;
      if (static_cast<double>(column.filled) < filled_least * static_cast<double>(column.rows) || column.filled == 0) return leave_out(source, column, base::text("几乎全空", "nearly always empty")), true;
      if (column.distinct == 1) return leave_out(source, column, base::text("只有一个值", "holds one value only")), true;
      // A number of its own for each row says nothing about the person.
      if (right_ == nullptr && column.distinct == column.filled && column.filled > 50 && (column.kind == Kind::number || column.kind == Kind::code)) {
        return leave_out(source, column, base::text("每行各不相同", "differs in every row")), true;
      }
      return false;
    });
  }

  void match() {
    std::vector<const Column*> free;
    for (const Column& column : right_columns_) {
      if (!column.household) free.push_back(&column);
    }
    std::vector<const Column*> partners(left_columns_.size());
    const auto take = [&](auto fits) {
      for (std::size_t i = 0; i < left_columns_.size(); ++i) {
        if (partners[i] != nullptr || left_columns_[i].household) continue;
        const auto first = std::find_if(free.begin(), free.end(), [&](const Column* other) { return fits(left_columns_[i], *other); });
        if (first == free.end()) continue;
        partners[i] = *first;
        free.erase(first);
      }
    };
    take([](const Column& a, const Column& b) { return folded_heading(a.heading) == folded_heading(b.heading); });
    take([](const Column& a, const Column& b) { return !a.meaning.empty() && a.meaning == b.meaning; });
    take([&](const Column& a, const Column& b) { return a.kind == b.kind && overlap(a, b) >= 0.25; });
    for (std::size_t i = 0; i < left_columns_.size(); ++i) {
      if (left_columns_[i].household) continue;
      if (partners[i] == nullptr) leave_out(left_, left_columns_[i], base::text("另一张表没有对应的列", "has no counterpart"));
      else add(left_columns_[i], partners[i]);
    }
    for (const Column* column : free) leave_out(*right_, *column, base::text("另一张表没有对应的列", "has no counterpart"));
  }

  /// Rows of the smaller side whose value is also among the other's, as a share.
  static double overlap(const Column& a, const Column& b) {
    const Column& fewer = a.distinct <= b.distinct ? a : b;
    const Column& more = a.distinct <= b.distinct ? b : a;
    std::size_t shared = 0, all = 0;
    fewer.values.each([&](std::string_view value, std::size_t count) {
      all += count;
      if (more.values.contains(value)) shared += count;
    });
    return all == 0 ? 0 : static_cast<double>(shared) / static_cast<double>(all);
  }

  void add(const Column& column, const Column* other) {
    if (column.household) return;
    Kind kind = column.kind;
    if (other != nullptr && other->kind != kind) {
      // One side's dates may be read from the other's ID numbers; otherwise the wider kind serves both.
      const auto either = [&](Kind wanted) { return column.kind == wanted || other->kind == wanted; };
      kind = either(Kind::name) ? Kind::name : either(Kind::date) ? Kind::date : either(Kind::address) ? Kind::address : either(Kind::id_number) ? Kind::id_number
             : either(Kind::phone) ? Kind::phone : either(Kind::sex) ? Kind::sex : Kind::text;
    }
    const bool whole_table = left_.rows() <= column.rows + 1 && (right_ == nullptr || right_->rows() <= other->rows + 1);
    if (other != nullptr && whole_table && (kind == Kind::number || kind == Kind::code || kind == Kind::text) && overlap(column, *other) == 0) {
      return leave_out(left_, column, base::text("与另一张表的“{}”没有一个相同的值", "shares no value with “{}” of the other table", other->heading));
    }
    Field field;
    field.name = column.heading;
    field.kind = kind;
    field.left = column.heading;
    field.right = other == nullptr ? "" : other->heading;
    field.frequency = kind != Kind::id_number;
    const double filled = 100.0 * static_cast<double>(column.filled) / static_cast<double>(std::max<std::size_t>(column.rows, 1));
    field.why = base::text("{}：看到 {} 个不同的值，{:.0f}% 的行有值", "{}: {} different values seen, {:.0f}% of rows filled", words_of(kind).zh, column.distinct, filled);
    field.why.en = fmt::format("{}: {} different values seen, {:.0f}% of rows filled", words_of(kind).en, column.distinct, filled);
    proposal_.columns.push_back({left_.name(), column.heading, field.why});
    // What a field can tell: bits of its distribution, less where it is empty.
    double entropy = 0;
    column.values.each([&](std::string_view, std::size_t count) {
      const double share = static_cast<double>(count) / static_cast<double>(column.filled);
      entropy -= share * std::log2(share);
    });
    strength_.push_back(entropy * static_cast<double>(column.filled) / static_cast<double>(column.rows));
    meanings_.push_back(column.meaning);
    proposal_.spec.fields.push_back(std::move(field));
  }

  void keep_strongest() {
    while (proposal_.spec.fields.size() > fields_max) {
      const auto weakest = std::min_element(strength_.begin(), strength_.end()) - strength_.begin();
      leave_out(left_, Column{proposal_.spec.fields[static_cast<std::size_t>(weakest)].left, {}, {}, false, 0, 0, 0, {}},
                base::text("最多比对 {} 列，这一列能说明的最少", "at most {} columns are compared, and this one tells least", fields_max));
      proposal_.spec.fields.erase(proposal_.spec.fields.begin() + weakest);
      strength_.erase(strength_.begin() + weakest);
      meanings_.erase(meanings_.begin() + weakest);
    }
  }

  void add_partners() {
    auto& fields = proposal_.spec.fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      for (std::size_t j = i + 1; j < fields.size(); ++j) {
        if (fields[i].kind != fields[j].kind || !fields[i].partner.empty() || !fields[j].partner.empty()) continue;
        const std::string one = folded_heading(fields[i].left), other = folded_heading(fields[j].left);
        const bool names = (meanings_[i] == "given_name" && meanings_[j] == "family_name") || (meanings_[i] == "family_name" && meanings_[j] == "given_name");
        // address_1 and address_2: the same heading but for its last digit.
        const bool numbered = one.size() == other.size() && one.size() > 1 && one.substr(0, one.size() - 1) == other.substr(0, other.size() - 1) &&
                              std::isdigit(static_cast<unsigned char>(one.back())) != 0 && std::isdigit(static_cast<unsigned char>(other.back())) != 0;
        if (!names && !numbered) continue;
        fields[i].partner = fields[j].name;
        fields[j].partner = fields[i].name;
      }
    }
  }

  void add_ids() {
    const auto id = std::find_if(proposal_.spec.fields.begin(), proposal_.spec.fields.end(), [](const Field& field) { return field.kind == Kind::id_number; });
    if (id == proposal_.spec.fields.end()) return;
    for (std::size_t i = 0; i < proposal_.spec.fields.size(); ++i) {
      Field& field = proposal_.spec.fields[i];
      if ((field.kind == Kind::date && meanings_[i] == "birth") || field.kind == Kind::sex) {
        field.left_else = id->left;
        field.right_else = id->right;
      }
    }
  }

  const Source& left_;
  const Source* right_;
  const Wanted& wanted_;
  std::vector<Column> left_columns_, right_columns_;
  Proposal proposal_;
  std::vector<double> strength_;
  std::vector<std::string> meanings_;
};

}  // namespace

base::Result<Proposal> propose_fields(const Source& left, const Source* right, const Wanted& wanted) {
  return Proposing(left, right, wanted).propose();
}

}  // namespace yihu::link

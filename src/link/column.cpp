#include "link/column.h"

#include "link/pinyin.h"

#include <algorithm>

namespace yihu::link {
namespace {

constexpr std::size_t parts_looked_at = 4;
constexpr std::size_t rows_looked_at = 12'000;

struct Word {
  std::string_view part;     ///< stands in the folded heading
  std::string_view meaning;
};

// The first that fits decides, so the narrower words come first.
constexpr Word words[] = {
    {"户编号", "household"}, {"户号", "household"}, {"家庭编号", "household"}, {"household", "household"}, {"familyid", "household"}, {"hhid", "household"},
    {"村名", "village_name"}, {"村编码", "village"}, {"村代码", "village"}, {"区划代码", "village"}, {"行政区划", "village"}, {"地区代码", "village"},
    {"身份证", "id_number"}, {"证件号", "id_number"}, {"公民身份号码", "id_number"}, {"身份号码", "id_number"}, {"idnumber", "id_number"}, {"idcard", "id_number"}, {"idno", "id_number"},
    {"性别", "sex"}, {"gender", "sex"},
    {"出生", "birth"}, {"生日", "birth"}, {"birth", "birth"}, {"dob", "birth"},
    {"电话", "phone"}, {"手机", "phone"}, {"联系方式", "phone"}, {"phone", "phone"}, {"mobile", "phone"}, {"telephone", "phone"},
    {"givenname", "given_name"}, {"firstname", "given_name"}, {"forename", "given_name"}, {"fname", "given_name"}, {"middlename", "middle_name"},
    {"surname", "family_name"}, {"lastname", "family_name"}, {"familyname", "family_name"}, {"lname", "family_name"},
    {"户主姓名", "head_name"}, {"姓名", "name"}, {"名字", "name"}, {"fullname", "name"}, {"personname", "name"},
    {"邮编", "postcode"}, {"postcode", "postcode"}, {"zipcode", "postcode"}, {"email", "email"}, {"邮箱", "email"},
    {"地址", "address"}, {"住址", "address"}, {"住所", "address"}, {"address", "address"}, {"street", "street"},
    {"日期", "date"}, {"date", "date"},
};

std::string meaning_of(std::string_view folded) {
  if (folded == "name" || folded == "xm") return "name";
  if (folded == "sex") return "sex";
  if (folded == "tel") return "phone";
  if (folded == "姓") return "family_name";
  if (folded == "名") return "given_name";
  for (const Word& word : words) {
    if (folded.find(word.part) != folded.npos) return std::string(word.meaning);
  }
  return {};
}

/// Counts of what the values look like.
struct Looks {
  double filled = 0, id = 0, date = 0, mobile = 0, phone = 0, digits = 0, division = 0, sex = 0, han_name = 0, han = 0, length = 0;
};

bool looks_like_date(std::string_view value) {
  const std::uint32_t date = date_code(value, false);
  const std::uint32_t year = date / 10'000, month = date / 100 % 100, day = date % 100;
  return date != 0 && year >= 1850 && year <= 2100 && month <= 12 && day <= 31 && (month > 0 || value.size() > 4);
}

void look(Looks& looks, std::string_view value, double count) {
  const Characters characters = characters_of(value);
  const std::u32string_view view = characters.view();
  const bool digits = std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
  looks.filled += count;
  if (id_code(value) != 0 || (view.size() == 18 && value.find('*') != value.npos)) looks.id += count;
  if (looks_like_date(value)) looks.date += count;
  if (digits && value.size() == 11 && value.front() == '1') looks.mobile += count;
  if (phone_code(value) != 0 && value.size() >= 7) looks.phone += count;
  if (digits) looks.digits += count;
  if (digits && (value.size() == 12 || value.size() == 9 || value.size() == 6) && value.front() != '0' && value.front() < '9') looks.division += count;
  static constexpr std::string_view sexes[] = {"男", "女", "m", "f", "male", "female", "男性", "女性", "1", "2"};
  if (std::find(std::begin(sexes), std::end(sexes), value) != std::end(sexes)) looks.sex += count;
  const bool han = std::all_of(view.begin(), view.end(), is_han);
  if (han && view.size() >= 2 && view.size() <= 4) looks.han_name += count;
  if (std::any_of(view.begin(), view.end(), is_han)) looks.han += count;
  looks.length += count * static_cast<double>(view.size());
}

Kind kind_from(const Column& column, const Looks& looks) {
  const auto share = [&](double count) { return looks.filled > 0 ? count / looks.filled : 0; };
  const std::string& meaning = column.meaning;
  if (share(looks.id) >= 0.6 || (meaning == "id_number" && share(looks.id) >= 0.3)) return Kind::id_number;
  if (share(looks.sex) >= 0.9 && column.distinct <= 8 && (meaning == "sex" || share(looks.digits) < 0.5)) return Kind::sex;
  if ((meaning == "birth" || meaning == "date") && share(looks.date) >= 0.3) return Kind::date;
  if (meaning == "phone" && share(looks.phone) >= 0.3) return Kind::phone;
  if (meaning == "name" || meaning == "given_name" || meaning == "family_name" || meaning == "middle_name" || meaning == "head_name") {
    if (share(looks.digits) < 0.5) return Kind::name;
  }
  if (share(looks.date) >= 0.8 && column.distinct > 20) return Kind::date;
  if (share(looks.mobile) >= 0.7) return Kind::phone;
  if (share(looks.division) >= 0.9 && (meaning == "village" || looks.length / std::max(looks.filled, 1.0) > 8)) return Kind::division;
  const double length = looks.filled > 0 ? looks.length / looks.filled : 0;
  if (share(looks.digits) >= 0.9) return length >= 4.5 || meaning == "postcode" ? Kind::code : Kind::number;
  const double distinct_share = column.filled > 0 ? static_cast<double>(column.distinct) / static_cast<double>(column.filled) : 1;
  if (column.distinct <= 60 && distinct_share < 0.1) return Kind::category;
  if (meaning == "address" || meaning == "street" || meaning == "village_name") return Kind::address;
  if (share(looks.han_name) >= 0.85 && distinct_share > 0.3) return Kind::name;
  if (share(looks.han) >= 0.5 && length >= 6) return Kind::address;
  return Kind::text;
}

}  // namespace

void ValueCounts::add(std::string_view value) {
  if (2 * used_ >= slots_.size()) grow();
  const std::uint64_t hash = hash_of(value);
  Slot& slot = slots_[place(value, hash)];
  if (slot.count++ > 0) return;
  slot = {hash, static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(value.size()), 1};
  bytes_ += value;
  ++used_;
}

std::size_t ValueCounts::place(std::string_view value, std::uint64_t hash) const {
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at].count > 0 && (slots_[at].hash != hash || text(slots_[at]) != value)) at = (at + 1) & (slots_.size() - 1);
  return at;
}

void ValueCounts::grow() {
  std::vector<Slot> old(std::max<std::size_t>(16, 2 * slots_.size()));
  std::swap(old, slots_);
  for (const Slot& slot : old) {
    if (slot.count > 0) slots_[place(text(slot), slot.hash)] = slot;
  }
}

std::string folded_heading(std::string_view heading) {
  std::string scratch;
  const auto clean = cleaned(Kind::text, heading, scratch);
  std::string folded(clean.value_or(heading));
  std::erase_if(folded, [](char c) { return c == ' ' || c == '_' || c == '-' || c == '.' || c == '*' || c == ':' || c == '(' || c == ')'; });
  return folded;
}

base::Result<std::vector<Column>> columns_of(const Source& source) {
  std::vector<Column> columns;
  for (const std::string& heading : source.headings()) {
    Column column;
    column.heading = heading;
    column.meaning = meaning_of(folded_heading(heading));
    columns.push_back(std::move(column));
  }
  const std::size_t parts = source.parts();
  const std::size_t step = std::max<std::size_t>(1, parts / parts_looked_at);
  std::string scratch;
  for (std::size_t part = 0, looked = 0; part < parts && looked < parts_looked_at; part += step, ++looked) {
    TRY(source.visit(part, rows_looked_at / parts_looked_at, [&](std::size_t, Cells cells) {
      for (std::size_t i = 0; i < cells.size(); ++i) {
        ++columns[i].rows;
        if (cells[i].empty()) continue;
        const auto clean = cleaned(Kind::text, cells[i], scratch);
        if (!clean || clean->empty()) continue;
        ++columns[i].filled;
        columns[i].values.add(*clean);
      }
    }));
  }
  for (Column& column : columns) {
    column.distinct = column.values.size();
    Looks looks;
    column.values.each([&](std::string_view value, std::size_t count) { look(looks, value, static_cast<double>(count)); });
    column.kind = kind_from(column, looks);
    column.household = column.meaning == "household";
  }
  return columns;
}

}  // namespace yihu::link

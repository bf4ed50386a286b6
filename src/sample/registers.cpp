#include "sample/registers.h"

#include "base/utf8.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace yihu::sample {
namespace {

constexpr std::size_t people_per_village = 800;
constexpr std::size_t households_between_questions = 1000;

/// Rows written one after the other, and where each begins.
struct Rows {
  std::string text;
  std::vector<std::size_t> begins;
};

void append_padded(std::string& out, char prefix, std::size_t number) {
  char digits[24];
  out.append(digits, static_cast<std::size_t>(std::snprintf(digits, sizeof digits, "%c%08zu", prefix, number)));
}

/// What one table says about a person.
struct Entry {
  std::u32string name;
  Sex sex = Sex::male;
  bool sex_known = true;
  std::string id_number;
  std::string birth;  ///< as "1990-01-31"; may be empty
  std::string phone;
  std::string village;
};

class Clerk {
 public:
  Clerk(ErrorRates rates, std::uint64_t seed) : rates_(rates), random_(seed) {}

  Entry entry(const Household& household, const Person& person, const std::string& village) {
    Entry entry{base::code_points(person.name), person.sex, true, person.id_number, base::to_string(person.birth), person.phone, village};
    misspell(entry.name);
    miscopy_id(entry, household, person);
    miscopy_birth(entry);
    if (random_.happens(rates_.sex_missing)) entry.sex_known = false;
    else if (random_.happens(rates_.sex_wrong)) entry.sex = entry.sex == Sex::male ? Sex::female : Sex::male;
    if (random_.happens(rates_.phone_missing)) entry.phone.clear();
    else if (random_.happens(rates_.phone_of_household)) entry.phone = household.members.front().phone;
    else if (!entry.phone.empty() && random_.happens(rates_.phone_changed)) entry.phone = phone_number(random_);
    if (random_.happens(rates_.village_missing)) entry.village.clear();
    return entry;
  }
  Random& random() { return random_; }
  const ErrorRates& rates() const { return rates_; }

 private:
  void replace(std::u32string& name, std::u32string_view (*others)(char32_t)) {
    const std::size_t at = random_.below(static_cast<std::uint32_t>(name.size()));
    const std::u32string_view choices = others(name[at]);
    if (!choices.empty()) name[at] = random_.one_of(choices);
  }

  void misspell(std::u32string& name) {
    if (random_.happens(rates_.name_heard)) replace(name, heard_as);
    if (random_.happens(rates_.name_seen)) replace(name, seen_as);
    if (name.size() > 2 && random_.happens(rates_.name_dropped)) name.erase(1 + random_.below(static_cast<std::uint32_t>(name.size() - 1)), 1);
    if (name.size() > 2 && random_.happens(rates_.name_swapped)) std::swap(name[name.size() - 1], name[name.size() - 2]);
    if (random_.happens(rates_.name_traditional)) {
      for (char32_t& character : name) character = traditional(character);
    }
  }

  void miscopy_id(Entry& entry, const Household& household, const Person& person) {
    std::string& id = entry.id_number;
    if (random_.happens(rates_.id_missing)) {
      id.clear();
    } else if (random_.happens(rates_.id_other_person)) {
      id = random_.one_of(household.members).id_number;
    } else if (random_.happens(rates_.id_digit)) {
      char& digit = id[random_.below(17)];
      digit = static_cast<char>('0' + (digit - '0' + 1 + static_cast<int>(random_.below(9))) % 10);
    } else if (random_.happens(rates_.id_swap)) {
      const std::size_t at = random_.below(16);
      std::swap(id[at], id[at + 1]);
    } else if (static_cast<int>(person.birth.year()) < 1999 && static_cast<int>(person.birth.year()) > 1899 && random_.happens(rates_.id_fifteen)) {
      id = id.substr(0, 6) + id.substr(8, 9);
    } else if (random_.happens(rates_.id_hidden)) {
      for (std::size_t i = 6; i < 14; ++i) id[i] = '*';
    }
  }

  void miscopy_birth(Entry& entry) {
    std::string& birth = entry.birth;
    if (random_.happens(rates_.birth_missing)) {
      birth.clear();
    } else if (random_.happens(rates_.birth_swapped)) {
      if (birth.substr(8) <= "12") birth = birth.substr(0, 5) + birth.substr(8) + "-" + birth.substr(5, 2);
    } else if (random_.happens(rates_.birth_digit)) {
      static constexpr std::size_t places[] = {2, 3, 6, 9};
      const std::size_t at = random_.one_of(places);
      birth[at] = static_cast<char>('0' + (birth[at] - '0' + 1 + static_cast<int>(random_.below(9))) % 10);
    }
  }

  ErrorRates rates_;
  Random random_;
};

void append(std::string& out, const Entry& entry) {
  out += base::utf8(entry.name);
  out += ',';
  if (entry.sex_known) out += entry.sex == Sex::male ? "男" : "女";
  for (const std::string* value : {&entry.id_number, &entry.birth, &entry.phone, &entry.village}) {
    out += ',';
    out += *value;
  }
  out += '\n';
}

base::Done write_file(const std::filesystem::path& path, std::string_view heading, const Rows* rows, std::string_view text,
                      const std::vector<std::uint32_t>* order) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  bool good = file != nullptr && std::fwrite(heading.data(), 1, heading.size(), file) == heading.size();
  if (good && rows == nullptr) good = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (good && rows != nullptr) {
    std::vector<char> buffer(1 << 20);
    std::setvbuf(file, buffer.data(), _IOFBF, buffer.size());
    for (std::size_t i = 0; i < rows->begins.size() && good; ++i) {
      const std::size_t row = order == nullptr ? i : (*order)[i];
      const std::size_t begin = rows->begins[row];
      const std::size_t end = row + 1 < rows->begins.size() ? rows->begins[row + 1] : rows->text.size();
      good = std::fwrite(rows->text.data() + begin, 1, end - begin, file) == end - begin;
    }
    good = std::fclose(std::exchange(file, nullptr)) == 0 && good;
  }
  if (file != nullptr) good = std::fclose(file) == 0 && good;
  if (good) return {};
  return base::fail(base::ErrorKind::input, "file_not_written", base::text("写不了文件 {}。", "Cannot write the file {}.", path.string()),
                    base::text("请检查文件夹是否存在、是否可写、磁盘是否已满。", "Check that the folder exists and can be written, and that the disk is not full."));
}

/// Who stands in which table.
enum class Presence { both, left_only, right_only };

class Writing {
 public:
  Writing(const RegisterSetting& setting, Households& households)
      : setting_(setting), households_(households), left_clerk_(setting.errors.times(0.5), setting.seed * 3 + 1),
        right_clerk_(setting.errors, setting.seed * 3 + 2), random_(setting.seed * 3 + 3) {
    left_.text.reserve(setting.people * 96);
    right_.text.reserve(setting.people * 92);
  }

  void add(const Household& household) {
    const std::string& village = households_.villages()[household.village].code;
    // Half of the strangers are whole families.
    const Presence family = presence();
    const bool whole = random_.happens(0.5);
    const bool moved = random_.happens(right_clerk_.rates().moved);
    const std::string& later = moved ? random_.one_of(households_.villages()).code : village;
    for (const Person& person : household.members) {
      const Presence where = whole ? family : presence();
      const bool left = where != Presence::right_only && left_.begins.size() < setting_.people;
      const bool right = where != Presence::left_only && right_.begins.size() < setting_.people;
      if (left) add_row(left_, 'A', household.number, left_clerk_.entry(household, person, village));
      if (right) add_row(right_, 'B', household.number * 7919 % 99'999'989, right_clerk_.entry(household, person, later));
      if (left && right) truth_.push_back({left_.begins.size(), right_.begins.size()});
    }
  }
  bool complete() const { return left_.begins.size() >= setting_.people && right_.begins.size() >= setting_.people; }
  std::size_t rows() const { return left_.begins.size() + right_.begins.size(); }

  base::Result<std::size_t> write(const std::filesystem::path& folder) {
    std::vector<std::uint32_t> order(right_.begins.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random_.below(static_cast<std::uint32_t>(i))]);
    std::string truth = "left,right\n";
    for (const auto& [left, right] : truth_) {
      append_padded(truth, 'A', left);
      truth += ',';
      append_padded(truth, 'B', right);
      truth += '\n';
    }
    TRY(write_file(folder / "register.csv", "人员编号,户编号,姓名,性别,身份证号,出生日期,联系电话,村编码\n", &left_, {}, nullptr));
    TRY(write_file(folder / "roster.csv", "序号,户号,姓名,性别,证件号码,出生日期,电话,村代码\n", &right_, {}, &order));
    TRY(write_file(folder / "truth.csv", "", nullptr, truth, nullptr));
    return truth_.size();
  }

 private:
  Presence presence() {
    const double shared = 1 - setting_.strangers;
    const double share = random_.share() * (1 + setting_.strangers);
    return share < shared ? Presence::both : share < 1 ? Presence::left_only : Presence::right_only;
  }

  static void add_row(Rows& rows, char prefix, std::size_t household, const Entry& entry) {
    rows.begins.push_back(rows.text.size());
    append_padded(rows.text, prefix, rows.begins.size());
    rows.text += ',';
    append_padded(rows.text, prefix == 'A' ? 'H' : 'F', household);
    rows.text += ',';
    append(rows.text, entry);
  }

  const RegisterSetting& setting_;
  Households& households_;
  Clerk left_clerk_, right_clerk_;
  Random random_;
  Rows left_, right_;
  std::vector<std::pair<std::size_t, std::size_t>> truth_;
};

}  // namespace

ErrorRates ErrorRates::times(double factor) const {
  ErrorRates scaled = *this;
  for (double* rate : {&scaled.name_heard, &scaled.name_seen, &scaled.name_dropped, &scaled.name_swapped, &scaled.name_traditional,
                       &scaled.id_missing, &scaled.id_digit, &scaled.id_swap, &scaled.id_fifteen, &scaled.id_hidden,
                       &scaled.id_other_person, &scaled.birth_missing, &scaled.birth_digit, &scaled.birth_swapped, &scaled.sex_wrong,
                       &scaled.sex_missing, &scaled.phone_missing, &scaled.phone_changed, &scaled.phone_of_household, &scaled.moved,
                       &scaled.village_missing}) {
    *rate = std::clamp(*rate * factor, 0.0, 1.0);
  }
  return scaled;
}

base::Result<std::size_t> write_registers(const RegisterSetting& setting, const std::filesystem::path& folder,
                                          const base::Cancel& cancel, const base::Progress& progress) {
  HouseholdSetting household_setting;
  household_setting.today = setting.today;
  Households households(setting.villages.empty() ? villages_of("460108", setting.people / people_per_village + 1) : setting.villages,
                        household_setting, setting.seed);
  Writing writing(setting, households);
  for (std::size_t count = 0; !writing.complete(); ++count) {
    if (count % households_between_questions == 0) {
      if (cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已取消。", "Cancelled."));
      if (progress) progress(static_cast<std::int64_t>(writing.rows()), static_cast<std::int64_t>(2 * setting.people));
    }
    writing.add(households.next());
  }
  return writing.write(folder);
}

}  // namespace yihu::sample

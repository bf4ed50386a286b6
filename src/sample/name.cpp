#include "sample/name.h"

#include "base/utf8.h"

#include <unordered_map>

namespace yihu::sample {
namespace {

struct Share {
  std::u32string_view name;
  int per_hundred_thousand;
};

// Our own rounding of the ranking that the census prints; what matters is the long tail behind a few large names.
constexpr Share surname_shares[] = {
    {U"王", 7170}, {U"李", 7000}, {U"张", 6740}, {U"刘", 5100}, {U"陈", 4610}, {U"杨", 3220}, {U"黄", 2450}, {U"吴", 2000},
    {U"赵", 2000}, {U"周", 1900}, {U"徐", 1450}, {U"孙", 1380}, {U"马", 1290}, {U"朱", 1280}, {U"胡", 1160}, {U"林", 1130},
    {U"郭", 1130}, {U"何", 1060}, {U"高", 1000}, {U"罗", 950},  {U"郑", 930},  {U"梁", 850},  {U"谢", 810},  {U"宋", 700},
    {U"唐", 690},  {U"许", 660},  {U"邓", 620},  {U"冯", 620},  {U"韩", 610},  {U"曹", 600},  {U"曾", 580},  {U"彭", 580},
    {U"萧", 560},  {U"蔡", 530},  {U"潘", 520},  {U"田", 520},  {U"董", 510},  {U"袁", 500},  {U"于", 480},  {U"余", 480},
    {U"叶", 480},  {U"蒋", 480},  {U"杜", 470},  {U"苏", 460},  {U"魏", 450},  {U"程", 450},  {U"吕", 450},  {U"丁", 430},
    {U"沈", 410},  {U"任", 410},  {U"姚", 400},  {U"卢", 400},  {U"傅", 390},  {U"钟", 390},  {U"姜", 380},  {U"崔", 380},
    {U"谭", 370},  {U"廖", 360},  {U"范", 360},  {U"汪", 360},  {U"陆", 350},  {U"金", 340},  {U"石", 340},  {U"戴", 340},
    {U"贾", 330},  {U"韦", 320},  {U"夏", 320},  {U"邱", 320},  {U"方", 310},  {U"侯", 300},  {U"邹", 300},  {U"熊", 290},
    {U"孟", 290},  {U"秦", 290},  {U"白", 280},  {U"江", 280},  {U"阎", 270},  {U"薛", 270},  {U"尹", 260},  {U"段", 250},
    {U"雷", 240},  {U"黎", 220},  {U"史", 220},  {U"龙", 220},  {U"陶", 210},  {U"贺", 200},  {U"顾", 200},  {U"毛", 190},
    {U"郝", 190},  {U"龚", 190},  {U"邵", 180},  {U"万", 180},  {U"钱", 180},  {U"严", 170},  {U"覃", 170},  {U"武", 160},
    {U"戚", 60},   {U"莫", 160},  {U"孔", 150},  {U"汤", 150},  {U"符", 150},  {U"常", 140},  {U"温", 140},  {U"康", 130},
    {U"施", 130},  {U"文", 130},  {U"牛", 120},  {U"樊", 120},  {U"葛", 120},  {U"邢", 120},  {U"安", 110},  {U"齐", 110},
    {U"易", 110},  {U"乔", 110},  {U"伍", 100},  {U"庞", 100},  {U"颜", 100},  {U"倪", 90},   {U"庄", 90},   {U"聂", 90},
    {U"章", 90},   {U"鲁", 90},   {U"岳", 80},   {U"翟", 80},   {U"殷", 80},   {U"詹", 80},   {U"申", 80},   {U"欧", 80},
    {U"耿", 70},   {U"关", 70},   {U"兰", 70},   {U"焦", 70},   {U"俞", 70},   {U"左", 60},   {U"柳", 60},   {U"甘", 60},
    {U"祝", 60},   {U"包", 60},   {U"宁", 50},   {U"尚", 50},   {U"舒", 50},   {U"阮", 50},   {U"柯", 50},   {U"纪", 50},
    {U"梅", 50},   {U"童", 50},   {U"凌", 50},   {U"毕", 50},   {U"单", 40},   {U"季", 40},   {U"裴", 40},   {U"霍", 40},
    {U"涂", 40},   {U"成", 40},   {U"苗", 40},   {U"谷", 40},   {U"曲", 40},   {U"盛", 40},   {U"冉", 30},   {U"翁", 30},
    {U"蓝", 30},   {U"骆", 30},   {U"路", 30},   {U"游", 30},   {U"靳", 30},   {U"辛", 30},   {U"管", 30},   {U"柴", 30},
    {U"蒙", 30},   {U"鲍", 30},   {U"华", 30},   {U"喻", 30},   {U"祁", 30},   {U"房", 25},   {U"蒲", 25},   {U"滕", 25},
    {U"屈", 25},   {U"饶", 25},   {U"解", 25},   {U"牟", 25},   {U"艾", 25},   {U"尤", 25},   {U"时", 20},   {U"穆", 20},
    {U"司", 20},   {U"古", 20},   {U"吉", 20},   {U"缪", 20},   {U"车", 20},   {U"项", 20},   {U"连", 20},   {U"芦", 20},
    {U"麦", 20},   {U"褚", 20},   {U"娄", 20},   {U"窦", 20},   {U"岑", 20},   {U"景", 20},   {U"党", 15},   {U"宫", 15},
    {U"费", 15},   {U"卜", 15},   {U"冷", 15},   {U"晏", 15},   {U"卓", 15},   {U"苟", 10},   {U"仇", 10},   {U"欧阳", 110},
    {U"上官", 20}, {U"司徒", 15}, {U"司马", 12}, {U"诸葛", 10}, {U"夏侯", 5},  {U"皇甫", 8},  {U"尉迟", 4},  {U"令狐", 5},
};

constexpr std::u32string_view old_male = U"国建华明德文志永成福贵财富荣春生根发祥林海忠义仁礼信光辉山金玉宝亚家庆兴振学昌茂树木水火土有正清平世大长宗良才泰安康武德运";
constexpr std::u32string_view old_female = U"秀英兰桂芳珍玉凤莲香翠花梅菊琴娥爱美金银月素淑惠珠巧妹女娇红霞云彩云春秋雪贞清静仙琼燕丽娟芬芝";
constexpr std::u32string_view middle_male = U"伟强军勇磊涛斌超鹏杰峰刚辉波亮飞龙健俊华明海东志文建平国林浩鑫宇凯翔旭晓小卫新民江河涌洋帆彬毅锋坤雄雷震威";
constexpr std::u32string_view middle_female = U"丽敏静艳娟霞燕娜芳玲红梅萍莉华英琴洁婷丹慧颖琳晶雪倩蕾薇佳莹欣春秋冬晓小海玉金美爱云虹青怡媛璐瑶";
constexpr std::u32string_view young_male = U"浩宇轩子涵俊杰博文宇航睿泽晨阳天佑梓豪铭瑞熙嘉懿煜城弘文昊然明轩健柏伟泽诚越彬哲瀚鹏煊烨霖皓致远思聪立果伟祺鸿煊";
constexpr std::u32string_view young_female = U"梓涵欣怡诗涵可馨雨萱思彤佳琪梦瑶语嫣雅静子萱若曦紫萱晨曦雨桐一诺依诺艺馨婉婷嘉怡琪玥彤珊悦芷晴心妍妙菡筱";
constexpr std::u32string_view village_first = U"大新东西南北上下石龙水长美文山白红青金玉塘溪林高";
constexpr std::u32string_view village_second = U"坡田头尾湖山溪塘岭口桥井园坑洋坪湾沟园湖坡";

std::u32string_view characters_of(Sex sex, int birth_year) {
  const bool male = sex == Sex::male;
  if (birth_year < 1965) return male ? old_male : old_female;
  if (birth_year < 1998) return male ? middle_male : middle_female;
  return male ? young_male : young_female;
}

/// Squaring the share makes the front of each list common and its end rare, as names are.
char32_t draw(Random& random, std::u32string_view characters) {
  const double share = random.share();
  return characters[static_cast<std::size_t>(share * (0.35 + 0.65 * share) * static_cast<double>(characters.size()))];
}

/// Each group holds characters that stand for one another.
using Confusion = std::unordered_map<char32_t, std::u32string>;

Confusion confusion_from(std::span<const std::u32string_view> groups) {
  Confusion confusion;
  for (const std::u32string_view group : groups) {
    for (const char32_t one : group) {
      for (const char32_t other : group) {
        if (one != other) confusion[one] += other;
      }
    }
  }
  return confusion;
}

const Confusion& by_ear() {
  static constexpr std::u32string_view groups[] = {
      U"国果", U"建健剑", U"华桦骅", U"明铭名", U"文雯闻", U"志智治至", U"永勇涌", U"成诚城程", U"福富", U"贵桂", U"荣蓉融容",
      U"春椿", U"祥翔详", U"林琳霖麟", U"海亥", U"忠钟中", U"义艺毅逸懿", U"仁任", U"礼李理", U"光广", U"辉晖挥慧惠", U"山珊",
      U"金今锦", U"玉裕钰煜", U"宝保", U"家佳嘉", U"庆清", U"兴星", U"振震镇", U"学雪", U"秀绣", U"英瑛莹颖", U"兰蓝岚", U"芳方",
      U"珍贞真", U"凤奉", U"莲连联", U"香湘", U"花华", U"梅美媚", U"琴勤芹", U"爱艾", U"月悦越玥", U"素苏", U"淑舒", U"珠朱",
      U"红宏洪虹鸿", U"霞夏", U"云芸", U"静靖晶", U"燕艳彦", U"丽莉利立", U"娟涓", U"芬芳", U"伟卫威炜玮", U"强蔷", U"军君钧俊",
      U"磊蕾雷", U"涛韬", U"斌彬宾", U"鹏朋", U"杰洁捷", U"峰锋风枫", U"刚钢", U"波博", U"亮良", U"飞菲", U"龙隆", U"浩昊皓",
      U"鑫欣新心馨", U"宇雨语羽", U"凯恺", U"旭绪", U"晓小筱", U"江姜", U"洋阳扬", U"娜纳", U"玲灵凌", U"萍平苹", U"婷亭",
      U"丹单", U"倩茜", U"薇微", U"怡仪依一", U"媛缘", U"璐露", U"瑶遥", U"轩萱煊", U"子梓紫", U"涵晗菡", U"睿瑞锐", U"泽则",
      U"晨辰", U"天添", U"豪毫", U"熙曦西", U"思诗", U"梦孟", U"若偌", U"张章", U"王汪", U"徐许", U"陈程", U"于余俞", U"蒋姜"};
  static const Confusion confusion = confusion_from(groups);
  return confusion;
}

const Confusion& by_eye() {
  static constexpr std::u32string_view groups[] = {
      U"己已巳", U"未末", U"土士", U"大太", U"王玉", U"天夭", U"林材", U"侯候", U"华毕", U"莉荔", U"晴睛", U"清请", U"治冶",
      U"晓骁", U"洋样", U"杨扬", U"燕蒸", U"荣荥", U"宇字", U"亮壳", U"辛幸", U"水永", U"兰三", U"贝见", U"鸟乌", U"田由",
      U"刚钢", U"仁任", U"芳劳", U"美羊", U"俊浚", U"海悔", U"婷停", U"娟捐", U"玲铃", U"珍诊", U"琴瑟", U"斌赋", U"桂挂",
      U"枝技", U"梅海", U"敏繁", U"涛祷", U"波泼", U"柏伯", U"祥详", U"志忘", U"思恩", U"国囯", U"小少", U"文丈", U"昊吴", U"旭旮"};
  static const Confusion confusion = confusion_from(groups);
  return confusion;
}

std::u32string_view looked_up(const Confusion& confusion, char32_t character) {
  const auto found = confusion.find(character);
  return found == confusion.end() ? std::u32string_view() : std::u32string_view(found->second);
}

}  // namespace

Surnames::Surnames() {
  double total = 0;
  for (const Share& share : surname_shares) total += share.per_hundred_thousand;
  const std::size_t count = std::size(surname_shares);
  std::vector<double> scaled;
  std::vector<std::size_t> small, large;
  for (const Share& share : surname_shares) {
    names_.emplace_back(share.name);
    scaled.push_back(share.per_hundred_thousand / total * static_cast<double>(count));
    (scaled.back() < 1 ? small : large).push_back(scaled.size() - 1);
  }
  keep_.assign(count, 1);
  other_.assign(count, 0);
  while (!small.empty() && !large.empty()) {
    const std::size_t low = small.back(), high = large.back();
    small.pop_back();
    keep_[low] = scaled[low];
    other_[low] = high;
    scaled[high] -= 1 - scaled[low];
    if (scaled[high] < 1) {
      large.pop_back();
      small.push_back(high);
    }
  }
}

const std::u32string& Surnames::draw(Random& random) const {
  const std::size_t drawn = random.below(static_cast<std::uint32_t>(names_.size()));
  return names_[random.happens(keep_[drawn]) ? drawn : other_[drawn]];
}

std::u32string given_name(Random& random, Sex sex, int birth_year) {
  const std::u32string_view characters = characters_of(sex, birth_year);
  std::u32string given(1, sample::draw(random, characters));
  if (random.happens(0.82)) given += sample::draw(random, characters);
  return given;
}

std::u32string sibling_name(Random& random, Sex sex, int birth_year, const std::u32string& given) {
  std::u32string other;
  do {
    other = given_name(random, sex, birth_year);
    if (given.size() == 2) other = {given.front(), other.back()};
  } while (other == given);
  return other;
}

std::string village_name(Random& random) {
  return base::utf8(std::u32string{random.one_of(village_first), random.one_of(village_second), U'村'});
}

std::u32string_view heard_as(char32_t character) { return looked_up(by_ear(), character); }
std::u32string_view seen_as(char32_t character) { return looked_up(by_eye(), character); }

char32_t traditional(char32_t character) {
  static constexpr std::u32string_view pairs =
      U"张張陈陳刘劉杨楊黄黃吴吳赵趙孙孫马馬罗羅郑鄭谢謝许許邓鄧冯馮韩韓萧蕭叶葉蒋蔣苏蘇吕呂卢盧钟鍾谭譚范範陆陸贾賈韦韋邹鄒"
      U"阎閻龙龍贺賀顾顧龚龔万萬钱錢严嚴国國华華贵貴财財荣榮义義礼禮辉輝宝寶庆慶兴興学學树樹兰蘭凤鳳莲蓮爱愛银銀娇嬌红紅云雲"
      U"丽麗伟偉强強军軍涛濤杰傑刚剛亮亮飞飛东東卫衛锋鋒艳艷玲玲梦夢诗詩紫紫晓曉萱萱婷婷颖穎莹瑩琼瓊";
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    if (pairs[i] == character) return pairs[i + 1];
  }
  return character;
}

}  // namespace yihu::sample

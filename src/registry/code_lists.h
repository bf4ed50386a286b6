#pragma once
// The register's code lists. A code is a word of ours and never changes; outside systems' numbers are mapped to it by
// packs, because the same number means different things in different systems.

#include "registry/field.h"

namespace yihu::registry {

inline constexpr CodeWord status_codes[] = {
    {"general", "一般农户", "Ordinary household"},
    {"candidate", "拟纳入户", "Candidate"},
    {"poor", "贫困户", "Poor"},
    {"exited_supported", "脱贫享受政策户", "Exited, still supported"},
    {"exited_stable", "稳定脱贫户", "Exited, stable"},
    {"returned", "返贫户", "Returned to poverty"},
    {"removed", "清退户", "Removed as wrongly listed"},
    {"suspended", "暂停帮扶户", "Support suspended"},
};

inline constexpr CodeWord monitoring_codes[] = {
    {"none", "非监测对象", "Not monitored"},
    {"unstable_exit", "脱贫不稳定户", "Unstable exit"},
    {"marginal", "边缘易致贫户", "Marginal"},
    {"sudden_hardship", "突发严重困难户", "Sudden hardship"},
};

inline constexpr CodeWord standard_codes[] = {
    {"national", "国家标准", "National standard"},
    {"provincial", "省定标准", "Provincial standard"},
    {"city", "市定标准", "City standard"},
};

inline constexpr CodeWord attribute_codes[] = {
    {"general", "一般户", "General"},
    {"allowance", "低保户", "Minimum living allowance"},
    {"extreme_hardship", "特困供养户（五保户）", "Extreme hardship support"},
    {"allowance_poor", "低保贫困户", "Poor with living allowance"},
};

inline constexpr CodeWord cause_codes[] = {
    {"illness", "因病", "Illness"},
    {"disability", "因残", "Disability"},
    {"schooling", "因学", "Schooling"},
    {"disaster", "因灾", "Disaster"},
    {"land", "缺土地", "Lack of land"},
    {"water", "缺水", "Lack of water"},
    {"skills", "缺技术", "Lack of skills"},
    {"labour", "缺劳力", "Lack of labour"},
    {"funds", "缺资金", "Lack of funds"},
    {"transport", "交通条件落后", "Poor transport"},
    {"motivation", "自身发展动力不足", "Lack of motivation"},
    {"marriage", "因婚", "Marriage"},
    {"other", "其他", "Other"},
};

inline constexpr CodeWord road_codes[] = {
    {"paved", "沥青路", "Asphalt"},
    {"concrete", "水泥路", "Concrete"},
    {"gravel", "砂石路", "Gravel"},
    {"earth", "泥土路", "Earth"},
};

inline constexpr CodeWord fuel_codes[] = {
    {"firewood", "柴草", "Firewood"},     {"coal", "煤炭", "Coal"},     {"gas", "燃气", "Gas"},
    {"electricity", "电", "Electricity"}, {"biogas", "沼气", "Biogas"}, {"other", "其他", "Other"},
};

inline constexpr CodeWord sex_codes[] = {
    {"male", "男", "Male"},
    {"female", "女", "Female"},
    {"unknown", "未知", "Unknown"},
};

inline constexpr CodeWord relation_codes[] = {
    {"head", "户主", "Head"},
    {"spouse", "配偶", "Spouse"},
    {"child", "子女", "Child"},
    {"child_in_law", "儿媳或女婿", "Child-in-law"},
    {"grandchild", "孙子女或外孙子女", "Grandchild"},
    {"parent", "父母或岳父母、公婆", "Parent"},
    {"grandparent", "祖父母或外祖父母", "Grandparent"},
    {"sibling", "兄弟姐妹", "Sibling"},
    {"other", "其他", "Other"},
};

inline constexpr CodeWord education_codes[] = {
    {"none", "文盲或半文盲", "None"},         {"primary", "小学", "Primary"},
    {"junior", "初中", "Junior secondary"},   {"senior", "高中", "Senior secondary"},
    {"vocational", "中职", "Vocational"},     {"college", "大专", "College"},
    {"university", "本科及以上", "University"},
};

inline constexpr CodeWord schooling_codes[] = {
    {"not_student", "非在校生", "Not a student"}, {"preschool", "学前教育", "Preschool"},
    {"primary", "小学", "Primary"},               {"junior", "初中", "Junior secondary"},
    {"senior", "高中", "Senior secondary"},       {"vocational", "中职", "Vocational"},
    {"college", "高职高专", "College"},           {"university", "本科及以上", "University"},
    {"left", "辍学", "Left school"},
};

inline constexpr CodeWord labour_codes[] = {
    {"skilled", "技能劳动力", "Skilled"},
    {"ordinary", "普通劳动力", "Ordinary"},
    {"weak", "弱劳动力或半劳动力", "Weak"},
    {"lost", "丧失劳动力", "Lost"},
    {"none", "无劳动力", "None"},
};

inline constexpr CodeWord work_place_codes[] = {
    {"county", "县（区）内", "Within the county"},   {"city", "市内县（区）外", "Within the city"},
    {"province", "省内市外", "Within the province"}, {"outside", "省外", "Outside the province"},
    {"none", "未务工", "Not working away"},
};

inline constexpr CodeWord health_codes[] = {
    {"healthy", "健康", "Healthy"},
    {"chronic", "长期慢性病", "Chronic illness"},
    {"serious_illness", "大病", "Serious illness"},
    {"disabled", "残疾", "Disabled"},
};

inline constexpr CodeWord id_kind_codes[] = {
    {"resident", "居民身份证", "Resident identity card"},
    {"disability", "残疾人证", "Disability certificate"},
    {"passport", "护照或通行证", "Passport or permit"},
    {"none", "无证件", "No document"},
};

inline constexpr CodeWord political_codes[] = {
    {"masses", "群众", "None"},
    {"league", "共青团员", "Youth League"},
    {"party", "中共党员", "Party member"},
    {"probationary", "中共预备党员", "Probationary party member"},
    {"democratic", "民主党派或无党派", "Democratic party or independent"},
};

inline constexpr CodeWord basis_codes[] = {
    {"net", "纯收入", "Net income"},
    {"disposable", "可支配收入", "Disposable income"},
};

/// In the order of the national standard GB/T 3304.
inline constexpr CodeWord ethnicity_codes[] = {
    {"han", "汉族", "Han"}, {"mongol", "蒙古族", "Mongol"}, {"hui", "回族", "Hui"}, {"tibetan", "藏族", "Tibetan"},
    {"uygur", "维吾尔族", "Uygur"}, {"miao", "苗族", "Miao"}, {"yi", "彝族", "Yi"}, {"zhuang", "壮族", "Zhuang"},
    {"bouyei", "布依族", "Bouyei"}, {"korean", "朝鲜族", "Korean"}, {"manchu", "满族", "Manchu"}, {"dong", "侗族", "Dong"},
    {"yao", "瑶族", "Yao"}, {"bai", "白族", "Bai"}, {"tujia", "土家族", "Tujia"}, {"hani", "哈尼族", "Hani"},
    {"kazak", "哈萨克族", "Kazak"}, {"dai", "傣族", "Dai"}, {"li", "黎族", "Li"}, {"lisu", "傈僳族", "Lisu"},
    {"wa", "佤族", "Wa"}, {"she", "畲族", "She"}, {"gaoshan", "高山族", "Gaoshan"}, {"lahu", "拉祜族", "Lahu"},
    {"sui", "水族", "Sui"}, {"dongxiang", "东乡族", "Dongxiang"}, {"naxi", "纳西族", "Naxi"}, {"jingpo", "景颇族", "Jingpo"},
    {"kirgiz", "柯尔克孜族", "Kirgiz"}, {"tu", "土族", "Tu"}, {"daur", "达斡尔族", "Daur"}, {"mulao", "仫佬族", "Mulao"},
    {"qiang", "羌族", "Qiang"}, {"blang", "布朗族", "Blang"}, {"salar", "撒拉族", "Salar"}, {"maonan", "毛南族", "Maonan"},
    {"gelao", "仡佬族", "Gelao"}, {"xibe", "锡伯族", "Xibe"}, {"achang", "阿昌族", "Achang"}, {"pumi", "普米族", "Pumi"},
    {"tajik", "塔吉克族", "Tajik"}, {"nu", "怒族", "Nu"}, {"uzbek", "乌孜别克族", "Uzbek"}, {"russian", "俄罗斯族", "Russian"},
    {"ewenki", "鄂温克族", "Ewenki"}, {"deang", "德昂族", "De'ang"}, {"bonan", "保安族", "Bonan"}, {"yugur", "裕固族", "Yugur"},
    {"gin", "京族", "Gin"}, {"tatar", "塔塔尔族", "Tatar"}, {"derung", "独龙族", "Derung"}, {"oroqen", "鄂伦春族", "Oroqen"},
    {"hezhen", "赫哲族", "Hezhen"}, {"monba", "门巴族", "Monba"}, {"lhoba", "珞巴族", "Lhoba"}, {"jino", "基诺族", "Jino"},
    {"other", "其他", "Other"},
};

/// All of the above by name.
struct CodeList {
  std::string_view id;
  std::span<const CodeWord> words;
};

inline constexpr CodeList code_lists[] = {
    {"register_status", status_codes},       {"register_monitoring", monitoring_codes}, {"register_standard", standard_codes},
    {"register_attribute", attribute_codes}, {"register_cause", cause_codes},           {"register_road", road_codes},
    {"register_fuel", fuel_codes},           {"register_sex", sex_codes},               {"register_relation", relation_codes},
    {"register_education", education_codes}, {"register_schooling", schooling_codes},   {"register_labour", labour_codes},
    {"register_work_place", work_place_codes}, {"register_health", health_codes},       {"register_id_kind", id_kind_codes},
    {"register_political", political_codes}, {"register_basis", basis_codes},           {"register_ethnicity", ethnicity_codes},
};

}  // namespace yihu::registry

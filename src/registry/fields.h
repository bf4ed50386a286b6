#pragma once
// The fields of household, person and income: the one table from which column lists, forms, checks, the rules' schema
// and the national system's workbook come. A new field is one line here and a column in schema.cpp (a test compares).
//
// Water, housing safety, schooling support, insurance and the like are not here: they are entered once, in the
// ledgers, and the national workbook's columns for them are filled from there.

#include "registry/code_lists.h"

namespace yihu::registry {

/// Highest plausible amounts; beyond them it is a slip of the pen.
inline constexpr double money_fen_max = 100'000'000'00.0;
inline constexpr double land_mu_max = 10'000;

inline constexpr Field household_fields[] = {
    {.id = "code", .zh = "户编号", .en = "Household number", .national = "AAC001", .length_max = 32},
    {.id = "village", .type = FieldType::area, .zh = "行政村", .en = "Village", .national = "AAR006", .writing = Writing::event},
    {.id = "hamlet", .zh = "自然村", .en = "Hamlet"},
    {.id = "status", .type = FieldType::code, .zh = "户状态", .en = "Status", .national = "AAR010", .codes = status_codes, .writing = Writing::event},
    {.id = "monitoring", .type = FieldType::code, .zh = "监测类型", .en = "Monitoring", .codes = monitoring_codes, .writing = Writing::event},
    {.id = "standard", .type = FieldType::code, .zh = "识别标准", .en = "Standard", .codes = standard_codes},
    {.id = "attribute", .type = FieldType::code, .zh = "户属性", .en = "Attribute", .national = "AAC006", .codes = attribute_codes},
    {.id = "main_cause", .type = FieldType::code, .zh = "主要致贫原因", .en = "Main cause", .national = "AAC007", .codes = cause_codes},
    {.id = "other_cause_1", .type = FieldType::code, .zh = "其他致贫原因", .en = "Other cause", .national = "AAC008", .codes = cause_codes},
    {.id = "other_cause_2", .type = FieldType::code, .zh = "其他致贫原因二", .en = "Second other cause", .codes = cause_codes},
    {.id = "identified_year", .type = FieldType::integer, .zh = "识别年度", .en = "Year identified", .national = "AAR041", .min = 2000, .max = 2100},
    {.id = "exit_year", .type = FieldType::integer, .zh = "脱贫年度", .en = "Year of exit", .national = "AAC016", .min = 2000, .max = 2100},
    {.id = "return_year", .type = FieldType::integer, .zh = "返贫年度", .en = "Year of return", .min = 2000, .max = 2100},
    {.id = "military_family", .type = FieldType::truth, .zh = "军烈属", .en = "Military family", .national = "AAC012"},
    {.id = "one_child", .type = FieldType::truth, .zh = "独生子女户", .en = "One-child family", .national = "AAC013"},
    {.id = "two_daughters", .type = FieldType::truth, .zh = "双女户", .en = "Two-daughter family", .national = "AAC014"},
    {.id = "arable_mu", .type = FieldType::real, .zh = "耕地面积（亩）", .en = "Arable land (mu)", .national = "AAC301", .min = 0, .max = land_mu_max},
    {.id = "irrigated_mu", .type = FieldType::real, .zh = "有效灌溉面积（亩）", .en = "Irrigated land (mu)", .national = "AAC302", .min = 0, .max = land_mu_max},
    {.id = "forest_mu", .type = FieldType::real, .zh = "林地面积（亩）", .en = "Forest (mu)", .national = "AAC303", .min = 0, .max = land_mu_max},
    {.id = "reforested_mu", .type = FieldType::real, .zh = "退耕还林面积（亩）", .en = "Reforested land (mu)", .national = "AAC304", .min = 0, .max = land_mu_max},
    {.id = "orchard_mu", .type = FieldType::real, .zh = "林果面积（亩）", .en = "Orchard (mu)", .national = "AAC305", .min = 0, .max = land_mu_max},
    {.id = "pasture_mu", .type = FieldType::real, .zh = "牧草地面积（亩）", .en = "Pasture (mu)", .national = "AAC306", .min = 0, .max = land_mu_max},
    {.id = "water_mu", .type = FieldType::real, .zh = "水面面积（亩）", .en = "Water (mu)", .national = "AAC307", .min = 0, .max = land_mu_max},
    {.id = "production_power", .type = FieldType::truth, .zh = "通生产用电", .en = "Power for production", .national = "AAC308"},
    {.id = "living_power", .type = FieldType::truth, .zh = "通生活用电", .en = "Power for living", .national = "AAC313"},
    {.id = "tv", .type = FieldType::truth, .zh = "通广播电视", .en = "Radio or television", .national = "AAC314"},
    {.id = "cooperative", .type = FieldType::truth, .zh = "加入合作社", .en = "In a cooperative", .national = "AAC084"},
    {.id = "road_distance_km", .type = FieldType::real, .zh = "与村主干路距离（公里）", .en = "Distance to the main road (km)", .national = "AAC315", .min = 0, .max = 500},
    {.id = "road_kind", .type = FieldType::code, .zh = "入户路类型", .en = "Kind of access road", .national = "AAC316", .codes = road_codes},
    {.id = "housing_area_m2", .type = FieldType::real, .zh = "住房面积（平方米）", .en = "Housing area (m²)", .national = "AAC317", .min = 0, .max = 5000},
    {.id = "toilet", .type = FieldType::truth, .zh = "有卫生厕所", .en = "Sanitary toilet", .national = "AAC319"},
    {.id = "fuel", .type = FieldType::code, .zh = "主要燃料", .en = "Main fuel", .national = "AAC320", .codes = fuel_codes},
    {.id = "bank_name", .zh = "开户银行", .en = "Bank", .national = "AAQ002"},
    {.id = "bank_account", .zh = "银行账号", .en = "Bank account", .national = "AAC004", .private_ = true, .length_max = 32},
    {.id = "phone", .zh = "联系电话", .en = "Telephone", .private_ = true, .length_max = 20},
    {.id = "helper", .zh = "帮扶责任人", .en = "Helper"},
    {.id = "helper_unit", .zh = "帮扶单位", .en = "Helping unit", .length_max = 80},
    {.id = "helper_account", .zh = "帮扶责任人账号", .en = "Helper's account", .writing = Writing::event, .length_max = 36},
    {.id = "size", .type = FieldType::integer, .zh = "家庭人口", .en = "Members", .writing = Writing::derived, .min = 0, .max = 100},
    {.id = "head_name", .zh = "户主姓名", .en = "Head", .writing = Writing::derived},
    {.id = "registered_on", .type = FieldType::date, .zh = "登记日期", .en = "Registered on", .writing = Writing::event},
    {.id = "ended_on", .type = FieldType::date, .zh = "销户日期", .en = "Ended on", .writing = Writing::event},
};

inline constexpr Field person_fields[] = {
    {.id = "code", .zh = "人员编号", .en = "Person number", .national = "AAB001", .length_max = 32},
    {.id = "household", .zh = "所在户", .en = "Household", .writing = Writing::event, .length_max = 36},
    {.id = "village", .type = FieldType::area, .zh = "行政村", .en = "Village", .writing = Writing::derived},
    {.id = "name", .zh = "姓名", .en = "Name", .national = "AAB002"},
    {.id = "sex", .type = FieldType::code, .zh = "性别", .en = "Sex", .national = "AAB003", .codes = sex_codes},
    {.id = "birth", .type = FieldType::date, .zh = "出生日期", .en = "Date of birth", .national = "AAB005"},
    {.id = "relation", .type = FieldType::code, .zh = "与户主关系", .en = "Relation to the head", .national = "AAB006", .codes = relation_codes},
    {.id = "ethnicity", .type = FieldType::code, .zh = "民族", .en = "Ethnicity", .national = "AAB007", .codes = ethnicity_codes},
    {.id = "education", .type = FieldType::code, .zh = "文化程度", .en = "Education", .national = "AAB008", .codes = education_codes},
    {.id = "schooling", .type = FieldType::code, .zh = "在校生状况", .en = "Schooling", .national = "AAB009", .codes = schooling_codes},
    {.id = "labour", .type = FieldType::code, .zh = "劳动技能", .en = "Capacity for work", .national = "AAB010", .codes = labour_codes},
    {.id = "work_months", .type = FieldType::integer, .zh = "务工月数", .en = "Months of work", .national = "AAB012", .min = 0, .max = 99},
    {.id = "work_place", .type = FieldType::code, .zh = "务工所在地", .en = "Place of work", .national = "AAB025", .codes = work_place_codes},
    {.id = "work_employer", .zh = "务工企业", .en = "Employer", .national = "AAB029", .length_max = 80},
    {.id = "health", .type = FieldType::code, .zh = "健康状况", .en = "Health", .national = "AAB017", .codes = health_codes, .writing = Writing::derived},
    {.id = "disabled", .type = FieldType::truth, .zh = "残疾", .en = "Disabled"},
    {.id = "chronic", .type = FieldType::truth, .zh = "长期慢性病", .en = "Chronic illness"},
    {.id = "serious_illness", .type = FieldType::truth, .zh = "大病", .en = "Serious illness"},
    {.id = "political", .type = FieldType::code, .zh = "政治面貌", .en = "Political status", .national = "AAK033", .codes = political_codes},
    {.id = "in_service", .type = FieldType::truth, .zh = "现役军人", .en = "In service", .national = "AAB019"},
    {.id = "id_number", .zh = "证件号码", .en = "Document number", .national = "AAB004", .private_ = true, .length_max = 32},
    {.id = "id_kind", .type = FieldType::code, .zh = "证件类型", .en = "Kind of document", .national = "AAB018", .codes = id_kind_codes},
    {.id = "id_valid", .type = FieldType::truth, .zh = "证件号码有效", .en = "Document number valid", .writing = Writing::derived},
    {.id = "id_birth", .type = FieldType::date, .zh = "证件出生日期", .en = "Birth by document", .writing = Writing::derived},
    {.id = "id_sex", .type = FieldType::code, .zh = "证件性别", .en = "Sex by document", .codes = sex_codes, .writing = Writing::derived},
    {.id = "phone", .zh = "手机号码", .en = "Mobile number", .national = "AAB031", .private_ = true, .length_max = 20},
    {.id = "present", .type = FieldType::truth, .zh = "在户", .en = "Present member", .national = "AAB015", .writing = Writing::event},
};

/// One row per household and year; no row means unknown. Parts of transfer income are contained in `transfer`.
inline constexpr Field income_fields[] = {
    {.id = "year", .type = FieldType::integer, .zh = "年度", .en = "Year", .national = "AAR040", .min = 2000, .max = 2100},
    {.id = "basis", .type = FieldType::code, .zh = "收入口径", .en = "Basis", .codes = basis_codes},
    {.id = "wage", .type = FieldType::money, .zh = "工资性收入", .en = "Wages", .national = "AAC073", .min = 0, .max = money_fen_max},
    {.id = "business", .type = FieldType::money, .zh = "生产经营性收入", .en = "Business income", .national = "AAC071", .min = 0, .max = money_fen_max},
    {.id = "property", .type = FieldType::money, .zh = "财产性收入", .en = "Property income", .national = "AAC072", .min = 0, .max = money_fen_max},
    {.id = "transfer", .type = FieldType::money, .zh = "转移性收入", .en = "Transfers", .national = "AAC085", .min = 0, .max = money_fen_max},
    {.id = "business_cost", .type = FieldType::money, .zh = "生产经营性支出", .en = "Business cost", .national = "AAC074", .min = 0, .max = money_fen_max},
    {.id = "allowance_part", .type = FieldType::money, .zh = "其中：低保金", .en = "of it living allowance", .national = "AAC077", .min = 0, .max = money_fen_max},
    {.id = "hardship_part", .type = FieldType::money, .zh = "其中：五保金", .en = "of it hardship support", .national = "AAC086", .min = 0, .max = money_fen_max},
    {.id = "pension_part", .type = FieldType::money, .zh = "其中：养老金", .en = "of it pension", .national = "AAC087", .min = 0, .max = money_fen_max},
};

/// nullptr when there is none.
constexpr const Field* find_field(std::span<const Field> fields, std::string_view id) {
  for (const Field& field : fields) {
    if (field.id == id) return &field;
  }
  return nullptr;
}

}  // namespace yihu::registry

// What the journal's actions are called.

#include "http/routes_journal.h"

namespace yihu::http {
namespace {

struct Label {
  std::string_view action;
  const char* zh;
  const char* en;
};
constexpr Label labels[] = {
    {"area.made", "新建区划", "Division made"},
    {"area.changed", "修改区划", "Division changed"},
    {"unit.made", "新建单位", "Unit made"},
    {"unit.changed", "修改单位", "Unit changed"},
    {"group.defined", "定义单位组", "Group defined"},
    {"user.made", "新建用户", "User made"},
    {"user.changed", "修改用户", "User changed"},
    {"user.signed_out", "结束用户登录", "User's sessions ended"},
    {"post.given", "任命岗位", "Post given"},
    {"post.ended", "免去岗位", "Post ended"},
    {"password.changed", "修改密码", "Password changed"},
    {"password.reset", "重置密码", "Password reset"},
    {"code.offered", "申请动态口令", "One-time code offered"},
    {"code.enabled", "启用动态口令", "One-time code turned on"},
    {"code.disabled", "停用动态口令", "One-time code turned off"},
    {"session.started", "登录", "Signed in"},
    {"session.ended", "退出登录", "Signed out"},
    {"login.failed", "登录失败", "Failed to sign in"},
    {"calendar_address.made", "生成日历地址", "Calendar address made"},
    {"calendar_address.ended", "停用日历地址", "Calendar address ended"},
    {"import.started", "导入要点文件", "Plan import started"},
    {"import.corrected", "核对要点文件", "Plan import corrected"},
    {"import.accepted", "确认导入", "Plan import accepted"},
    {"import.discarded", "放弃导入", "Plan import discarded"},
    {"plan.accepted", "要点生效", "Plan accepted"},
    {"plan.replaced", "要点换成新文件", "Plan replaced by a newer document"},
    {"measure.accepted", "措施生效", "Measure accepted"},
    {"measure.changed", "随文件更新措施", "Measure updated from a document"},
    {"measure.corrected", "更正措施", "Measure corrected"},
    {"measure.retired", "撤下措施", "Measure retired"},
    {"measure.reported", "报送进展", "Progress reported"},
    {"measure.bound", "措施改由指标衡量", "Measure bound to an indicator"},
    {"indicator.recorded", "记录指标", "Indicator recorded"},
    {"evidence.kept", "上传佐证", "Evidence kept"},
    {"evidence.dropped", "清理未用佐证", "Unused evidence dropped"},
    {"news.seen", "看过新情况", "News seen"},
    {"household.registered", "登记新户", "Household registered"},
    {"household.changed", "变更户信息", "Household changed"},
    {"household.corrected", "更正户信息", "Household corrected"},
    {"household.status_changed", "变更户状态", "Household's status changed"},
    {"household.monitoring_changed", "变更监测类型", "Household's monitoring changed"},
    {"household.helper_assigned", "指定帮扶责任人", "Helper assigned"},
    {"household.head_changed", "变更户主", "Head of household changed"},
    {"household.income_written", "登记收入", "Income entered"},
    {"household.relocated", "整户搬迁", "Household moved"},
    {"household.split", "分出一户", "Household split"},
    {"household.split_from", "分户", "Household founded by a split"},
    {"household.merged_into", "并入他户", "Household merged into another"},
    {"household.merged_from", "并户", "Another household merged in"},
    {"household.household_ended", "销户", "Household ended"},
    {"household.import_undone", "撤销导入的改动", "Change of an import taken back"},
    {"household.born", "成员出生", "Member born"},
    {"household.died", "成员死亡", "Member died"},
    {"household.married_in", "成员嫁入", "Member married in"},
    {"household.married_out", "成员嫁出", "Member married out"},
    {"household.moved_in", "成员迁入", "Member moved in"},
    {"household.moved_out", "成员迁出", "Member moved out"},
    {"household.moved_to", "成员转到他户", "Member moved to another household"},
    {"household.moved_from", "成员由他户转来", "Member moved from another household"},
    {"household.came_back", "成员迁回", "Member came back"},
    {"household.departure_undone", "撤销误报的减少", "Departure taken back"},
    {"household.person_changed", "变更成员信息", "Member changed"},
    {"household.person_corrected", "更正成员信息", "Member corrected"},
    {"household.identity_corrected", "更正身份", "Identity corrected"},
    {"household.identity_restored", "撤销身份更正", "Correction of an identity taken back"},
    {"register.imported", "导入系统工作簿", "National workbook imported"},
    {"register.import_undone", "撤销导入", "Import of the national workbook taken back"},
    {"register.exported", "导出系统工作簿", "National workbook exported"},
    {"private_value.opened", "查看隐藏信息", "Private value opened"},
    {"person_key.destroyed", "销毁个人密钥", "Person's key destroyed"},
    {"snapshot.frozen", "固定快照", "Snapshot frozen"},
    {"ledger.made", "建立台账", "Ledger made"},
    {"ledger.changed", "台账的列变更", "Ledger's columns changed"},
    {"ledger.delivered", "登记报送", "Ledger handed in"},
    {"ledger.taken_back", "撤回报送", "Handing in taken back"},
    {"ledger_row.added", "新增台账行", "Ledger row added"},
    {"ledger_row.changed", "修改台账行", "Ledger row changed"},
    {"ledger_row.removed", "删去台账行", "Ledger row removed"},
    {"ledger_row.imported", "导入台账行", "Ledger row imported"},
    {"ledger_cell.opened", "查看加密的一格", "Private cell opened"},
    {"ledger_import.made", "上传台账工作簿", "Ledger workbook sent in"},
    {"ledger_import.begun", "开始写入台账", "Ledger import begun"},
    {"ledger_import.continued", "继续写入台账", "Ledger import continued"},
    {"ledger_import.written", "写入台账的若干行", "Rows of a ledger import written"},
    {"ledger_import.applied", "写入台账", "Ledger import written"},
    {"ledger_import.stopped", "停止写入台账", "Ledger import stopped"},
    {"ledger_import.broken_off", "写入台账中断", "Ledger import broken off"},
    {"ledger_import.dropped", "放弃台账导入", "Ledger import given up"},
    {"ledger_import.undone", "撤销台账导入", "Ledger import taken back"},
    {"finding.opened", "发现问题线索", "Finding opened"},
    {"finding.closed", "问题线索消除", "Finding closed"},
    {"finding.unknown", "问题线索转为不明", "Finding no longer known"},
    {"cohort.frozen", "锁定名单", "List frozen"},
    {"roster.listed_out", "导出名册核查清单", "Roster's list taken out"},
    {"roster_run.started", "上传名册", "Roster sent in"},
    {"roster_run.waiting", "名册等待比对", "Roster waiting"},
    {"roster_run.working", "名册正在比对", "Roster being compared"},
    {"roster_run.settled", "名册差异已写入", "Roster's differences written"},
    {"roster_run.done", "名册比对完成", "Roster compared"},
    {"roster_run.cancelled", "取消名册比对", "Comparison of a roster cancelled"},
    {"roster_run.failed", "名册比对失败", "Comparison of a roster failed"},
    {"roster_pair.decided", "判断配对", "Pair decided"},
    {"roster_pair.undone", "撤回配对判断", "Decision about a pair taken back"},
    {"discrepancy_group.raised", "差异转主管单位", "Discrepancies sent to the unit that owns the fact"},
    {"discrepancy.looked_again", "重新核对差异", "Discrepancies looked at again"},
    {"discrepancy.open", "差异重新打开", "Discrepancy opened again"},
    {"discrepancy.accepted", "采纳名册数据", "Roster's value accepted"},
    {"discrepancy.kept", "保留登记数据", "Register's value kept"},
    {"discrepancy.gone", "差异消除", "Discrepancy gone"},
    {"comparison.started", "开始数据比对", "Comparison started"},
    {"comparison.made", "数据比对完成", "Comparison made"},
    {"comparison.failed", "数据比对失败", "Comparison failed"},
    {"comparison.frozen", "锁定数据比对", "Comparison frozen"},
};

}  // namespace

base::Text action_label(std::string_view action) {
  for (const Label& label : labels) {
    if (label.action == action) return {label.zh, label.en};
  }
  return {std::string(action), std::string(action)};
}

std::vector<std::string_view> known_actions() {
  std::vector<std::string_view> out;
  for (const Label& label : labels) out.push_back(label.action);
  return out;
}

}  // namespace yihu::http

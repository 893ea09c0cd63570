"""What the template says of each column, type and rule: text for authors, in both languages."""

from __future__ import annotations

from evaluation.platform.i18n import N_
from surveys.forms import vocabulary as words

#: sheet → (full key, what it is for, an example).
COLUMNS: dict[str, tuple[tuple[str, str, str], ...]] = {
    words.SURVEY: (
        ("type", N_("题型。选择题后面写列表名，用空格隔开。"), "select_one yes_no"),
        ("name", N_("题目的英文名称：字母开头，只用字母、数字、下划线，全表不重复。"), "queue"),
        ("label::zh", N_("给评价员看的题目。"), N_("大厅有没有叫号机？")),
        ("label::en", N_("题目的英文；留空则显示中文。"), "Is there a ticket machine?"),
        ("hint::zh", N_("题目下面的小字。"), N_("看入口附近")),
        ("hint::en", N_("提示的英文。"), "Look near the door"),
        ("required", N_("必填：是或否，也可以写条件。"), "yes"),
        ("relevant", N_("什么时候出现这道题；留空则总是出现。"), "${queue} = 'no'"),
        ("constraint", N_("答案要符合的条件，. 代表本题的答案。"), ". >= 0 and . <= 600"),
        ("constraint_message::zh", N_("不符合约束时告诉评价员的话。"), N_("0 到 600 分钟")),
        ("constraint_message::en", N_("约束提示的英文。"), "0 to 600 minutes"),
        ("calculation", N_("calculate 题的公式。"), "${fee_a} + ${fee_b}"),
        ("choice_filter", N_("只列出符合条件的选项，用“选项”工作表里自加的列。"), "city = ${city}"),
        ("appearance", N_("外观，例如 minimal、likert、field-list。"), "minimal"),
        ("default", N_("预先填好的答案。"), "1"),
        ("parameters", N_("range 等题型的参数。"), "start=1 end=5 step=1"),
        ("repeat_count", N_("循环的次数；留空则由评价员添加。"), "${windows}"),
        ("media::image::zh", N_("题目旁边显示的图片文件名，和工作簿一起上传。"), "sign.jpg"),
        ("indicator", N_("答案算作哪一项指标的值：指标代码。"), "N01.02"),
        ("score_rule", N_("答案怎样变成数值，写法见“说明”。"), "table: yes=100; no=0; na=NA"),
        ("across_visits", N_("多次访查怎样合成一个值；留空为平均值。"), "mean"),
        ("evidence", N_("回答本题必须附的照片、录音等题的名称，用逗号隔开。"), "photo_hall"),
        ("measure", N_("不合格时对应的整改措施编号（1–25）。"), "4"),
        ("department", N_("不合格时的责任部门。"), N_("政务服务管理局")),
        ("severity", N_("不合格的严重程度：low、medium、high。"), "medium"),
        ("fails_when", N_("什么答案算不合格：选项名，或与数字比较。"), "> 30"),
        ("integrity", N_("诚信题：诚实的评价员会选的答案（问一件并不存在的事）。"), "no"),
        ("timer", N_("本题保存哪一步的分钟数：“脚本”里的步骤代码。"), "wait"),
        ("note", N_("给自己看的备注，系统不读。"), ""),
    ),
    words.CHOICES: (
        ("list_name", N_("选项属于哪个列表。"), "yes_no"),
        ("name", N_("选项的英文名称，同一列表里不重复。"), "yes"),
        ("label::zh", N_("给评价员看的选项。"), N_("是")),
        ("label::en", N_("选项的英文。"), "Yes"),
        ("note", N_("备注，系统不读。右边可以自加列，供 choice_filter 使用。"), ""),
    ),
    words.SETTINGS: (
        ("form_id", N_("表单编号：小写字母、数字、下划线。同一编号再次上传就是新的一版。"),
         "hall_visit"),
        ("form_title::zh", N_("表单标题。"), N_("政务大厅暗访")),
        ("form_title::en", N_("标题的英文。"), "Service hall visit"),
        ("method", N_("采集方式：simulation（现场模拟体验）、inspection（明察暗访）、"
                      "basic_data（基础数据收集核实）。"), "inspection"),
    ),
    words.KIT: (
        ("key", N_("scenario（情景）或 preparation（准备）。"), "scenario"),
        ("text::zh", N_("评价员出发前看到的文字。"), N_("您要开一家小餐馆……")),
        ("text::en", N_("英文。"), "You are opening a small restaurant …"),
    ),
    words.STORIES: (
        ("code", N_("身份的代码。"), "owner"),
        ("text::zh", N_("评价员说自己是谁、来办什么。"), N_("个体户店主，第一次办照")),
        ("text::en", N_("英文。"), "A shopkeeper, first licence"),
    ),
    words.SCRIPT: (
        ("code", N_("步骤的代码，计时题用它。"), "wait"),
        ("text::zh", N_("这一步做什么。"), N_("取号后等候叫号")),
        ("text::en", N_("英文。"), "Wait to be called"),
        ("minutes", N_("预计的分钟数。"), "15"),
    ),
}  # fmt: skip

RULES = (
    ("value", N_("答案本身的数值；只用在数字题和计算题上。")),
    ("table: yes=100; partly=50; no=0; na=NA", N_("按选项取分；NA 表示不适用。每个选项都要写。")),
    ("checklist", N_("多选题勾选的百分比；none、other、na 不计。")),
    ("checklist: 4", N_("勾选 4 项为 100。")),
    ("sum: fee_a, fee_b", N_("几道数字题的合计。")),
    ("count: step_a, step_b", N_("几道题里答 yes 或大于 0 的题数，例如办事环节数。")),
    ("minutes", N_("计时题的分钟数。")),
    ("… | max 100 | min 0 | times 60 | divide 60", N_("写在任何规则后面：封顶、保底、乘、除。")),
)
FAILS = (
    ("no, partly", N_("答这些选项中的任何一个，算不合格。")),
    ("> 30", N_("数字大于 30，算不合格；也可以用 <、<=、>=。")),
    ("!= yes", N_("答 yes 以外的选项，算不合格。")),
)
STEPS = (
    N_("第一题固定是 visit：系统自动填写访查编号，不要删除。"),
    N_("表达式只用英文半角符号：, ; : ( ) ' = < >。引用其他题写 {reference}。"),
    N_("以 = 开头的内容会被 Excel 当成公式；模板里的单元格已设为文本。"),
    N_("上传后系统会一次列出全部问题，并能给回改好的工作簿；发布前不影响任何人。"),
)

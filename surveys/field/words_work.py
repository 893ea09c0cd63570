"""What the phone says of visits and of filling in."""

from __future__ import annotations

from evaluation.platform.i18n import N_

WORK = {
    "start.title": N_("首页"),
    "start.phone": N_("本机与同步"),
    "drafts.title": N_("填写中"),
    "drafts.draft": N_("草稿"),
    "drafts.edit": N_("修改中"),
    "drafts.saved": N_("保存于 {at}"),
    "visits.title": N_("我的访查"),
    "visits.never": N_("还没有和服务器同步过。连上网络后，派给您的访查会出现在这里。"),
    "visits.none": N_("目前没有待做的访查。派给您的访查同步后会出现在这里。"),
    "visits.where": N_("显示距离"),
    "visits.nowhere": N_("得不到位置。请检查手机的定位开关和浏览器的定位权限。"),
    "window.closed": N_("已于 {at} 结束"),
    "window.opens": N_("{at} 起"),
    "window.soon": N_("剩 {left}"),
    "window.open": N_("进行中，至 {at}"),
    "sent.title": N_("已发送"),
    "sent.elsewhere": N_("从别的手机发送的记录"),
    "sent.at": N_("送达于 {at}"),
    "visit.title": N_("访查"),
    "visit.city": N_("市州"),
    "visit.address": N_("地址"),
    "visit.far": N_("距离"),
    "visit.window": N_("访查期"),
    "visit.form": N_("表单"),
    "visit.code": N_("编号"),
    "visit.early": N_("访查期还没有开始，到时才能开始填写。"),
    "visit.no_form": N_("表单还没有下载到本机。请连上网络同步一次。"),
    "visit.position": N_(
        "开始填写时，浏览器会询问是否允许定位。位置与照片一起作为佐证，只有审核人能看；不允许也"
        "可以填写。"
    ),
    "visit.start": N_("开始填写"),
    "visit.continue": N_("继续填写"),
    "kit.story": N_("您的身份"),
    "kit.scenario": N_("情景"),
    "kit.preparation": N_("准备"),
    "kit.script": N_("访查步骤"),
    "kit.minutes": N_("（{minutes} 分钟）"),
    "kit.checks": N_("必查项与佐证"),
    "kit.evidence": N_("（佐证：{what}）"),
    "fill.title": N_("填写"),
    "fill.opening": N_("正在打开…"),
    "fill.saved": N_("已存 {at}"),
    "fill.unsaved": N_("未保存"),
    "fill.again": N_("再存一次"),
    "fill.kit": N_("身份、情景与步骤"),
    "fill.finish": N_("完成并提交"),
    "fill.full": N_(
        "手机空间不足，最后的改动没有保存；之前的都在。请删除手机上的照片或应用，再点“再存一次”。"
    ),
    "fill.not_saved": N_("最后的改动没有保存；之前的都在。请再存一次，不要关闭本页面。"),
    "fill.failed": N_("表单打不开。"),
    "fill.no_engine": N_("填写程序还没有下载到本机。请连上网络再打开一次，之后没有网络也能用。"),
    "fill.no_form": N_("这份表单还没有下载到本机。请连上网络同步一次。"),
    "fill.elsewhere": N_(
        "这份记录正在另一个页面填写。同一份记录一次只能在一个页面填写，以免互相覆盖。"
    ),
    "fill.take": N_("在这里继续"),
    "fill.returned": N_("审核人退回了这份记录，请补正后重新提交。"),
    "fill.reasons": N_("有 {count} 处意见写在对应的问题旁边。"),
    "fill.reviewer": N_("审核意见："),
    "finish.title": N_("完成并提交？"),
    "finish.text": N_(
        "记录和 {files} 个文件会保存在本机，有网络时自动发送；收到服务器的回执之前不会删除。"
    ),
    "finish.verb": N_("完成"),
    "discard.button": N_("删除草稿"),
    "discard.title": N_("删除“{site}”的草稿？"),
    "discard.text": N_("已填写的内容和 {files} 个文件会从本机删除，无法恢复。"),
    "discard.verb": N_("删除"),
    "photo.full": N_(
        "手机空间不足，这个文件没有保存；其他内容都在。请删除手机上的照片或应用后重拍。"
    ),
    "photo.failed": N_("这个文件没有保存，请重试。"),
    "photo.elsewhere": N_("文件已发送，不在本机。"),
}

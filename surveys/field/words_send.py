"""What the phone says of sending, of records that were sent, and of itself."""

from __future__ import annotations

from evaluation.platform.i18n import N_

SEND = {
    "unsent.title": N_("未发送"),
    "unsent.none": N_("全部已发送"),
    "unsent.send": N_("立即发送"),
    "unsent.again": N_("再发送一次"),
    "unsent.sending": N_("正在发送…"),
    "unsent.now": N_("正在发送"),
    "unsent.waits": N_("等待发送"),
    "unsent.files": N_("等待发送文件"),
    "unsent.refused": N_("服务器没有接受"),
    "unsent.offline": N_("没有网络。有网络时自动发送。"),
    "unsent.finished": N_("完成于 {at}"),
    "unsent.left": N_("剩 {left} / {files} 个文件，已发送 {done} / {whole}"),
    "unsent.progress": N_("文件发送进度"),
    "unsent.status": N_("服务器回答 {status}。"),
    "record.title": N_("这份记录"),
    "record.gone": N_("这份记录已不在本机。"),
    "record.receipt": N_("回执编号"),
    "record.receipt_early": N_("服务器已收到记录，文件还没有收齐。"),
    "record.checked": N_("核对于 {at}"),
    "record.check": N_("核对回执"),
    "record.confirmed": N_("服务器确认：回执 {receipt}，{files} 个文件齐全。"),
    "record.incomplete": N_("服务器确认收到记录（回执 {receipt}），但文件还没有收齐。"),
    "record.refused": N_(
        "记录还在本机，没有丢失；服务器也保留了一份，评价督导可以准入。处理后请再发送一次。"
    ),
    "record.reopen": N_("继续填写"),
    "record.files": N_("记录中的文件"),
    "record.no_files": N_("这份记录没有文件。"),
    "record.why.returned": N_("审核人退回了这份记录："),
    "record.why.rejected": N_("这份记录不予采信："),
    "record.locked.accepted": N_("已采信，已锁定。要改动，由省级管理员申请重新审核、另一人确认。"),
    "record.locked.rejected": N_(
        "不予采信，已锁定。如有异议，请联系评价督导；省级管理员可以恢复审核。"
    ),
    "record.locked.withdrawn": N_("已撤销，已锁定。如有疑问，请联系评价督导。"),
    "file.received": N_("已收到"),
    "file.sent": N_("已发送 {done} / {size}"),
    "edit.button": N_("修改这份记录"),
    "edit.returned": N_("补正并重新提交"),
    "edit.title": N_("修改已提交的记录？"),
    "edit.text": N_("会生成新的一版，接在原来的记录之后；原来的那一版保留不变。"),
    "edit.verb": N_("修改"),
    "edit.offline": N_("没有网络。这份记录的内容不在本机，需要联网取回后才能修改。"),
    "notice.sign_in.stale": N_(
        "太久没有联网登录，服务器要求重新输入密码。本机的记录都在，登录后接着发送。"
    ),
    "notice.sign_in.changed": N_(
        "您的密码已改。请用新密码登录一次；本机的记录都在，登录后接着发送。"
    ),
    "notice.sign_in.go": N_("重新登录"),
    "notice.others": N_(
        "您的另一台设备“{name}”上次报告（{at}）还有 {count} 条记录未发送。如果就是这台手机而"
        "存储被清除过，请联系评价督导。"
    ),
    "notice.understood": N_("知道了"),
    "notice.update": N_("有新版本，更新只需几秒；填写中的内容会先保存。"),
    "notice.update.go": N_("更新"),
    "notice.clock_slow": N_("本机时钟比服务器慢 {by}。期限按服务器时间计算；请校准手机时间。"),
    "notice.clock_fast": N_("本机时钟比服务器快 {by}。期限按服务器时间计算；请校准手机时间。"),
    "notice.full": N_("浏览器可用空间已用 {share}%。请尽快连网发送，或删除手机上的照片。"),
    "notice.apple": N_("苹果手机会在连续 7 天没有打开后，清除浏览器里保存的全部内容。"),
    "notice.apple.away": N_("距上次打开已有 {days} 天。"),
    "notice.apple.unsent": N_("现在有 {count} 条记录只在本机。"),
    "notice.apple.what": N_("怎样避免"),
    "notice.apple.how": N_(
        "添加到主屏幕后不会被清除：点浏览器的“分享”，选“添加到主屏幕”，以后从主屏幕打开。"
    ),
    "notice.apple.separate": N_(
        "主屏幕上的与浏览器里的互不相通：请先把这里的记录发送完，再到主屏幕登录。"
    ),
    "notice.install": N_("可以安装到主屏幕，打开更快，存储也更可靠。"),
    "notice.install.go": N_("安装"),
    "notice.clearable": N_("手机空间紧张时，浏览器可能清除这里保存的内容。"),
    "notice.clearable.go": N_("请求长期保存"),
    "phone.title": N_("本机与同步"),
    "phone.storage": N_("存储"),
    "phone.used": N_("已用空间"),
    "phone.full": N_("手机空间不足，同步没有完成；已保存的都在。请删除手机上的照片或应用。"),
    "phone.room": N_("已用 {used}，浏览器最多允许 {quota}"),
    "phone.room_unknown": N_("浏览器没有说明可用空间。"),
    "phone.kept": N_("长期保存：系统不会自行清除"),
    "phone.installed": N_("已安装到主屏幕"),
    "phone.clearable": N_("空间紧张时可能被系统清除"),
    "phone.persist_refused": N_("浏览器没有同意。安装到主屏幕后通常会同意。"),
    "phone.sync": N_("同步"),
    "phone.synced": N_("上次同步：{at}"),
    "phone.never": N_("还没有同步过。"),
    "phone.synced_now": N_("已同步。"),
    "phone.sync_failed": N_("没有同步成功，原因见同步记录。"),
    "phone.device": N_("设备编号：{code}"),
    "phone.sync_now": N_("立即同步"),
    "phone.log": N_("同步记录（{count}）"),
    "phone.log_empty": N_("还没有记录。"),
    "phone.version": N_("版本 {version}"),
    "leave.heading": N_("退出"),
    "leave.text": N_("退出会清除本机保存的全部内容。暂时离开请用“锁定”。"),
    "leave.button": N_("退出并清除本机"),
    "leave.title": N_("退出并清除本机？"),
    "leave.lost": N_("下面 {count} 条记录只在本机，服务器没有收齐，清除后无法恢复："),
    "leave.files": N_("{files} 个文件未发送"),
    "leave.nothing": N_("没有未发送的记录。"),
    "leave.check": N_("我知道这些记录会永久丢失"),
    "leave.verb": N_("退出并清除"),
    "log.synced": N_("已同步：{visits} 次访查"),
    "log.posted": N_("服务器收到记录：{site}"),
    "log.received": N_("收齐，回执 {receipt}：{site}"),
    "log.refused": N_("服务器没有接受（{status} {title}）：{site}"),
    "log.busy": N_("服务器忙，稍后再发：{site}"),
    "log.away": N_("发送中断，稍后接着发：{site}"),
    "log.away_sync": N_("连不上服务器"),
    "log.sync_refused": N_("服务器没有接受同步（{status} {title}）"),
}

"""What the phone says at the door, and what it says everywhere."""

from __future__ import annotations

from evaluation.platform.i18n import N_

GATE = {
    "shell.name": N_("随记"),
    "shell.skip": N_("跳到正文"),
    "shell.back": N_("返回"),
    "shell.online": N_("在线"),
    "shell.offline": N_("离线"),
    "shell.lock": N_("锁定"),
    "shell.fault": N_("出错了：{why}。已保存的内容没有丢失；请重新打开本页面再试。"),
    "missing.title": N_("这个浏览器不能使用"),
    "missing.secure": N_(
        "地址不是安全连接（https），浏览器因此不允许加密存储。请用 https 地址打开。"
    ),
    "missing.storage": N_("浏览器不允许在本机存储（可能是无痕模式）。请用普通模式打开。"),
    "missing.worker": N_(
        "浏览器不支持离线使用。请更新浏览器，或换用 Chrome、Edge、Safari、Firefox。"
    ),
    "missing.locks": N_("浏览器版本太旧。请更新浏览器，或换用 Chrome、Edge、Safari、Firefox。"),
    "gate.title": N_("解锁"),
    "gate.title_first": N_("登录"),
    "gate.known": N_("没有网络也能解锁。"),
    "gate.first": N_("第一次使用需要联网登录；之后没有网络也能打开、填写和保存。"),
    "gate.username": N_("用户名"),
    "gate.password": N_("密码"),
    "gate.reveal": N_("显示密码"),
    "gate.unlock": N_("解锁"),
    "gate.sign_in": N_("登录"),
    "gate.opening": N_("正在打开…"),
    "gate.wait": N_("请等 {seconds} 秒"),
    "gate.both": N_("请输入用户名和密码。"),
    "gate.unsent": N_("本机有 {count} 条记录还没有发送，解锁后接着发送。"),
    "gate.refused": N_("服务器没有接受（{status}）。请稍后再试。"),
    "gate.demo": N_("演示账号"),
    "gate.shut.wait": N_("连续输错密码。请等 {seconds} 秒再试。"),
    "gate.shut.unknown": N_(
        "打不开。没有网络时只能用本机上次登录的用户名和密码；如果密码刚改过，请连上网络再登录一次。"
    ),
    "gate.shut.nothing-here": N_("连不上服务器。第一次使用需要联网登录，请检查网络后重试。"),
    "gate.shut.forgotten": N_(
        "本机数据打不开：服务器的密钥与它不符。请用改密码之前的密码解锁，或联系评价督导。"
    ),
    "gate.closed.revoked": N_(
        "服务器已停用这台手机，本机保存的内容已全部清除。如需继续工作，请重新登录或联系评价督导。"
    ),
    "gate.closed.revoked_lost": N_(
        "服务器已停用这台手机，本机保存的内容已全部清除，其中 {count} 条记录没有发送。请立即联"
        "系评价督导。"
    ),
    "gate.closed.left": N_("已退出，本机保存的内容已全部清除。"),
    "gate.closed.gone": N_("本机保存的内容已被清除或在另一页面关闭。"),
    "again.title": N_("重新登录"),
    "again.text": N_("本机的记录都在。登录后接着同步和发送。"),
    "action.cancel": N_("取消"),
    "time.minutes": N_("{minutes} 分 {seconds} 秒"),
    "time.hours": N_("{hours} 小时 {minutes} 分"),
    "time.days": N_("{days} 天"),
    "list.and": N_("、"),
}

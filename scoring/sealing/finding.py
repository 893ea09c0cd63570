"""What a verification finds, each with the member concerned. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluation.platform.i18n import N_, _

#: What can be wrong, or worth saying, by code.
WORDS = {
    # the file
    "unreadable": N_("这不是封存包，或文件不完整：读不出压缩包的目录。"),
    "too-big": N_("文件超出封存包的大小上限，没有读取。"),
    "end": N_("压缩包结尾被改动或多出内容，从第 {at} 字节起不同。"),
    "header": N_("压缩包里这个文件的文件头被改动，从第 {at} 字节起不同。"),
    "content": N_("内容被改动：与压缩包里登记的校验码不符。"),
    "twice": N_("压缩包里有两个同名文件。"),
    "missing": N_("缺少这个文件。"),
    "unknown": N_("多出这个文件，封存包里不应该有。"),
    "order": N_("文件的排列次序与封存时不同。"),
    # the manifest and its signature
    "manifest-unreadable": N_("目录读不出：{why}"),
    "manifest-spelling": N_("目录不是规范写法，从第 {at} 字节起不同。"),
    "not-listed": N_("目录里没有登记这个文件。"),
    "size": N_("大小是 {found} 字节，目录登记的是 {wanted} 字节。"),
    "hash": N_("内容被改动：SHA-256 与目录登记的不同。"),
    "byte": N_("从第 {at} 字节起与重新计算的不同。"),
    "signature": N_("签名与目录不符：目录或签名被改动过。"),
    "signature-unreadable": N_("签名读不出：不是 Base64 写法的 64 字节。"),
    "key": N_("目录里的公钥读不出，或与登记的指纹不符。"),
    "other-key": N_("不是用指定的公钥签的：本包用的是 {found}，指定的是 {wanted}。"),
    "one-person": N_("目录没有写明审定和发布由两个人办理。"),
    # what is calculated again
    "snapshot-unreadable": N_("冻结的输入读不出：{why}"),
    "snapshot-spelling": N_("冻结的输入不是规范写法，从第 {at} 字节起不同。"),
    "sheet-unreadable": N_("计算结果读不出：{why}"),
    "other-round": N_("轮次是“{found}”，目录登记的是“{wanted}”。"),
    "other-framework": N_("评价体系的 SHA-256 与目录登记的不同。"),
    "not-scorable": N_("按冻结的输入和方法无法重新计算：{why}"),
    "rank": N_("{city} 按 {node} 的名次：封存的是 {sealed}，重新计算是 {found}。"),
    "value": N_("{where}：封存的是 {sealed}，重新计算是 {found}。"),
    "more": N_("还有 {count} 处不同，未逐一列出。"),
    "not-recomputed": N_("输入或结果已不是封存时的内容，没有重新计算。"),
    # worth saying
    "rounding": N_(
        "{count} 个数的末位与重新计算的不同（相对差不超过 {most}），处理器的舍入不同所致；"
        "名次逐字节一致。"
    ),
    "versions": N_("封存时用 {sealed}，这里用 {here}。"),
    "demo": N_("这是演示数据，不是真实评价结果。"),
    "unpinned": N_("没有用 --key 指定公钥。请把公钥指纹与发布单位公布的逐位核对：{key}"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. ``member`` is empty for the package as a whole; ``code`` is in `WORDS`."""

    member: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def explain(self) -> str:
        """What it is, in the current language."""
        return _(WORDS[self.code], **self.facts)

    def __str__(self) -> str:
        place = self.member or _("整个文件")
        return _("{place}：{said}", place=place, said=self.explain())

    def as_mapping(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "member": self.member,
            "code": self.code,
            "text": self.explain(),
            **dict(self.facts),
        }

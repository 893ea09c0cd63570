"""What submissions refuse, as facts: what happened, and what the person can do."""

from __future__ import annotations

from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_


class DeviceRevoked(DomainError):
    """The phone was revoked: what it keeps is to be wiped."""

    status = 410
    code = "device-revoked"
    title = N_("这台设备已停用")
    detail = N_("这台设备已被停用，本机数据将被清除。如需继续工作，请联系评价督导重新登记。")


class DeviceSuspended(DomainError):
    """The phone's person may not work in the field now; what the phone keeps stays on it."""

    status = 403
    code = "device-suspended"
    title = N_("账号目前不能提交")
    detail = N_("您的账号已停用或不再是评价员。手机上的记录都还在，请不要删除，并联系评价督导。")


class TooManyDevices(DomainError):
    """A person has as many phones registered as anybody may."""

    code = "too-many-devices"
    title = N_("设备太多")
    detail = N_("最多可以登记 {most} 台设备。请先停用不再使用的设备。")

"""Kinds of sites."""

from __future__ import annotations

from evaluation.platform.i18n import N_

KINDS = {
    "hall": N_("政务服务大厅"),
    "tax_hall": N_("办税服务厅"),
    "bank": N_("银行网点"),
    "power": N_("供电营业厅"),
    "water_gas": N_("水气营业厅"),
    "real_estate": N_("不动产登记大厅"),
    "trading_centre": N_("公共资源交易中心"),
    "court": N_("法院诉讼服务中心"),
    "site_office": N_("工程项目现场"),
    "enterprise": N_("企业"),
    "other": N_("其他场所"),
}

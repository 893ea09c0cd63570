"""Words for what the sections of uncertainty and sensitivity say of themselves."""

from __future__ import annotations

from evaluation.platform.i18n import N_

RULES = {
    "impute": N_("备选填补方法"),
    "error_shape": N_("观测误差的分布"),
    "error_limits": N_("观测误差的界限"),
    "tie_level": N_("判定有先后所需的概率"),
    "errors": N_("观测误差"),
    "observations": N_("带误差的数据个数"),
    "blocks": N_("随机数分块数"),
    "failed_because": N_("失败原因"),
    "base": N_("样本点数"),
    "factors": N_("因素"),
    "weights": N_("权重"),
    "resamples": N_("自助抽样次数"),
    "leave_out": N_("逐一剔除检验"),
    "asked_draws": N_("体系原定的模拟次数（本平台不少于 4000 次）"),
    "bounded": N_("单位很多，Copeland 法的模拟次数"),
    "evaluations": N_("评分次数"),
    "sample": N_("抽样方式"),
    "estimator": N_("估计方法"),
}
VALUES = {
    "impute": N_("缺失值处理"),
    "errors": N_("观测误差"),
    "normal": N_("正态分布"),
    "uniform": N_("均匀分布"),
    "scrambled Sobol sequence, Saltelli's scheme": N_("随机化的 Sobol 序列（Saltelli 方案）"),
    "sign": N_("不改变正负"),
    "together": N_("合为一个因素"),
    "level": N_("每层一个因素"),
    "parent": N_("每个上级一个因素"),
    "each": N_("每个权重一个因素"),
    "negative-score": N_("负分没有几何平均"),
    "not-positive": N_("非正数没有对数"),
}

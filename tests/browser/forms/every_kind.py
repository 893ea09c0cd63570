"""A form with a question of every kind."""

from __future__ import annotations

from tests.browser.forms.form_page import YES_NO, xform

PAPERS = (
    "paper | id | 身份证 | ID card",
    "paper | lease | 租约 | Lease",
    "paper | none | 无 | None",
)

EVERY_KIND = xform(
    (
        "begin_group | hall | 办事大厅 | Service hall",
        "select_one yn | open | 窗口是否开放？ | Is the window open? | required=yes",
        "select_one yn | sign | 有无标识？ | Is there a sign? | appearance=horizontal",
        "select_one paper | asked | 要求的主要材料 | Main paper | appearance=minimal",
        "select_multiple paper | papers | 要求的材料 | Papers asked for",
        "text | said | 工作人员怎么说 | What was said",
        (
            "text | told | 经过 | What happened | appearance=multiline"
            " | constraint=string-length(.) <= 200"
        ),
        "integer | queue | 排队人数 | People queueing | constraint=. >= 0",
        "decimal | fee | 收费 | Fee",
        "range | mark | 打分 | Mark | parameters=start=1 end=5 step=1",
        "rank paper | order | 排序 | Order",
        "image | photo | 现场照片 | Photo",
        "file | leaflet | 告知单 | Leaflet",
        "image | signed | 签名 | Signature | appearance=signature",
        "geopoint | here | 位置 | Position",
        "date | day | 日期 | Date",
        "time | at | 时间 | Time",
        "dateTime | moment | 时刻 | Moment",
        "barcode | code | 条码 | Barcode",
        "calculate | long | | | calculation=if(${queue} > 10, 'yes', 'no')",
        "note | shown | 排队过长：${long} | Long queue: ${long}",
        "acknowledge | checked | 我已核对 | I have checked",
        "end_group | |",
    ),
    (*YES_NO, *PAPERS),
)

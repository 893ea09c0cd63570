"""Charts that the office program draws itself, from the cells of the table beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.chart import BarChart, RadarChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
)
from openpyxl.utils import get_column_letter

from reports.render.placing import legible
from reports.render.tables import heading

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from reports.model import Chart
    from reports.render.placing import Place

SERIES = ("0F5C5C", "8A8F98", "D9A21B")
ROW_CM = 0.6  # of a bar, and of a row of `section_sheet.ROW_POINTS`


def draw(sheet: Worksheet, chart: Chart, place: Place) -> None:
    """Put *chart* to the right of its table: at the top, or beside its own rows."""
    made = _bar(sheet, chart, place) if chart.kind == "bar" else _radar(sheet, chart, place)
    made.title = _title(legible(chart.title))
    column = get_column_letter(len(place.table.columns) + 2)
    row = place.first + (chart.first - 1 if chart.beside else 0)  # never in a repeated row
    sheet.add_chart(made, f"{column}{row}")


def _cells(sheet: Worksheet, chart: Chart, place: Place, key: str) -> Reference:
    column = place.table.position[key] + 1
    return Reference(
        sheet,
        min_col=column,
        max_col=column,
        min_row=place.first + chart.first,
        max_row=place.first + chart.last - 1,
    )


def _bar(sheet: Worksheet, chart: Chart, place: Place) -> BarChart:
    """Horizontal bars from zero, the first row on top."""
    bar = BarChart()
    bar.type, bar.gapWidth, bar.legend = "bar", 45, None
    _add_series(bar, sheet, chart, place)
    bar.x_axis.scaling.orientation = "maxMin"
    bar.x_axis.delete = False
    bar.y_axis.delete = True
    bar.y_axis.majorGridlines = None
    bar.y_axis.scaling.min = 0
    bar.x_axis.txPr = _small()
    labels = DataLabelList()
    labels.showVal, labels.numFmt = True, "0.00"
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    labels.txPr = _small()
    bar.dataLabels = labels
    bar.width = 11
    bar.height = max(6.0, 2.0 + ROW_CM * (chart.last - chart.first))
    return bar


def _radar(sheet: Worksheet, chart: Chart, place: Place) -> RadarChart:
    """The unit against mean and best."""
    radar = RadarChart()
    radar.type, radar.style = "standard", 2
    _add_series(radar, sheet, chart, place)
    radar.y_axis.delete = False
    radar.y_axis.scaling.min = 0
    radar.y_axis.number_format = "0"
    radar.y_axis.txPr = radar.x_axis.txPr = _small(700)
    thin = GraphicalProperties(ln=LineProperties(solidFill="D5D8D3"))
    radar.y_axis.majorGridlines = ChartLines(spPr=thin)
    radar.x_axis.delete = False
    radar.legend = Legend(legendPos="b")
    radar.layout = Layout(
        manualLayout=ManualLayout(
            layoutTarget="inner", xMode="edge", yMode="edge", x=0.2, y=0.19, w=0.6, h=0.62
        )
    )
    radar.width = 12
    radar.height = min(11.0, max(7.0, ROW_CM * (chart.last - chart.first + 1) - 0.2))
    return radar


def _add_series(made: BarChart | RadarChart, sheet: Worksheet, chart: Chart, place: Place) -> None:
    for key, colour in zip(chart.values, SERIES, strict=False):
        made.add_data(_cells(sheet, chart, place, key))
        series = made.series[-1]
        title = legible(heading(place.table.columns[place.table.position[key]]))
        series.tx = SeriesLabel(v=title)
        if made.tagname == "barChart":
            series.graphicalProperties.solidFill = colour
        else:
            series.graphicalProperties.line.solidFill = colour
            series.graphicalProperties.line.width = 22_000  # EMU, 1.7 pt
            series.marker.symbol = "none"
    made.set_categories(_cells(sheet, chart, place, chart.label))


def _small(size: int = 800) -> RichText:
    """Text in hundredths of a point."""
    look = CharacterProperties(sz=size)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])


def _title(text: str) -> Title:
    look = CharacterProperties(sz=1100, b=True)
    run = RegularTextRun(rPr=look, t=text)
    rich = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), r=[run])])
    return Title(tx=Text(rich=rich), overlay=False)

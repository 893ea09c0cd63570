"""The one door through which a spreadsheet somebody gives us comes in, and how ours go out.

Reading is here; ``cells`` has the rules for what is typed in a cell; ``writing`` has the house
style (it imports openpyxl, so it is imported by name).
"""

from evaluation.platform.workbooks.cells import CellProblem, CellValue, address, column_letter
from evaluation.platform.workbooks.reading import Sheet, Workbook, read_workbook

__all__ = [
    "CellProblem",
    "CellValue",
    "Sheet",
    "Workbook",
    "address",
    "column_letter",
    "read_workbook",
]

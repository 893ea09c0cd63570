"""A framework out as one workbook, and in again."""

from evaluation.framework.workbook_read import import_framework
from evaluation.framework.workbook_write import export_framework

__all__ = ["export_framework", "import_framework"]

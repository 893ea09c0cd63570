"""A `Report` becomes a page, a workbook, a document."""

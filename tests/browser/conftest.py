"""The browser of every test in this folder."""

from tests.browser.browser import chromium, page, phone

__all__ = ["chromium", "page", "phone"]

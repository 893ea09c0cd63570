"""A form open on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.forms.form_page import FormPage


@pytest.fixture
def form(phone: Page) -> Iterator[FormPage]:
    """A form on a phone; whatever the browser complains of fails the test."""
    opened = FormPage(phone)
    yield opened
    assert opened.said == []

"""What may stand in a form's page at all: everything else is taken out, whoever wrote it."""

from __future__ import annotations

from lxml import etree

ELEMENTS = frozenset(
    {
        *("form", "section", "div", "fieldset", "legend", "label", "span", "input"),
        *("textarea", "select", "option", "h2", "h3", "strong", "em", "br", "img", "audio"),
        *("video", "details", "summary"),
    }
)
ATTRIBUTES = frozenset(
    {
        *("class", "id", "name", "type", "value", "lang", "dir", "hidden", "readonly"),
        *("disabled", "multiple", "min", "max", "step", "accept", "inputmode", "alt"),
        *("controls", "autocomplete", "novalidate"),
    }
)
#: The engine's notes on an element; every one is plain text to the browser.
NOTES = frozenset(
    {
        *("data-name", "data-form-id", "data-type-xml", "data-required", "data-constraint"),
        *("data-relevant", "data-calculate", "data-preload", "data-preload-params"),
        *("data-for", "data-event", "data-setvalue", "data-setgeopoint", "data-items-path"),
        *("data-value-ref", "data-label-ref", "data-label-type", "data-itext-id"),
        *("data-option-value", "data-value", "data-repeat-count", "data-repeat-fixed"),
        *("data-default-lang", "data-dir", "data-i18n", "data-media", "data-widget"),
    }
)


def keep_what_is_listed(form: etree._Element) -> None:
    """Remove elements and attributes that are not listed, whatever is inside them."""
    for element in list(form.iter()):
        if element.tag not in ELEMENTS:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            continue
        for name in list(element.attrib):
            if name not in ATTRIBUTES and name not in NOTES:
                del element.attrib[name]

"""The QR code with which ODK Collect and KoboCollect set themselves up.

What is in it is the phone's key: it is drawn for one page and kept nowhere.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

#: On the phone's own screen; says nothing of what the app is used for.
PROJECT = {"name": "随记", "icon": "记", "color": "#3b6f6b"}


def settings(server: str, device: str, key: str) -> dict[str, Any]:
    """Collect's own settings. *server* is the address that ``/formList`` is asked of; the key
    goes over the line only as answers to Digest challenges.

    Photos are sent as they were taken, and what the server has acknowledged leaves the phone.
    """
    return {
        "general": {
            "protocol": "odk_default",
            "server_url": server,
            "username": device,
            "password": key,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
            "delete_send": True,
            "image_size": "original_image_size",
            "analytics": False,
        },
        "admin": {},
        "project": PROJECT,
    }


def payload(held: dict[str, Any]) -> str:
    """What the code says: the settings as JSON, compressed, in base64."""
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()

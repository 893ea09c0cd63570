"""The phone's own pages: shell, service worker, unlock and sync."""

"""How Chromium is started: without talking to anybody but the site."""

import shutil

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LOCALES = {"ja": "ja-JP", "en": "en-GB"}
SIZES = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 844}}
ZOOMED = {"width": 640, "height": 450}  # A window of 1280 by 900 at 200 %.

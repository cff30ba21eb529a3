"""PDF and pictures as pictures of their pages: made in an isolated process (``child``), kept by digest (``kept``)."""

# How the isolated process ends where this machine can't isolate it.
NOT_ISOLATED = 70

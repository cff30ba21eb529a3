"""Notebooks: the real proxy, Hub, keeper and sandboxes, in front of a site that plays its part in a few lines."""

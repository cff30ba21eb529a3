"""Organisers make cases of their own: from a zip or a table to a proven pack, a published version, and the next one."""

"""SCIM 2.0 (RFC 7643, 7644): an institution's own system keeps its people's accounts here."""

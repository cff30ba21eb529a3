"""The views of the discussion, by what they are about."""

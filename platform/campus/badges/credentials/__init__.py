"""Open Badges 3.0 and 2.0 as pure functions: no models, no database, no settings, no network. See docs/badges.md."""

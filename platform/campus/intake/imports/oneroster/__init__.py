"""OneRoster 1.2 (CSV binding): rosters as universities' systems export them."""

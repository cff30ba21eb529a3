"""From application to announced result: the public page, the organisers' selection, the waitlist."""

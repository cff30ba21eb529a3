"""What sets the scenes of browser tests, in a process with the running site's settings."""

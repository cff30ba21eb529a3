"""Study meetings: date, places, attendance, recording."""

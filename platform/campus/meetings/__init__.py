"""Study meetings and consultations with mentors: dates, places, attendance, recordings."""

"""What learners hand in for people to judge: text, files and links."""

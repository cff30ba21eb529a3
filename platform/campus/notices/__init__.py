"""What the site tells people: notes in the page and mails, each sent exactly once."""

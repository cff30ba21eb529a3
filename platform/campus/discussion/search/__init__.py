"""Finding what was said: substrings of any length, in Japanese as in English."""

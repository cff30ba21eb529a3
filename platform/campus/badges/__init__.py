"""Open badges: what people achieved, proved so that anybody can check it."""

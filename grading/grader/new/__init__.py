"""Makes a case pack from a table: `grader new`. The pack holds its data and no code."""

"""The house itself: database, secrets, logs, the parts that run and their health. No subject matter."""

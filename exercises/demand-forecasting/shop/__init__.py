"""The little world of みどりストア: its days, its goods, its customers, its orders."""

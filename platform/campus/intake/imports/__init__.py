"""People from a table: read the file, say what each row will do, then do all of it or nothing."""

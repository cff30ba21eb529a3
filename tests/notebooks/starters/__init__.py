"""The starter notebooks: as they lie in git, and run as learners run them."""

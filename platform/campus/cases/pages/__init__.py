"""Pages on which organisers choose and date cases, and learners choose theirs."""

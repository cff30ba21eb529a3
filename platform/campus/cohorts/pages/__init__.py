"""Pages of those who run programmes and cohorts, or look after people in them."""

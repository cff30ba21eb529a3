"""Templates, components and tokens that every page shares."""

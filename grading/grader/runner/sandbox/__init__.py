"""How a child isolates itself: the kernel's calls, the rules, their order. Warm processes import it: keep it lean."""

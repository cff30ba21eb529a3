"""光和精密: lots of machined parts, their defects, and the pictures that a line camera takes of them."""

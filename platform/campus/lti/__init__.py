"""LTI 1.3: people come from their university's learning management system (LMS), which launches us as a tool."""

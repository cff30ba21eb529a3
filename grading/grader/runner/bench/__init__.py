"""`grader bench`: what isolation costs, measured side by side in one run. Started by the command line as a process."""

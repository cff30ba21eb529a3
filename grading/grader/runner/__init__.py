"""Runs models, code and notebooks where they can do no harm; docs/grader.md tells how and why.

``.venvs/runner/bin/python -m grader.cli runner --socket PATH`` is the process that does it. Started by root it keeps
root for nothing but making sandboxes; everything else in it runs as unprivileged users without a name. It has no
truth, no database and no secrets, and it may be killed at any time: a job that is lost is run again.

``client.run`` is how everybody else has something run; it needs no part of the runner's environment.
"""

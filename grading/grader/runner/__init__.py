"""Runs models, code and notebooks where they can do no harm; docs/grader.md tells how and why.

``.venvs/runner/bin/python -m grader.runner --socket PATH`` is the process that does it (``grader runner`` is the same,
slower to start). Started by root it keeps root for nothing but making sandboxes; everything else in it runs as
unprivileged users without a name, and ``--allow USER`` says who besides root may connect. It has no truth, no
database and no secrets. It ends on SIGTERM, and may be killed at any time: a job that is lost is run again.

``client.run`` is how everybody else has something run; ``private.private_runner`` starts a runner for oneself.
"""

"""Notebooks: what starts learners' servers in sandboxes, and what the Hub (deploy/hub) needs of us. No Django in here.

`keeper` starts the sandboxes and is alone in being root where root started it; `sandbox` says what they see; `inside/`
runs within them; `spawner`, `hooks` and `sign_in` are the Hub's side; `places` says where everything listens.
"""

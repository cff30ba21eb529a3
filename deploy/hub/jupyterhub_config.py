"""The Hub's configuration, on one machine and on Kubernetes alike; every value comes from an environment variable.

`campus hub` sets them all. On Kubernetes the chart's `hub.extraEnv` does, and NOTEBOOK_SPAWNER=kubernetes.
"""

import os
from pathlib import Path

from campus.stack.notebooks.access_log import log_request
from campus.stack.notebooks.hooks import Site
from campus.stack.notebooks.sign_in import SiteSignIn, language_of

c = get_config()  # noqa: F821 -- JupyterHub puts it there

SITE_URL = os.environ["SITE_URL"]  # as browsers reach it
SITE_FROM_HUB = os.environ.get("SITE_FROM_HUB", SITE_URL)  # as this process reaches it
NOTEBOOK_URL = os.environ["NOTEBOOK_URL"]
IS_LOCAL = os.environ.get("NOTEBOOK_SPAWNER", "local") == "local"
IDLE_SECONDS = int(os.environ.get("NOTEBOOK_IDLE_MINUTES", "60")) * 60
SERVERS = int(os.environ.get("NOTEBOOK_SERVERS", "50"))
HERE = Path(__file__).parent

site = Site(SITE_FROM_HUB, os.environ["HUB_SERVICE_TOKEN"])

# Addresses: a host for the Hub, and one below it for each learner, so that no server shares an origin with another.
c.JupyterHub.subdomain_host = NOTEBOOK_URL
c.JupyterHub.cookie_host_prefix_enabled = NOTEBOOK_URL.startswith("https://")
c.JupyterHub.cookie_max_age_days = 1
c.JupyterHub.db_url = os.environ["HUB_DATABASE_URL"]
c.JupyterHub.template_paths = [str(HERE / "templates")]
c.JupyterHub.template_vars = {
    "site_url": SITE_URL,
    "notebook_servers": SERVERS,
    "idle_minutes": IDLE_SECONDS // 60,
    "language": language_of,
}
c.JupyterHub.tornado_settings = {"log_function": log_request}
c.JupyterHub.log_level = os.environ.get("LOG_LEVEL", "INFO")

# Proxy and servers live on when the Hub restarts.
c.JupyterHub.cleanup_proxy = False
c.JupyterHub.cleanup_servers = False
c.ConfigurableHTTPProxy.should_start = False
# The proxy forgets all routes when it restarts: they are back after this many seconds.
c.JupyterHub.last_activity_interval = 5

# Who somebody is: the site's own sign-in, asked again every minute.
c.JupyterHub.authenticator_class = SiteSignIn
c.Authenticator.auto_login = True
c.Authenticator.enable_auth_state = True
c.Authenticator.manage_groups = True
c.Authenticator.manage_roles = True
c.Authenticator.auth_refresh_age = 60
c.Authenticator.refresh_pre_spawn = True
c.SiteSignIn.site = site
c.SiteSignIn.client_id = "hub"
c.SiteSignIn.client_secret = os.environ["HUB_CLIENT_SECRET"]
c.SiteSignIn.authorize_url = f"{SITE_URL}/identity/o/authorize"
c.SiteSignIn.token_url = f"{SITE_FROM_HUB}/identity/o/api/token"
c.SiteSignIn.userdata_url = f"{SITE_FROM_HUB}/identity/o/api/userinfo"
c.SiteSignIn.oauth_callback_url = f"{NOTEBOOK_URL}/hub/oauth_callback"
# Who logs out within JupyterLab may be signed in at the site still, and is asked there.
c.SiteSignIn.logout_redirect_url = f"{SITE_URL}/accounts/logout/"
c.SiteSignIn.tokens_url = f"{SITE_URL}/account/tokens/"
c.SiteSignIn.scope = ["openid", "profile", "notebooks"]
c.SiteSignIn.username_claim = "hub_name"
c.SiteSignIn.auth_state_groups_key = "oauth_user.groups"
c.SiteSignIn.allow_all = True  # The site refuses whoever may not.

# What the site asks the Hub: who has a server running, and to end one.
c.JupyterHub.services = [{"name": "site", "api_token": os.environ["HUB_API_TOKEN"]}]
c.JupyterHub.load_roles = [
    {
        "name": "site",
        "scopes": ["list:users", "read:users:name", "read:servers", "delete:servers"],
        "services": ["site"],
    }
]

# Learners' servers.
c.JupyterHub.active_server_limit = SERVERS
c.JupyterHub.concurrent_spawn_limit = 0  # nobody is sent away: the spawner starts a few at a time, in order
c.Spawner.pre_spawn_hook = site.before_start
c.Spawner.post_stop_hook = site.after_stop
c.Spawner.start_timeout = 900  # the time in the line counts too
c.Spawner.http_timeout = 120
c.Spawner.poll_interval = 5
c.Spawner.environment = {
    "LANG": "C.UTF-8",
    "MANABIAI_URL": SITE_URL,
    "MANABIAI_PUBLIC_URL": SITE_URL,
    "MANABIAI_IDLE_SECONDS": str(IDLE_SECONDS),
}
c.Spawner.args = [
    "--KernelManager.transport=ipc",  # not TCP: what a kernel publishes can be read by whoever reaches its port
    "--HubOAuth.cache_max_age=10",
    "--LabApp.extension_manager=readonly",
    # Copies of what others handed in, and the end of a server that nobody uses.
    "--ServerApp.jpserver_extensions=manabiai.server_extension=True",
]

if IS_LOCAL:
    from campus.stack.notebooks.spawner import SandboxSpawner, hub_url_inside

    c.JupyterHub.hub_bind_url = c.JupyterHub.hub_connect_url = os.environ["HUB_SOCKET_URL"]
    c.JupyterHub.hub_socket_mode = 0o666
    c.ConfigurableHTTPProxy.api_url = os.environ["PROXY_API_URL"]
    c.JupyterHub.spawner_class = SandboxSpawner
    c.SandboxSpawner.keeper = os.environ["NOTEBOOK_SOCKET"]
    c.SandboxSpawner.sockets = os.environ["NOTEBOOK_SOCKETS"]
    c.SandboxSpawner.hub_connect_url = hub_url_inside()
    c.Spawner.environment["MANABIAI_URL"] = os.environ["SITE_FROM_NOTEBOOKS"]
else:
    c.JupyterHub.spawner_class = "kubespawner.KubeSpawner"
    c.KubeSpawner.mem_limit = f"{os.environ.get('NOTEBOOK_MEMORY_MB', '4096')}M"

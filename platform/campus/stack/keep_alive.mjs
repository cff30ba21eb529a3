// Loaded before configurable-http-proxy: connections to Unix sockets are kept open between requests, as it does for
// TCP. Otherwise servers close after each answer, and node ends a request with a body by a write of nothing, which
// fails on a Unix socket that the other side has closed: an answer that comes quickly was lost, as 503.
import http from "node:http";

import { ConfigurableProxy } from "configurable-http-proxy/lib/configproxy.js";

// Shorter than any of our servers keeps an idle connection (gunicorn: 5 s).
const agent = new http.Agent({ keepAlive: true, timeout: 4000 });
const optionsFor = ConfigurableProxy.prototype.proxyOptsForTarget;

ConfigurableProxy.prototype.proxyOptsForTarget = function (target) {
  const options = optionsFor.call(this, target);
  return options.target.socketPath ? { ...options, agent } : options;
};

// Whether the client wants to close is between it and the proxy.
const handleWeb = ConfigurableProxy.prototype.handleProxyWeb;

ConfigurableProxy.prototype.handleProxyWeb = function (req, res) {
  req.headers.connection = "keep-alive";
  return handleWeb.call(this, req, res);
};

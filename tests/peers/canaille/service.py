"""Canaille, an identity server with a SCIM service, in memory, and one token for it.

Prints its port; the token is PEER_TOKEN in the environment.
"""

from __future__ import annotations

import datetime
import os
import socket

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from waitress import create_server

with socket.socket() as listening:
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
app = create_app(
    config={
        "SECRET_KEY": "peer",
        "WTF_CSRF_ENABLED": False,
        "PREFERRED_URL_SCHEME": "http",
        "SERVER_NAME": f"127.0.0.1:{port}",
        "CANAILLE": {"DATABASE": "memory", "LOGGING": {"version": 1, "disable_existing_loggers": True}},
        "CANAILLE_OIDC": {},
        "CANAILLE_SCIM": {"ENABLE_SERVER": True},
    }
)
with app.app_context():
    now = datetime.datetime.now(datetime.UTC)
    client = models.Client(client_id="idp", client_name="The identity provider", scope=["openid"])
    Backend.instance.save(client)
    Backend.instance.save(
        models.Token(
            token_id="idp",
            access_token=os.environ["PEER_TOKEN"],
            client=client,
            type="access_token",
            scope=["openid"],
            issue_date=now,
            lifetime=86400,
            audience=[client],
        )
    )
server = create_server(app, host="127.0.0.1", port=port, threads=1)
print(port, flush=True)
server.run()

"""The smallest service that django-scim2-server makes: people in memory, one bearer token, the rest as it comes.

Prints its port; the token is PEER_TOKEN in the environment.
"""

from __future__ import annotations

import hmac
import os
import sys
from typing import Any

import django
from django.conf import settings
from django.urls import include, path
from waitress import create_server

sys.modules["service"] = sys.modules[__name__]


def has_the_token(request: Any) -> bool:
    """What the package asks for each request: may whoever sends it come in?"""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), os.environ["PEER_TOKEN"].encode())


settings.configure(
    SECRET_KEY="peer",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="service",
    APPEND_SLASH=False,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "file:people?mode=memory&cache=shared"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django_scim2_server"],
    MIDDLEWARE=[],
    SCIM2_SERVER_AUTH_CHECK="service.has_the_token",
)
django.setup()
urlpatterns = [path("scim/v2/", include("django_scim2_server.urls"))]

if __name__ == "__main__":
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    call_command("migrate", verbosity=0)
    server = create_server(application, host="127.0.0.1", port=0, threads=1)
    print(server.effective_port, flush=True)
    server.run()

"""The smallest service that django-scim2 makes: people in memory, one bearer token, everything else as it comes.

Prints its port; the token is PEER_TOKEN in the environment.
"""

from __future__ import annotations

import hmac
import os
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.urls import include, path
from waitress import create_server

sys.path.insert(0, str(Path(__file__).parent))
sys.modules["service"] = sys.modules[__name__]


class Somebody:
    """Whoever sends a request: the administrator, if the token says so."""

    def __init__(self, given: str) -> None:
        scheme, _, token = given.partition(" ")
        right = hmac.compare_digest(token.encode(), os.environ["PEER_TOKEN"].encode())
        self.is_authenticated = right and scheme.lower() == "bearer"


def by_token(get_response: Any) -> Any:
    def middleware(request: Any) -> Any:
        request.user = Somebody(request.headers.get("Authorization", ""))
        return get_response(request)

    return middleware


settings.configure(
    SECRET_KEY="peer",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="service",
    APPEND_SLASH=False,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "file:people?mode=memory&cache=shared"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "people"],
    AUTH_USER_MODEL="people.User",
    MIDDLEWARE=["service.by_token", "django_scim.middleware.SCIMAuthCheckMiddleware"],
    SCIM_SERVICE_PROVIDER={
        "NETLOC": "127.0.0.1",
        "SCHEME": "http",
        "WWW_AUTHENTICATE_HEADER": 'Bearer realm="people"',
        "AUTHENTICATION_SCHEMES": [
            {"type": "oauthbearertoken", "name": "Bearer token", "description": "One token for each customer"}
        ],
        "BASE_LOCATION_GETTER": "service.base",
    },
)


def base(request: Any) -> str:
    return f"http://{request.get_host()}/" if request else "http://127.0.0.1/"


django.setup()
urlpatterns = [path("scim/v2/", include("django_scim.urls", namespace="scim"))]

if __name__ == "__main__":
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    call_command("migrate", run_syncdb=True, verbosity=0)
    server = create_server(application, host="127.0.0.1", port=0, threads=1)
    print(server.effective_port, flush=True)
    server.run()

"""A vendor's SCIM service in ten lines. FORGETS=1 is the mistake that the gate has to catch: a PATCH is not stored."""

import os
from wsgiref.simple_server import make_server

from scim2_models import ScimProvider
from scim2_server.memory import InMemoryStorage
from scim2_server.testserver.application import BEARER_TOKEN_SCHEME, BearerTokenApplication
from scim2_server.utils import load_default_resource_types as types
from scim2_server.utils import load_default_schemas as schemas
from scim2_server.utils import load_default_service_provider_config as default_config

config = default_config()
config.authentication_schemes = [BEARER_TOKEN_SCHEME]
provider = ScimProvider.from_discovery(schemas().values(), types().values(), config=config)
service = BearerTokenApplication(InMemoryStorage(), provider, bearer_tokens=[os.environ["SCIMULATOR_TOKEN"]])


def forgetful(environ, start_response):
    return service({**environ, "REQUEST_METHOD": environ["REQUEST_METHOD"].replace("PATCH", "GET")}, start_response)


make_server("127.0.0.1", int(os.environ["PORT"]), forgetful if os.environ.get("FORGETS") else service).serve_forever()

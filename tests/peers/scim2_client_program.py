"""What somebody's own program does with scim2-client: somebody comes, is found, switched off, and deleted."""

from __future__ import annotations

import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import PatchOp, PatchOperation, SearchRequest


def main(base_url: str, token: str) -> None:
    with Client(base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        scim = SyncSCIMClient(client)
        scim.discover()
        user = scim.get_resource_model("User")
        made = scim.create(user(user_name="grace@peer.example", active=True))
        found = scim.query(user, query_parameters=SearchRequest(filter='userName eq "grace@peer.example"'))
        assert found.total_results == 1
        off = PatchOperation(op="replace", path="active", value=False)
        scim.modify(user, made.id, PatchOp[user](operations=[off]))
        assert scim.query(user, made.id).active is False
        scim.delete(user, made.id)


if __name__ == "__main__":
    main(*sys.argv[1:])

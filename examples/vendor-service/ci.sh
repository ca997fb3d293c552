#!/usr/bin/env bash
# Start the service, put it before the gate, stop it. Exit code: that of pytest.
set -euo pipefail
cd "$(dirname "$0")"
export SCIMULATOR_TOKEN="${SCIMULATOR_TOKEN:-a-key-for-this-run-only}" PORT=8931
rm -rf scim-run

python service.py 2>service.log &
service=$!
trap 'kill "$service"' EXIT

python -m pytest -q scim.toml --scim-wait 30

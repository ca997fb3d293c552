"""How the command and Locust's processes find each other: names of environment variables. None of them holds a key."""

ORDER_FD = "SCIMULATOR_STORM_ORDER_FD"
"""The number of the pipe over which the master is told its order."""

RESULT = "SCIMULATOR_STORM_RESULT"
"""The file into which the master writes what all workers have reported."""

STOP_FILE = "SCIMULATOR_STORM_STOP"
"""The file that stops the storm as soon as it exists."""

WORKERS = "SCIMULATOR_STORM_WORKERS"
"""How many workers the master waits for."""

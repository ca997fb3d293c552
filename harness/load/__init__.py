"""Load: the sequences of the simulators, told by many provisioning jobs at once. Locust lives in ``locustfile`` alone.

Nothing here may be imported where ``scimulator --help`` is answered, and ``locustfile`` by nobody: it runs in a process
of its own, because Locust changes the whole process that imports it.
"""

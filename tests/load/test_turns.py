"""Who waits for a connection gets one in turn. gevent stays out of this process."""

from __future__ import annotations

import json
import subprocess
import sys

CODE = """
import json, gevent
from collections import Counter
from harness.load.greenlets import Turns

turns, served, inside, most = Turns(3), Counter(), 0, 0

def lane(number):
    global inside, most
    for _ in range(20):
        with turns:
            inside += 1
            most = max(most, inside)
            served[number] += 1
            gevent.sleep(0)
            inside -= 1

lanes = [gevent.spawn(lane, number) for number in range(10)]
while sum(served.values()) < 100:
    gevent.sleep(0)
half = dict(served)
gevent.kill(lanes[9])
gevent.joinall(lanes)
with turns, turns, turns:
    free = 3
print(json.dumps({"half": list(half.values()), "most": most, "all": [served[n] for n in range(9)], "free": free}))
"""


def test_turns_are_taken_in_order_and_a_place_is_never_lost() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=180, check=True)
    told = json.loads(done.stdout)
    assert max(told["half"]) - min(told["half"]) <= 1
    assert told["most"] == 3
    assert told["all"] == [20] * 9
    assert told["free"] == 3


WAITING = """
import json

import gevent

from harness.load.greenlets import Green


class Client:
    def send(self, step, key):
        gevent.sleep(0.05)
        return None, None, 0


ports = Green(Client(), connections=1)
ports.together([lambda: ports.send(None, "") for _ in range(20)])
print(json.dumps({"sent": ports.sent, "each": ports.took_s / ports.sent, "all": ports.now()}))
"""


def test_the_wait_for_a_connection_of_our_own_is_no_time_of_the_service() -> None:
    """Twenty requests over one connection wait half a second each, and are answered in a twentieth of one."""
    done = subprocess.run([sys.executable, "-c", WAITING], capture_output=True, text=True, timeout=180, check=True)
    told = json.loads(done.stdout)
    assert told["sent"] == 20
    assert told["all"] >= 1.0
    assert 0.05 <= told["each"] <= told["all"] / 20 + 0.01

"""Imported at the start of every interpreter that has this folder on its path: its clock runs ahead (tools/at.py).

The real time of day only: what is measured with time.monotonic() lasts as long as ever.
"""

import os
import time
from datetime import datetime, timezone

import time_machine

AHEAD = "MOVED_CLOCK_SECONDS"

if AHEAD in os.environ:
    moment = datetime.fromtimestamp(time.time() + float(os.environ[AHEAD]), timezone.utc)
    time_machine.travel(moment, tick=True).start()

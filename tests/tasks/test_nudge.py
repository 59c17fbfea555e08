import subprocess
import sys

import pytest

from saleor_lifecycle.tasks import nudge

WEB_SERVER = """
from saleor_lifecycle.wsgi import application
from threading import Thread
from celery import Celery
from saleor_lifecycle.tasks.nudge import nudge

Celery.send_task = lambda self, name, **_: print(self.amqp.router.route({}, name)["queue"].name)
web = Thread(target=nudge, args=("%s", 1))
web.start()
web.join()
"""


@pytest.mark.parametrize(("task", "queue"), [(nudge.PROCESS, "process"), (nudge.BACKFILL, "bulk")])
def test_goes_from_a_web_server_to_a_queue_that_workers_read(task: str, queue: str) -> None:
    # A process of its own: in this one other tests have made our Celery app the current one.
    web = subprocess.run([sys.executable, "-c", WEB_SERVER % task], capture_output=True, text=True, check=True)
    assert web.stdout.split() == [queue]

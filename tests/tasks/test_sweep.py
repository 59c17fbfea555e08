from pathlib import Path

from saleor_lifecycle import tasks
from saleor_lifecycle.celery import app as celery
from saleor_lifecycle.tasks import sweep


def test_a_worker_knows_every_task() -> None:
    modules = {path.stem for path in Path(tasks.__file__).parent.glob("*.py") if "@shared_task" in path.read_text()}
    assert set(tasks.__all__) == modules, "a worker reads the package, and what that imports"
    assert set(sweep.TASKS) <= celery.tasks.keys()

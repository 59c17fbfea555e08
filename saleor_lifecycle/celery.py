"""The Celery application. Five queues; tasks carry ids only and may run twice."""

import os

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saleor_lifecycle.settings")

app = Celery("saleor_lifecycle")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_connection_retry_on_startup=True,
    # A worker that dies loses its message; the database still has the row, and the sweep finds it.
    task_acks_late=False,
    task_ignore_result=True,
    task_publish_retry=False,
    # One attempt to connect, too: else each nudge waits some seconds for a broker that is away.
    broker_transport_options={"max_retries": 1},
    task_default_queue="process",
    task_routes={
        # Behind a backlog of nudges every sweep would expire unread.
        "saleor_lifecycle.tasks.sweep.*": {"queue": "sweep"},
        "saleor_lifecycle.tasks.messages.*": {"queue": "send"},
        "saleor_lifecycle.tasks.outbox.*": {"queue": "deliver"},
        "saleor_lifecycle.tasks.webhooks.*": {"queue": "deliver"},
        "saleor_lifecycle.tasks.upkeep.*": {"queue": "bulk"},
        "saleor_lifecycle.tasks.asking.*": {"queue": "bulk"},
        "saleor_lifecycle.tasks.entries.*": {"queue": "bulk"},
        "saleor_lifecycle.tasks.sender_domains.*": {"queue": "bulk"},
        "saleor_lifecycle.tasks.backfill.*": {"queue": "bulk"},
        "saleor_lifecycle.tasks.fits.*": {"queue": "bulk"},
        "saleor_lifecycle.tasks.rescorings.*": {"queue": "bulk"},
        "saleor_lifecycle.tasks.recommendations.*": {"queue": "bulk"},
        "saleor_lifecycle.tasks.attributes.*": {"queue": "bulk"},
        "saleor_lifecycle.tasks.flow_moves.*": {"queue": "bulk"},
        "saleor_lifecycle.tasks.customer_files.*": {"queue": "bulk"},
        "saleor_lifecycle.tasks.installations.reconcile": {"queue": "deliver"},
        "saleor_lifecycle.tasks.installations.reconcile_all": {"queue": "bulk"},
    },
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    timezone="UTC",
    beat_schedule={
        # Expires with its period: a backlog of sweeps would only look at the same rows again.
        "sweep": {
            "task": "saleor_lifecycle.tasks.sweep.sweep",
            "schedule": settings.SWEEP_SECONDS,
            "options": {"expires": settings.SWEEP_SECONDS},
        },
        "upkeep": {"task": "saleor_lifecycle.tasks.upkeep.upkeep", "schedule": 3600.0, "options": {"expires": 3600.0}},
        # At an hour and not every so many seconds: those would begin anew with each start of beat.
        "webhooks": {
            "task": "saleor_lifecycle.tasks.installations.reconcile_all",
            "schedule": crontab(hour="3", minute="40"),
            "options": {"expires": 3600.0},
        },
    },
)
app.autodiscover_tasks(["saleor_lifecycle"], related_name="tasks")

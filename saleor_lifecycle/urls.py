from django.urls import path

from saleor_lifecycle.web import app, links, webhooks

# Saleor follows no redirect: these paths are exact.
urlpatterns = [
    path("api/manifest", app.manifest),
    path("api/register", app.register),
    path("api/webhooks/saleor", webhooks.receive),
    path("cart/<str:token>", links.cart),
    path("unsubscribe/<str:token>", links.unsubscribe),
    path("healthz", app.health),
]

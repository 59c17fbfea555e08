from django.urls import path

from saleor_lifecycle.web import (
    app,
    clicks,
    dashboard,
    files,
    forms,
    graphql,
    links,
    preferences,
    providers,
    senders,
    sms,
    storefront,
    webhooks,
)

# Saleor follows no redirect: these paths are exact.
urlpatterns = [
    path("api/manifest", app.manifest),
    path("api/register", app.register),
    path("api/webhooks/saleor", webhooks.receive),
    path("cart/<str:token>", links.cart),
    path("unsubscribe/<str:token>", links.unsubscribe),
    path("preferences/<str:token>", preferences.choose),
    path("subscribe/<str:key>", forms.subscribe),
    path("confirm/<str:token>", forms.confirm),
    path("sender/<str:token>", senders.confirm),
    path("c/<str:token>", clicks.click),
    path("o/<str:token>.gif", clicks.opened),
    path("providers/<str:provider>", providers.report),
    path("providers/<uuid:installation>/<str:provider>", providers.report),
    path("sms/twilio", sms.told),
    path("dashboard", dashboard.page),
    path("dashboard/<path:path>", dashboard.page),
    path("dashboard/", dashboard.page),
    path("files/customers", files.hand_in),
    path("files/customers/<uuid:public_id>/refused.csv", files.refused),
    path("files/suppressions.csv", files.suppressed),
    path("graphql/dashboard/", graphql.dashboard),
    path("graphql/storefront/<str:key>/", storefront.storefront),
    path("healthz", app.health),
]

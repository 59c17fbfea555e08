"""How often, how personally and in which language the customer wants to be written to."""

from dataclasses import replace
from datetime import datetime, timedelta

import strawberry

from saleor_lifecycle.actions import consent, preferences
from saleor_lifecycle.domain.preferences import Frequency, Preferences
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

from .access import Info
from .consent import (
    GONE,
    SIGN_IN,
    LifecycleError,
    LifecycleErrorCode,
    LifecycleMessageChannel,
    LifecyclePreferences,
    shown,
    text_errors,
)
from .languages import LanguageCode

LONGEST_PAUSE = 365


@strawberry.input(description="What is left out stays as it is.")
class LifecyclePreferencesUpdateInput:
    frequency: Frequency | None = None
    pause_days: int | None = strawberry.field(
        default=None, description="No commercial messages for so many days from now, at most 365; 0 ends a pause."
    )
    is_personalised: bool | None = strawberry.field(
        default=None,
        description="True only with the text in which the customer agreed that products are chosen for them and that "
        "it is noted what they open and click.",
    )
    text: str = strawberry.field(default="", description="What the customer had before them; kept as evidence.")
    language_code: LanguageCode | None = strawberry.field(default=None, description="Of messages.")


@strawberry.type
class LifecyclePreferencesUpdate:
    preferences: LifecyclePreferences | None = None
    errors: list[LifecycleError] = strawberry.field(default_factory=list)


@strawberry.type
class PreferenceMutation:
    @strawberry.mutation(description="The signed-in customer says how they want to be written to.")
    def lifecycle_preferences_update(
        self, info: Info, input: LifecyclePreferencesUpdateInput
    ) -> LifecyclePreferencesUpdate:
        context = info.context
        if context.user_id is None:
            return LifecyclePreferencesUpdate(errors=[SIGN_IN])
        if errors := _errors(input):
            return LifecyclePreferencesUpdate(errors=errors)
        channel = LifecycleMessageChannel.EMAIL
        with within(context.installation_id):
            installation = Installation.objects.select_related("policy").get(pk=context.installation_id)
            wants = preferences.put_for_account(
                installation, context.user_id, lambda held: _changed(held, input, context.now), input.text, context.now
            )
            if wants is None:
                return LifecyclePreferencesUpdate(errors=[GONE])
            held = consent.choices(installation, context.user_id, context.email, channel.value, context.now)
        return LifecyclePreferencesUpdate(preferences=shown(held, channel, wants))


def _errors(given: LifecyclePreferencesUpdateInput) -> list[LifecycleError]:
    errors = text_errors(given.text) if given.is_personalised or given.text else []
    if given.pause_days is not None and not 0 <= given.pause_days <= LONGEST_PAUSE:
        message = f"A pause has 0 to {LONGEST_PAUSE} days."
        errors.append(LifecycleError(field="pauseDays", message=message, code=LifecycleErrorCode.INVALID))
    return errors


def _changed(held: Preferences, given: LifecyclePreferencesUpdateInput, now: datetime) -> Preferences:
    days = given.pause_days
    return replace(
        held,
        frequency=given.frequency or held.frequency,
        paused_until=held.paused_until if days is None else now + timedelta(days=days) if days else None,
        is_personalised=held.is_personalised if given.is_personalised is None else given.is_personalised,
        language=given.language_code or held.language,
    )

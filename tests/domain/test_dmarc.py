"""DMARC policies as RFC 7489 reads them."""

import pytest

from saleor_lifecycle.domain import dmarc
from saleor_lifecycle.domain.dmarc import Policy


@pytest.mark.parametrize(
    ("case", "own", "of_organisation", "policy", "fault"),
    [
        ("its own", ("v=DMARC1; p=reject",), (), "reject", ""),
        ("spaces say nothing", ("v = DMARC1 ;p= none ;",), (), "none", ""),
        ("its own goes before its organisation's", ("v=DMARC1; p=none",), ("v=DMARC1; p=reject",), "none", ""),
        ("the organisation's", (), ("v=DMARC1; p=reject",), "reject", ""),
        ("the organisation's word for what is below it", (), ("v=DMARC1; p=reject; sp=none",), "none", ""),
        ("that word says nothing of itself", ("v=DMARC1; p=reject; sp=none",), (), "reject", ""),
        ("none", (), (), "", "dmarc_missing"),
        ("other texts", ("v=spf1 -all",), ("v=DKIM1; p=x",), "", "dmarc_missing"),
        ("the version stands first", ("p=none; v=DMARC1",), (), "", "dmarc_missing"),
        ("the version is written so", ("v=dmarc1; p=none",), (), "", "dmarc_missing"),
        ("two of them", ("v=DMARC1; p=none", "v=DMARC1; p=reject"), (), "", "dmarc_several"),
        ("two of the organisation's", (), ("v=DMARC1; p=none", "v=DMARC1; p=none"), "", "dmarc_several"),
        ("no policy", ("v=DMARC1",), (), "", "dmarc_invalid"),
        ("a policy that is none", ("v=DMARC1; p=refuse",), (), "", "dmarc_invalid"),
        ("so too, but somebody to report to", ("v=DMARC1; p=refuse; rua=mailto:a@shop.example",), (), "none", ""),
    ],
)
def test_one_record_holds(
    case: str, own: tuple[str, ...], of_organisation: tuple[str, ...], policy: str, fault: str
) -> None:
    held = dmarc.policy(own, of_organisation)
    assert (held.policy, held.fault, held.is_silent) == (policy, fault, False), case
    assert held.is_inherited == (not dmarc.policies(own) and bool(policy))


@pytest.mark.parametrize(("own", "of_organisation"), [(None, None), (None, ()), ((), None)])
def test_no_answer_is_no_policy_and_no_fault(
    own: tuple[str, ...] | None, of_organisation: tuple[str, ...] | None
) -> None:
    assert dmarc.policy(own, of_organisation) == Policy(is_silent=True)


@pytest.mark.parametrize(("text", "is_strict"), [("adkim=s", True), ("adkim=r", False), ("aspf=s", False)])
def test_alignment_is_loose_unless_it_is_said(text: str, is_strict: bool) -> None:
    assert dmarc.policy((f"v=DMARC1; p=none; {text}",), ()).is_strict == is_strict

"""What a person types leads to the place meant, in whatever case it is typed, and never silently to another."""

import pytest

from legislation import answers
from tests.factories import make_instrument, make_mdr

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("mdr 120(3)", "/law/mdr/art-120/#p3"),
        ("MDR 120(3)", "/law/mdr/art-120/#p3"),
        ("MDR 10A", "/law/mdr/art-10a/"),
        ("MDR VIII", "/law/mdr/anx-viii/"),
        ("Medical Device Regulation 120", "/law/mdr/art-120/"),
        ("Regulation (EU) 2017/745 120(3)", "/law/mdr/art-120/#p3"),
        ("MDR", "/law/mdr/"),
        ("Regulation (EU) 2017/745", "/law/mdr/"),
        ("ISO 7", "/law/iso-7/"),
        ("ISO 7 2019", "/law/iso-7/"),
    ],
)
def test_a_number_beside_an_act_is_read_in_any_case(line, address):
    make_mdr()
    make_instrument(slug="iso-7", short_name="ISO 7", celex="", kind="standard", names=["ISO 7"])
    assert answers.answer(line).address == address


@pytest.mark.parametrize("line", ["MDR 220", "mdr 220", "MDR Article 1234567", "mdr art " + "9" * 150])
def test_what_does_not_exist_is_explained_in_any_case(line):
    make_mdr()
    answer = answers.answer(line)
    assert not answer.address
    assert [each.slug for each in answer.instruments] == ["mdr"]


@pytest.mark.parametrize("slug", ["art-120-3", "art-" + "9" * 5000, "art-1-x", "nothing", "art-"])
def test_an_address_of_no_provision_does_not_lead_to_the_act(client, slug):
    make_mdr()
    answer = client.get(f"/law/mdr/{slug}/")
    assert answer.status_code == 404
    assert "No provision has this address." in answer.content.decode()

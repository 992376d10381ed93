import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from apps.places.forms import PointField, TownField
from apps.places.models import Town
from tests.places import towns


class Form(forms.Form):
    town = TownField()
    nearby = TownField(required=False)
    point = PointField(required=False)


@pytest.mark.usefixtures("gazetteer")
class TestTown:
    def test_what_is_typed_becomes_the_town_that_fits_best(self) -> None:
        form = Form({"town": "newport, wales"})
        assert form.is_valid()
        assert form.cleaned_data["town"] == Town.objects.get(pk=towns.NEWPORT_IN_WALES)
        assert form.cleaned_data["nearby"] is None

    def test_a_town_or_its_number_is_shown_by_its_label(self) -> None:
        label = "Bristol, England, United Kingdom"
        for initial in (Town.objects.get(pk=towns.BRISTOL), towns.BRISTOL):
            form = Form(initial={"town": initial})
            assert f'value="{label}"' in str(form["town"])
            assert not form.fields["town"].has_changed(initial, label)
            assert form.fields["town"].has_changed(initial, "Bath")

    @pytest.mark.parametrize("typed", ["Atlantis", "\u202e", "%(typed)s", "{{7*7}}", "🎉"])
    def test_an_unknown_town_is_told_kindly_and_what_was_typed_is_kept(self, typed: str) -> None:
        form = Form({"town": typed})
        assert form.errors["town"] == [
            f"We do not know a town called “{typed}”. Try a bigger one near you.",
        ]
        assert typed in str(form["town"])

    def test_markup_is_escaped_wherever_it_is_shown(self) -> None:
        form = Form({"town": '"><b hx-get="/x">'})
        assert not form.is_valid()
        assert "<b hx-get" not in str(form)

    @pytest.mark.parametrize("typed", ["x" * 1_000_000, "Bristol\x00"])
    def test_too_much_and_nul_are_refused_in_one_sentence(self, typed: str) -> None:
        form = Form({"town": typed})
        assert len(form.errors["town"]) == 1
        assert len(str(form.errors["town"][0])) < 120

    def test_the_field_is_a_combobox_and_without_script_a_plain_text_field(self) -> None:
        html = str(Form()["town"])
        for part in (
            'type="text"',
            'name="town"',
            'id="id_town"',
            'role="combobox"',
            'aria-controls="id_town_towns"',
            'hx-get="/places/towns/"',
            'hx-trigger="input changed delay:150ms"',
            'hx-target="#id_town_towns"',
            'autocomplete="off"',
            'id="id_town_towns"',
            'role="listbox"',
        ):
            assert part in html


@pytest.mark.usefixtures("gazetteer")
class TestOptions:
    def test_options_are_listed_best_first_and_kept_for_an_hour(self, client: Client) -> None:
        answer = client.get(reverse("places:towns"), {"q": "newport"})
        html = answer.content.decode()
        assert html.index("Newport, Wales") < html.index("Isle of Wight") < html.index("Essex, England")
        assert html.count('<li role="option" id="town-') == 6
        assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=3600"}

    @pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "\x00"}, {"q": "Atlantis"}, {"q": "x" * 5000}])
    def test_nothing_found_is_an_empty_answer(self, client: Client, query: dict[str, str]) -> None:
        answer = client.get(reverse("places:towns"), query)
        assert answer.status_code == 200
        assert answer.content.strip() == b""

    def test_it_only_reads(self, client: Client) -> None:
        assert client.post(reverse("places:towns")).status_code == 405


class TestPoint:
    def test_only_the_snapped_point_comes_out(self) -> None:
        assert PointField().clean("51.4545, -2.5879") == (51.4575, -2.59081)
        assert PointField(required=False).clean("") is None

    @pytest.mark.parametrize("text", ["91, 0", "NaN, 0", "somewhere", "x" * 1_000_000])
    def test_what_cannot_be_read_is_refused_without_repeating_it(self, text: str) -> None:
        with pytest.raises(forms.ValidationError) as refusal:
            PointField().clean(text)
        assert "51.4545, -2.5879" in refusal.value.messages[0]
        assert text not in refusal.value.messages[0]
        assert refusal.value.__cause__ is None
        assert refusal.value.__suppress_context__

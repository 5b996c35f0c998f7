"""A form says what to put right first, and every control has its label, its hint and its reason."""

import re

from django import forms


class Arrival(forms.Form):
    name = forms.CharField(label="Legal name", help_text="As on the identity card.")
    level = forms.ChoiceField(
        label="Level", choices=[("q15", "Every 15 minutes")], widget=forms.RadioSelect
    )
    told = forms.BooleanField(label="The person was told why")
    entry = forms.UUIDField(widget=forms.HiddenInput, required=False)


def test_a_form_to_be_put_right_begins_with_a_summary_that_takes_the_focus():
    form = Arrival({"name": "", "level": "q15", "told": "on"})
    form.add_error(None, "Rosa M. is already on this unit. Open her page instead.")
    page = form.render()
    assert page.index('role="alert"') < page.index("<label")
    assert re.search(r'<div class="to-mend" role="alert" tabindex="-1" autofocus>', page)
    assert "Rosa M. is already on this unit." in page


def test_the_summary_leads_to_each_control_at_fault():
    page = Arrival({"level": "q15"}).render()
    targets = re.findall(r'<a href="#([^"]+)">', page)
    assert targets == ["id_name", "id_told"]
    for target in targets:
        assert f'id="{target}"' in page


def test_a_form_without_faults_has_no_summary():
    assert "to-mend" not in Arrival().render()


def test_a_control_is_tied_to_its_label_its_hint_and_its_fault():
    page = Arrival({"level": "q15"}).render()
    assert '<label for="id_name">Legal name</label>' in page
    described = re.search(r'<input[^>]*name="name"[^>]*aria-describedby="([^"]+)"', page)
    for part in described[1].split():
        assert f'id="{part}"' in page


def test_a_group_of_choices_has_a_legend():
    assert "<legend>Level</legend>" in Arrival().render()


def test_hidden_values_travel_once_and_unseen():
    page = Arrival().render()
    assert page.count('name="entry"') == 1
    assert 'for="id_entry"' not in page

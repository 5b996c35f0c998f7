"""How every form looks: what to put right first, then one column, label above, hint, control."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws ``{{ form }}`` and ``{{ field.as_field_group }}``; named in ``FORM_RENDERER``."""

    form_template_name = "shell/form.html"
    field_template_name = "shell/field.html"

"""``{% icon "clock" %}``: a picture beside a word, never alone."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one icon of the sprite ``static/vendor/lucide/icons.svg``, silent to screen readers."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("vendor/lucide/icons.svg"),
        name,
    )

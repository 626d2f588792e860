"""How figures are written, and their charts drawn."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from helpline.publishing.published import PublishedCount
from helpline.publishing.rendering.charts import Chart

register = template.Library()


@register.filter
def written(count: PublishedCount) -> str:
    """Takes what was published and nothing else."""
    if not isinstance(count, PublishedCount):
        raise TypeError("Only a published count is written.")
    return str(count)


@register.simple_tag
def chart(drawn: Chart) -> SafeString:
    return render_to_string(drawn.template, {"chart": drawn})

"""Pages as a reader sees them."""

import re

from django.core.cache import caches


def text_of(response):
    """The page as a reader sees it: without tags, white space as single blanks."""
    html = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html).replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&"))


def ids_in(response):
    return re.findall(r'<a href="/trials/(NCT\d{8})/(?:\?near=[^"]*)?">', response.content.decode())


def forget_kept_pages():
    for cache in caches.all():
        cache.clear()

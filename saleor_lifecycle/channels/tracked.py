"""A message's links led by way of us, and the picture that tells of its opening; only where the person allows it."""

import re
from dataclasses import replace
from html import escape, unescape

from .links import Click, Link, click_url, open_url
from .render import Rendered

MOST_LINKS = 255
"""A click's place is one byte."""

_HREF = re.compile(r"""(<a\b[^>]*?\shref=)(["'])(.*?)\2""", re.IGNORECASE | re.DOTALL)
_END = re.compile(r"</body\s*>", re.IGNORECASE)


def track(words: Rendered, link: Link, public_url: str, is_tracked: bool) -> Rendered:
    """The words with every link of their HTML led by way of us and the picture at its end; as they are where untracked.

    Links that end or change what the person agreed to stay, and so do those of the text part, which is read as it is.
    Of our own addresses only the way back to a cart is led by way of us.
    """
    if not is_tracked:
        return words
    own = public_url.rstrip("/")
    targets = list(dict.fromkeys(unescape(found[3]) for found in _HREF.finditer(words.html)))
    followed = [url for url in targets if _is_followed(url, own, link)][:MOST_LINKS]
    addresses = {url: click_url(own, Click(link, place, len(followed), url)) for place, url in enumerate(followed)}

    def lead(found: re.Match[str]) -> str:
        address = addresses.get(unescape(found[3]))
        return f"{found[1]}{found[2]}{escape(address)}{found[2]}" if address else found[0]

    html = _HREF.sub(lead, words.html)
    picture = f'<img src="{escape(open_url(own, link))}" width="1" height="1" alt="" style="display:block;border:0" />'
    ends = [found.start() for found in _END.finditer(html)]
    at = ends[-1] if ends else len(html)
    return replace(words, html=html[:at] + picture + html[at:])


def _is_followed(url: str, own: str, link: Link) -> bool:
    if url.startswith(f"{own}/") and not url.startswith(f"{own}/cart/"):
        return False
    try:
        click_url(own, Click(link, 0, 1, url))
    except ValueError:
        return False
    return True

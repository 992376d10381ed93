from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def clears_browser(view: View) -> View:
    """Whoever signs out leaves nothing on a computer that others use: what the browser kept of us goes, too."""

    @wraps(view)
    def clearing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == 302:
            response["Clear-Site-Data"] = '"cache", "storage"'  # the session is over; the town they chose may stay
        return response

    return clearing

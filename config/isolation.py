"""What keeps a page of ours apart from the pages of others in the same browser."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

Answer = Callable[[HttpRequest], HttpResponse]


def isolation(get_response: Answer) -> Answer:
    """Middleware: another site may link here, but load nothing of ours into itself, signed in as its reader or not.

    Browsers say with `Sec-Fetch-…` who asks and what for; what says nothing, such as a calendar app, is no browser.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = HttpResponseForbidden() if is_taken_in(request) else get_response(request)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return answer


def is_taken_in(request: HttpRequest) -> bool:
    is_from_elsewhere = request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    is_a_visit = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.headers.get("Sec-Fetch-Dest") in (
        "document",
        None,
    )
    return is_from_elsewhere and not is_a_visit

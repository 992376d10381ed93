from collections.abc import Callable
from posixpath import relpath

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import is_valid_path


def pages_of_buttons(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: some addresses only take what a button sends. Whoever comes there otherwise, as by signing in once
    more after pressing one, reads so, and finds the page that the button is on."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or request.method != "GET" or response.content:
            return response
        page = render(request, "405.html", {"page": way_up(request.path)}, status=405)
        page["Allow"] = response["Allow"]
        return page

    return answer


def way_up(address: str) -> str:
    """What lies above a button's address is its page: /gatherings/soup/rsvp/ is on /gatherings/soup/.

    Relative to it, so that of two addresses the answers differ in nothing.
    """
    page = address
    while len(page) > 1:
        page = page.rstrip("/").rpartition("/")[0] + "/"
        if is_valid_path(page):
            break
    return f"{relpath(page, start=address.rpartition('/')[0])}/"

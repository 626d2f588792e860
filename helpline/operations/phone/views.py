"""The pages of the phone and the mailbox. Where no simulator is plugged in, that is everywhere else, there are none."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpline.operations.phone.forms import MailForm, TextForm
from helpline.operations.phone.people import PEOPLE, Person, Way
from helpline.operations.phone.simulator import LineHere, Simulator, plugged
from helpline.portal.guards import is_from_elsewhere

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
SimulatorView = Callable[Concatenate[HttpRequest, Simulator, P], HttpResponse]


def of_the_demonstration(view: SimulatorView[P]) -> View[P]:
    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        simulator = plugged()
        if simulator is None:
            raise Http404
        if request.method == "POST" and is_from_elsewhere(request):
            raise PermissionDenied
        return view(request, simulator, *args, **kwargs)

    return guarded


@dataclass(frozen=True)
class Thread:
    """One person, one line, one way: an entry of the list of all."""

    person: Person
    line: LineHere
    way: Way
    new: int


@require_safe
@of_the_demonstration
def people(request: HttpRequest, simulator: Simulator) -> HttpResponse:
    shown = [
        {"person": person, "is_on": simulator.is_on(person), "threads": _threads(simulator, person)}
        for person in PEOPLE
    ]
    return _page(request, simulator, "phone/people.html", {"people": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@of_the_demonstration
def texts(request: HttpRequest, simulator: Simulator, person: str, line: str) -> HttpResponse:
    who, to = _person(person), _line(simulator, line, Way.TEXT)
    form = TextForm(request.POST or None)
    if form.is_valid():
        simulator.text(who, to, form.cleaned_data["words"])
        return redirect("texts", person, line)
    shown = {"is_on": simulator.is_on(who), "is_bound": simulator.is_bound(to)}
    return _thread(request, simulator, Thread(who, to, Way.TEXT, 0), {"form": form, **shown})


@require_http_methods(["GET", "HEAD", "POST"])
@of_the_demonstration
def mails(request: HttpRequest, simulator: Simulator, person: str, line: str) -> HttpResponse:
    who, to = _person(person), _line(simulator, line, Way.MAIL)
    form = MailForm(request.POST or None, initial={"subject": simulator.next_subject(who, to)})
    if form.is_valid():
        simulator.mail(who, to, form.cleaned_data["subject"], form.cleaned_data["words"])
        return redirect("mails", person, line)
    return _thread(request, simulator, Thread(who, to, Way.MAIL, 0), {"form": form})


@require_POST
@of_the_demonstration
def switch(request: HttpRequest, simulator: Simulator, person: str) -> HttpResponse:
    """A phone on or off; back to where the button was."""
    simulator.switch(_person(person), on="on" in request.POST)
    line = request.POST.get("line", "")
    return redirect("texts", person, line) if line in simulator.lines else redirect("people")


@require_safe
@of_the_demonstration
def version(request: HttpRequest, simulator: Simulator) -> HttpResponse:
    """Whether there is something new, for the pages' script."""
    return JsonResponse({"version": simulator.conversations.version})


def _thread(request: HttpRequest, simulator: Simulator, thread: Thread, shown: dict[str, Any]) -> HttpResponse:
    entries = simulator.conversations.read((thread.person.slug, thread.way, thread.line.slug))
    status = 422 if shown["form"].errors else 200
    return _page(
        request,
        simulator,
        "phone/thread.html",
        {"thread": thread, "entries": entries, "people": PEOPLE, **shown},
        status,
    )


def _page(
    request: HttpRequest, simulator: Simulator, template: str, shown: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, template, {"version": simulator.conversations.version, **shown}, status=status)


def _threads(simulator: Simulator, person: Person) -> list[Thread]:
    return [
        Thread(person, line, way, simulator.conversations.new((person.slug, way, line.slug)))
        for way in Way
        for line in simulator.lines.values()
        if _reached_by(line, way)
    ]


def _person(slug: str) -> Person:
    for person in PEOPLE:
        if person.slug == slug:
            return person
    raise Http404


def _line(simulator: Simulator, slug: str, way: Way) -> LineHere:
    line = simulator.lines.get(slug)
    if line is None or not _reached_by(line, way):
        raise Http404
    return line


def _reached_by(line: LineHere, way: Way) -> bool:
    return bool(line.text_number if way == Way.TEXT else line.email)

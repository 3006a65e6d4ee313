"""The paths that are asked for all the time, served with less in between: same endpoints, same answers.

Ninja reads a request through models of its own and looks at each part several times; here pydantic reads the body, the
query and the path once, and the handler finds them without Django's resolver. The description is ninja's, so is every
other path. A test holds both ways together.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from inspect import Parameter, signature
from typing import Any, get_type_hints

import pydantic
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation
from pydantic import BaseModel, TypeAdapter

HOT = {("GET", "/matters"), ("POST", "/matters"), ("POST", "/matters/{number}/claim")}
_mounted: list[tuple[str, re.Pattern[str], Callable[..., HttpResponseBase]]] = []
Reader = Callable[[HttpRequest, dict[str, Any]], Any]


def hasten(api: NinjaAPI) -> None:
    """Let the hot operations of `api` run as they do here."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                if (operation.methods[0], path) in HOT:
                    operation.run = _runner(api, operation)  # type: ignore[method-assign]


def mount(api: NinjaAPI, prefix: str) -> None:
    """Let `find` know the hot operations of the API that stands at `prefix`."""
    _mounted.clear()
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                if (operation.methods[0], path) in HOT:
                    pattern = re.compile(prefix + re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path))
                    _mounted.append((operation.methods[0], pattern, operation.run))


def find(request: HttpRequest) -> Callable[[], HttpResponseBase] | None:
    """Return what serves a request, if it is a hot one."""
    for method, pattern, run in _mounted:
        if method == request.method and (found := pattern.fullmatch(request.path_info)):
            return partial(run, request, **found.groupdict())
    return None


def _runner(api: NinjaAPI, operation: Operation) -> Callable[..., HttpResponseBase]:
    readers, serve, doors = _readers(operation), operation.view_func, operation.auth_callbacks

    def run(request: HttpRequest, **path: Any) -> HttpResponseBase:
        try:
            _let_in(doors, request)
            given = {name: read(request, path) for name, read in readers.items()}
            response: HttpResponseBase = serve(request, **given)
        except Exception as error:  # noqa: BLE001 - as ninja does: what the API does not know goes on to Django
            return api.on_exception(request, error)
        return response

    return run


def _let_in(doors: Sequence[Callable[..., Any]], request: HttpRequest) -> None:
    if doors and not any(door(request) for door in doors):
        raise AuthenticationError


def _readers(operation: Operation) -> dict[str, Reader]:
    """Return how each argument of the endpoint is read: from the path, the query, or the body."""
    hints = get_type_hints(operation.view_func, include_extras=True)
    found: dict[str, Reader] = {}
    for name, parameter in list(signature(operation.view_func).parameters.items())[1:]:
        read = TypeAdapter(hints[name])
        if f"{{{name}}}" in operation.path:
            found[name] = _from_path(name, read)
        elif operation.methods == ["GET"]:
            found[name] = _from_query(read)
        else:
            found[name] = _from_body(name, read, parameter.default)
    return found


def _from_path(name: str, read: TypeAdapter[Any]) -> Reader:
    return lambda _, path: _checked("path", (), lambda: read.validate_python(path[name]))


def _from_query(read: TypeAdapter[Any]) -> Reader:
    return lambda request, _: _checked("query", (), lambda: read.validate_python(request.GET.dict()))


def _from_body(name: str, read: TypeAdapter[Any], default: Any) -> Reader:
    def reader(request: HttpRequest, _: dict[str, Any]) -> BaseModel | None:
        if not request.body and default is not Parameter.empty:
            return None
        if not request.body:
            raise ValidationError([{"type": "missing", "loc": ("body", name)}])
        body: BaseModel | None = _checked("body", (name,), lambda: read.validate_json(request.body))
        return body

    return reader


def _checked(source: str, names: Iterable[str], read: Callable[[], Any]) -> Any:
    """Read; what is wrong is told as ninja tells it."""
    try:
        return read()
    except pydantic.ValidationError as wrong:
        faults = wrong.errors(include_url=False, include_input=False)
        if faults[0]["type"] == "json_invalid":
            raise HttpError(400, "Cannot parse request body") from None
        told: list[dict[str, Any]] = [{**fault, "loc": (source, *names, *fault["loc"])} for fault in faults]
        raise ValidationError(told) from None

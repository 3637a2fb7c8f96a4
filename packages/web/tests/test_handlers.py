from collections.abc import Awaitable, Callable

from skerry import web
from skerry.web.handlers import wrap


async def test_the_first_middleware_is_the_outermost() -> None:
    order: list[str] = []

    def noting(
        name: str,
    ) -> Callable[[str, Callable[[str], Awaitable[web.StreamResponse]]], Awaitable[web.StreamResponse]]:
        async def around(request: str, handler: Callable[[str], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
            order.append(f"{name} {request}")
            response = await handler(request)
            order.append(name)
            return response

        return around

    async def answer(request: str) -> web.Response:
        order.append("handler")
        return web.Response()

    await wrap(answer, [noting("a"), noting("b")])("request")
    assert order == ["a request", "b request", "handler", "b", "a"]


def test_without_middlewares_the_handler_is_called_itself() -> None:
    async def answer(request: str) -> web.Response:
        raise NotImplementedError

    assert wrap(answer, []) is answer


def test_the_mark_of_a_middleware_changes_nothing() -> None:
    async def around(request: web.Request, handler: web.Handler) -> web.StreamResponse:
        raise NotImplementedError

    assert web.middleware(around) is around

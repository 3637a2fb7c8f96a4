"""The example application: it greets whoever the path names.

`hatch run serve` serves it on port 8080 until Ctrl-C.
"""

from skerry import web


async def handle(request: web.Request) -> web.Response:
    """Greet."""
    return web.Response(text=f"Hello, {request.match_info.get('name', 'Anonymous')}!")


def make_app() -> web.Application:
    """Return the application with its routes."""
    app = web.Application()
    app.add_routes([web.get("/", handle), web.get("/{name}", handle)])
    return app


if __name__ == "__main__":
    web.run_app(make_app(), port=8080)

"""Twilio's errors: a status, a code of its dictionary, a message, a link."""

from aiohttp import web


class RestError(Exception):
    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def error_response(error: RestError) -> web.Response:
    body = {
        "code": error.code,
        "message": error.message,
        "more_info": f"https://www.twilio.com/docs/errors/{error.code}",
        "status": error.status,
    }
    headers = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return web.json_response(body, status=error.status, headers=headers)


def not_found(request: web.Request) -> RestError:
    message = f"The requested resource {request.path} was not found"
    return RestError(404, 20404, message)


def bad(code: int, message: str) -> RestError:
    return RestError(400, code, message)

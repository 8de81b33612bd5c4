"""Sends the requests that it is given and prints the answers; run as a program, in a child process.

Follows no redirect and reads at most 64 kB of each answer. Standard library only.
"""

import http.client
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

MAX_BYTES = 64 * 1024
TIMEOUT_SECONDS = 10


def main() -> None:
    """Carry out the orders in the file that the argument names."""
    orders = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps([answer(orders, request) for request in orders["requests"]]))  # noqa: T201  # its only output


def answer(orders: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Send one request; status 0 where nothing came back."""
    split = urlsplit(orders["address"])
    connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=TIMEOUT_SECONDS)
    headers = {"Host": orders["host"], "Accept": "application/json", **request["headers"]}
    told = {"label": request["label"], "request": f"{request['method']} {request['path']}"}
    try:
        connection.request(request["method"], split.path + request["path"], headers=headers)
        response = connection.getresponse()
        body = response.read(MAX_BYTES).decode("utf-8", "replace")
        media_type = response.headers.get("Content-Type", "")
        return {**told, "status": response.status, "type": media_type, "body": body}
    except (OSError, http.client.HTTPException, ValueError) as error:
        return {**told, "status": 0, "type": "", "body": str(error)}
    finally:
        connection.close()


if __name__ == "__main__":
    main()

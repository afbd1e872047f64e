"""`POST /sandbox/jobs`: what would be done in the background is done now, so that a test waits for nothing."""

from collections.abc import Callable

import falcon


class JobsResource:
    """Answers when they are done."""

    def __init__(self, do_jobs: Callable[[], int]) -> None:
        self._do_jobs = do_jobs

    def on_post(self, _req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = {"done": self._do_jobs()}

"""Several PDF files as one."""

import io
from collections.abc import Iterable


def merged(files: Iterable[bytes]) -> bytes:
    """All pages in their order; what belongs to a file as a whole, such as that it is PDF/A, is left behind."""
    import pikepdf  # noqa: PLC0415 (takes its time to load, and few want many documents in one file)

    written = io.BytesIO()
    with pikepdf.new() as whole:
        for file in files:
            with pikepdf.open(io.BytesIO(file)) as part:
                whole.pages.extend(part.pages)
        whole.save(written, deterministic_id=True)
    return written.getvalue()

"""A client library of somebody else, unmodified, puts files into the inbox of the running sandbox."""

import asyncio
import base64
from typing import Any

import pytest
from fakturoid_sdk import FakturoidClient

from faktura.outputs.printing.pdf import compose
from faktura.outputs.tests.documents import document
from tests import needs, sandboxes
from tests.fakturoid_sdk import Sandbox, failure

pytestmark = needs.FAKTUROID

PATIENCE = 60
PDF = compose(document())


@pytest.fixture
def sandbox(sandbox: sandboxes.Sandbox) -> Sandbox:
    return Sandbox(sandbox.server, sandbox.told)


def sent(content: bytes = PDF, **values: Any) -> dict[str, Any]:
    return {"attachment": f"data:application/pdf;base64,{base64.b64encode(content).decode()}"} | values


async def ended(client: FakturoidClient, file: Any) -> Any:
    """The file once its reading has come to an end."""
    for _ in range(PATIENCE * 10):
        listed: Any = await client.inbox_files.list()
        [found] = [one for one in listed if one["id"] == file["id"]]
        if found["ocr_completed_at"]:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(found)


def test_a_file_is_put_into_the_inbox_read_fetched_and_deleted(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> Any:
        file: Any = await client.inbox_files.create(sent(filename="faktura.pdf"))
        assert await client.inbox_files.download(file["id"]) == PDF
        await client.inbox_files.send_to_ocr(file["id"])
        read = await ended(client, file)
        await client.inbox_files.delete(file["id"])
        left: Any = await client.inbox_files.list()
        assert file["id"] not in [one["id"] for one in left]
        return read

    read = sandbox.drive(work)
    assert (read["filename"], read["bytesize"], read["ocr_status"]) == ("faktura.pdf", len(PDF), "processed")


def test_a_file_that_is_missing_is_a_client_error(sandbox: Sandbox) -> None:
    error: Any = failure(sandbox, lambda client: client.inbox_files.create({"filename": "x.pdf"}))

    assert error.response.get_body(return_json_as_dict=True) == {"errors": {"document": ["je povinná položka"]}}

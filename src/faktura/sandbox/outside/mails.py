"""Letters that a sandbox kept instead of sending them: read for people, shown to programs, handed out as files."""

import datetime as dt
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from typing import Any
from urllib.parse import quote

import falcon

from faktura.outputs.mail.box import Kept, MailBox
from faktura.wire.switches import SentFile, SentLetter

EML = "message/rfc822"
UNKNOWN = "application/octet-stream"


def read_letter(kept: Kept) -> SentLetter:
    email = _email(kept)
    return SentLetter(
        kept.id,
        _written_at(email),
        str(email["From"] or ""),
        str(email["To"] or ""),
        str(email["Cc"] or ""),
        str(email["Subject"] or ""),
        _text(email, "plain"),
        _text(email, "html"),
        tuple(_file(place, part) for place, part in enumerate(email.iter_attachments(), 1)),
        kept.answer,
        kept.taken,
    )


class Mails:
    """`GET /sandbox/mails`: all of them, the newest first."""

    def __init__(self, box: MailBox) -> None:
        self._box = box

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = {"mails": [_shown(read_letter(kept), req.prefix) for kept in self._box.letters]}


class Mail:
    """One of them whole, as it would have gone out; or a file that came with it."""

    def __init__(self, box: MailBox) -> None:
        self._box = box

    def on_get(self, _req: falcon.Request, resp: falcon.Response, mail_id: int) -> None:
        _download(resp, f"{mail_id}.eml", EML, self._found(mail_id).content)

    def on_get_file(self, _req: falcon.Request, resp: falcon.Response, mail_id: int, place: int) -> None:
        parts = dict(enumerate(_email(self._found(mail_id)).iter_attachments(), 1))
        if place not in parts:
            raise falcon.HTTPNotFound
        part = parts[place]
        file = _file(place, part)
        _download(resp, file.name, file.content_type, _content(part))

    def _found(self, mail_id: int) -> Kept:
        found = next((kept for kept in self._box.letters if kept.id == mail_id), None)
        if found is None:
            raise falcon.HTTPNotFound
        return found


def _email(kept: Kept) -> EmailMessage:
    return message_from_bytes(kept.content, _class=EmailMessage, policy=policy.default)


def _written_at(email: EmailMessage) -> dt.datetime:
    written: dt.datetime = email["Date"].datetime
    return written.astimezone(dt.UTC)


def _text(email: EmailMessage, kind: str) -> str:
    part = email.get_body((kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def _file(place: int, part: MIMEPart) -> SentFile:
    return SentFile(place, part.get_filename() or str(place), part.get_content_type(), len(_content(part)))


def _content(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _shown(letter: SentLetter, base: str) -> dict[str, Any]:
    address = f"{base}/mails/{letter.id}"
    return {
        "id": letter.id,
        "written_at": letter.written_at.isoformat().replace("+00:00", "Z"),
        "from": letter.sender,
        "to": letter.recipient,
        "cc": letter.copy or None,
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html or None,
        "attachments": [
            {
                "name": file.name,
                "content_type": file.content_type,
                "bytes": file.bytes,
                "url": f"{address}/attachments/{file.place}",
            }
            for file in letter.files
        ],
        "accepted": letter.accepted,
        "answer": letter.answer,
        "url": address,
    }


def _download(resp: falcon.Response, name: str, content_type: str, content: bytes) -> None:
    """Never shown in a browser, whatever it says that it is."""
    resp.content_type = content_type if content_type in {EML, "application/pdf"} else UNKNOWN
    resp.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(name, safe='')}")
    resp.data = content

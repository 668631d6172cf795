#!/usr/bin/env python3
"""Print, as one JSON document in UTF-8, what Python's e-mail package makes of a message. Usage: read.py FILE.eml

Where Python itself fails on a message, so does this: with a traceback and no document.
"""
import email
import email.errors
import email.policy
import hashlib
import html.parser
import json
import re
import sys

ALWAYS_SHOWN = ("From", "To", "Cc", "Bcc", "Subject", "Message-ID", "Date", "Reply-To", "X-Unsent")


class RepeatedHeaderDefect(email.errors.HeaderDefect):
    """A header that a message may have once is there again. Python's parser shows the first and says nothing."""


class Links(html.parser.HTMLParser):
    """Every href of an HTML text, in its order."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)
        self.close()

    def handle_starttag(self, _tag, attributes):
        self.found += [value for name, value in attributes if name == "href"]


def all_parts(part):
    """The part and those inside it. An attached message is one part: what is inside it is not ours to judge."""
    yield part
    if part.get_content_maintype() == "multipart":
        for child in part.iter_parts():
            yield from all_parts(child)


def structure(part):
    """A part's content type; for a multipart a list of its own type and its children's structures."""
    if part.get_content_maintype() != "multipart":
        return part.get_content_type()
    return [part.get_content_type(), *(structure(child) for child in part.iter_parts())]


def headers(message):
    """Decoded and unfolded values, the first where a header is repeated."""
    shown = {name: None for name in ALWAYS_SHOWN}
    spelling = {name.lower(): name for name in ALWAYS_SHOWN}
    for name, value in message.items():
        name = spelling.setdefault(name.lower(), name)
        if shown.get(name) is None:
            shown[name] = str(value)
    return shown


def addresses(message, header):
    return [
        {"name": address.display_name, "address": address.addr_spec}
        for value in message.get_all(header, [])
        for address in value.addresses
    ]


def content(part):
    """A leaf's bytes after its transfer encoding."""
    if part.get_content_maintype() == "message":
        return part.get_payload(0).as_bytes()
    return part.get_payload(decode=True)


def text_of(part):
    """The text with \\n for \\r\\n, which is how the wire writes it; a lone \\r or \\n stays to be seen."""
    return None if part is None else part.get_content().replace("\r\n", "\n")


def attachment(part):
    data = content(part)
    return {
        "name": part.get_filename(),
        "type": part.get_content_type(),
        "disposition": part.get_content_disposition(),
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def defects(message, parts):
    """Class names. To be asked last: Python notices some defects only when a value or a content is read."""
    found = [defect for part in parts for defect in part.defects]
    found += [defect for part in parts for value in part.values() for defect in getattr(value, "defects", ())]
    names = [name.lower() for name in message.keys()]
    for name in sorted(set(names)):
        if names.count(name) > (message.policy.header_max_count(name) or len(names)):
            found.append(RepeatedHeaderDefect())
    return [type(defect).__name__ for defect in found]


def read(raw):
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = list(all_parts(message))
    leaves = [part for part in parts if part.get_content_maintype() != "multipart"]
    text, html_text = message.get_body(("plain",)), message.get_body(("html",))
    document = {
        "headers": headers(message),
        "addresses": {header: addresses(message, header) for header in ("to", "cc", "from")},
        "text": text_of(text),
        "html": text_of(html_text),
        "structure": structure(message),
        "attachments": [attachment(leaf) for leaf in leaves if leaf is not text and leaf is not html_text],
        "links": [] if html_text is None else Links(text_of(html_text)).found,
        "longest_line": max(len(line) for line in raw.split(b"\r\n")),
        "is_ascii_headers": all(f"{name}{value}".isascii() for part in parts for name, value in part.raw_items()),
        "bare_newlines": len(re.findall(rb"(?<!\r)\n|\r(?!\n)", raw)),
    }
    return {**document, "defects": defects(message, parts)}


def as_json(document):
    """UTF-8. Bytes that Python carries along as lone surrogates (raw UTF-8 in an address) become text, since JSON has none."""
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogateescape").decode("utf-8", "replace").encode()


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        sys.stdout.buffer.write(as_json(read(file.read())) + b"\n")
